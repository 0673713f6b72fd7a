"""How activities of the demo school are meant to work, a plan begun backwards, things to borrow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from activities.design import facts
from activities.models import (
    Activity,
    Design,
    DesignFeature,
    Equipment,
    Idea,
    IdeaBacker,
    IntendedImpact,
    Loan,
)
from audits.models import Topic
from cpdhub.models import FrameworkItem, School, Staff

HEAD, CPD, TOM, PRIYA, DAWN = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Designed:
    """An activity by its title, the codes that are ticked, the words that were written."""

    title: str
    codes: str
    words: dict = field(default_factory=dict)


Level, Style, Focus = Design.Level, Design.Style, Design.Focus
DESIGNS = [
    Designed("Coaching cycle: Tom and Priya", "A1 A2 B3 B5 C8 C9 C10 D11 D12 D14 E1 E4 E6 1b 2a 3d 4a 5d", {"focus": [Focus.PEDAGOGY], "level": Level.EXTENSION, "style": Style.TOGETHER}),
    Designed("Session, try, return: talk partners", "A2 B3 C6 C7 C8 D12 D14 E1 E5 1a 3b 4a 4c 5a", {"focus": [Focus.PEDAGOGY, Focus.SUBJECT], "level": Level.MIXED, "style": Style.TOGETHER}),
    Designed("INSET day in four twilights: feedback", "A1 B4 C6 C8 2c 2d 5a R7", {"focus": [Focus.PEDAGOGY], "level": Level.BASELINE, "style": Style.CENTRAL}),
    Designed("INSET: talk for reasoning", "A1 B4 C6 C8 C9 1a 2b 2d 5a 5b R9", {"focus": [Focus.SUBJECT], "level": Level.MIXED, "style": Style.CENTRAL, "outside_because": "Nobody here has taught it in all of Years 3 to 6 yet."}),
    Designed("Study visit: a reading school", "B3 B4 D12 E3 1a 3c 5b", {"focus": [Focus.SUBJECT], "level": Level.INNOVATION, "style": Style.TOGETHER, "one_session_because": "Two look for the rest of us: what they bring back is the first item of the English meeting."}),
]  # fmt: skip
THINGS = [
    # name, good for, kept, how it differs, weeks, home, loans: (who, weeks ago, weeks, back, learned)
    ("Camera that follows the teacher", "Filming a lesson by yourself and watching it later.", "Office cupboard", "", 3, True,
     [(PRIYA, 9, 2, True, "I answer my own questions after a second and a half."), (TOM, 1, 3, False, "")]),
    ("Class set of tablets, box B", "Trying recording and drawing tools before a class does.", "Year 5 room", "Runs the older software, like the boards in the annexe.", 2, False,
     [(DAWN, 5, 2, False, "")]),
    ("Programmable floor robots", "Finding out what they do before Year 2 meets them.", "Science store", "", 14, True, []),
    ("Box of picture books without words", "Reading talk with pupils new to English.", "Library", "", 6, True,
     [(DAWN, 14, 5, True, "Year 1 told the story three ways. Start with the dog book.")]),
    ("Tablet with a pencil", "Marking work on screen and showing it large.", "Office cupboard", "", 14, True, []),
]  # fmt: skip

IDEAS = [
    # title, why, by, days ago, state, answer, how many would come
    ("Signing for beginners", "Two pupils join us in January who sign.", TOM, 12, Idea.State.OPEN, "", 9),
    ("Story walks around the school", "Writing starts outside for those who sit too long.", PRIYA, 20, Idea.State.OPEN, "", 4),
    ("First aid for asthma, again", "", DAWN, 3, Idea.State.OPEN, "", 1),
    ("How to talk with parents who are cross", "Pupils hear the same from home and school.", DAWN, 95, Idea.State.TAKEN, "On from January: Helen leads it with the office.", 17),
    ("A day at the science museum", "", TOM, 90, Idea.State.NOT_NOW, "Lovely, but the coach costs more than the year has left.", 6),
]  # fmt: skip


def think_before_spending(school: School, crew: list[Staff], *, today: date) -> None:
    staff = [post for post in crew if post.group]
    items = {item.code: item for item in facts.items()}
    for designed in DESIGNS:
        for activity in Activity.objects.filter(title=designed.title).order_by("-pk")[:1]:
            _design(activity, designed, items)
    _begin_backwards(school, staff, today)
    _lend(school, staff, today)
    _wish(school, staff, today)


def _wish(school: School, staff: list[Staff], today: date) -> None:
    for title, why, who, ago, state, answer, number in IDEAS:
        made_on = today - timedelta(days=ago)
        idea = Idea.objects.create(
            school=school, title=title, why=why, by=staff[who], made_on=made_on, state=state,
            answer=answer, answered_on=made_on + timedelta(days=30) if answer else None,
        )  # fmt: skip
        others = [person for person in staff if person != staff[who]]
        would_come = [staff[who], *others[::3]][:number]
        IdeaBacker.objects.bulk_create(
            IdeaBacker(school=school, idea=idea, staff=person) for person in would_come
        )


def _design(activity: Activity, designed: Designed, items: dict[str, FrameworkItem]) -> None:
    Design.objects.create(school=activity.school, activity=activity, **designed.words)
    DesignFeature.objects.bulk_create(
        DesignFeature(school=activity.school, activity=activity, item=items[code])
        for code in designed.codes.split()
    )


def _begin_backwards(school: School, staff: list[Staff], today: date) -> None:
    """As the steps leave it when somebody is called away at the fourth."""
    known = Activity.objects.order_by("pk").first()
    if known is None:
        return
    title = "Year 4 explain each step of a calculation in their own words"
    draft = Activity.objects.create(
        school=school, title=title, type=known.type, owner=staff[CPD], lead=staff[CPD]
    )
    IntendedImpact.objects.create(
        school=school, activity=draft, pupils_will=title,
        staff_will="Ask one open question before each method, and wait",
    )  # fmt: skip
    Design.objects.create(
        school=school, activity=draft, topic=Topic.objects.filter(title="Open questions in maths").first(),
        support="Two mornings of cover, so that pairs can watch each other",
        learning="Which questions make pupils explain, and how long to wait for it",
    )  # fmt: skip


def _lend(school: School, staff: list[Staff], today: date) -> None:
    for name, good_for, kept_at, variant, weeks, may_go_home, loans in THINGS:
        thing = Equipment.objects.create(
            school=school, name=name, good_for=good_for, kept_at=kept_at, variant=variant,
            weeks=weeks, may_go_home=may_go_home,
        )  # fmt: skip
        for who, weeks_ago, length, is_back, learned in loans:
            lent_on = today - timedelta(weeks=weeks_ago)
            due_on = lent_on + timedelta(weeks=length)
            Loan.objects.create(
                school=school, equipment=thing, staff=staff[who], lent_on=lent_on, due_on=due_on,
                returned_on=due_on if is_back else None, learned=learned, at_home=may_go_home,
            )  # fmt: skip
