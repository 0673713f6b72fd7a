"""What is in a portfolio, in words: for its owner, and for whoever has the link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from evaluation.models import Portfolio, PortfolioItem
from evaluation.portfolios import day_of, said_of
from evaluation.record import Record, say_day


@dataclass(frozen=True)
class Shown:
    """An item in words, for its owner or for whoever has the link."""

    item: PortfolioItem
    title: str
    facts: str = ""
    parts: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


def shown(portfolio: Portfolio, *, for_others: bool) -> list[Shown]:
    """In its owner's order. What is no longer on their record is left out for others.

    Others read no title of a private activity: it would say who was supported, and by whom.
    """
    items = list(portfolio.items.select_related("observation"))
    record = Record(portfolio.owner, portfolio.owner)
    activities = _activities(record, [item.activity_id for item in items if item.activity_id])
    wanted = [item.reflection_id for item in items if item.reflection_id]
    reflections = record.reflections().filter(pk__in=wanted).select_related("activity")
    by_pk = {row.pk: row for row in reflections}
    lines = []
    for item in items:
        if item.activity_id:
            line = _of_activity(item, activities.get(item.activity_id), for_others)
        elif item.reflection_id:
            line = _of_reflection(item, by_pk.get(item.reflection_id), for_others)
        elif item.observation_id:
            line = _of_observation(item, for_others)
        else:
            line = Shown(item, item.title, parts=[("", item.text)] if item.text else [])
        if line is not None:
            lines.append(line)
    return lines


def _activities(record: Record, pks: Iterable[int]) -> dict[int, Any]:
    pks = list(pks)
    if not pks:
        return {}
    found = record.activities().filter(pk__in=pks).select_related("type")
    return {row.pk: row for row in record.with_hours(found)}


def _of_activity(item: PortfolioItem, row: Any, for_others: bool) -> Shown | None:
    if row is None:
        note = "It is no longer on your record, so others do not see it."
        gone = "An activity you are no longer down for"
        return None if for_others else Shown(item, gone, note=note)
    note = f"{row.title}: others read “{row.type.title}” only." if row.is_private else ""
    title = row.type.title if row.is_private else row.title
    return Shown(item, title, said_of(row), note="" if for_others else note)


def _of_reflection(item: PortfolioItem, row: Any, for_others: bool) -> Shown | None:
    if row is None:
        return None
    about, note = row.about, ""
    if row.activity and row.activity.is_private:
        for_them = row.title or f"Reflection of {say_day(row.written_on)}"
        about, note = (for_them, "") if for_others else (about, f"Others read “{for_them}”.")
    parts = [
        (str(row._meta.get_field(name).verbose_name).capitalize(), getattr(row, name))
        for name in ("learned", "will_try", "seen_in_pupils")
        if getattr(row, name)
    ]
    return Shown(item, about, say_day(row.written_on), parts, note)


def _of_observation(item: PortfolioItem, for_others: bool) -> Shown:
    row: Any = item.observation
    assert row
    parts = [
        (words, getattr(row, name))
        for name, words in (("own_words", "My own words"), ("next_step", "Next step"))
        if getattr(row, name)
    ]
    note = "" if for_others else "Others do not read who watched, nor what they noted."
    when = day_of(row.starts_at) if row.starts_at else ""
    return Shown(item, row.focus or "An observation", when, parts, note)
