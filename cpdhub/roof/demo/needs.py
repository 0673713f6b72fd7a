"""What the demo schools need: from the digital audit, from people, from the plan and from walks."""

from __future__ import annotations

import random
from datetime import date, timedelta

from audits import needs, proposals
from audits.models import Need, NeedSource, Response, Round
from audits.proposals import Rule
from cpdhub.models import FrameworkItem, Priority, School, Staff
from cpdhub.permissions import Role
from cpdhub.roof.demo.audits import SIGN_INS

Whom, Status, Kind = Need.Whom, Need.Status, NeedSource.Kind

# What, whose, topic, pupils, now, wanted, balance, how soon, how we know, in a few words, status.
OF_GROUPS = [
    ("Talk partners are used in every maths lesson, not only with visitors", "school", "Talk in maths",
     "Pupils who speak little in class", 2, 3, "school", "year", "walk",
     "Four of twelve rooms in the autumn walk", "agreed"),
    ("Teaching assistants know what to ask while pupils work", "assistant", "Questions that open up",
     "Pupils with a support plan", 2, 3, "team", "year", "pupils",
     "Pupils say adults often tell them the answer", "agreed"),
    ("Reading records say what a pupil can do next", "school", "Reading assessment",
     "Lowest fifth in reading", 2, 4, "school", "long", "walk", "Book look in the spring",
     "identified"),
    ("Office staff answer safeguarding calls the same way", "support", "Safeguarding on the phone",
     "", 2, 4, "team", "now", "walk", "Two calls went to the wrong person", "met"),
]  # fmt: skip
# By whom (by place in the list of teachers and others), in their own words.
OWN = [
    ("Lead a maths meeting without talking all the time", "Leading adults", "career",
     "Would like to lead a year group", 2, 3, True, "agreed"),
    ("Model the writing process live", "Modelling writing", "appraisal", "Writing in Year 4", 2, 3,
     True, "identified"),
    ("Help a pupil with a stammer take part in talk", "Talk in maths", "own", "", 1, 3, True,
     "identified"),
    ("Use stem sentences with my intervention group", "Talk in maths", "own", "", 2, 3, True,
     "agreed"),
    ("Stay calm when a lesson slips", "", "own", "", 1, 3, False, "identified"),
    ("Plan open questions before the lesson", "Questions that open up", "own", "", 2, 4, True,
     "identified"),
    ("Ask questions that make quiet pupils speak", "Questions that open up", "induction",
     "First year of teaching", 1, 3, True, "agreed"),
    ("Spreadsheets for attendance, without retyping", "Spreadsheets", "own", "", 2, 4, True, "met"),
    ("Model writing with a visualiser", "Modelling writing", "own", "", 1, 3, True, "agreed"),
    ("Phonics for a pupil who came in Year 5", "Phonics beyond Year 2", "own", "", 1, 3, True,
     "set_aside"),
]  # fmt: skip

# Topics by subject; what the digital audit showed is about teaching with digital tools.
SUBJECTS = {
    "maths": ["Talk in maths"],
    "reading-and-phonics": ["Reading assessment", "Phonics beyond Year 2"],
    "writing": ["Modelling writing"],
    "computing": ["Spreadsheets"],
}


def write_down(school: School, crew: list[Staff], *, today: date) -> None:
    """Groups' needs from the closed audit and by hand, people's own, and one kept private."""
    chance = random.Random(f"needs of {school.slug}")
    leader = next(post for post in crew if Role.CPD_LEADER in post.roles)
    _from_the_audit(school, leader, crew, today)
    priorities = list(Priority.objects.live())
    for number, row in enumerate(OF_GROUPS):
        _of_group(row, leader, priorities[number % len(priorities)] if priorities else None, today)
    teaching = [post for post in crew if post.group and _name(post) not in {"head", "cpd", "data"}]
    shown = [post for post in teaching if _name(post) in SIGN_INS]
    others = chance.sample([post for post in teaching if post not in shown], len(OWN))
    for own, person in zip(OWN, [*shown, *others], strict=False):
        _own(own, person, today)
    _tag()


def _tag() -> None:
    subjects = FrameworkItem.objects.filter(framework__code="subjects")
    audited = Need.objects.filter(sources__kind=Kind.AUDIT)
    audited.update(subject=subjects.get(code="digital-practice"))
    for code, topics in SUBJECTS.items():
        of_subject = Need.objects.filter(topic__title__in=topics, subject=None)
        of_subject.update(subject=subjects.get(code=code))


def _name(post: Staff) -> str:
    return post.email.partition("@")[0]


def _from_the_audit(school: School, leader: Staff, crew: list[Staff], today: date) -> None:
    audit = Round.objects.filter(state=Round.State.CLOSED, mode=Round.Mode.CONFIDENTIAL).latest(
        "closed_at"
    )
    rule = Rule.of(school)
    suggested = proposals.of_round(audit, rule)
    for place, proposal in enumerate(suggested[:4]):
        need = proposals.make_need(proposal, by=leader, is_shared=True)
        need.agree() if place != 2 else need.set_aside(needs.NOT_NOW)
    answered = Response.objects.filter(round=audit).select_related("invitation__staff")
    for response in list(answered.order_by("invitation"))[:30]:
        staff = response.invitation.staff
        if _name(staff) in SIGN_INS:
            continue  # whoever signs in finds what their answers suggest still to decide
        for proposal in proposals.for_oneself(staff, rule)[:2]:
            proposals.make_need(proposal, by=staff, is_shared=True)
    mine = Need.objects.filter(whom=Whom.PERSON, sources__kind=Kind.AUDIT).order_by(
        "title", "staff"
    )
    for place, need in enumerate(mine):
        if place % 3:
            need.agree()
    Need.objects.filter(sources__kind=Kind.AUDIT).update(identified_on=today - timedelta(days=28))


def _of_group(row: tuple, leader: Staff, priority: Priority | None, today: date) -> None:
    title, whose, topic, pupils, now, wanted, balance, horizon, kind, note, status = row
    need = Need(
        title=title, pupils=pupils, level_now=now, level_wanted=wanted, balance=balance,
        horizon=horizon, identified_on=today - timedelta(days=70),
    )  # fmt: skip
    if whose == "school":
        need.give_to(Whom.SCHOOL, "all")
    else:
        need.give_to(Whom.GROUP, whose)
    sources = [NeedSource(kind=kind, note=note)]
    if priority and whose != "support":
        sources.append(NeedSource(kind=Kind.PRIORITY, priority=priority))
    needs.write_down(need, by=leader, sources=sources, topic=topic)
    _move(need, status, today)


def _own(row: tuple, person: Staff, today: date) -> None:
    title, topic, kind, note, now, wanted, is_shared, status = row
    need = Need(
        title=title, whom=Whom.PERSON, staff=person, level_now=now, level_wanted=wanted,
        balance=Need.Balance.INDIVIDUAL, is_shared=is_shared,
        identified_on=today - timedelta(days=20),
    )  # fmt: skip
    needs.write_down(need, by=person, sources=[NeedSource(kind=kind, note=note)], topic=topic)
    _move(need, status, today)


def _move(need: Need, status: str, today: date) -> None:
    if status in {Status.AGREED, Status.MET}:
        need.agree()
    if status == Status.MET:
        need.say_met(today=today - timedelta(days=6))
    if status == Status.SET_ASIDE:
        need.set_aside("Covered by the phonics lead this term")
