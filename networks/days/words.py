"""A shared day in sentences."""

from __future__ import annotations

from networks.limits import SMALL
from networks.models import SharedDay


def share(part: int, whole: int) -> str:
    """All is said of all only."""
    return f"{min(99, round(100 * part / whole)) if part < whole else 100}%"


def of_timetable(day: SharedDay) -> list[str]:
    """How well it met what people asked for."""
    told = day.figures
    if not told:
        return []
    said = []
    if told["chose"] >= SMALL:
        said.append(
            f"{share(told['first'], told['asked'])} of the times somebody chose, they got their"
            f" first choice; {share(told['some'], told['asked'])} of the times one of their"
            " choices."
        )
    else:
        said.append("Fewer than five people had chosen, so what they got is not shown.")
    if told["dropped"]:
        said.append(
            f"{_workshops(told['dropped'])} had too few people and {_are(told['dropped'])} off."
        )
    if told["empty"]:
        said.append(f"Nobody is in {_workshops(told['empty'])}.")
    if told["nowhere"]:
        said.append(
            f"Places missing when it was built: {told['nowhere']:,}. Offer more workshops, or more"
            " room."
        )
    return said


def _workshops(number: int) -> str:
    return f"{number} workshop{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
