"""Four small schools near Oakfield: a dozen people each, and what they did to learn."""

from __future__ import annotations

from activities.models import Activity
from cpdhub.models import Priority, School, Staff
from cpdhub.permissions import Role
from cpdhub.roof.demo.learning import (
    DAY_OUT,
    INSET,
    TWILIGHT,
    Course,
    everyone,
    pick,
    teachers,
)
from cpdhub.roof.demo.people import Person
from cpdhub.roof.demo.plans import Aim, Criterion

T, A, S = Staff.Group.TEACHER, Staff.Group.ASSISTANT, Staff.Group.SUPPORT
Rag, Kind = Priority.Rag, Activity.Kind

# name, slug, urn, dfe number, phase, domain, head, CPD leader
SCHOOLS = [
    ("Birch Grove Infants", "birch-grove", "990003", "9902003", School.Phase.PRIMARY, "birchgrove.example", ("Amina", "Yusuf"), ("Leah", "Dunne")),
    ("St Hilda’s Primary", "st-hildas", "990004", "9902004", School.Phase.PRIMARY, "sthildas.example", ("Martin", "Orr"), ("Grace", "Nwosu")),
    ("Hillside Primary", "hillside", "990005", "9902005", School.Phase.PRIMARY, "hillside.example", ("Joan", "Petrov"), ("Owen", "Blake")),
    ("Millbrook School", "millbrook", "990006", "9907006", School.Phase.SPECIAL, "millbrook.example", ("Farah", "Siddiqui"), ("Callum", "Reid")),
]  # fmt: skip

TEAMS = ["Teachers", "Support"]
OTHERS = [
    (5, "Class teacher", T, "Teachers"),
    (5, "Teaching assistant", A, "Support"),
    (2, "Administrator", S, "Support"),
]
TALKED = (
    "Plan three open questions into each lesson and wait for answers",
    "Answer in whole sentences and build on what others said",
    "Ten minutes in two classrooms, before and after",
)
COURSES = [
    Course("Safeguarding update", "training-day", everyone, [0.0], INSET, kind=Kind.STATUTORY, compulsory=True),
    Course("INSET: talk in every lesson", "training-day", teachers, [0.006], INSET, ["talk"], impact=TALKED),
    Course("Open questions: try, watch, talk", "team-teaching", pick(4), [0.1, 0.3, 0.6, 0.82], TWILIGHT, ["talk"], impact=TALKED),
    Course("Supporting pupils who find words hard", "adviser", pick(4, "assistants"), [0.25], TWILIGHT, ["talk"], cost=180, outside="Speech and language service"),
    Course("Talk moves", "staff-meeting", teachers, [0.08, 0.5, 0.78], TWILIGHT, ["talk"], impact=TALKED),
    Course("Words before books", "one-day-event", pick(3), [0.74], DAY_OUT, cost=240, outside="Visiting specialist", impact=TALKED),
    Course("Early reading conference", "conference", pick(1), [0.45], DAY_OUT, cost=210, place="Leeds", impact=None, logged=True),
]  # fmt: skip


def crew(head: tuple[str, str], leader: tuple[str, str]) -> list[Person]:
    return [
        Person(*head, "Headteacher", T, "", "head", [Role.HEAD], "leader"),
        Person(*leader, "Deputy head", T, "Teachers", "cpd", [Role.CPD_LEADER], "leader"),
    ]


def aims(number: int) -> dict[int, list[Aim]]:
    """One priority a year; how it goes differs from school to school."""
    now = (Rag.ON_TRACK, Rag.CONCERN, Rag.MET, Rag.ON_TRACK)[number]
    gained = (52, 41, 66, 49)[number]
    talk = Criterion("Pupils who answer in full sentences", "%", 38, 60, [(0.2, gained, 60)])
    calm = Criterion("Lessons that start calmly", "%", 60, 85, [(0.9, 84 + number, 40)])
    return {
        -2: [],
        -1: [Aim("calm", "Calm starts everywhere", "Minutes were lost.", "All pupils", Rag.MET, "Met.", [calm], state="closed")],
        0: [Aim("talk", "Pupils talk to learn", "A few hands answer for all.", "All pupils", now, "Seen in most rooms.", [talk])],
    }  # fmt: skip
