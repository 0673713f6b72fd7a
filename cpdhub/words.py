"""Numbers and names of things, as sentences say them."""

from collections.abc import Sequence


def count(number: int, one: str, many: str = "") -> str:
    """3 registers, 1 activity, 1,200 lines"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Tom, Aisha and Joel"""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def people(number: int) -> str:
    return count(number, "person", "people")
