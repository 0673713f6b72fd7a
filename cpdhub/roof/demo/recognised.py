"""What the demo school recognises: who verifies, what was recognised, what waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cpdhub.models import School, Staff
from evaluation import certificates, recognition
from evaluation.models import (
    Certificate,
    RecognitionScheme,
    SchemeUse,
    SharingPlan,
    Submission,
    VerifierTraining,
)
from evaluation.portfolios import candidates

TALK = (
    "Two papers on wait time from our maths hub, and a talk with Dawn, who has tried it for years.",
    "Dawn coached me at lunch for six weeks. She asked what I saw, never what I should do.",
    "My aim: the eight who never answer give a reason at least once a lesson, by half-term.",
    "Three seconds felt like a minute. I put the question on the board first, and that helped.",
    "I showed it to Year 3 and 4 in a staff meeting. Two colleagues use it now.",
    "Six of the eight answer. I counted on four Mondays; it is a small count, but it holds.",
)
STEMS = (
    "A webinar on early vocabulary and the phonics clinic.",
    "Tom watched me twice and I watched him.",
    "One group of five in Year 1, ten minutes a day.",
    "Ten words a week, with a picture and a movement.",
    "I showed the other assistants how I do it.",
    "All five use the words when they play. I wrote down which.",
)


def recognise(school: School, crew: list[Staff], *, now: datetime, today: date) -> None:
    """The six-dimension scheme is offered; one stage recognised, one waiting, one being written."""
    scheme = RecognitionScheme.objects.get(code="enquiry-six-dimensions")
    SchemeUse.objects.create(school=school, scheme=scheme, since=today - timedelta(days=400))
    teacher, assistant = (_by(crew, local) for local in ("teacher", "ta"))
    apart = [
        post
        for post in crew
        if post.user_id and post.group == Staff.Group.TEACHER
        and post.pk not in {teacher.pk, assistant.pk, teacher.line_manager_id}
        and post.pk != assistant.line_manager_id
    ]  # fmt: skip
    verifiers = list(dict.fromkeys([_by(crew, "cpd"), *apart]))[:2]
    if teacher.line_manager_id == verifiers[0].pk:
        verifiers = apart[:2]
    for post in verifiers:
        VerifierTraining.objects.create(
            school=school, staff=post, trained_on=today - timedelta(days=300),
            by_whom="A day with the teaching school hub",
        )  # fmt: skip
    done = _write(scheme, teacher, "Waiting three seconds in maths", TALK, stage=1)
    recognition.send(done, to=verifiers[1])
    recognition.decide(
        done, is_recognised=True, advice="Count once more after Easter, and tell us."
    )
    Submission.objects.filter(pk=done.pk).update(
        begun_on=today - timedelta(days=200), sent_at=now - timedelta(days=90),
        opened_at=now - timedelta(days=88), decided_at=now - timedelta(days=85),
    )  # fmt: skip
    Certificate.objects.filter(submission=done).update(issued_on=today - timedelta(days=85))
    waiting = _write(scheme, assistant, "Ten new words a week with five children", STEMS, stage=1)
    recognition.send(waiting, to=verifiers[0])
    _write(scheme, teacher, "Talk partners across Key Stage 2", TALK[:2], stage=2)
    for row in certificates.may_be_certified(teacher)[:2]:
        certificates.of_activity(teacher, row.pk)
    Certificate.objects.filter(submission=done).update(shown_at=now - timedelta(days=80))
    _pass_on(school, crew, today)


def _pass_on(school: School, crew: list[Staff], today: date) -> None:
    """One thing shown, one still to come, one that should have been."""
    teacher, assistant = _by(crew, "teacher"), _by(crew, "ta")
    for owner, what, whom, days, became in (
        (teacher, "Sentence stems for number talks", "Year 3 and 4", -20, "Two use them every day"),
        (teacher, "How I wait three seconds: come and watch", "Anybody, Tuesdays at ten", 12, ""),
        (assistant, "The ten-words game, with the cards", "Assistants in Key Stage 1", -4, ""),
    ):
        rows = certificates.may_be_certified(owner)
        if rows:
            SharingPlan.objects.create(
                school=school, activity_id=rows[0].pk, by=owner, what=what, whom=whom,
                due_on=today + timedelta(days=days), became=became,
                done_on=today + timedelta(days=days - 1) if became else None,
            )  # fmt: skip


def _by(crew: list[Staff], local: str) -> Staff:
    return next(post for post in crew if post.email.startswith(f"{local}@"))


def _write(
    scheme: RecognitionScheme, owner: Staff, title: str, texts: tuple[str, ...], *, stage: int
) -> Submission:
    """With evidence to each dimension that asks for some."""
    made = Submission.objects.create(
        school=owner.school, owner=owner, scheme=scheme, title=title,
        stage=scheme.stages.get(position=stage),
    )  # fmt: skip
    shown = candidates(owner, "reflections") + candidates(owner, "learning")
    for position, (dimension, text) in enumerate(zip(scheme.dimensions.all(), texts, strict=False)):
        evidence = shown[position % len(shown) :][: dimension.evidence_least] if shown else []
        recognition.write_entry(made, dimension, text=text, evidence=evidence)
    return made
