"""What is on and can be booked, and how places at one activity stand."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.http import QueryDict

from activities.models import (
    Activity,
    Attendance,
    Booking,
    Excuse,
    Participation,
    Places,
    PlacesTeam,
    Session,
)
from activities.models.place import BOOKABLE
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.queries import holding

State = Booking.State


def counted(rows: QuerySet, by: str) -> Any:
    numbers = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers), Value(0), output_field=IntegerField())


def with_standing(staff: Staff) -> QuerySet[Any]:
    """Places with what a line about them shows this person, in one query."""
    activity = OuterRef("activity")
    held = Session.objects.filter(activity=activity, cancelled_at=None).order_by()
    mine = Booking.objects.filter(activity=activity, staff=staff)
    return (
        Places.objects.select_related("activity", "activity__type", "activity__lead")
        .annotate(
            taken=counted(Participation.objects.filter(activity=activity), "activity"),
            waiting=counted(
                Booking.objects.filter(activity=activity, state=State.WAITING), "activity"
            ),
            first_at=held.values("activity").annotate(at=Min("starts_at")).values("at"),
            last_at=held.order_by("-ends_at").values("ends_at")[:1],
            where=held.order_by("starts_at").values("place")[:1],
            sessions=counted(held, "activity"),
            has_place=Exists(Participation.objects.filter(activity=activity, staff=staff)),
            my_state=mine.values("state")[:1],
            my_turn=mine.values("asked_at")[:1],
            team_pks=ArraySubquery(
                PlacesTeam.objects.filter(places=OuterRef("pk")).order_by("pk").values("team")
            ),
            team_names=ArraySubquery(
                PlacesTeam.objects.filter(places=OuterRef("pk"))
                .order_by("team__name")
                .values("team__name")
            ),
        )
        .annotate(
            ahead=counted(
                Booking.objects.filter(
                    activity=activity, state=State.WAITING, asked_at__lt=OuterRef("my_turn")
                ),
                "activity",
            )
        )
    )


class Catalogue:
    """What is on, as somebody narrowed it in the address."""

    SHOWN = [("for_me", "For me"), ("mine", "My bookings"), ("all", "For anybody")]

    def __init__(self, staff: Staff, query: QueryDict) -> None:
        self.staff = staff
        self.text = query.get("q", "").strip()[:100]
        self.shown = query.get("show", "for_me")
        if self.shown not in dict(self.SHOWN):
            self.shown = "for_me"
        self.is_free_only = query.get("free") == "1"

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.is_free_only or self.shown != "for_me")

    def rows(self, now: datetime) -> QuerySet[Any]:
        """To come or going on, soonest first; without a date last."""
        found: Any = with_standing(self.staff).filter(
            activity__in=Activity.objects.visible_to(self.staff).filter(state__in=BOOKABLE)
        )
        found = found.filter(Q(last_at=None) | Q(last_at__gte=now))
        if self.text:
            fields = ("title", "purpose", "led_by")
            found = found.filter(holding(self.text, *(f"activity__{field}" for field in fields)))
        mine = Q(has_place=True) | Q(my_state__in=[State.WAITING, State.INVITED])
        if self.shown == "mine":
            found = found.filter(mine)
        elif self.shown == "for_me":
            found = found.filter(mine | self.for_me())
        if self.is_free_only:
            found = found.filter(
                Q(capacity=None) | Q(capacity__gt=F("taken") + F("kept")), has_place=False
            )
        return found.order_by(F("first_at").asc(nulls_last=True), "activity")

    def for_me(self) -> Q:
        teams = PlacesTeam.objects.filter(places=OuterRef("pk"))
        group = Q(groups=[]) | Q(groups__contains=[self.staff.group])
        stage = Q(stages=[]) | Q(stages__contains=[self.staff.career_stage])
        team = ~Exists(teams) | Exists(teams.filter(team=self.staff.team_id))
        return group & stage & team


def line_of(places: Any, staff: Staff, now: datetime) -> dict[str, Any]:
    """How it stands for this person, and the one thing they can do about it."""
    activity = places.activity
    refusal = places.why_not_now(clock.day_of(now), now, places.first_at)
    is_over = activity.state not in BOOKABLE or bool(places.last_at and places.last_at < now)
    state = State.BOOKED if places.has_place else places.my_state
    left = places.left_to_book(places.taken)
    fits = places.are_for(staff, set(places.team_pks))
    can = ""
    if state in {State.BOOKED, State.WAITING}:
        can = "" if is_over or activity.is_compulsory else "give_up"
    elif not refusal and state == State.INVITED:
        can = "answer"
    elif not refusal and fits:
        can = "wait" if left == 0 else "book"
    return {
        "pk": activity.pk,
        "title": activity.title,
        "type": activity.type,
        "lead": activity.lead or activity.led_by,
        "is_compulsory": activity.is_compulsory,
        "first": places.first_at,
        "sessions": places.sessions,
        "where": places.where,
        "whom": whom(places, places.team_names),
        "state": state,
        "left": left,
        "taken": places.taken,
        "capacity": places.capacity,
        "waiting": places.waiting,
        "turn": places.ahead + 1,
        "is_kept": places.capacity is not None and places.taken < places.capacity,
        "refusal": refusal if state not in {State.BOOKED, State.WAITING} else "",
        "can": can,
        "may_be_excused": activity.is_compulsory and not is_over and (places.has_place or fits),
    }


def whom(places: Places, teams: list[str]) -> str:
    """Teachers, early career; Year 3"""
    parts = [
        ", ".join(str(Staff.Group(one).label) + "s" for one in places.groups if one != "support"),
        "other support staff" if "support" in places.groups else "",
        ", ".join(str(Staff.Stage(one).label).lower() for one in places.stages),
        ", ".join(teams),
    ]
    return "; ".join(part for part in parts if part) or "Everybody"


def still_to_come(places: Places, today: date) -> list[Any]:
    """Of those a compulsory activity is for: who has no place, and who was away. The excused
    are not asked again."""
    activity = places.activity
    mine = {"staff": OuterRef("pk")}
    marks = Attendance.objects.filter(session__activity=activity, **mine)
    excused = Excuse.objects.filter(activity=activity, decision=Excuse.Decision.EXCUSED, **mine)
    people = places.audience(today).annotate(
        has_place=Exists(Participation.objects.filter(activity=activity, **mine)),
        was_there=Exists(marks.filter(was_present=True)),
        was_away=Exists(marks.filter(was_present=False)),
        booking=Booking.objects.filter(activity=activity, **mine).values("state")[:1],
    )
    due = people.filter(~Exists(excused), was_there=False).filter(
        Q(has_place=False) | Q(was_away=True)
    )
    return list(due.select_related("team"))
