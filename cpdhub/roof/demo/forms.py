"""Forms of activity at work in the demo school: pairs, a trio, a set, twilights, a course."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from activities import actions, records
from activities.clashes import DoubleBooked
from activities.forms.sessions import at
from activities.laying_out import lay_out
from activities.models import Activity, ActivityForm, IntendedImpact, Session
from cpdhub import clock
from cpdhub.models import HalfTerm, School, Staff
from evaluation import actions as reflecting
from evaluation.models import Reflection, Sharing

HEAD, CPD, TOM, PRIYA, DAWN, DATA, MARTA, JOEL, RUTH = 0, 1, 2, 3, 4, 6, 7, 8, 9


@dataclass(frozen=True)
class AtWork:
    """A form, who has which role (indexes of the crew, or how many teachers), since when."""

    form: str
    title: str
    roles: dict[int, str]
    weeks_ago: int
    starts: time
    impact: tuple[str, str, str]
    others: int = 0


OPEN = ("Ask two open questions in every maths lesson", "Explain their reasoning in full sentences", "Pupil talk in two lessons, before and after")  # fmt: skip
WRITE = ("Model one sentence aloud before pupils write", "Write for longer without stopping", "Three pupils' books, before and after")  # fmt: skip

AT_WORK = [
    AtWork("coaching-cycle", "Coaching cycle: Tom and Priya", {TOM: "coach", PRIYA: "coachee"}, 5, time(12, 15), OPEN),
    AtWork("mentoring", "Mentoring for a new leader", {RUTH: "mentor", JOEL: "mentee"}, 6, time(15, 45), WRITE),
    AtWork("co-coaching", "Co-coaching: Marta and Joel", {MARTA: "co-coach", JOEL: "co-coach"}, 3, time(12, 15), WRITE),
    AtWork("mixed-trio", "Mixed trio: talk in mathematics", {MARTA: "step ahead", PRIYA: "member", JOEL: "member"}, 4, time(10), OPEN),
    AtWork("lesson-study", "Lesson study: fractions with Years 3 and 4", {TOM: "lead", PRIYA: "teacher of the lesson", RUTH: "observer"}, 5, time(9, 15), OPEN),
    AtWork("action-learning-set", "Action learning set of leaders", {CPD: "facilitator", TOM: "member", MARTA: "member", JOEL: "member", RUTH: "member"}, 12, time(15, 45), WRITE, 2),
    AtWork("inset-twilights", "INSET day in four twilights: feedback", {CPD: "presenter"}, 7, time(15, 45), WRITE, 30),
    AtWork("npq", "NPQ Senior Leadership", {TOM: "participant", HEAD: "sponsor"}, 10, time(9), WRITE),
    AtWork("session-try-return", "Session, try, return: talk partners", {PRIYA: "presenter"}, 4, time(15, 45), OPEN, 8),
    AtWork("study-visit", "Study visit: a reading school", {TOM: "lead", DAWN: "visitor"}, -2, time(13), WRITE),
]  # fmt: skip
NOTES = {
    TOM: ("Two hands went up in the first minute, nine in the fifth.", "Wait three seconds before you name a pupil."),
    PRIYA: ("It felt long to wait, and more of them spoke.", "I will put the question on the board first, with 4P, tomorrow."),
}  # fmt: skip


def at_work(school: School, crew: list[Staff], *, today: date) -> None:
    """Each planned as the page does it, with the registers of what is over."""
    staff = [post for post in crew if post.group]
    terms = list(HalfTerm.objects.all())
    forms = {form.code: form for form in ActivityForm.objects.shipped().with_sessions()}
    for work in AT_WORK:
        activity = _when_all_are_free(work, forms[work.form], staff, terms, today)
        for session in activity.sessions.all():
            if session.ends_at < clock.now():
                people = list(activity.participations.values_list("staff", flat=True))
                actions.take_register(session, by=staff[CPD], listed=people, present=people)
        if work.form == "coaching-cycle":
            _note_and_reflect(activity, staff, today)


def _when_all_are_free(
    work: AtWork, form: ActivityForm, staff: list[Staff], terms: list[HalfTerm], today: date
) -> Activity:
    """On the first day on which nobody is elsewhere, then or at a later session."""
    for day in days_near(terms, today - timedelta(weeks=work.weeks_ago))[:30]:
        rows = lay_out(form, first=day, starts=work.starts, half_terms=terms)
        with suppress(DoubleBooked):
            return _plan(work, form, staff, rows)
    raise DoubleBooked(f"Nobody has time for {work.title}.")


def _plan(
    work: AtWork, form: ActivityForm, staff: list[Staff], rows: list[dict[str, Any]]
) -> Activity:
    activity = Activity(
        school=staff[CPD].school, title=work.title, type=form.type, kind=form.kind,
        is_compulsory=form.is_compulsory, lead=staff[next(iter(work.roles))],
    )  # fmt: skip
    activity.take_from(form)
    staff_will, pupils_will, known_by = work.impact
    impact = IntendedImpact(
        staff_will=staff_will, pupils_will=pupils_will, known_by=known_by,
        look_again_on=rows[-1]["day"] + timedelta(weeks=form.look_again_after),
    )  # fmt: skip
    roles = {staff[index].pk: role for index, role in work.roles.items()}
    teachers = [post for post in staff[10:] if post.group == Staff.Group.TEACHER]
    return actions.plan_activity(
        activity, by=staff[CPD], impact=impact, priorities=[],
        sessions=[session_of(row, form) for row in rows],
        people=[post.pk for post in teachers[: work.others]], as_draft=False, roles=roles,
    )  # fmt: skip


def days_near(terms: list[HalfTerm], wanted: date) -> list[date]:
    """School days, the nearest first."""
    days = [
        term.starts_on + timedelta(days=n)
        for term in terms
        for n in range((term.ends_on - term.starts_on).days + 1)
    ]
    return sorted((day for day in days if day.weekday() < 5), key=lambda day: abs(day - wanted))


def session_of(row: dict[str, Any], form: ActivityForm, place: str = "Room 7") -> Session:
    session = Session(
        name=row["name"], place=place,
        starts_at=at(row["day"], row["starts"]), ends_at=at(row["day"], row["ends"]),
    )  # fmt: skip
    session.take_from(next(step for step in form.sessions.all() if step.pk == row["step"]))
    return session


def _note_and_reflect(activity: Activity, staff: list[Staff], today: date) -> None:
    """What the two wrote of the first meetings, and what one lets the other read."""
    pair = {staff[index].pk for index in NOTES}
    for session in list(activity.sessions.all())[:2]:
        for index, texts in NOTES.items():
            answers = [
                {"prompt": prompt, "text": text}
                for prompt, text in zip(session.prompts, texts, strict=False)
            ]
            records.save_record(session, by=staff[index], answers=answers, shown_readers=pair)
    choices = Sharing.open_to(staff[PRIYA], today=today)
    with_coach = [one for one in choices if one.audience == Reflection.Audience.COACH]
    if with_coach:  # the pair goes on
        mine = reflecting.begin_reflection(staff[PRIYA], uuid=uuid4(), activity=activity)
        mine.will_try = "Count to three before I name anybody, with 4P in maths."
        mine.learned = "Those who never answer were thinking all the time."
        reflecting.save_reflection(mine, sharing=with_coach[0])
