"""Putting five questions to a group by a code, and telling what the group said."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from cpdhub import clock, sweeps
from cpdhub.models import School, Staff
from cpdhub.models.base import NotPossible
from evaluation.models import Evidence, PupilSheet, PupilVoice
from evaluation.models.pupils import Said

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look like another
LENGTH = 6
USUAL = timedelta(days=7)
LONGEST = timedelta(days=42)  # for parents
MOST_TRIES, TRIES_IN = 60, 600  # a class that mistypes sits behind one address


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


@transaction.atomic
def open_voice(voice: PupilVoice, *, by: Staff, now: datetime, days: int) -> PupilVoice:
    """Give it a code that works until it ends."""
    if voice.people < voice.least:
        raise NotPossible(f"Ask at least {voice.least}: of fewer nothing may be told.")
    voice.school, voice.owner = by.school, by
    last = clock.day_of(now) + min(timedelta(days=days), LONGEST)
    voice.opened_at, voice.closes_at = now, clock.midnight_after(last)
    School.objects.select_for_update(no_key=True).get(pk=by.school_id)  # codes are given in turn
    voice.code = new_code()
    while PupilVoice.objects.filter(code=voice.code).exists():
        voice.code = new_code()
    voice.save()
    return voice


def has_guessed(school: School, address: str) -> bool:
    """Guessing is slow: only so many wrong codes from one address in ten minutes."""
    return int(cache.get(key_of_tries(school, address), 0)) > MOST_TRIES


def count_wrong(school: School, address: str) -> None:
    key = key_of_tries(school, address)
    cache.add(key, 0, TRIES_IN)
    cache.incr(key)


def key_of_tries(school: School, address: str) -> str:
    return f"voice-{school.pk}-{address}"


def found_by(code: str, *, now: datetime) -> PupilVoice | None:
    """The questionnaire of this code while it works."""
    typed = "".join(code.upper().split())
    if not typed:
        return None
    found: PupilVoice | None = (
        PupilVoice.objects.open(now=now).filter(code=typed).select_related("instrument").first()
    )
    return found


@transaction.atomic
def hand_in(voice: PupilVoice, *, sheet: UUID, chosen: Sequence[int]) -> None:
    """One sheet. The same sent twice is one; after the last of the group nobody is asked."""
    locked = PupilVoice.objects.select_for_update().filter(pk=voice.pk, closed_at=None).first()
    if PupilSheet.objects.filter(pk=sheet).exists():
        return
    if locked is None or locked.sheets.count() >= locked.people:
        raise NotPossible("Everybody has answered already, or it is over. Thank you.")
    PupilSheet.objects.create(school_id=voice.school_id, voice=voice, pk=sheet, chosen=list(chosen))


@transaction.atomic
def close(voice: PupilVoice, *, now: datetime) -> PupilVoice:
    """Count, tell, and destroy the sheets: in one step or not at all."""
    found: PupilVoice = PupilVoice.objects.select_for_update(of=("self",)).get(pk=voice.pk)
    if found.is_closed:
        return found
    sheets = list(found.sheets.values_list("chosen", flat=True))
    found.closed_at, found.code = now, ""
    if len(sheets) >= found.least:
        found.answered = len(sheets)
        found.figures = [
            said(question.text, list(question.choices), [sheet[place] for sheet in sheets], found)
            for place, question in enumerate(found.questions())
        ]
    found.sheets.all().delete()
    found.save()
    return found


def said(question: str, words: list[str], values: Sequence[int], voice: PupilVoice) -> dict:
    """One line of the table; a question few answered carries no number."""
    given = [value for value in values if 0 < value <= len(words)]
    is_shown = len(given) >= voice.least
    counts = [given.count(place) for place in range(1, len(words) + 1)] if is_shown else []
    line = Said(question, words if is_shown else [], counts, len(given) if is_shown else None)
    return dict(vars(line))


def close_those_over(school: School, now: datetime) -> None:
    """Found every quarter of an hour."""
    for voice in PupilVoice.objects.filter(closed_at=None, closes_at__lte=now):
        close(voice, now=now)


# --- before and after, and as evidence ---------------------------------------------------------


def beside(voice: PupilVoice) -> list[tuple[Said, Said | None]]:
    """Each question with what the same group said before, where it was asked in the same words."""
    before = {line.question: line for line in voice.before.said()} if voice.before else {}
    return [
        (line, before.get(line.question) if line.n is not None else None) for line in voice.said()
    ]


def share(line: Said) -> str:
    """How many chose the first two words of four, or the first of three: 19 of 26."""
    first = len(line.words) // 2 or 1
    return f"{sum(line.counts[:first])} of {line.n}"


def words_of(line: Said) -> str:
    first = len(line.words) // 2 or 1
    return " or ".join(word.lower() for word in line.words[:first])


@transaction.atomic
def use_as_evidence(voice: PupilVoice, *, place: int, by: Staff) -> Evidence:
    """One line of the table under the activity it is about, with before where there is one."""
    lines = beside(voice)
    if voice.activity is None or not 0 <= place < len(lines) or lines[place][0].n is None:
        raise NotPossible("There is nothing to show for it.")
    now, before = lines[place]
    has_before = before is not None and before.n is not None
    address = voice.school.link("voice:voice", voice.uuid)
    evidence, _ = Evidence.objects.update_or_create(
        activity=voice.activity,
        url=address,
        defaults={
            "school_id": voice.school_id,
            "outcome": Evidence.Outcome.PUPILS,
            "claim": f"{voice.group}: “{now.question}” {words_of(now)}, {share(now)}"[:200],
            "kind": Evidence.Kind.MEASURED if has_before else Evidence.Kind.VOICE,
            "before": share(before) if has_before and before else "",
            "after": share(now) if has_before else "",
            "dated": clock.day_of(voice.closed_at or clock.now()),
            "by": by,
        },
    )
    PupilVoice.objects.filter(pk=voice.pk).update(is_evidence=True)
    if voice.before_id:
        PupilVoice.objects.filter(pk=voice.before_id).update(is_evidence=True)
    return evidence


def address_for_pupils(school: School) -> str:
    """What stands on the board beside the code."""
    return school.link("pupils:enter").partition("//")[2]


def register() -> None:
    sweeps.register("pupils' voice", close_those_over)
