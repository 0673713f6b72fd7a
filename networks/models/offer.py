"""What a school opens to a network: an activity of its own, as others may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from activities.models import Activity
from activities.models.place import day_name
from cpdhub import clock
from cpdhub.models import FrameworkItem, School
from cpdhub.models.base import SchoolModel
from cpdhub.queries import holding
from networks.models.base import NetworkManager, NetworkModel, of_networks
from networks.models.network import Membership
from networks.models.profile import NetworkRole, Theme

ASKED_FOR = timedelta(days=14)  # how long those who came are asked
LATELY = timedelta(days=183)


def not_over_by(moment: datetime, offer: str = "") -> Q:
    """Offers that end later, or whose end nobody knows; `offer` is the way to them."""
    return Q(**{f"{offer}ends_at": None}) | Q(**{f"{offer}ends_at__gte": moment})


@dataclass(frozen=True)
class Meeting:
    """A session of an offer, as others read it; `key` is the host's own number of it."""

    key: int
    starts_at: datetime
    ends_at: datetime
    place: str
    is_off: bool

    @property
    def day(self) -> str:
        return day_name(self.starts_at.astimezone(clock.LONDON).date())

    @property
    def times(self) -> str:
        start, end = (at.astimezone(clock.LONDON) for at in (self.starts_at, self.ends_at))
        return f"{start:%H:%M}–{end:%H:%M}"

    def __str__(self) -> str:
        return f"{self.day}, {self.times}"

    @property
    def has_begun(self) -> bool:
        """From the day it takes place on."""
        return self.starts_at < clock.midnight_after(clock.today())


class SeenOffers(NetworkManager):
    """Those of the school's networks, without what is made for one other school."""

    def shown_to(self, schools: list[int]) -> Q:
        theirs = Q(for_school=None) | Q(for_school__in=schools) | Q(school__in=schools)
        return super().shown_to(schools) & theirs


class OfferQuerySet(models.QuerySet["Offer"]):
    def shared(self) -> Self:
        """Of schools that still share what they open to others."""
        # Across: only memberships of offers that are seen already are looked at.
        sharing = Membership.across.members().filter(
            network=OuterRef("network"), school=OuterRef("school"), shares_offers=True
        )
        return self.filter(Exists(sharing))

    def on_show(self) -> Self:
        """Shared, open, and to come or under way."""
        return self.shared().filter(state=Offer.State.OPEN).still_to_come()

    def still_to_come(self) -> Self:
        return self.filter(not_over_by(clock.now()))

    def lately(self) -> Self:
        """To come, under way, or over within half a year."""
        return self.filter(not_over_by(clock.now() - LATELY))

    def search(self, words: str) -> Self:
        return self.filter(
            holding(words, "title", "about", "audience", "school__name", "theme__title")
        )

    def with_room(self) -> Self:
        return self.filter(taken__lt=F("places"))

    def free(self) -> Self:
        return self.filter(price=0, credits=0)

    def to_evaluate(self) -> Self:
        """Over, and those who came are still asked."""
        now = clock.now()
        return self.filter(frozen_on=None, ends_at__lt=now, ends_at__gte=now - ASKED_FOR)

    def to_freeze(self) -> Self:
        return self.filter(frozen_on=None, ends_at__lt=clock.now() - ASKED_FOR)


class Offer(NetworkModel):
    """One activity of a school, opened to one network with so many places.

    It holds a copy of what others may read; the activity itself stays behind the school's wall,
    and the copy follows it.
    """

    class What(models.TextChoices):
        ACTIVITY = "activity", "Course, workshop or meeting"
        VISIT = "visit", "Visit to see practice"
        PROGRAMME = "programme", "Programme made for one school"
        DAY = "day", "Day of a specialist"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "No longer bookable"
        WITHDRAWN = "withdrawn", "Withdrawn"

    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    what = models.CharField("what it is", max_length=9, choices=What, default=What.ACTIVITY)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN, editable=False)
    because = models.CharField(max_length=300, blank=True, editable=False)
    # The database empties it when the theme goes (`0002_walls`): a school that leads takes themes
    # off, and changes no other school's offer.
    theme = models.ForeignKey(
        Theme, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+"
    )
    for_school = models.ForeignKey(
        School, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name="made for one school",
    )  # fmt: skip
    team = models.CharField("who leads it", max_length=200, blank=True)
    practitioner = models.ForeignKey(
        NetworkRole, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="whose day it is",
    )  # fmt: skip
    needs = models.TextField("which needs it was made for", max_length=1000, blank=True)
    in_return = models.CharField("what we get in return", max_length=300, blank=True)
    price = models.DecimalField(
        "price of a place (£)", max_digits=7, decimal_places=2, default=0,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    credits = models.PositiveSmallIntegerField("place credits a place takes", default=0)
    cover_note = models.CharField("cover", max_length=300, blank=True)
    visiting_rules = models.TextField("what visitors should know", max_length=1000, blank=True)
    places = models.PositiveSmallIntegerField(
        "places for other schools", default=10, validators=[MinValueValidator(1)]
    )
    most_per_school = models.PositiveSmallIntegerField(
        "most for one school", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    closes_on = models.DateField("last day to book", null=True, blank=True)
    opened_on = models.DateField(default=clock.today, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    # Copied from the activity (`networks/offering.py`).
    title = models.CharField(max_length=200, editable=False)
    about = models.TextField(blank=True, editable=False)
    audience = models.CharField(max_length=200, blank=True, editable=False)
    type = models.ForeignKey(
        FrameworkItem, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    kind = models.CharField(max_length=10, default=Activity.Kind.DIRECT, editable=False)
    impact = models.JSONField(default=dict, blank=True, editable=False)
    sessions = models.JSONField(default=list, blank=True, editable=False)
    starts_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)

    # Kept by the database (`count_places`), so that nobody needs others' rows to see what is left.
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    waiting = models.PositiveSmallIntegerField(default=0, editable=False)

    results = models.JSONField(default=dict, blank=True, editable=False)
    frozen_on = models.DateField(null=True, editable=False)

    objects: ClassVar[Any] = of_networks(OfferQuerySet, SeenOffers)

    class Meta:
        ordering = [F("starts_at").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["network", "state", "starts_at"], name="offer_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "activity"], name="opened_to_a_network_once"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="offer_price_is_no_debt"),
            models.CheckConstraint(condition=Q(places__gte=1), name="offer_has_a_place"),
            models.CheckConstraint(
                condition=Q(state="withdrawn") | Q(because=""), name="offer_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def meetings(self) -> list[Meeting]:
        return [
            Meeting(
                one["key"], datetime.fromisoformat(one["start"]),
                datetime.fromisoformat(one["end"]), one["place"], one["off"],
            )
            for one in self.sessions
        ]  # fmt: skip

    @property
    def held(self) -> list[Meeting]:
        """Those that are not called off."""
        return [one for one in self.meetings if not one.is_off]

    @property
    def costs_nothing(self) -> bool:
        return not self.price and not self.credits

    @property
    def left(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at < clock.now()

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_asking(self) -> bool:
        """Those who came are asked how it was."""
        if self.frozen_on or self.ends_at is None or self.for_school_id:
            return False  # of one school alone nothing would be shown
        return self.ends_at < clock.now() <= self.ends_at + ASKED_FOR

    @property
    def asked_until(self) -> date | None:
        if self.ends_at is None:
            return None
        return (self.ends_at + ASKED_FOR).astimezone(clock.LONDON).date()

    def why_not_now(self) -> str:
        """Why nobody can book at this moment; nothing when they can."""
        if self.state != self.State.OPEN:
            return f"It is {self.get_state_display().lower()}."
        if self.starts_at is None:
            return "It has no session to come."
        if self.starts_at <= clock.now():
            return "It has begun: ask the school that offers it."
        if self.closes_on and clock.today() > self.closes_on:
            return f"Booking closed on {day_name(self.closes_on)}."
        return ""


class OfferAnswer(SchoolModel):
    """What one person who came said afterwards; nobody knows who, nor from which school.

    Deleted once the answers are counted; `school` is the one that offered it.
    """

    class Useful(models.TextChoices):
        YES = "yes", "Yes, I use it already"
        SOON = "soon", "Yes, I see where it fits"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    class Send(models.TextChoices):
        YES = "yes", "Yes"
        SOME = "some", "Yes, for some of them"
        NO = "no", "No"

    class Pitch(models.TextChoices):
        RIGHT = "right", "It fitted what I knew"
        EASY = "easy", "I knew most of it"
        HARD = "hard", "It went too far too fast"

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="answers")
    useful = models.CharField("Is it useful for your pupils?", max_length=6, choices=Useful)
    pitch = models.CharField("How did it meet what you knew?", max_length=5, choices=Pitch)
    will_try = models.CharField("What will you try?", max_length=200, blank=True)
    send = models.CharField("Would you send a colleague?", max_length=4, choices=Send)
    line = models.CharField("Anything that should change?", max_length=200, blank=True)

    def __str__(self) -> str:
        return f"about {self.offer_id}"
