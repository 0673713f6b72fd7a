"""A staff import in words: what its preview found, what was written, what each line means."""

from dataclasses import dataclass
from typing import Any

from cpdhub.models import Staff, StaffImport, StaffImportRow
from cpdhub.words import count

Outcome, State = StaffImportRow.Outcome, StaffImport.State


def found(counts: dict[str, int]) -> str:
    """12 new people, 5 with changes, 43 unchanged."""
    said = [
        count(n, one, many)
        for key, one, many in (
            ("new", "new person", "new people"),
            ("changed", "with changes", "with changes"),
            ("unchanged", "unchanged", "unchanged"),
            ("ask", "for you to decide", "for you to decide"),
            ("error", "line that cannot be imported", "lines that cannot be imported"),
            ("left_out", "line left out", "lines left out"),
            ("possible_leaver", "missing from the file", "missing from the file"),
        )
        if (n := counts.get(key, 0))
    ]  # fmt: skip
    return ", ".join(said) + "." if said else "Nobody is in the file."


def left_out(counts: dict[str, int]) -> list[str]:
    """Who in the file is no staff."""
    said = []
    if pupils := counts.get("pupils", 0):
        said.append(
            f"{count(pupils, 'pupil was', 'pupils were')} left out; nothing of them is kept."
        )
    if families := counts.get("families", 0):
        said.append(f"{count(families, 'family member was', 'family members were')} left out.")
    if teams := counts.get("teams", 0):
        said.append(
            f"{count(teams, 'team', 'teams')} will be made that the school does not have yet."
        )
    return said


def result(staff_import: StaffImport) -> str:
    """What an import that was written did, or what undoing it did."""
    counts = staff_import.counts
    if staff_import.state == State.UNDONE:
        text = (
            f"{count(counts.get('removed', 0), 'new person', 'new people')} taken out again,"
            f" {count(counts.get('restored', 0), 'colleague', 'colleagues')} put back as before."
        )
        if kept := counts.get("not_undone", 0):
            text += (
                f" {count(kept, 'person was', 'people were')} left, because of what was done since."
            )
        return text
    added, written = counts.get("added", 0), counts.get("written", 0)
    text = (
        f"{count(added, 'person', 'people')} added,"
        f" {count(written - added, 'colleague', 'colleagues')} changed"
    )
    if left := counts.get("left", 0):
        text += f" ({left:,} of them marked as leaving)"
    text += "."
    if kept := counts.get("kept", 0):
        text += f" {count(kept, 'line was', 'lines were')} not written as previewed; see why below."
    return text


def short(staff_import: StaffImport) -> str:
    """One line of the list of imports."""
    if staff_import.state in {State.APPLIED, State.UNDONE, State.UNDOING}:
        return result(staff_import)
    if staff_import.state == State.FAILED:
        return staff_import.error
    if staff_import.state == State.PREVIEWED:
        return found(staff_import.counts)
    return ""


@dataclass(frozen=True)
class Line:
    """A row of the preview, ready to print."""

    row: StaffImportRow
    details: str
    changes: list[list[str]]
    problems: list[str]
    can_tick: bool
    can_choose: bool
    group: str | None
    options: list[dict[str, Any]]
    standing: str


def line(row: StaffImportRow, *, is_open: bool) -> Line:
    is_new = row.outcome == Outcome.NEW
    shown = [change for change in row.changes if change[0] not in {"First name", "Last name"}]
    if is_new:
        details = " · ".join(
            f"{label}: {new}" for label, _, new in shown if label != "Staff group" or not is_open
        )
    else:
        details = row.values.get("job_title", "") if row.outcome != Outcome.CHANGED else ""
    can_tick = is_open and row.outcome in {
        Outcome.NEW, Outcome.CHANGED, Outcome.POSSIBLE_LEAVER,
    }  # fmt: skip
    return Line(
        row=row,
        details=details,
        changes=row.changes if row.outcome == Outcome.CHANGED else [],
        problems=[f"{column}: {reason}" if column else reason for column, reason in row.problems],
        can_tick=can_tick,
        can_choose=can_tick or (is_open and row.outcome == Outcome.ASK),
        group=row.values.get("group", "") if is_new and is_open else None,
        options=row.candidates if row.outcome == Outcome.ASK else [],
        standing=_standing(row),
    )


def _standing(row: StaffImportRow) -> str:
    if row.outcome == Outcome.ASK and row.decision:
        return f"For you to decide: {row.get_decision_display().lower()}"
    if row.outcome in {Outcome.NEW, Outcome.CHANGED} and not row.is_chosen:
        return f"{row.get_outcome_display()}, not ticked"
    return str(row.get_outcome_display())


GROUPS = [*Staff.Group.choices, ("", "No post (governor)")]


def to_write(counts: dict[str, int]) -> str:
    """What confirming does: 12 people are added, 5 colleagues are changed."""
    said = [
        count(number, one, many)
        for outcome, one, many in (
            (Outcome.NEW, "person is added", "people are added"),
            (Outcome.CHANGED, "colleague is changed", "colleagues are changed"),
            (Outcome.ASK, "line is written as you decided", "lines are written as you decided"),
            (
                Outcome.POSSIBLE_LEAVER,
                "colleague is marked as leaving",
                "colleagues are marked as leaving",
            ),
        )
        if (number := counts.get(outcome, 0))
    ]
    return ", ".join(said) + "." if said else "Nothing is ticked, so nothing would be written."
