"""What touches several rows at once: planning, logging, choosing people, taking a register."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from activities.clashes import nobody_twice, refuse_double_booking
from activities.models import (
    Activity,
    ActivityForm,
    ActivityNeed,
    ActivityPriority,
    Attendance,
    IntendedImpact,
    NotPossible,
    Participation,
    Session,
)
from activities.models.links import follow_activities
from activities.spending import set_figures
from audits.models import Need
from cpdhub import clock
from cpdhub.models import HalfTerm, Priority, Staff


@transaction.atomic
def plan_activity(
    activity: Activity,
    *,
    by: Staff,
    impact: IntendedImpact | None,
    priorities: Iterable[Priority],
    sessions: Sequence[Session],
    people: Iterable[int],
    as_draft: bool,
    needs: Collection[Need] = (),
    expected: Decimal | None = None,
    roles: Mapping[int, str] | None = None,
) -> Activity:
    """Write down an activity with all that belongs to it; out of draft when it may be."""
    if activity.pk is None:  # else a draft that is made whole
        activity.school, activity.owner, activity.entered_at = by.school, by, clock.now()
    activity.save()
    if impact:
        impact.school, impact.activity = by.school, activity
        impact.save()
    serve(activity, priorities=priorities)
    if needs:
        answer(activity, needs=needs, by=by)
    add_sessions(activity, sessions)
    add_people(activity, {*people, *(roles or {})})
    give_roles(activity, roles or {})
    if expected is not None:
        set_figures(activity, expected=expected, actual=None)
    if not as_draft:
        activity.plan()
    refuse_double_booking(activity)
    return activity


def plan_draft(activity: Activity) -> None:
    """Out of draft: from now on it binds people."""
    with nobody_twice(activity):
        activity.plan()


def reopen(activity: Activity) -> None:
    """One step back; what was cancelled binds people again."""
    with nobody_twice(activity):
        activity.reopen()


def restore(session: Session) -> None:
    """It takes place after all, if its people are still free."""
    with nobody_twice(session.activity):
        session.restore()


def move_session(
    session: Session, *, starts_at: datetime, ends_at: datetime, place: str | None = None
) -> None:
    """To another time, if its people are free then."""
    with nobody_twice(session.activity):
        session.move(
            starts_at=starts_at,
            ends_at=ends_at,
            place=session.place if place is None else place,
        )


@transaction.atomic
def log_activity(
    activity: Activity,
    *,
    by: Staff,
    on: date,
    length: timedelta,
    people: Iterable[int],
    priorities: Iterable[Priority] = (),
    cost: Decimal | None = None,
) -> Activity:
    """Write down what already happened: one session, and everybody named was there."""
    now = clock.now()
    activity.school, activity.owner, activity.entered_at = by.school, by, now
    activity.state, activity.was_logged = Activity.State.FINISHED, True
    activity.save()
    serve(activity, priorities=priorities)
    session = Session.objects.create(
        school=by.school,
        activity=activity,
        starts_at=(start := nine_o_clock(on)),
        ends_at=start + length,
        register_taken_at=now,
        register_taken_by=by,
    )
    chosen = set(people)
    add_people(activity, chosen)
    Attendance.objects.bulk_create(
        Attendance(school=by.school, session=session, staff_id=pk, was_present=True)
        for pk in chosen
    )
    if cost is not None:
        set_figures(activity, expected=None, actual=cost)
    return activity


def log_own_learning(activity: Activity, *, by: Staff, on: date, length: timedelta) -> Activity:
    """Somebody's own reading, course or visit: theirs, and counted apart from the school's."""
    activity.is_own_learning = True
    return log_activity(activity, by=by, on=on, length=length, people=[by.pk])


@transaction.atomic
def correct_own_learning(activity: Activity, *, on: date, length: timedelta) -> None:
    """Its day and length, as their owner now remembers them."""
    activity.save()
    start = nine_o_clock(on)
    activity.sessions.update(starts_at=start, ends_at=start + length)


def nine_o_clock(day: date) -> datetime:
    """A moment for what has a day and a length only, in UTC so that hours add up as they pass."""
    return datetime.combine(day, time(9), tzinfo=clock.LONDON).astimezone(UTC)


def serve(activity: Activity, *, priorities: Iterable[Priority]) -> None:
    """Link the activity to exactly these priorities."""
    chosen = {priority.pk for priority in priorities}
    served = set(activity.served.values_list("priority", flat=True))
    if gone := served - chosen:
        activity.served.filter(priority__in=gone).delete()
    ActivityPriority.objects.bulk_create(
        (
            ActivityPriority(school_id=activity.school_id, activity=activity, priority_id=pk)
            for pk in chosen - served
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def answer(activity: Activity, *, needs: Iterable[Need], by: Staff) -> None:
    """Link the activity to exactly these needs. Those this person does not see stay linked."""
    chosen = {need.pk for need in needs}
    seen = activity.answered.filter(need__in=Need.objects.visible_to(by).values("pk"))
    answered = set(seen.values_list("need", flat=True))
    if gone := answered - chosen:
        activity.answered.filter(need__in=gone).delete()
    ActivityNeed.objects.bulk_create(
        (
            ActivityNeed(school_id=activity.school_id, activity=activity, need_id=pk)
            for pk in chosen - answered
        ),
        ignore_conflicts=True,
    )
    if changed := chosen ^ answered:
        follow_activities(Need.objects.filter(pk__in=changed))


def add_sessions(activity: Activity, sessions: Sequence[Session]) -> None:
    if activity.is_over:
        raise NotPossible("It is over: reopen it before you add a session.")
    for session in sessions:
        session.school_id, session.activity = activity.school_id, activity
    with nobody_twice(activity):
        Session.objects.bulk_create(sessions)
        activity.go_on()


def add_people(activity: Activity, people: Iterable[int]) -> None:
    """Whoever is in it already stays in it once."""
    Participation.objects.bulk_create(
        (
            Participation(school_id=activity.school_id, activity=activity, staff_id=pk)
            for pk in sorted(people)
        ),
        ignore_conflicts=True,
    )


def give_roles(activity: Activity, roles: Mapping[int, str]) -> None:
    """These people of it have these roles from now on; whoever else is in it keeps theirs."""
    changed = list(activity.participations.filter(staff__in=roles))
    for participation in changed:
        participation.role = roles[participation.staff_id]
    Participation.objects.bulk_update(changed, ["role"])


@transaction.atomic
def copy_form(form: ActivityForm, *, by: Staff) -> ActivityForm:
    """One of the school's own with the same sessions, under a name nothing else has."""
    sessions = list(form.sessions.all())
    copy = ActivityForm.objects.get(pk=form.pk)
    copy.pk, copy.school, copy.withdrawn_at, copy.revision = None, by.school, None, 1
    copy._state.adding = True
    taken = set(ActivityForm.objects.own().values_list("code", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if f"{form.code[:50]}-{n}" not in taken)
    copy.code = f"{form.code[:50]}-{number}"
    titles = set(ActivityForm.objects.values_list("title", flat=True))
    copy.title = next(
        title
        for n in range(1, len(titles) + 2)
        if (title := f"{form.title[:100]}, our own{f' {n}' if n > 1 else ''}") not in titles
    )
    copy.save()
    for session in sessions:
        session.pk, session.school, session.form = None, by.school, copy
        session._state.adding = True
        session.save()
    return copy


@transaction.atomic
def choose_people(activity: Activity, *, people: Collection[int], by: Staff | None = None) -> None:
    """Exactly these people take part. Whoever is on a register stays."""
    from activities import booking  # it adds people by what stands here

    # Registers lock the same row: nobody is taken out while they are marked present.
    locked = Activity.objects.select_for_update().get(pk=activity.pk)
    if locked.is_over:
        raise NotPossible("It is over: reopen it before you change who takes part.")
    booking.refuse_too_many(locked, people)
    gone = locked.participations.exclude(staff__in=people)
    on_a_register = Attendance.objects.filter(
        session__activity=locked, staff__in=gone.values("staff")
    )
    names = sorted({str(row.staff) for row in on_a_register.select_related("staff")})
    if names:
        raise NotPossible(
            f"{' and '.join(names[:3])}{' and others' if len(names) > 3 else ''} cannot be taken"
            " out: their attendance has been taken. Correct the register instead."
        )
    gone.delete()
    add_people(locked, people)
    booking.follow_people(locked, by=by)
    refuse_double_booking(locked)


@transaction.atomic
def take_register(
    session: Session, *, by: Staff, listed: Collection[int], present: Collection[int]
) -> None:
    """Who was there. Listed and not present is absent; present and not listed came as well.

    Taken again, it corrects. Somebody added meanwhile, whom the page did not list, is left; an
    absent person taken out meanwhile stays out. The last register finishes the activity.
    """
    # Two people with the same register take turns, and so does whoever changes who is in it.
    session.activity = Activity.objects.select_for_update().get(pk=session.activity_id)
    session.refresh_from_db(fields=["cancelled_at", "register_taken_at"])
    is_first = session.register_taken_at is None
    if not session.register_may_be_taken:
        raise NotPossible("Its register cannot be taken: it is off, not yet on, or closed.")
    taking_part = set(session.activity.participations.values_list("staff", flat=True))
    add_people(session.activity, set(present) - taking_part)
    Attendance.objects.bulk_create(
        [
            Attendance(
                school_id=session.school_id, session=session, staff_id=pk, was_present=pk in present
            )
            for pk in sorted({*present, *taking_part.intersection(listed)})
        ],
        update_conflicts=True,
        unique_fields=["session", "staff"],
        update_fields=["was_present"],
    )
    session.register_taken_at, session.register_taken_by = clock.now(), by
    session.save(update_fields=["register_taken_at", "register_taken_by"])
    if is_first:
        session.activity.move_on()


def repeats(
    first: Session, *, weeks: int, times: int, half_terms: Sequence[HalfTerm]
) -> list[Session]:
    """The same session again every so many weeks, at the same time on the wall.

    Weeks that fall into a holiday the school has told us of are left out.
    """
    start, end = (at.astimezone(clock.LONDON) for at in (first.starts_at, first.ends_at))
    found: list[Session] = []
    for step in range(1, 4 * times + 1):
        shift = timedelta(weeks=weeks * step)  # on London times: the wall's clock, not the sun's
        if not is_holiday((start + shift).date(), half_terms):
            found.append(
                Session(
                    starts_at=start + shift,
                    ends_at=end + shift,
                    place=first.place,
                    name=first.name,
                    planning_minutes=first.planning_minutes,
                    prompts=first.prompts,
                )
            )
        if len(found) == times:
            break
    return found


def is_holiday(day: date, half_terms: Sequence[HalfTerm]) -> bool:
    """Between two half-terms. Before the first and after the last that are known, nobody can
    say."""
    return (
        any(term.ends_on < day for term in half_terms)
        and any(term.starts_on > day for term in half_terms)
        and not any(term.starts_on <= day <= term.ends_on for term in half_terms)
    )
