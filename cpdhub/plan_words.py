"""The plan in words: what pages, letters and lists say about priorities. No queries here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats

from cpdhub.charts import Point, figure, line_chart
from cpdhub.models import Milestone, MonitoringNote, Priority, Reading, SuccessCriterion

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
RAG_STATE = {
    "not_started": "",
    "off_track": "gap",
    "concern": "gap",
    "on_track": "good",
    "met": "good",
}

RAG_WORDS = {
    rag: "with a concern" if rag == "concern" else label.lower()
    for rag, label in Priority.Rag.choices
}


def many(number: int, one: str, several: str = "") -> str:
    """three priorities, one priority, 12 priorities."""
    word = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    return f"{word} {one if number == 1 else several or one + 's'}"


def day(value: date | None) -> str:
    return formats.date_format(value) if value else ""


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def of_plan(live: Sequence[Priority], *, today: date) -> str:
    """The plan's state in one sentence: three live priorities, two on track…"""
    if not live:
        return "No priority is live yet."
    counts = Counter(priority.rag for priority in live)
    parts = [
        f"{NUMBERS[counts[rag]] if counts[rag] < len(NUMBERS) else counts[rag]} {word}"
        for rag, word in RAG_WORDS.items()
        if counts[rag]
    ]
    said = many(len(live), "live priority", "live priorities")
    said += f": {', '.join(parts)}" if len(live) > 1 else f", {live[0].get_rag_display().lower()}"
    late = sum(m.is_overdue(today=today) for p in live for m in p.milestones.all())
    if late:
        said += f"; {many(late, 'milestone')} overdue"
    return sentence(said)


def points_of(criterion: SuccessCriterion) -> list[Point]:
    """The baseline on the priority's first day, then the readings."""
    points = [Point(reading.taken_on, reading.value) for reading in criterion.readings.all()]
    began = criterion.priority.starts_on or criterion.priority.plan.year.starts_on
    if criterion.baseline is not None and points and began < points[0].day:
        points.insert(0, Point(began, criterion.baseline))
    return points


def criterion_chart(criterion: SuccessCriterion) -> str:
    return line_chart(
        points_of(criterion),
        title=criterion.measure,
        key=f"chart-{criterion.pk}",
        target=criterion.target,
        unit=criterion.unit,
    )


@dataclass(frozen=True)
class CriterionLine:
    """A success criterion as a page says it."""

    criterion: SuccessCriterion
    figures: str
    verdict: str
    is_missing: bool
    is_reached: bool
    readings: list[Reading]

    @property
    def chart(self) -> str:
        """Readings over time with the target; asked for only where it is shown."""
        return criterion_chart(self.criterion)


def criterion_line(criterion: SuccessCriterion) -> CriterionLine:
    """Baseline, latest, target, and whether that is enough."""
    readings = list(criterion.readings.all())
    latest = readings[-1] if readings else None
    unit = criterion.unit
    missing = [
        word
        for word, value in [("baseline", criterion.baseline), ("target", criterion.target)]
        if value is None
    ]
    figures = "not yet known" if criterion.baseline is None else figure(criterion.baseline)
    figures += f" → {figure(latest.value, unit)}" if latest else f" {unit}".rstrip()
    reached = criterion.reached(latest.value) if latest else None
    if missing:
        verdict = f"no {' and no '.join(missing)} yet"
    elif latest is None:
        verdict = f"target {figure(criterion.target, unit)}, no reading yet"  # type: ignore[arg-type]
    else:
        word = "reached" if reached else "not reached yet"
        verdict = f"target {figure(criterion.target, unit)}, {word}"  # type: ignore[arg-type]
        verdict += f", {day(latest.taken_on)}"
        if latest.pupils_counted:
            verdict += f", n = {latest.pupils_counted:,}"
    return CriterionLine(
        criterion, figures, verdict, bool(missing) or latest is None, bool(reached), readings
    )


@dataclass(frozen=True)
class PriorityLine:
    """A priority as a list says it."""

    priority: Priority
    rag_state: str
    criteria: list[CriterionLine]
    next_milestone: Milestone | None
    overdue: list[Milestone]


def priority_line(priority: Priority, *, today: date) -> PriorityLine:
    milestones = list(priority.milestones.all())
    coming = [m for m in milestones if not m.is_answered and m.due_on >= today]
    return PriorityLine(
        priority=priority,
        rag_state=RAG_STATE[priority.rag],
        criteria=[criterion_line(criterion) for criterion in priority.criteria.all()],
        next_milestone=coming[0] if coming else None,
        overdue=[m for m in milestones if m.is_overdue(today=today)] if priority.is_live else [],
    )


def of_priority(line: PriorityLine) -> str:
    """Where one priority stands, in one sentence."""
    priority = line.priority
    if priority.is_draft:
        ready = any(row.criterion.is_complete for row in line.criteria)
        return (
            "A draft, seen only by those who write the plan. It is ready to publish."
            if ready
            else "A draft, seen only by those who write the plan. It needs a measure with"
            " baseline and target before it can go live."
        )
    said = priority.get_rag_display()
    if priority.rag_note:
        said += f": {priority.rag_note[:1].lower()}{priority.rag_note[1:].rstrip('.')}"
    reached = sum(row.is_reached for row in line.criteria)
    if len(line.criteria) == 1:
        said += "; its target is reached" if reached else "; its target is not reached yet"
    else:
        said += f"; {reached} of {len(line.criteria)} targets reached"
    if line.overdue:
        said += f"; {many(len(line.overdue), 'milestone')} overdue"
    return sentence(said) if priority.is_live else f"Closed. {sentence(said)}"


def missing(line: PriorityLine, *, today: date) -> list[str]:
    """The broken links of one live priority, each a few words."""
    if not line.priority.is_live:
        return []
    found = []
    if line.priority.lead is None:
        found.append("nobody leads it")
    found += [f"{row.criterion.measure}: {row.verdict}" for row in line.criteria if row.is_missing]
    found += [f"overdue since {day(m.due_on)}: {m.expected}" for m in line.overdue]
    if line.next_milestone is None and not line.overdue:
        found.append("no milestone ahead")
    return found


@dataclass(frozen=True)
class Checkpoint:
    """One thing on a priority's way, in order of its day."""

    on: date
    what: str
    text: str
    note: str
    is_late: bool = False


def timeline(
    line: PriorityLine, notes: Iterable[MonitoringNote], *, today: date
) -> list[Checkpoint]:
    """Readings, milestones and findings in the order of their days."""
    found = [
        Checkpoint(
            reading.taken_on,
            "Reading",
            f"{row.criterion.measure}: {figure(reading.value, row.criterion.unit)}",
            reading.note,
        )
        for row in line.criteria
        for reading in row.readings
    ]
    for m in line.priority.milestones.all():
        answer = m.actual or ("overdue" if m.due_on < today else "still to come")
        found.append(
            Checkpoint(m.due_on, "Milestone", m.expected, answer, m.is_overdue(today=today))
        )
    for note in notes:
        found.append(
            Checkpoint(note.seen_on, note.get_method_display(), note.finding, note.next_step)
        )
    return sorted(found, key=lambda checkpoint: checkpoint.on)
