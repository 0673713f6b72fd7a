"""What pupils and parents of the demo school said by a code: before and after, and open now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from activities.models import Activity
from audits.models import Instrument
from cpdhub.models import School, Staff
from evaluation import pupils_voice
from evaluation.models import PupilSheet, PupilVoice

PRIYA, DAWN, MARTA = 3, 4, 7
# How many of a class chose each word, question by question.
BEFORE = [(4, 7, 10, 5), (2, 6, 11, 7), (5, 8, 9, 4), (6, 9, 8, 3), (7, 9, 7, 3)]
AFTER = [(8, 10, 6, 2), (9, 11, 5, 1), (7, 9, 8, 2), (7, 9, 8, 2), (7, 10, 7, 2)]
YOUNGER = [(9, 5, 4), (11, 4, 3), (6, 7, 5), (12, 4, 2), (8, 6, 4)]


def listen(school: School, crew: list[Staff], *, now: datetime) -> None:
    staff = [post for post in crew if post.group]
    priya, dawn, marta = staff[PRIYA], staff[DAWN], staff[MARTA]
    about = (
        Activity.objects.of_school()
        .finished()
        .filter(participations__staff=priya, is_private=False, kind=Activity.Kind.DIRECT)
        .order_by("pk")
        .last()
    )
    first = _ask(priya, "pupils-older", "4P", 28, now - timedelta(days=50), activity=about)
    _told(first, BEFORE, now - timedelta(days=49))
    again = _ask(
        priya, "pupils-older", "4P", 28, now - timedelta(days=5), activity=about, before=first
    )
    _told(again, AFTER, now - timedelta(days=4))
    young = _ask(marta, "pupils-younger", "Year 1 robins", 20, now - timedelta(days=20))
    _told(young, YOUNGER, now - timedelta(days=19))
    few = _ask(dawn, "pupils-what-helps", "Tuesday readers", 6, now - timedelta(days=12), few=True)
    _told(few, [(1, 1, 1, 0)] * 5, now - timedelta(days=11))
    _fill(_ask(priya, "parents-view", "Parents of 4P", 50, now, days=14), [(6, 4, 2, 1)] * 5)


def _ask(
    owner: Staff,
    code: str,
    group: str,
    people: int,
    at: datetime,
    *,
    activity: Activity | None = None,
    before: PupilVoice | None = None,
    few: bool = False,
    days: int = 7,
) -> PupilVoice:
    instrument = Instrument.objects.shipped().get(code=code)
    voice = PupilVoice(
        instrument=instrument, group=group, people=people, is_whole_class=not few,
        activity=activity, before=before,
    )  # fmt: skip
    return pupils_voice.open_voice(voice, by=owner, now=at, days=days)


def _fill(voice: PupilVoice, counts: Sequence[tuple[int, ...]]) -> None:
    """Sheets that add up to these counts; keys that are the same every time."""
    columns = [
        [word for word, number in enumerate(row, start=1) for _ in range(number)] for row in counts
    ]
    for place, chosen in enumerate(zip(*columns, strict=True)):
        PupilSheet.objects.create(
            school_id=voice.school_id, voice=voice, pk=UUID(int=voice.pk * 10_000 + place),
            chosen=list(chosen),
        )  # fmt: skip


def _told(voice: PupilVoice, counts: Sequence[tuple[int, ...]], at: datetime) -> None:
    _fill(voice, counts)
    pupils_voice.close(voice, now=at)
