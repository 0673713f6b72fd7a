"""What the demo schools say of themselves, and what they set out to improve."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from cpdhub import clock
from cpdhub.models import (
    AcademicYear,
    AreaComment,
    AreaForImprovement,
    Contributor,
    EvidencePointer,
    Framework,
    FrameworkItem,
    HalfTerm,
    Judgement,
    Milestone,
    MonitoringNote,
    Origin,
    Plan,
    Priority,
    Reading,
    School,
    Staff,
    SubPlan,
    SuccessCriterion,
)

Rag = Priority.Rag


@dataclass
class Criterion:
    measure: str
    unit: str
    baseline: int | None
    target: int | None
    readings: list[tuple[float, float, int]] = field(
        default_factory=list
    )  # share of year, value, n


@dataclass
class Aim:
    """A priority to be made. `key` is how activities name it."""

    key: str
    title: str
    why: str
    pupils: str
    rag: str
    note: str
    criteria: list[Criterion]
    area: tuple[str, str] | None = None  # code of the evaluation area, what must improve
    state: str = "live"
    milestones: list[tuple[float, str, str, str]] = field(default_factory=list)
    monitoring: list[tuple[float, str, str, str]] = field(default_factory=list)


OAKFIELD_AIMS: dict[int, list[Aim]] = {
    -2: [
        Aim("phonics", "Phonics is taught the same way in every room", "Too many Year 1 pupils relied on guessing.", "Reception and Year 1", Rag.MET, "Met in June; now routine.", [Criterion("Year 1 pupils meeting the phonics standard", "%", 68, 80, [(0.5, 74, 58), (0.9, 83, 57)])], state="closed"),
        Aim("routines", "Calm routines at every transition", "Lessons lost minutes at the start.", "All pupils", Rag.MET, "Met by Easter.", [Criterion("Lessons that start within three minutes", "%", 55, 90, [(0.8, 92, 40)])], state="closed"),
    ],
    -1: [
        Aim("writing", "Pupils write at length with stamina", "Books showed short answers in Years 3 to 6.", "Years 3 to 6", Rag.CONCERN, "Better in Years 5 and 6, not yet in 3 and 4.", [Criterion("Pupils writing a full page independently", "%", 37, 65, [(0.5, 46, 221), (0.9, 52, 220)])], state="closed"),
        Aim("fluency", "Number facts are fluent by the end of Year 4", "The Year 4 tables check was below similar schools.", "Years 3 and 4", Rag.MET, "Met; check average 22.1.", [Criterion("Average score in the tables check", "of 25", 18, 22, [(0.2, 18, 59), (0.6, 20, 59), (0.9, 22, 60)])], state="closed"),
    ],
    0: [
        Aim("reasoning", "Pupils explain their reasoning in maths", "They get answers right and cannot say why; the Year 6 papers lost most marks there.", "Years 3 to 6", Rag.ON_TRACK, "Ahead of the autumn milestone.", [Criterion("Pupils giving a reason in full sentences", "%", 41, 60, [(0.12, 52, 115), (0.20, 63, 112)])],
            area=("curriculum-and-teaching", "Pupils rarely explain their reasoning in mathematics"),
            milestones=[(0.13, "Talk partners used in every maths lesson", "Seen in 11 of 12 rooms", Rag.MET), (0.27, "Sentence stems on every table in Years 3 to 6", "", ""), (0.55, "Pupils use stems unprompted", "", "")],
            monitoring=[(0.11, "walk", "Stems seen in four of six rooms; questions still mostly closed in Year 3.", "Joel to model in Year 3"), (0.19, "talk", "Pupils could say what a good reason sounds like.", "")]),
        Aim("reading", "Reading for pleasure in Years 3 and 4", "Half the pupils said they never read at home.", "Years 3 and 4", Rag.CONCERN, "Training done, nothing seen in class yet.", [Criterion("Pupils who read at home four times a week", "%", 34, 60, [(0.22, 35, 58)])],
            area=("achievement", "Too few pupils in Years 3 and 4 choose to read"),
            milestones=[(0.16, "Every class has a book corner pupils chose", "", ""), (0.245, "Parents invited to read with classes", "", "")]),
        Aim("vocabulary", "Pupils with few words at home gain them at school", "Language screening in Reception.", "Pupils eligible for free meals", Rag.NOT_STARTED, "No activity planned yet.", [Criterion("Reception pupils at the expected level in the language screen", "%", 52, 70)],
            area=("inclusion", "Pupils eligible for free meals have a smaller vocabulary"),
            milestones=[(0.3, "Screen repeated in Reception and Year 1", "", "")]),
        Aim("starts", "Lessons begin with everybody thinking", "Ten minutes went by before most pupils did anything.", "All pupils", Rag.ON_TRACK, "Nearly there by half-term.", [Criterion("Lessons in which every pupil has begun after two minutes", "%", 48, 80, [(0.10, 66, 40), (0.21, 82, 40)])],
            milestones=[(0.1, "Everybody plans the first two minutes", "Seen in all rooms but two", Rag.MET)]),
        Aim("attendance", "Pupils with SEND are in school every day", "Their absence is twice everyone else's.", "Pupils with SEND", Rag.NOT_STARTED, "", [Criterion("Attendance of pupils with SEND", "%", None, None)], state="draft"),
    ],
}  # fmt: skip
RIVERSIDE_AIMS: dict[int, list[Aim]] = {
    -2: [Aim("homework", "Homework that helps", "Set often, checked rarely.", "Years 7 to 9", Rag.MET, "Met.", [Criterion("Pupils who say homework helped", "%", 38, 55, [(0.9, 57, 402)])], state="closed")],
    -1: [Aim("questioning", "Questions that make everyone think", "A few hands answered for all.", "Years 7 to 11", Rag.CONCERN, "Strong in English and science.", [Criterion("Lessons where every pupil answers", "%", 31, 70, [(0.6, 49, 60), (0.9, 58, 60)])], state="closed")],
    0: [
        Aim("literacy", "Every subject teaches its own reading", "Reading ages limit GCSE in all subjects.", "Years 7 to 9", Rag.ON_TRACK, "Departments have chosen their texts.", [Criterion("Pupils reading at their age or above", "%", 61, 72, [(0.2, 64, 533)])], area=("achievement", "Reading holds back achievement across subjects"), milestones=[(0.15, "Each department names six texts", "Eight of nine done", Rag.CONCERN), (0.4, "Reading taught in observed lessons", "", "")]),
        Aim("feedback", "Feedback pupils act on", "Marking takes hours and changes little.", "Years 7 to 11", Rag.CONCERN, "Policy agreed, practice uneven.", [Criterion("Pupils who can say what to do next", "%", 44, 65)], area=("curriculum-and-teaching", "Feedback is not acted on")),
    ],
}  # fmt: skip

JUDGEMENTS = {
    # area: (place on the scale from the bottom, statement, strengths)
    "inclusion": (2, "Pupils with SEND are known well and included in every lesson; the effect of extra help on what they learn is clearer in KS1 than in KS2.", "Knowledge of pupils; work with families."),
    "curriculum-and-teaching": (2, "The curriculum is ambitious and ordered. Teaching builds knowledge securely; pupils are asked to explain it too rarely, most of all in mathematics.", "Phonics; subject plans in history and science."),
    "achievement": (2, "Pupils leave with what they need in reading and number. Writing at length and reading by choice lag behind in Years 3 and 4.", "Phonics standard 83 %; tables check 22.1."),
    "attendance-and-behaviour": (3, "Calm classrooms since routines were agreed. Attendance is in line with similar schools but for pupils with SEND.", "Routines; playground leaders."),
    "personal-development": (3, "Clubs reach four in five pupils, and the pupil council's decisions can be seen around school.", "Clubs; council; residential."),
    "leadership-and-governance": (2, "Leaders know the school. Professional learning is well liked; what it changes for pupils is not yet shown often enough.", "Staff retention; governors' visits."),
    "early-years": (2, "Children settle fast and talk with confidence; language is screened and acted on.", "Environment; phonics from week two."),
    "safeguarding": (1, "Training is up to date, records are complete, and the single central record was checked in September.", "Induction; open culture."),
}  # fmt: skip


def day_at(year: AcademicYear, share: float) -> date:
    """The weekday at this share of a year: 0 is the first of September, 1 the end of July."""
    day = year.starts_on + timedelta(days=round(share * 325))
    return day - timedelta(days=max(0, day.weekday() - 4))


def moment(day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, tzinfo=clock.LONDON)


def judge(
    school: School, people: list[Staff], today: date
) -> dict[tuple[str, str], AreaForImprovement]:
    """The living self-evaluation, by the inspection areas of November 2025."""
    head = people[0]
    areas: dict[tuple[str, str], AreaForImprovement] = {}
    aims = (OAKFIELD_AIMS if school.phase == School.Phase.PRIMARY else RIVERSIDE_AIMS)[0]
    items = FrameworkItem.objects.filter(
        framework__code="inspection", framework__version="November 2025", code__in=JUDGEMENTS
    ).select_related("framework")
    for number, item in enumerate(items):
        place, statement, strengths = JUDGEMENTS[item.code]
        reviewed = today - timedelta(days=20 + 35 * number)
        judgement = Judgement.objects.create(
            school=school,
            item=item,
            grade=(item.scale or item.framework.scale)[place],
            statement=statement,
            strengths=strengths,
            reviewed_on=reviewed,
            reviewed_by=head,
            next_review_on=reviewed + timedelta(days=180),
        )
        EvidencePointer.objects.create(
            school=school, judgement=judgement, title="Governors' visit", dated_on=reviewed,
            claim="What we say is what they saw.",
        )  # fmt: skip
        for aim in aims:
            if aim.area and aim.area[0] == item.code:
                areas[aim.area] = AreaForImprovement.objects.create(
                    school=school, judgement=judgement, text=aim.area[1]
                )
        if item.code == "leadership-and-governance":
            AreaForImprovement.objects.create(
                school=school, judgement=judgement,
                text="The effect of professional learning on pupils is seldom recorded",
            )  # fmt: skip
    _by_many_hands(school, people, today)
    _weigh()
    _judge_before(school, head, today)
    if school.phase == School.Phase.PRIMARY:
        _agree_on_habits(school)
    return areas


INSPECTED = [
    # area, what the report says, impact, urgency, effort
    ("inclusion", "Checks on how well extra help works are not yet made in Years 3 to 6", 3, 2, 1),
    ("achievement", "Pupils in Years 3 and 4 do not yet write at length in all subjects", 3, 2, 3),
]


def _weigh() -> None:
    """What the last inspection said is among the candidates; what leaders named is not weighed."""
    for code, text, impact, urgency, effort in INSPECTED:
        judgement = Judgement.objects.get(item__code=code)
        AreaForImprovement.objects.create(
            school=judgement.school, judgement=judgement, text=text, source=Origin.INSPECTION,
            impact=impact, urgency=urgency, effort=effort,
        )  # fmt: skip


def _by_many_hands(school: School, people: list[Staff], today: date) -> None:
    """Two colleagues write what is said of achievement with the leaders, and talk about it."""
    achievement = Judgement.objects.get(item__code="achievement")
    achievement.internal_note = "Check the Year 3 figures again before governors read this."
    achievement.save()
    _, leader, team_leader, teacher = people[:4]
    for person in (team_leader, teacher):
        Contributor.objects.create(school=school, judgement=achievement, staff=person)
    for days_ago, by, text in [
        (9, leader, "Is “by choice” still fair for Year 4? The book corners are new."),
        (8, teacher, "My class borrows twice what it did in September. I would say “in Year 3”."),
    ]:
        AreaComment.objects.create(
            school=school, judgement=achievement, by=by, text=text,
            written_at=moment(today - timedelta(days=days_ago), time(16, 20)),
        )  # fmt: skip


HABITS = ("Talk in full sentences", "Everybody thinks", "One step at a time", "Read it aloud first")


def _agree_on_habits(school: School) -> None:
    """A framework of the school's own, in its second version."""
    for version, titles in (("2024", HABITS[:3]), ("2025", HABITS)):
        framework = Framework.objects.create(
            school=school, kind=Framework.Kind.QUALITY, code="our-habits", version=version,
            title="Our habits of teaching", owner=school.name,
        )  # fmt: skip
        for position, title in enumerate(titles, start=1):
            FrameworkItem.objects.create(
                school=school, framework=framework, code=f"habit-{position}", position=position,
                title=title,
            )  # fmt: skip


BEFORE = {
    "quality-of-education": (2, "Most pupils do well in reading because it is taught the same way in"
        " every class. In mathematics they can do more than they can explain."),
    "behaviour-and-attitudes": (2, "Lessons are calm. Attendance has come back to where it was."),
}  # fmt: skip


def _judge_before(school: School, head: Staff, today: date) -> None:
    """What was said by the inspection areas before these: it stays as it was said."""
    items = FrameworkItem.objects.filter(
        framework__code="inspection", framework__version="September 2019", code__in=BEFORE
    ).select_related("framework")
    for item in items:
        place, statement = BEFORE[item.code]
        Judgement.objects.create(
            school=school, item=item, grade=item.framework.scale[place], statement=statement,
            reviewed_on=today - timedelta(days=480), reviewed_by=head,
        )  # fmt: skip


def plan(
    school: School,
    year: AcademicYear,
    aims: list[Aim],
    people: list[Staff],
    areas: dict[tuple[str, str], AreaForImprovement],
    today: date,
) -> dict[str, Priority]:
    """One year's improvement plan."""
    made = Plan.objects.create(
        school=school, year=year, vision="Every adult learns, so that every pupil gains.",
        archived_at=moment(year.ends_on, time(12)) if year.ends_on < today else None,
    )  # fmt: skip
    leads = [post for post in people if post.roles and post.group == Staff.Group.TEACHER]
    governor = next((post for post in people if not post.group), None)
    priorities = {}
    for rank, aim in enumerate(aims, start=1):
        priority = Priority.objects.create(
            school=school, plan=made, title=aim.title, why=aim.why, pupils=aim.pupils, rag=aim.rag,
            rag_note=aim.note, rank=rank if aim.state != "draft" else None,
            area=areas.get(aim.area) if aim.area else None,
            source=Priority.Source.SELF_EVALUATION if aim.area else Priority.Source.DATA,
            lead=leads[rank % len(leads)], governor=governor,
            starts_on=year.starts_on, ends_on=date(year.ends_on.year, 7, 20),
        )  # fmt: skip
        _measure(school, priority, aim, year, today)
        if aim.state != "draft":
            priority.state = Priority.State.LIVE
            priority.save()
        if aim.state == "closed":
            priority.state = Priority.State.CLOSED
            priority.save()
        _follow(school, priority, aim, year, today)
        priorities[aim.key] = priority
    if reading := priorities.get("reading"):
        reading.sub_plan = SubPlan.objects.create(
            school=school, plan=made, title="English", kind=SubPlan.Kind.SUBJECT, lead=leads[0]
        )
        reading.save()
    return priorities


def _measure(school: School, priority: Priority, aim: Aim, year: AcademicYear, today: date) -> None:
    for wanted in aim.criteria:
        criterion = SuccessCriterion.objects.create(
            school=school, priority=priority, measure=wanted.measure, unit=wanted.unit,
            baseline=None if wanted.baseline is None else Decimal(wanted.baseline),
            target=None if wanted.target is None else Decimal(wanted.target),
            due_on=date(year.ends_on.year, 7, 10),
        )  # fmt: skip
        for share, value, counted in wanted.readings:
            taken = day_at(year, share)
            if taken <= today:
                Reading.objects.create(
                    school=school, criterion=criterion, taken_on=taken, value=Decimal(value),
                    pupils_counted=counted, recorded_by=priority.lead,
                )  # fmt: skip


def _follow(school: School, priority: Priority, aim: Aim, year: AcademicYear, today: date) -> None:
    terms = list(HalfTerm.objects.filter(year=year))
    for share, expected, actual, rag in aim.milestones:
        due = day_at(year, share)
        Milestone.objects.create(
            school=school, priority=priority, due_on=due, expected=expected,
            actual=actual if due <= today else "", rag=rag if due <= today else "",
            half_term=next((t for t in reversed(terms) if t.starts_on <= due), None),
        )  # fmt: skip
    for share, method, finding, next_step in aim.monitoring:
        if day_at(year, share) <= today:
            MonitoringNote.objects.create(
                school=school, priority=priority, seen_on=day_at(year, share), method=method,
                finding=finding, next_step=next_step, by=priority.lead,
            )  # fmt: skip
