"""A review in words: what leaders answer, where they differ, how it was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from cpdhub.models import Staff
from networks.models import NetworkReview, Pause, Rating
from networks.propositions import Item, Prompt

Level = Rating.Level
LEVELS: list[str] = Level.values


@dataclass(frozen=True)
class Said:
    """What leaders said about one thing in one review."""

    ratings: Sequence[Rating]

    @property
    def places(self) -> list[int]:
        return sorted(LEVELS.index(row.level) for row in self.ratings if row.level)

    @property
    def columns(self) -> list[tuple[str, list[Rating]]]:
        """(in words, who says so), for each of the four."""
        return [
            (label, [row for row in self.ratings if row.level == level])
            for level, label in Level.choices
        ]

    @property
    def comments(self) -> list[Rating]:
        return [row for row in self.ratings if row.comment]

    @property
    def range(self) -> str:
        """“In places”, or “from not yet to mostly”."""
        if not self.places:
            return "Nobody has said yet"
        low, high = (str(Level(LEVELS[place]).label) for place in (self.places[0], self.places[-1]))
        return low if low == high else f"From “{low.lower()}” to “{high.lower()}”"

    @property
    def agreement(self) -> str:
        """How far apart they are, and what to do with that."""
        if not self.places:
            return "Nobody has said yet."
        if len(self.places) == 1:
            return "One leader has said so far."
        apart = self.places[-1] - self.places[0]
        return (
            "All say the same.",
            "Close together.",
            "Some way apart: ask each other what you see.",
            "Far apart: talk about this first.",
        )[apart]

    @property
    def is_far_apart(self) -> bool:
        return len(self.places) > 1 and self.places[-1] - self.places[0] > 1


@dataclass(frozen=True)
class Paused:
    """A prompt, and what was noted at it."""

    prompt: Prompt
    rows: list[Pause]


@dataclass(frozen=True)
class Result:
    """One thing of a review: what is said, what was said before, what is done about it."""

    item: Item
    said: Said
    before: list[tuple[NetworkReview, Said]]
    pauses: list[Paused] = field(default_factory=list)


def results(review: NetworkReview) -> list[Result]:
    """Each thing with what everybody said. Worked out anew each time: what a school that left had
    said is in none of it."""
    reviews = [review, *NetworkReview.objects.before(review)]
    rows = Rating.objects.filter(review__in=reviews).select_related("school")
    said = grouped(rows, lambda row: (row.review_id, row.item))
    noted = grouped(
        Pause.objects.filter(review=review).select_related("school"), lambda row: row.prompt
    )
    return [
        Result(
            item,
            Said(said[review.pk, item.code]),
            [
                (one, Said(said[one.pk, item.code]))
                for one in reviews[1:]
                if said[one.pk, item.code]
            ],
            [Paused(prompt, noted[prompt.code]) for prompt in item.prompts],
        )
        for item in review.items
    ]


def grouped(rows: Iterable[Any], key: Any) -> defaultdict[Any, list[Any]]:
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def carried(review: NetworkReview) -> list[Pause]:
    """What earlier reviews meant to do and nobody has done."""
    before = NetworkReview.objects.before(review)
    rows = Pause.objects.unfinished().filter(review__in=before.values("pk"))
    return list(rows.select_related("review", "school").order_by("by_when", "pk"))


def who_answered(results: list[Result]) -> list[str]:
    """“Ada Byron, Birch Primary”, each once."""
    named = {f"{row.name}, {row.school}" for one in results for row in one.said.ratings}
    return sorted(named)


def answers_of(review: NetworkReview, staff: Staff) -> dict[str, Rating]:
    rows = Rating.objects.filter(review=review, staff=staff)
    return {row.item: row for row in rows}


@transaction.atomic
def keep(review: NetworkReview, staff: Staff, answers: dict[str, tuple[str, str]]) -> None:
    """What one leader says now; what was emptied is gone."""
    before = answers_of(review, staff)
    for code, (level, comment) in answers.items():
        row = before.get(code)
        if not (level or comment):
            if row:
                row.delete()
            continue
        if row and (row.level, row.comment) == (level, comment):
            continue
        Rating.objects.update_or_create(
            review=review, staff=staff, item=code,
            defaults={
                "network": review.network, "school": staff.school, "name": staff.name,
                "level": level, "comment": comment,
            },
        )  # fmt: skip
