"""What the demo school promises its people, and how far they are with it."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from activities import entitling
from activities.forms.sessions import at
from activities.models import (
    Activity,
    ActivityStep,
    EarlyCareer,
    EntitledPerson,
    Entitlement,
    EntitlementStep,
    EntitlementUse,
    Handover,
    Participation,
    Received,
    Session,
)
from activities.own_terms import own_terms
from cpdhub.models import FrameworkItem, School, Staff
from cpdhub.years import first_year_of

KEPT = (
    "early-career", "safeguarding", "fire-and-data", "acceptable-use", "first-aid", "governors",
    "hours-35", "support-staff", "pathway-assistants", "opportunities-early",
)  # fmt: skip


def promise(school: School, crew: list[Staff], *, today: date) -> None:
    """Kept for two years; a joiner half way, two early career teachers, one on a pathway, some
    overdue refreshers, and one that is planned."""
    head = crew[0]
    september = date(first_year_of(today), 9, 1)
    shipped = {each.code: each for each in Entitlement.objects.shipped()}
    for code in KEPT:
        entitling.keep(shipped[code], by=head, since=september - timedelta(days=730))
    entitling.keep(
        shipped["induction"], by=head, since=september, joined=september - timedelta(days=60)
    )
    steps = {
        (step.entitlement.code, step.code): step
        for step in EntitlementStep.objects.filter(school=None).select_related("entitlement")
    }
    for title, key in (
        ("Safeguarding update", ("safeguarding", "update")),
        ("First aid at work, refresher", ("first-aid", "certificate")),
    ):
        ActivityStep.objects.bulk_create(
            ActivityStep(school=school, activity=activity, step=steps[key])
            for activity in Activity.objects.filter(title=title)
        )
    staff = [post for post in crew if post.group]
    _refresh(school, staff, steps, head, today, september)
    _welcome(school, staff, steps, head, today)
    _begin_careers(school, staff, steps, today)
    _set_out(school, staff, steps, today)


def _note(school: School, person: Staff, step: EntitlementStep, on: date, by: Staff) -> Received:
    return Received(
        school=school, staff=person, step=step, on=on, noted_by=by, noted_on=on,
        evidence="" if step.due == EntitlementStep.Due.TERM else step.evidence,
    )  # fmt: skip


def _refresh(
    school: School, staff: list[Staff], steps: dict, head: Staff, today: date, september: date
) -> None:
    """Most are up to date; every ninth is late, and five of those have a place in a session."""
    notes, late = [], []
    for number, person in enumerate(staff):
        is_late = number % 9 == 4
        days = 400 + number if is_late else 40 + number * 4
        for code in ("fire", "data"):
            step = steps["fire-and-data", code]
            notes.append(_note(school, person, step, today - timedelta(days=days), head))
        if is_late:
            late.append(person)
        elif (on := september + timedelta(days=number % 20)) <= today:
            notes.append(_note(school, person, steps["acceptable-use", "read"], on, head))
            notes.append(_note(school, person, steps["safeguarding", "guidance"], on, head))
    Received.objects.bulk_create(notes)
    self_study = FrameworkItem.objects.get(school=None, code="self-study")
    course = Activity.objects.create(
        school=school, owner=head, lead=head, type=self_study, title="Fire safety, for the late ones",
        kind=Activity.Kind.STATUTORY, is_compulsory=True,
    )  # fmt: skip
    day = today + timedelta(days=14)
    Session.objects.create(
        school=school, activity=course, place="Staff room",
        starts_at=at(day, time(15, 45)), ends_at=at(day, time(16, 15)),
    )  # fmt: skip
    Participation.objects.bulk_create(
        Participation(school=school, activity=course, staff=person) for person in late[:5]
    )
    ActivityStep.objects.create(school=school, activity=course, step=steps["fire-and-data", "fire"])
    course.plan()


def _welcome(school: School, staff: list[Staff], steps: dict, head: Staff, today: date) -> None:
    """An assistant who joined six weeks ago, with a buddy, half way through induction."""
    joiner = [post for post in staff if post.job_title == "Teaching assistant"][-1]
    buddy = [post for post in staff if post.job_title == "Teaching assistant"][0]
    joiner.starts_on = today - timedelta(days=42)
    joiner.save(update_fields=["starts_on"])
    EntitledPerson.objects.create(
        school=school, staff=joiner, supporter=buddy, counts_from=joiner.starts_on,
        use=EntitlementUse.objects.get(code="induction"),
    )  # fmt: skip
    since = EntitlementUse.objects.get(code="induction").joined_since
    others = [(p, p.starts_on) for p in staff if p.starts_on and p.starts_on >= since]
    Received.objects.bulk_create(
        _note(school, post, step, min(first + timedelta(days=12), today), head)
        for post, first in others
        if post != joiner
        for (code, name), step in steps.items()
        if code == "induction" and name not in {"programmes", "review"}
    )
    had = ("safeguarding", "guidance", "buddy", "rules")
    Received.objects.bulk_create(
        _note(school, joiner, steps["induction", code], joiner.starts_on + timedelta(days=n), head)
        for n, code in enumerate(had)
    )


def _begin_careers(school: School, staff: list[Staff], steps: dict, today: date) -> None:
    """One who began in a January, one part-time since a September. Past terms are done, but for
    the part-timer's last one."""
    early = [post for post in staff if post.career_stage == Staff.Stage.EARLY]
    deputy, leader, senco = (
        next(post for post in staff if post.job_title == job)
        for job in ("Deputy head", "Lower KS2 leader", "SENCO")
    )
    january = date(first_year_of(today), 1, 5)
    september = date(first_year_of(today) - 1, 9, 1)
    for person, starts_on, fte, mentor in (
        (early[0], january, Decimal(1), leader), (early[1], september, Decimal("0.6"), senco),
    ):  # fmt: skip
        person.starts_on, person.fte = starts_on, fte
        person.save(update_fields=["starts_on", "fte"])
        EarlyCareer.objects.create(
            school=school, staff=person, starts_on=starts_on, tutor=deputy, mentor=mentor,
            body="Exampleton teaching school hub", route=EarlyCareer.Route.PROVIDER,
            teaching_hours=Decimal(22) * fte,
        )  # fmt: skip
        over = [
            (number, term.ends_on)
            for number, term in enumerate(own_terms(person, starts_on), start=1)
            if term.ends_on < today
        ]
        if fte < 1:
            over = over[:-1]
        Received.objects.bulk_create(
            _note(
                school, person, steps["early-career", f"term-{number}"], on - timedelta(days=8),
                deputy,
            )
            for number, on in over
        )  # fmt: skip
        begun = steps["early-career", "programme"]
        _note(school, person, begun, starts_on + timedelta(days=20), deputy).save()


def _set_out(school: School, staff: list[Staff], steps: dict, today: date) -> None:
    """Dawn is on her way to HLTA; first aiders are chosen by name."""
    dawn = next(post for post in staff if post.first_name == "Dawn")
    tom = next(post for post in staff if post.first_name == "Tom")
    EntitledPerson.objects.create(
        school=school, staff=dawn, supporter=tom, counts_from=today - timedelta(days=300),
        use=EntitlementUse.objects.get(code="pathway-assistants"), note="HLTA status in two years",
    )  # fmt: skip
    for code, days in (("lead-group", 200), ("beside", 60)):
        step = steps["pathway-assistants", code]
        _note(school, dawn, step, today - timedelta(days=days), tom).save()
    aid = EntitlementUse.objects.get(code="first-aid")
    support = [post for post in staff if post.group == Staff.Group.SUPPORT]
    EntitledPerson.objects.bulk_create(
        EntitledPerson(
            school=school, use=aid, staff=person, counts_from=today - timedelta(days=900)
        )
        for person in support[:6]
    )


def hand_on(school: School, crew: list[Staff], *, today: date) -> None:
    """An administrator leaves in some weeks, and hands on what she runs."""
    leaver = [post for post in crew if post.job_title == "Administrator"][-1]
    leaver.ends_on = today + timedelta(days=45)
    leaver.save(update_fields=["ends_on"])
    heir = next(post for post in crew if post.job_title == "Office manager")
    Handover.objects.create(
        school=school, leaver=leaver, to=heir, about="The parents’ reading morning",
        note="The list of readers is in the office. Book the hall in May; the bell is at 8:50.",
        written_by=leaver, written_on=today - timedelta(days=3),
    )  # fmt: skip
