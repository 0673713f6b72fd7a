"""What the demo schools were asked: a digital audit put twice, a named one of the teaching assistants,
a climate survey half answered."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from audits import rounds
from audits.models import Answer, Instrument, Invitation, Kind, Question, Response, Round
from cpdhub.models import School, Staff
from cpdhub.permissions import Role

SIGN_INS = {"head", "cpd", "team", "teacher", "ta", "office", "data"}
WISHES = (
    "Use the tablets so that everybody writes, not only reads",
    "Record a short explanation and let pupils play it again",
    "",
    "Find out quickly who has understood",
    "Less paper, and still know where everything is",
    "",
    "Try one tool properly instead of five badly",
)


def ask(school: School, crew: list[Staff], *, now: datetime, today: date) -> None:
    """Closed audits, a pulse asked twice and an open anonymous survey; the same answers every time."""
    chance = random.Random(f"audits of {school.slug}")
    leader = next(post for post in crew if Role.CPD_LEADER in post.roles)
    people = [post for post in crew if post.group]
    before = open_round(
        school, "digital-practice", "How digital was our teaching last year?",
        Round.Mode.CONFIDENTIAL, people, leader, today - timedelta(days=240), 14,
    )  # fmt: skip
    answer_round(before, chance, share=0.7, sent_at=now - timedelta(days=235), lower=0.4)
    rounds.close(before, now=now - timedelta(days=226))
    digital = open_round(
        school, "digital-practice", "How digital is our teaching?", Round.Mode.CONFIDENTIAL,
        people, leader, today - timedelta(days=45), 14,
    )  # fmt: skip
    answer_round(digital, chance, share=0.85, sent_at=now - timedelta(days=40))
    rounds.close(digital, now=now - timedelta(days=31))
    assistants = [post for post in people if post.group == Staff.Group.ASSISTANT]
    support = open_round(
        school, "assistant-practice", "What do you need as a teaching assistant?",
        Round.Mode.NAMED, assistants, leader, today - timedelta(days=30), 10,
    )  # fmt: skip
    answer_round(support, chance, share=0.9, sent_at=now - timedelta(days=28))
    rounds.close(support, now=now - timedelta(days=20))
    _pulse(school, people, leader, chance, now=now, today=today)
    climate = open_round(
        school, "learning-climate", "Is this a place to learn?", Round.Mode.ANONYMOUS,
        people, leader, today - timedelta(days=5), 14,
    )  # fmt: skip
    answer_round(climate, chance, share=0.5, sent_at=None)


def _pulse(
    school: School, people: list[Staff], leader: Staff, chance: random.Random, *, now: datetime,
    today: date,
) -> None:  # fmt: skip
    """Whether what is learned reaches others: better than a term before."""
    for title, days, lower in (
        ("Is it shared? First pulse", 150, 0.35),
        ("Is it shared? Second pulse", 60, 0.0),
    ):
        pulse = open_round(
            school, "is-it-shared", title, Round.Mode.CONFIDENTIAL,
            people, leader, today - timedelta(days=days), 7,
        )  # fmt: skip
        sent_at = now - timedelta(days=days)
        answer_round(pulse, chance, share=0.75, sent_at=sent_at, lower=lower)
        rounds.close(pulse, now=now - timedelta(days=days - 8))


def open_round(
    school: School, code: str, title: str, mode: str, people: Iterable[Staff], leader: Staff,
    opens_on: date, days: int, *, is_about_activity: bool = False,
) -> Round:  # fmt: skip
    made = Round(
        instrument=Instrument.objects.shipped().filter(code=code).latest("pk"), title=title,
        mode=mode, opens_on=opens_on, closes_on=opens_on + timedelta(days=days),
        is_about_activity=is_about_activity,
    )  # fmt: skip
    made.school, made.started_by = school, leader
    rounds.save_draft(made, by=leader, people=[post.pk for post in people])
    rounds.open_round(made, today=opens_on)
    made.refresh_from_db()
    return made


def answer_round(
    round_: Round, chance: random.Random, *, share: float, sent_at: datetime | None,
    lower: float = 0, wishes: Sequence[str] = WISHES,
) -> None:  # fmt: skip
    questions = list(Question.objects.filter(section__instrument=round_.instrument_id))
    # Asked again, the same questions are hard, and the same people sure.
    alike = random.Random(f"ease of {round_.instrument.code}")
    ease = {question.pk: alike.gauss(0, 0.7) - lower for question in questions}
    responses: list[Response] = []
    answers: list[Answer] = []
    spent: list[int] = []
    for invitation in round_.invitations.select_related("staff", "round").order_by("pk"):
        # Whoever signs in to the demo finds the open one still to answer.
        name = invitation.staff.email.partition("@")[0]
        is_shown = round_.is_anonymous and name in SIGN_INS or invitation.staff.user_id is None
        is_keen = invitation.is_leader or name in SIGN_INS
        if is_shown or chance.random() > share and not is_keen:
            continue
        spent.append(invitation.pk)
        response = _response(round_, invitation, chance, sent_at)
        responses.append(response)
        answers += _answers(response, questions, invitation, ease, chance, wishes)
    if round_.is_anonymous:
        chance.shuffle(answers)
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(answers, batch_size=2000)
    Invitation.objects.filter(pk__in=spent).update(spent=True)


def _response(
    round_: Round, invitation: Invitation, chance: random.Random, sent_at: datetime | None
) -> Response:
    if round_.is_anonymous:
        return Response(
            school_id=round_.school_id, round=round_,
            group=invitation.kept_group, team_id=invitation.kept_team_id,
        )  # fmt: skip
    return Response(
        school_id=round_.school_id, round=round_, invitation=invitation,
        sent_at=sent_at and sent_at + timedelta(hours=chance.randint(0, 160)), revision=5,
    )  # fmt: skip


def _answers(
    response: Response, questions: Iterable[Question], invitation: Invitation,
    ease: dict[int, float], chance: random.Random, wishes: Sequence[str],
) -> list[Answer]:  # fmt: skip
    """A person is surer or less sure all through, leaders most; some questions are easier for all."""
    alike = random.Random(f"lean of {invitation.staff.sort_name}")
    usual = 2.6 if invitation.group == Staff.Group.TEACHER else 2.2
    lean = 0.5 * invitation.is_leader + alike.gauss(usual, 0.5)
    found = []
    for question in questions:
        if chance.random() < 0.04 or not question.is_asked_of(
            group=invitation.asked_group(), phase=""
        ):
            continue
        answer = Answer(school_id=response.school_id, response=response, question=question)
        if question.kind == Kind.TEXT:
            answer.text = chance.choice(wishes)
            if not answer.text:
                continue
        else:
            most = len(question.options)
            level = lean + ease[question.pk] + chance.gauss(0, 0.5)
            place = round(max(1, min(most, level * most / 4)))
            # Of yes, partly and no, the first is the best.
            answer.value = most + 1 - place if question.kind == Kind.YES_PARTLY_NO else place
        found.append(answer)
    return found
