"""What a report says must get better, read from text somebody pasted. No queries here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 60
# A dash, a bullet, "3.", "(3)", "b)" or "iv." and what follows.
MARKED = re.compile(
    r"^(?:[-*•·–—▪◦‣●○]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)", re.IGNORECASE
)
BULLETS = set("-*•·–—▪◦‣●○")
LONG_WORD = 6  # shorter ones (“early”, “years”) stand in any sentence


@dataclass(frozen=True)
class Line:
    """One candidate. A heading (“What must improve?”) is read too, but not chosen at first."""

    text: str
    is_chosen: bool


def read(pasted: str) -> list[Line]:
    """The lines of a list, however it is marked, with lines that were broken put together."""
    rows = [" ".join(row.split()) for row in pasted.splitlines()]
    has_marks = any(MARKED.match(row) for row in rows)
    found: list[str] = []
    goes_on = False
    for row in rows:
        if not row or row in BULLETS:  # some programs put a bullet on a line of its own
            goes_on = False
            continue
        text = MARKED.sub("", row)
        is_marked = text != row
        belongs = goes_on and not is_marked and (has_marks or row[:1].islower())
        if belongs and not found[-1].endswith(("?", ":")):
            found[-1] += f" {text}"
        else:
            found.append(text)
        goes_on = True
    once = {text.casefold(): text for text in reversed(found)}
    kept = [text for text in found if once.pop(text.casefold(), None)]
    return [Line(text, not text.endswith(("?", ":"))) for text in kept]


def guess(text: str, areas: Iterable[tuple[int, str]]) -> int | None:
    """The evaluation area whose name shares a long word with the line, if there is one."""
    said = words(text)
    best = max(
        ((len(said & words(title)), -number, pk) for number, (pk, title) in enumerate(areas)),
        default=(0, 0, 0),
    )
    return best[2] if best[0] else None


def words(text: str) -> set[str]:
    return {word[:8] for word in re.findall(r"[a-z]+", text.casefold()) if len(word) >= LONG_WORD}
