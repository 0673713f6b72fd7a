"""Who watched whom in the demo school: what the school looks for, observations of the last two
years at every stage, open doors, and learning walks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count

from activities.models import Activity
from audits.models import Topic
from cpdhub import clock
from cpdhub.models import School, Staff
from evaluation import observing
from evaluation.models import (
    LearningWalk,
    LookFors,
    Observation,
    ObservationReader,
    Observer,
    OpenDoor,
)

Kind, Purpose, State = Observation.Kind, Observation.Purpose, Observation.State
HEAD, CPD, TOM, PRIYA, DAWN = 0, 1, 2, 3, 4

LOOK_FORS = [
    [
        ("Pupils explain their answers", "to each other, in sentences"),
        ("Pupils know what to do when they are stuck", ""),
        ("Every pupil has something to say or show", ""),
    ],
    [
        ("Pupils explain their answers", "to each other first, then to the class"),
        ("Pupils know what to do when they are stuck", "before they ask an adult"),
        ("Every pupil has something to say or show", ""),
        ("Pupils use words from the lesson", "in talk, then in writing"),
    ],
]


@dataclass(frozen=True)
class Seen:
    """One story: what was looked at, what pupils did, what came of it."""

    topic: str
    focus: str
    did: str
    said: str
    talk: str
    step: str


TALK, MATHS, PHONICS = "Talk partners", "Open questions in maths", "Phonics in a group of four"
STORIES = [
    Seen(
        TALK,
        "Who speaks in the talk pairs, and for how long",
        "Pair by the sink: A talks for a minute, B nods and draws. After the second prompt B begins"
        " with “I think”.",
        "“I like it when we swap, because then I have to listen.”",
        "B says more when the sentence starts on the table. Neither of us had seen that pair"
        " before.",
        "Swap who begins after each question, with 4P, this week.",
    ),
    Seen(
        TALK,
        "What happens in the seconds after a question",
        "Seven hands at once. Two pupils at the back turn to each other and find an answer, then"
        " put no hand up.",
        "“I know it but it is too fast.”",
        "The wait feels long to an adult and short to them.",
        "Count to five silently before the first name.",
    ),
    Seen(
        MATHS,
        "How pupils explain why a half can be more than a quarter",
        "Three tables fold paper without being told to. One pupil says the rule and cannot show"
        " it.",
        "“It is bigger because there are fewer people for the cake.”",
        "The explanation came from the picture, the rule got in its way.",
        "Ask for the drawing first, with the Thursday group.",
    ),
    Seen(
        MATHS,
        "What pupils do with a question that has many answers",
        "Most stop after the first answer. One table goes on until the bell.",
        "“Is it right when there is another one?”",
        "They need to hear that more than one is wanted.",
        "Say “find three” and show one of mine.",
    ),
    Seen(
        PHONICS,
        "How the four take turns",
        "S waits for her card each time and reads it under her breath before the others.",
        "“I am the one who holds the cards.”",
        "Holding the cards is what S does to be in it.",
        "Give S the first card to read aloud.",
    ),
]  # fmt: skip


def watch(school: School, crew: list[Staff], *, today: date) -> None:
    staff = [post for post in crew if post.group]
    _agree(staff[CPD], today)
    classroom = [post for post in staff[8:] if post.group != Staff.Group.SUPPORT]
    _closed(classroom, today)
    _of_the_sign_ins(staff, classroom, today)
    _doors(school, staff, classroom, today)
    _walks(school, staff, today)


def _agree(by: Staff, today: date) -> None:
    for version, lines in enumerate(LOOK_FORS, start=1):
        agreed = observing.agree_look_fors(version, lines, by=by)
        LookFors.objects.filter(pk=agreed.pk).update(
            agreed_on=today - timedelta(days=900 - 400 * version)
        )


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _at(day: date, hour: int = 10) -> datetime:
    return clock.at(_weekday(day), time(hour))


def _make(
    owner: Staff,
    observers: Sequence[Staff],
    seen: Seen,
    day: date,
    *,
    kind: str = Kind.ONE,
    purpose: str = Purpose.DEVELOPMENTAL,
    follows: Activity | None = None,
) -> Observation:
    """Asked by whoever is observed, and agreed."""
    topic = Topic.named(seen.topic, school_id=owner.school_id)
    made = observing.ask(
        Observation(
            owner=owner, focus=seen.focus, topic=topic, kind=kind, purpose=purpose,
            activity=follows, starts_at=_at(day), place="Own classroom",
        ),
        by=owner, observers=observers, headings=["Pupils explain their answers", "What pupils did"],
    )  # fmt: skip
    for person in observers:
        made = observing.agree(made, by=person)
    return made


def _write(made: Observation, seen: Seen, *, lends: bool) -> None:
    observing.hold(made)
    made.observers.update(
        notes=[
            {"heading": "Pupils explain their answers", "text": ""},
            {"heading": "What pupils did", "text": seen.did},
        ],
        pupils_said=seen.said,
        noted_at=made.starts_at,
    )
    Observation.objects.filter(pk=made.pk).update(
        talk=seen.talk, next_step=seen.step, lends_step=lends,
        own_words="I had been looking at the front of the room.",
        agreed_note=seen.did if made.is_joint else "",
    )  # fmt: skip


def _close(made: Observation) -> None:
    for part in Observer.objects.filter(observation=made).select_related("staff"):
        observing.close(made, by=part.staff)
    observing.close(made, by=made.owner)
    assert made.starts_at
    then = made.starts_at + timedelta(days=2)
    Observer.objects.filter(observation=made).update(closed_at=then)
    Observation.objects.filter(pk=made.pk).update(
        closed_at=then,
        owner_closed_at=then,
        notes_end_on=observing.end_of_next_year(clock.day_of(then)),
    )


def _most_went_to() -> Activity | None:
    """What most people learned from, among what is over and everybody may see."""
    over = Activity.objects.of_school().finished().filter(kind=Activity.Kind.DIRECT)
    found: Activity | None = (
        over.filter(is_private=False)
        .annotate(went=Count("participations"))
        .order_by("-went", "-pk")
        .first()
    )
    return found


def _closed(classroom: list[Staff], today: date) -> None:
    """Some two dozen: most of them about talk, some about maths, one about phonics.

    A few of these weeks, the others before any half-term we may be in: topics count those.
    """
    course = _most_went_to()
    went = set(course.participations.values_list("staff", flat=True)) if course else set()
    for number in range(24):
        seen = STORIES[(0, 1, 2, 0, 1, 3)[number % 6]] if number < 23 else STORIES[4]
        owner = classroom[(number * 5) % len(classroom)]
        watcher = classroom[(number * 5 + 7) % len(classroom)]
        third = classroom[(number * 5 + 11) % len(classroom)]
        is_joint, is_induction = number % 9 == 4, number % 11 == 6
        made = _make(
            owner,
            [watcher, third] if is_joint else [watcher],
            seen,
            today - timedelta(days=4 + 4 * number if number < 6 else 46 + 2 * number),
            kind=Kind.JOINT if is_joint else Kind.ONE,
            purpose=Purpose.INDUCTION if is_induction else Purpose.DEVELOPMENTAL,
            follows=course if seen.topic == TALK and owner.pk in went else None,
        )
        _write(made, seen, lends=number % 4 != 3)
        _close(made)


def _of_the_sign_ins(staff: list[Staff], classroom: list[Staff], today: date) -> None:
    """One of each stage for whoever signs in to look."""
    priya, tom, dawn = staff[PRIYA], staff[TOM], staff[DAWN]
    shared = _make(priya, [tom], STORIES[0], today - timedelta(days=40))
    _write(shared, STORIES[0], lends=True)
    _close(shared)
    ObservationReader.objects.create(school=priya.school, observation=shared, staff=staff[CPD])
    held = _make(priya, [tom], STORIES[2], today - timedelta(days=2))
    _write(held, STORIES[2], lends=False)
    _make(tom, [staff[CPD]], STORIES[1], today + timedelta(days=6))
    observing.ask(
        Observation(
            owner=dawn, focus="", kind=Kind.RECIPROCAL, starts_at=_at(today + timedelta(days=8), 9),
            topic=Topic.named(PHONICS, school_id=dawn.school_id),
        ),
        by=next(post for post in classroom if post.job_title == "Higher level teaching assistant"),
        observers=[
            next(post for post in classroom if post.job_title == "Higher level teaching assistant")
        ],
        headings=[],
    )  # fmt: skip


def _doors(school: School, staff: list[Staff], classroom: list[Staff], today: date) -> None:
    doors = [
        (staff[TOM], "Talk pairs in Year 3, begun and ended by pupils", "Tuesdays after break"),
        (staff[DAWN], "Reading aloud to a whole class", "Any day after lunch"),
        (classroom[12], "A maths lesson that begins with a photograph", "Thursday mornings"),
        (classroom[20], "Four pupils, one set of phonics cards", "Mondays, quarter past nine"),
    ]
    for person, doing, when in doors:
        OpenDoor.objects.create(
            school=school, staff=person, doing=doing, when=when, place="",
            until=today + timedelta(days=40), opened_on=today - timedelta(days=5),
        )  # fmt: skip


def _walks(school: School, staff: list[Staff], today: date) -> None:
    topic = Topic.named(TALK, school_id=school.pk)
    LearningWalk.objects.create(
        school=school, author=staff[CPD], walked_on=_weekday(today - timedelta(days=9)),
        rooms=[1, 3, 4, 7, 9, 12], focus="How lessons begin after break", topic=topic,
        patterns="In four rooms pupils talk in pairs before anybody writes. In all six the first"
        " task is on the board.",
        pupil_talk="“We say it first so that it is in our head.” Two pupils in key stage 1 did not"
        " know what the words on the wall are for.",
        wonderings="What would happen if pupils chose the first task? Who uses the words on the"
        " wall?",
        audience=LearningWalk.Audience.EVERYONE,
    )  # fmt: skip
    LearningWalk.objects.create(
        school=school, author=staff[HEAD], walked_on=_weekday(today - timedelta(days=30)),
        rooms=[2, 5, 8, 10], focus="What pupils do when they are stuck", topic=None,
        patterns="Most wait for an adult; in two rooms they look at a list first.",
        wonderings="Where do they learn to ask each other?",
        audience=LearningWalk.Audience.LEADERS,
    )  # fmt: skip
