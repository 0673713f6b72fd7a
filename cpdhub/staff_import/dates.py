"""Dates as files write them: day first, as in England."""

import re
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"),
            ("may",), ("jun", "june"), ("jul", "july"), ("aug", "august"),
            ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm)?(Z|[+-]\d{2}:?\d{2})?$", re.I)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]([A-Za-z]+)[-/., ]+(\d{4}|\d{2})")
SERIAL = re.compile(r"\d{5}(\.0+)?")  # a spreadsheet's count of days, when the format was lost
EARLIEST, LATEST = date(1940, 1, 1), date(2100, 12, 31)


class NotADate(ValueError):
    """`str()` says why, to follow the column's name."""


def parse(text: str, *, earliest: date = EARLIEST) -> date:
    """The date a cell means, or NotADate with the reason."""
    bare = TIME.sub("", text.strip())
    try:
        day = _read(bare)
    except ValueError:
        raise NotADate(f"“{text[:40]}” is not a date there is (we read day/month/year)") from None
    if day is None:
        raise NotADate(f"“{text[:40]}” is not a date (write it as 31/08/2026)")
    if not earliest <= day <= LATEST:
        raise NotADate(f"“{text[:40]}” is not a likely date")
    return day


def _read(text: str) -> date | None:
    if found := ISO.fullmatch(text):
        year, month, day = found.groups()
        return date(int(year), int(month), int(day))
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return date(_year(year), int(month), int(day))
    if (found := IN_WORDS.fullmatch(text)) and (number := MONTHS.get(found[2].casefold())):
        return date(_year(found[3]), number, int(found[1]))
    if SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    return None


def _year(text: str) -> int:
    """Two digits: up to 69 this century, from 70 the last."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 70 else 1900)
