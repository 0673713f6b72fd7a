"""Which staff group and team may stand on an anonymous answer.

Two words on one answer are crossed by whoever reads the table. So they are kept only together:
every pair of words that stands on answers was given to five or more of those who were asked,
and so was no word at all. Nobody is found by what the others have.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

LEAST = 5

Label = tuple[str, int | None]  # staff group, team
NOTHING: Label = ("", None)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked, as they were that day."""

    pk: int
    group: str
    team: int | None


def labels(people: Iterable[Asked]) -> dict[int, Label]:
    """What may stand on each person's answer, by their key."""
    asked = list(people)
    groups = _large_enough(Counter(person.group for person in asked if person.group), len(asked))
    found: dict[int, Label] = {}
    for group in [*groups, ""]:
        alike = [p for p in asked if (p.group if p.group in groups else "") == group]
        teams = _large_enough(Counter(p.team for p in alike if p.team), len(alike))
        for person in alike:
            found[person.pk] = (group, person.team if person.team in teams else None)
    return found


def _large_enough(sizes: Mapping[Key, int], total: int) -> set[Key]:
    """The words five or more share, such that those left without one are none or five or more."""
    kept = {word: size for word, size in sizes.items() if size >= LEAST}
    while kept and 0 < total - sum(kept.values()) < LEAST:
        del kept[min(kept, key=lambda word: (kept[word], str(word)))]
    return set(kept)


def labels_of_latecomers(people: Iterable[Asked], known: Mapping[Label, int]) -> dict[int, Label]:
    """For people asked later: only words that then stand for five or more. `known` counts those
    already asked; empty when somebody would stand alone."""
    found: dict[int, Label] = {}
    sizes = Counter(known)
    for person in people:
        wanted: list[Label] = [(person.group, person.team), (person.group, None), NOTHING]
        label = next((label for label in wanted if known.get(label, 0)), NOTHING)
        found[person.pk] = label
        sizes[label] += 1
    return {} if any(sizes[label] < LEAST for label in found.values()) else found
