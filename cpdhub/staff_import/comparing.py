"""What each line of a file means for the staff list. Looks things up in memory only."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from cpdhub.models import StaffImportRow
from cpdhub.permissions import Permission
from cpdhub.staff_import import groups, names
from cpdhub.staff_import.changes import Change, day_in_words, differences
from cpdhub.staff_import.colleagues import Colleague, Colleagues
from cpdhub.staff_import.columns import BY_KEY
from cpdhub.staff_import.reading import FAMILY, GONE, PUPIL, Line
from cpdhub.staff_import.rows import NOT_BY_ONESELF

Outcome = StaffImportRow.Outcome
MOST_CANDIDATES = 5
Row = dict[str, Any]  # the columns of a StaffImportRow


@dataclass(slots=True)
class Finding:
    """A line with what it turned out to be."""

    line: Line
    outcome: str
    colleague: Colleague | None = None
    changes: list[Change] = field(default_factory=list)
    candidates: list[tuple[Colleague, list[Change]]] = field(default_factory=list)


class Comparison:
    """All lines of a file against all colleagues.

    Two rounds: first every line finds its person, then what it says is compared, because
    a line manager may stand on a later line.
    """

    def __init__(self, lines: list[Line], colleagues: Colleagues, *, today: date, by: int) -> None:
        self.colleagues, self.today, self.by = colleagues, today, by
        self.left_out = Counter(line.is_not_staff for line in lines if line.is_not_staff)
        self.lines = [line for line in lines if line.is_not_staff not in {PUPIL, FAMILY}]
        self.seen: set[int] = set()
        self.new_teams: dict[str, str] = {}
        self._claimed: set[int] = set()
        self._first_lines: dict[tuple[str, str], Line] = {}
        self._asked_for: set[str] = set()
        self._people: dict[str, list[tuple[int, Colleague | Line]]] = defaultdict(list)
        self.findings = [self._place(line) for line in self.lines]
        self._index_people()

    def rows(self) -> Iterator[Finding]:
        """Every line, compared. Lines that change nothing come out unchanged."""
        for finding in self.findings:
            if finding.outcome == Outcome.CHANGED:
                self._compare(finding)
            elif finding.outcome == Outcome.ASK:
                self._ask(finding)
            elif finding.outcome == Outcome.NEW:
                self._propose(finding)
            self._refuse_own_people(finding)
            yield finding

    def leavers(self) -> list[Colleague]:
        return self.colleagues.missing(self.seen, today=self.today)

    # --- who is it? ---
    def _place(self, line: Line) -> Finding:
        if line.is_not_staff == GONE:
            line.remarks.append(["", "marked as “to be deleted” in the file"])
            return Finding(line, Outcome.LEFT_OUT)
        colleague = self._identified(line)
        if colleague:
            self.seen.add(colleague.pk)
        if line.problems:
            return Finding(line, Outcome.ERROR, colleague)
        if twin := self._same_as_before(line, colleague):
            return twin
        if colleague and self._is_somebody_else(line, colleague):
            line.remarks.append(
                ["", f"The staff code is {colleague.name}’s, but the name is another"]
            )
            return Finding(line, Outcome.ASK, candidates=[(colleague, [])])
        if colleague:
            return Finding(line, Outcome.CHANGED, colleague)
        return self._by_name(line)

    def _identified(self, line: Line) -> Colleague | None:
        code, email = line.values.get("staff_code", ""), line.values.get("email", "")
        by_code = self.colleagues.by_code.get(code.casefold()) if code else None
        by_email = self.colleagues.by_email.get(email) if email else None
        if by_code and by_email and by_code.pk != by_email.pk:
            self.seen |= {by_code.pk, by_email.pk}
            line.problems.append(
                ["", f"The staff code is {by_code.name}’s and the e-mail is {by_email.name}’s"]
            )
        return by_code or by_email

    def _same_as_before(self, line: Line, colleague: Colleague | None) -> Finding | None:
        """A second line about one person: left out when it says the same, else an error."""
        keys = [
            (key, value.casefold())
            for key in ("staff_code", "email")
            if (value := line.values.get(key, ""))
        ]
        if colleague:
            keys.append(("post", str(colleague.pk)))
        first = next((self._first_lines[key] for key in keys if key in self._first_lines), None)
        if first is None:
            for key in keys:
                self._first_lines[key] = line
            return None
        if first.values == line.values:
            line.remarks.append(["", f"says the same as line {first.line}"])
            return Finding(line, Outcome.LEFT_OUT, colleague)
        line.problems.append(
            ["", f"is about the same person as line {first.line}, and says something else"]
        )
        return Finding(line, Outcome.ERROR, colleague)

    def _is_somebody_else(self, line: Line, colleague: Colleague) -> bool:
        """Codes are given away again: same code, but neither name nor e-mail is theirs."""
        return (
            names.key(line.values["first_name"]) != names.key(colleague.first_name)
            and names.key(line.other_first_name) != names.key(colleague.first_name)
            and names.key(line.values["last_name"]) != names.key(colleague.last_name)
            and line.values.get("email", "") != colleague.email.casefold()
        )

    def _by_name(self, line: Line) -> Finding:
        found = {c.pk: c for key in (line.key, line.other_key) for c in self._named(key)}
        if not found:
            return self._newcomer(line)
        candidates: list[tuple[Colleague, list[Change]]] = [(c, []) for c in found.values()]
        # In the second round it may turn out to say nothing new of exactly one of them.
        self.seen |= set(found)
        return Finding(line, Outcome.ASK, candidates=candidates[:MOST_CANDIDATES])

    def _named(self, key: str) -> list[Colleague]:
        return self.colleagues.by_name.get(key, [])

    def _newcomer(self, line: Line) -> Finding:
        left = line.values.get("ends_on")
        if left and date.fromisoformat(left) <= self.today:
            when = day_in_words(date.fromisoformat(left))
            line.remarks.append(["", f"left on {when}; people who have left are not added"])
            return Finding(line, Outcome.LEFT_OUT)
        return Finding(line, Outcome.NEW)

    # --- what does it say? ---
    def _compare(self, finding: Finding) -> None:
        assert finding.colleague is not None
        finding.changes = self._differences(finding.line, finding.colleague)
        if not finding.changes:
            finding.outcome = Outcome.UNCHANGED

    def _ask(self, finding: Finding) -> None:
        """Without code and e-mail, a line that says nothing new of a namesake is theirs."""
        is_certain = not finding.line.remarks
        options = [(c, self._differences(finding.line, c)) for c, _ in finding.candidates]
        for colleague, changes in options:
            if is_certain and not changes and colleague.pk not in self._claimed:
                self._claimed.add(colleague.pk)
                finding.outcome, finding.colleague = Outcome.UNCHANGED, colleague
                finding.candidates = []
                return
        finding.candidates = options
        self._propose(finding)

    def _propose(self, finding: Finding) -> None:
        values = finding.line.values
        if not values.get("job_title") and "proposed_title" in values:
            values["job_title"] = values["proposed_title"]
        if not values.get("group"):
            values["group"] = groups.guess(values.get("job_title", ""))
        finding.changes = self._differences(finding.line, None)

    def _refuse_own_people(self, finding: Finding) -> None:
        """Who may not see everyone's record does not become a line manager by their own file."""
        importer = self.colleagues.by_pk.get(self.by)
        if importer is None or importer.can(Permission.SEE_EVERYONES_RECORD):
            return
        proposed = [*finding.changes, *chain(*(changes for _, changes in finding.candidates))]
        if any(change.field == "line_manager" and change.new == self.by for change in proposed):
            reason = f"would make {importer.name} their line manager; {NOT_BY_ONESELF}"
            finding.line.problems.append([BY_KEY["line_manager"].label, reason])
            finding.outcome, finding.changes, finding.candidates = Outcome.ERROR, [], []

    def _differences(self, line: Line, colleague: Colleague | None) -> list[Change]:
        return differences(line, colleague, self)

    # --- who is the line manager? ---
    def _index_people(self) -> None:
        """Whom a cell may mean: colleagues as they are, and those the file adds.

        Only what some line manager's cell asks for is kept: that is a handful of people.
        """
        texts = {line.values.get("line_manager", "") for line in self.lines}
        self._asked_for = {word for text in texts - {""} for word in _meanings(text)}
        for colleague in self.colleagues:
            if colleague.is_live(self.today):
                self._index(colleague, colleague.staff_code, colleague.email, colleague.key)
        for finding in self.findings:
            line = finding.line
            if finding.outcome in {Outcome.NEW, Outcome.ASK}:
                values = line.values
                self._index(line, values.get("staff_code"), values.get("email"), line.key)
                self._index(line, "", "", line.other_key if line.other_first_name else "")
            elif finding.colleague and finding.outcome == Outcome.CHANGED:
                colleague, values = finding.colleague, line.values
                self._index(colleague, values.get("staff_code"), values.get("email"), line.key)
                self._index(colleague, "", "", line.other_key)

    def _index(self, who: Colleague | Line, code: str | None, email: str | None, key: str) -> None:
        identity = who.pk if isinstance(who, Colleague) else -who.line
        for word in (code and f"code {code.casefold()}", email and email.casefold(), key):
            if word in self._asked_for and all(
                known != identity for known, _ in self._people[word]
            ):
                self._people[word].append((identity, who))

    def manager(self, text: str) -> list[Any]:
        """Everybody a line manager's cell may mean: by code, by e-mail or by name."""
        for word in _meanings(text):
            if word in self._people:
                return [who for _, who in self._people[word]]
        return []

    def team(self, name: str) -> tuple[int | None, str]:
        """The team of that name, or the name of one to be made."""
        pk = self.colleagues.teams.get(name.casefold())
        if pk:
            return pk, self.colleagues.team_names[pk]
        return None, self.new_teams.setdefault(name.casefold(), name)


def _meanings(text: str) -> list[str]:
    """What a line manager's cell may be: a staff code, an e-mail, a name."""
    words = [f"code {text.casefold()}", text.casefold()]
    if parts := names.split(text):
        words.append(names.person_key(*parts))
    return words


def to_row(finding: Finding, *, is_uncertain: bool = False) -> Row:
    """What is kept of a line until somebody confirms. Uncertain: new people must be ticked."""
    line, colleague = finding.line, finding.colleague
    if finding.outcome == Outcome.UNCHANGED:
        line.values.clear()  # the staff list says the same
    return {
        "line": line.line,
        "outcome": finding.outcome,
        "staff_id": colleague.pk if colleague else None,
        "name": (line.name or (colleague.name if colleague else ""))[:210],
        "values": line.values,
        "changes": [change.words for change in finding.changes],
        "writes": {change.field: [change.old, change.new] for change in finding.changes},
        "problems": line.problems + line.remarks,
        "candidates": [_candidate(c, changes) for c, changes in finding.candidates],
        "is_chosen": not (is_uncertain and finding.outcome == Outcome.NEW),
    }


def _candidate(colleague: Colleague, changes: list[Change]) -> dict[str, Any]:
    return {
        "id": colleague.pk,
        "name": colleague.name,
        "about": colleague.job_title or colleague.email or colleague.staff_code,
        "changes": [change.words for change in changes],
        "writes": {change.field: [change.old, change.new] for change in changes},
    }


def leaver_row(colleague: Colleague) -> Row:
    return {
        "line": 0,
        "outcome": Outcome.POSSIBLE_LEAVER,
        "staff_id": colleague.pk,
        "name": colleague.name[:210],
        "values": {"job_title": colleague.job_title},
        "changes": [],
        "writes": {},
        "problems": [["", "is a head: end their post on their own page"]]
        if colleague.is_head
        else [],
        "candidates": [],
        "is_chosen": False,
    }
