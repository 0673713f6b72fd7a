"""Files of our own form: cells by the names of their columns, and all that is wrong at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpdhub.tables import Formula, Row, as_text
from cpdhub.tables.cells import settled

MOST_PROBLEMS = 20


@dataclass(frozen=True)
class Problem:
    """Why a file cannot be taken: where, and what to do."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"Row {self.line}, column “{self.column}”: {self.reason}"


class FileRefused(Exception):
    """Nothing of the file was taken; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems


def refuse_without(columns: Sequence[str], names: Sequence[str], *, line: int) -> None:
    """These columns must be there; the others may be left out."""
    missing = [Problem(line, column, "is missing.") for column in columns if column not in names]
    if missing:
        raise FileRefused(missing)


def by_name(
    row: Row, names: Sequence[str], header: Sequence[str], problems: list[Problem]
) -> dict[str, str]:
    """What stands in each column we know; columns we do not know are left out."""
    cells = dict.fromkeys(header, "")
    for name, cell in zip(names, row.cells, strict=False):
        if name not in cells:
            continue
        if isinstance(cell, Formula):
            problems.append(Problem(row.line, name, "holds a formula: write the text itself."))
        cells[name] = settled(as_text(cell))
    return cells
