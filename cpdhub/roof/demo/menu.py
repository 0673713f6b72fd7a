"""Two years of the demo school in every other form of the menu, small and mostly over."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import cycle, islice

from activities.laying_out import lay_out
from activities.models import (
    Activity,
    ActivityForm,
    Attendance,
    IntendedImpact,
    Participation,
    Session,
)
from cpdhub import clock
from cpdhub.models import HalfTerm, School, Staff
from cpdhub.roof.demo.forms import OPEN, WRITE, days_near, session_of

CALM = ("Greet every class at the door and begin with the same five minutes", "Begin work within a minute", "Three starts of lessons, timed")  # fmt: skip
# What the school does anyhow, in its form.
KNOWN = {
    "adviser": "Supporting autistic pupils", "blended-course": "Emotion coaching",
    "conference": "School library association conference", "inset-day": "INSET: talk for reasoning",
    "network": "Writing moderation with three schools", "one-day-event": "Forest school taster",
    "external-session": "Author visit: how writers choose words",
    "statutory-refresher": "Safeguarding update",
    "staff-meeting": "Retrieval practice: what the research says",
    "standing-slot": "Word-rich classrooms", "briefing": "Assessment arrangements",
    "training-others": "Phonics clinic for TAs", "team-teaching": "Maths trio: Year 5",
    "planning-together": "Choosing books with children",
    "talking": "Phones, visitors and first impressions",
    "reading": "Read about sentence stems", "self-study": "Podcast on retrieval practice",
    "learning-log": "Kept a diary of questions I asked", "video": "Webinar on early vocabulary",
    "thinking-time": "Time to rethink my planning",
}  # fmt: skip
PLACES = ("Library", "Room 12", "Year 5 room", "Computing room", "Year 1 room", "Staff room")
NEARLY = 20  # school days
# And what it did in the others: how many weeks ago it began, how many took part.
DONE = [
    ("specialist", "A specialist's day on early number", 50, 3, OPEN),
    ("action-research", "Does rehearsing aloud help writing?", 44, 3, WRITE),
    ("being-observed", "Watched, to learn: questions in Year 6", 30, 2, OPEN),
    ("discussing-a-lesson", "Talking a lesson through: fractions", 26, 2, OPEN),
    ("leaders-enquiry", "What do our meetings change?", 60, 4, WRITE),
    ("critical-friend", "Critical friend from the university", 62, 3, OPEN),
    ("tapering-support", "Reading fluency: support that tapers", 58, 4, WRITE),
    ("following-a-pupil", "A day beside one pupil", 20, 2, CALM),
    ("why-to-classroom", "Feedback pupils act on: from why to the classroom", 40, 6, WRITE),
    ("leaders-away", "Leaders away: three questions for the year", 64, 5, OPEN),
    ("alongside-pupils", "Learning to code alongside Year 5", 34, 2, OPEN),
    ("learning-walk", "Learning walk: talk in the afternoons", 12, 4, OPEN),
    ("pupils-views", "What pupils say helps them", 28, 3, CALM),
    ("local-project", "Playground language project", 70, 4, OPEN),
    ("making-resources", "A bank of sentence stems", 36, 4, WRITE),
    ("subject-scenarios", "One idea, four subjects: saying why", 46, 4, OPEN),
    ("online-staffroom", "Online staffroom: phonics questions", 24, 2, WRITE),
    ("two-way-pair", "Pair: tablets and behaviour", 32, 2, CALM),
    ("placement-or-role", "A term as acting phase leader", 66, 1, CALM),
    ("pupils-teach", "Year 6 show staff how they edit film", 22, 5, OPEN),
    ("six-week-support", "Six weeks side by side: routines", 54, 2, CALM),
    ("showcase-cascade", "Showcase: what worked with talk", 48, 9, OPEN),
    ("start-support-peers", "Guided reading: start, support, peers", 72, 6, WRITE),
    ("study-group", "Study group of four schools: vocabulary", 76, 2, WRITE),
    ("award-bearing-study", "Master's module: inclusion", 78, 1, CALM),
    ("surgery", "Computing surgery on Thursdays", 14, 5, OPEN),
    ("taster", "Taster: drama for writing", 18, 7, WRITE),
    ("area-network", "Early years network of the area", 68, 2, OPEN),
    ("training-other-schools", "Showing two schools our reading hour", 16, 3, WRITE),
    ("trying-out", "Trying out whole-class feedback", 25, 3, WRITE),
    ("observing", "Beside an experienced colleague in Year 2", 21, 2, CALM),
    ("observing-learners", "Watching three quiet pupils", 19, 2, OPEN),
]  # fmt: skip


def in_every_form(school: School, crew: list[Staff], *, today: date) -> None:
    forms = {form.code: form for form in ActivityForm.objects.shipped().with_sessions()}
    for code, title in KNOWN.items():
        found = Activity.objects.filter(title=title, form=None).order_by("pk").first()
        if found:
            found.take_from(forms[code])
            found.save(update_fields=["form", "is_private", "roles", "evaluate_after"])
    terms = list(HalfTerm.objects.all())
    teachers = [post for post in crew if post.group == Staff.Group.TEACHER and not post.roles]
    turns = cycle(teachers)  # so that it is not always the same people
    for place, (code, title, weeks_ago, number, impact) in enumerate(DONE):
        people = list(islice(turns, number))
        near = days_near(terms, today - timedelta(weeks=weeks_ago))
        first = near[place % NEARLY]  # or all that fell into the holidays would be on one day
        rows = lay_out(forms[code], first=first, starts=time(15, 45), half_terms=terms)
        sessions = [session_of(row, forms[code], PLACES[place % len(PLACES)]) for row in rows]
        _did(school, forms[code], title, people, sessions, impact)


def _did(
    school: School,
    form: ActivityForm,
    title: str,
    people: list[Staff],
    sessions: list[Session],
    impact: tuple[str, str, str],
) -> None:
    """Written at once, as it was: with its sessions, roles and registers."""
    activity = Activity(
        school=school, title=title, type=form.type, kind=form.kind, lead=people[0],
        owner=people[0],
    )  # fmt: skip
    activity.take_from(form)
    activity.save()
    staff_will, pupils_will, known_by = impact
    IntendedImpact.objects.create(
        school=school, activity=activity, staff_will=staff_will, pupils_will=pupils_will,
        known_by=known_by, look_again_on=clock.day_of(sessions[-1].starts_at) + timedelta(weeks=form.look_again_after),
    )  # fmt: skip
    roles = cycle(form.roles or [""])
    Participation.objects.bulk_create(
        Participation(school=school, activity=activity, staff=post, role=next(roles))
        for post in people
    )
    for session in sessions:
        session.school, session.activity = school, activity
        if session.ends_at < clock.now():
            session.register_taken_at, session.register_taken_by = session.ends_at, people[0]
    Session.objects.bulk_create(sessions)
    Attendance.objects.bulk_create(
        Attendance(school=school, session=session, staff=post, was_present=True)
        for session in sessions
        if session.register_taken_at
        for post in people
    )
    is_over = all(session.register_taken_at for session in sessions)
    activity.state = Activity.State.FINISHED if is_over else Activity.State.UNDER_WAY
    activity.save(update_fields=["state"])
