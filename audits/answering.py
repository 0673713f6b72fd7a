"""Keeping and sending answers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction
from pghistory.runtime import _inject_history_context

from audits import answers, labels
from audits.answers import Given, Sheet
from audits.labels import Asked
from audits.models import Answer, Invitation, Question, Response, Round
from cpdhub import clock
from cpdhub.models.base import NotPossible

NOTHING_YET = "Nothing is answered yet. One answer is enough to send."


class RoundClosed(NotPossible):
    """The round closed before this was sent."""


class AlreadyAnswered(NotPossible):
    """This invitation has been used: one answer each."""


# --- named and confidential ----------------------------------------------------------------------
def begin_response(invitation: Invitation) -> Response:
    """The row of somebody's answers; asking twice gives the same one."""
    response, _ = Response.objects.get_or_create(
        invitation=invitation, defaults={"school": invitation.school, "round": invitation.round}
    )
    return response


def given_so_far(response: Response | None, questions: Iterable[Question]) -> Sheet:
    """What the author sees: their draft or, where there is none, what they sent."""
    if response is None:
        return {}
    if response.draft:
        return answers.read(response.draft.get("given"), questions)
    return sent(response)


def sent(response: Response) -> Sheet:
    return {answer.question_id: Given.of(answer) for answer in response.answers.all()}


def last_time(invitation: Invitation) -> Response | None:
    """What the same person sent to the last round before this one that asked the same
    questionnaire by name or in confidence."""
    round_ = invitation.round
    found: Response | None = (
        Response.objects.filter(
            invitation__staff=invitation.staff_id,
            sent_at__isnull=False,
            round__instrument__code=round_.instrument.code,
            round__closed_at__lt=round_.closed_at,
        )
        .select_related("round")
        .order_by("-round__closed_at", "-round")
        .first()
    )
    return found


def in_words(response: Response) -> dict[tuple[str, ...], str]:
    """Its answers by what was asked in which words."""
    rows = response.answers.select_related("question")
    return {row.question.wording: Given.of(row).in_words(row.question) for row in rows}


@transaction.atomic
def keep_draft(
    response: Response,
    typed: Mapping[int, Given],
    *,
    questions: list[Question],
    is_saved: bool = False,
) -> None:
    """Remember one section for its author. What was sent stays as it is until they send again."""
    locked = Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
    sheet = given_so_far(locked, questions) | dict(typed)
    response.draft = {"given": answers.as_json(sheet)}
    response.draft_at = clock.now()
    response.revision = locked.revision + is_saved
    response.save(update_fields=["draft", "draft_at", "revision"])


@transaction.atomic
def send_response(response: Response, *, questions: list[Question]) -> None:
    """The draft becomes the answers. Sent first after the round closed, it is late: kept for its
    author, in no result; what was sent in time is not changed any more."""
    round_ = _locked(response.round_id)
    locked = Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
    if round_.is_closed and locked.sent_at:
        raise RoundClosed("This audit has closed: what you sent in time stays as it is.")
    sheet = given_so_far(locked, questions)
    if not sheet:
        raise NotPossible(NOTHING_YET)
    locked.answers.all().delete()
    _write(locked, sheet)
    locked.draft, locked.draft_at = {}, None
    locked.sent_at, locked.is_late = clock.now(), round_.is_closed
    locked.save(update_fields=["draft", "draft_at", "sent_at", "is_late"])
    if not locked.is_late:
        Invitation.objects.filter(pk=locked.invitation_id).update(spent=True)
    response.is_late = locked.is_late


# --- anonymous -----------------------------------------------------------------------------------
@transaction.atomic
def send_anonymously(invitation: Invitation, sheet: Sheet) -> None:
    """Spend the invitation and write the answers, together, with nothing between them.

    Nothing here may write down who, when or by which request: see `Response`.
    """
    with _unobserved():
        _spend_and_write(invitation, sheet)


def _spend_and_write(invitation: Invitation, sheet: Sheet) -> None:
    round_ = _locked(invitation.round_id)
    if not round_.is_open:
        raise RoundClosed("This audit has closed, so nothing was sent.")
    if not sheet:
        raise NotPossible(NOTHING_YET)
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if locked.spent:
        raise AlreadyAnswered("You have answered already: one answer each, and nobody can find it.")
    Invitation.objects.filter(pk=locked.pk).update(spent=True)
    response = Response.objects.create(
        school=invitation.school, round=round_, group=locked.kept_group,
        team_id=locked.kept_team_id,
    )  # fmt: skip
    _write(response, sheet)


@contextmanager
def _unobserved() -> Iterator[None]:
    """Statements go out without the name of whoever sends them, which history sends before each
    (pghistory): a database that logs slow statements would keep both together."""
    before = connection.execute_wrappers
    connection.execute_wrappers = [each for each in before if each is not _inject_history_context]
    try:
        yield
    finally:
        connection.execute_wrappers = before


def rewrite_in_random_order(round_: Round) -> None:
    """All answers of an anonymous round under new keys, as if written at one moment by chance.

    Who answered is known: their invitations are spent. So what stands on an answer must stand on
    five or more of those who did, not only of those who were asked; below five in all, the answers
    are destroyed.
    """
    chance = random.SystemRandom()
    old = list(round_.responses.prefetch_related("answers__question"))
    chance.shuffle(old)
    responses, rows = [], []
    for response, (group, team) in _with_shared_labels(old):
        new = Response(school_id=response.school_id, round=round_, group=group, team_id=team)
        responses.append(new)
        rows += [
            Answer(
                school_id=response.school_id, response=new, question_id=answer.question_id,
                value=answer.value, second=answer.second, ranking=answer.ranking,
                text=answer.text,
            )
            for answer in response.answers.all()
            # To answer what only some are asked tells that one is of them.
            if answer.question.is_asked_of_group(group)
        ]  # fmt: skip
    chance.shuffle(rows)
    # By key: asked through the round, without statistics every answer is read for each.
    Answer.objects.filter(response__in=[response.pk for response in old]).delete()
    round_.responses.all().delete()
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(rows, batch_size=2000)


def _with_shared_labels(responses: list[Response]) -> list[tuple[Response, labels.Label]]:
    """With the words that five or more who answered share; nothing of fewer than five people."""
    if len(responses) < labels.LEAST:
        return []
    said = [Asked(place, each.group, each.team_id) for place, each in enumerate(responses)]
    kept = labels.labels(said)
    return [(response, kept[place]) for place, response in enumerate(responses)]


def _locked(pk: int) -> Round:
    """Sending and closing take turns: what is sent is either in time or it is not."""
    found: Round = Round.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return found


def _write(response: Response, sheet: Sheet) -> None:
    Answer.objects.bulk_create(
        Answer(
            school_id=response.school_id, response=response, question_id=pk, value=given.value,
            second=given.second, ranking=list(given.ranking), text=given.text,
        )
        for pk, given in sheet.items()
        if given
    )  # fmt: skip
