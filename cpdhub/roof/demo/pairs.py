"""Who coaches whom in the demo school: pairs of the last terms and of this one, those who were
trained for it and those who would like to; who could be ahead in a group, and an old trio."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from django.db.models import Count

from activities import entitling
from activities.coaching import TRAINING, WISH
from activities.models import (
    Activity,
    ActivityForm,
    Attendance,
    EntitledPerson,
    Entitlement,
    EntitlementUse,
    IntendedImpact,
    Participation,
    Received,
    Session,
)
from audits.models import Expertise, HelpRequest, Topic
from cpdhub import clock
from cpdhub.clock import at
from cpdhub.models import HalfTerm, School, Staff

CPD, TOM, RUTH = 1, 2, 9
VISITS, HALF_HOUR = 4, timedelta(minutes=30)
# How many half-terms ago; who coached whom then, as places in the list of classroom staff.
EARLIER = [(6, [(0, 1)]), (4, [(0, 2), (1, 3)]), (2, [(0, 4), (1, 5), (2, 6)])]
IMPACT = {
    "staff_will": "Choose one small step after each visit and try it the next day",
    "pupils_will": "Answer more often and at greater length",
    "known_by": "What both saw in the first visit and in the last",
}


def coach_and_group(school: School, crew: list[Staff], *, today: date) -> None:
    staff = [post for post in crew if post.group]
    forms = {form.code: form for form in ActivityForm.objects.shipped()}
    classroom = [post for post in staff[10:] if post.group != Staff.Group.SUPPORT]
    begun = list(HalfTerm.objects.filter(starts_on__lte=today).order_by("-starts_on"))
    owner = staff[CPD]
    for ago, pairs in EARLIER:
        if ago < len(begun):
            for coach, coached in pairs:
                people = {classroom[coach]: "coach", classroom[coached]: "coachee"}
                _meet(owner, forms["coaching-cycle"], people, begun[ago].starts_on, today)
    assistants = [post for post in classroom if post.group == Staff.Group.ASSISTANT]
    mentored = [(classroom[3], classroom[7]), (classroom[4], classroom[8]), tuple(assistants[:2])]
    for mentor, mentee in mentored:
        people = {mentor: "mentor", mentee: "mentee"}
        _meet(owner, forms["mentoring"], people, begun[0].starts_on, today)
    if len(begun) > 2:
        trio = dict(zip(classroom[9:12], ("step ahead", "member", "member"), strict=False))
        _meet(owner, forms["mixed-trio"], trio, begun[2].starts_on, today)
    _train(school, [staff[TOM], staff[RUTH], classroom[3]], owner, today)
    _offer(school, staff, classroom)


def _meet(
    owner: Staff, form: ActivityForm, people: dict[Staff, str], first: date, today: date
) -> None:
    """Once a week at lunch from the second week of a half-term; over when all visits are."""
    names = " and ".join(person.first_name for person in people)
    activity = Activity(
        school=owner.school, owner=owner, type=form.type, kind=form.kind,
        title=f"{form.title}: {names}", lead=next(iter(people)),
    )  # fmt: skip
    activity.take_from(form)
    activity.save()
    days = [first + timedelta(weeks=week) for week in range(1, VISITS + 1)]
    IntendedImpact.objects.create(
        school=owner.school,
        activity=activity,
        look_again_on=days[-1] + timedelta(weeks=6),
        **IMPACT,
    )
    Participation.objects.bulk_create(
        Participation(school=owner.school, activity=activity, staff=person, role=role)
        for person, role in people.items()
    )
    sessions = Session.objects.bulk_create(_visit(activity, day) for day in days)
    activity.plan()
    over = [session for session in sessions if session.ends_at < clock.now()]
    _registers(over, list(people))
    if over:
        activity.start()
    if len(over) == len(sessions):
        activity.finish()
        activity.close()


def _visit(activity: Activity, day: date) -> Session:
    day += timedelta(days=(1 - day.weekday()) % 7)  # Tuesdays
    starts_at = at(day, time(12, 20))
    return Session(
        school_id=activity.school_id, activity=activity, name="Visit and talk", place="Library",
        starts_at=starts_at, ends_at=starts_at + HALF_HOUR,
    )  # fmt: skip


def _registers(sessions: Sequence[Session], people: Sequence[Staff]) -> None:
    Attendance.objects.bulk_create(
        Attendance(school_id=session.school_id, session=session, staff=person, was_present=True)
        for session in sessions
        for person in people
    )
    for session in sessions:
        session.register_taken_at = session.ends_at
        session.save(update_fields=["register_taken_at"])


def _train(school: School, coaches: Sequence[Staff], by: Staff, today: date) -> None:
    """One trained this year, one whose refresher is due, one not yet."""
    shipped = Entitlement.objects.shipped().get(code=TRAINING)
    entitling.keep(shipped, by=by, since=today - timedelta(days=900))
    EntitledPerson.objects.bulk_create(
        EntitledPerson(
            school=school, use=EntitlementUse.objects.get(code=TRAINING), staff=person,
            counts_from=today - timedelta(days=30),
        )
        for person in coaches
    )  # fmt: skip
    step = shipped.steps.get(code="training")
    for person, days in zip(coaches[:2], (210, 800), strict=True):
        Received.objects.create(
            school=school, staff=person, step=step, on=today - timedelta(days=days),
            evidence="Certificate of the two-day course", noted_by=by,
        )  # fmt: skip


def _offer(school: School, staff: list[Staff], classroom: list[Staff]) -> None:
    """Two would like to coach; some can show what most people ask for."""
    Level, Way = Expertise.Level, HelpRequest.Way
    asked = Topic.objects.annotate(n=Count("needs")).order_by("-n", "title", "pk")[:2]
    wish = Topic.named(WISH, school_id=school.pk)
    offers = [(person, wish, Level.LEARNING) for person in classroom[12:14]]
    for number, topic in enumerate(asked):
        some = classroom[15 + 4 * number : 19 + 4 * number]
        offers += [(person, topic, Level.SHOWING) for person in some]
    Expertise.objects.bulk_create(
        [
            Expertise(
                school=school, staff=person, topic=topic, level=level, ways=[Way.SHOW],
                audience=Expertise.Audience.COLLEAGUES,
            )
            for person, topic, level in offers
        ],
        ignore_conflicts=True,
    )  # fmt: skip
