"""Writing down, once and when a round closes, what may be said of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from audits import results
from audits.labels import Label
from audits.models import Answer, Kind, Question, Response, Result, Round
from audits.results import ALL, LEADERS, OTHER, RANK, TEAM, Cell, Tables, Tally
from cpdhub.models import Staff, Team

OTHERS = {TEAM: "Other teams", "group": "Other groups"}
RANKS = {LEADERS: "Leaders", results.OTHERS: "Other staff"}
Answers = dict[int, dict[Label, Tally]]  # by question


def publish(round_: Round) -> None:
    """The tables of a round that is about to close. Its row is locked by whoever closes it."""
    counted = Response.objects.counted().filter(round=round_)
    at = "" if round_.is_anonymous else "invitation__"
    label = (f"{at}group", f"{at}team")
    responses: Counter[Label] = Counter(counted.values_list(*label))
    questions = list(
        Question.objects.filter(section__instrument=round_.instrument_id)
        .exclude(kind=Kind.TEXT)
        .order_by("section__position", "section", "position", "pk")
    )
    answers, leaders = _answers(round_, questions, counted, label)
    has_leaders = round_.tells_leaders and round_.invitations.filter(is_leader=True).exists()
    asked = _asked(round_)
    tables, names = Tables(responses), _names(responses)
    phase = round_.school.phase
    rows = []
    for question in questions:
        if not question.is_asked_in(phase):
            continue
        given = answers.get(question.pk, {})
        cells = tables.cells(
            given,
            [label for label in asked if question.is_asked_of(group=label[0], phase=phase)],
        )
        if has_leaders:
            cells += tables.ranks(given, leaders.get(question.pk, {}), cells)
        rows += [_row(round_, question, cell, names) for cell in cells]
    Result.objects.bulk_create(rows, batch_size=2000)


def _asked(round_: Round) -> set[Label]:
    """The staff groups and teams of those who were asked, as they stand on answers."""
    kept = "kept_" if round_.is_anonymous else ""
    return set(round_.invitations.values_list(f"{kept}group", f"{kept}team"))


def _answers(
    round_: Round, questions: Iterable[Question], counted: object, label: tuple[str, str]
) -> tuple[Answers, Answers]:
    """Counted by question and label, and the part of them that leaders gave. Of importance and
    confidence only those who said both: two numbers of people in one place could be subtracted
    from each other."""
    asked = {question.pk: question for question in questions}
    rows = Answer.objects.filter(response__in=counted, question__in=asked).values_list(
        "question", f"response__{label[0]}", f"response__{label[1]}",
        "response__invitation__is_leader", "value", "second", "ranking",
    )  # fmt: skip
    found: Answers = defaultdict(lambda: defaultdict(Tally))
    leaders: Answers = defaultdict(lambda: defaultdict(Tally))
    for pk, group, team, is_leader, *given in rows:
        tally = tally_of(asked[pk], *given)
        found[pk][group, team] += tally
        if is_leader:
            leaders[pk][group, team] += tally
    return found, leaders


def tally_of(
    question: Question, value: int | None, second: int | None, ranking: Iterable[int]
) -> Tally:
    """One person's answer as a tally of one; empty when it is only half of one."""
    size, second_size = len(question.options), len(question.second_options)
    chosen: set[int | None] = set(ranking) if question.kind == Kind.RANKING else {value}
    if not _among(chosen, size) or (second_size and not _among({second}, second_size)):
        return Tally()
    return Tally(1, _marks(chosen, size), _marks({second}, second_size))


def _among(chosen: set[int | None], size: int) -> bool:
    return bool(chosen) and all(each is not None and 1 <= each <= size for each in chosen)


def _marks(chosen: Iterable[int | None], size: int) -> tuple[int, ...]:
    return tuple(int(place in set(chosen)) for place in range(1, size + 1))


def _names(responses: Iterable[Label]) -> dict[str, str]:
    teams = Team.objects.filter(pk__in={team for _, team in responses if team})
    return {str(team.pk): team.name for team in teams} | {
        str(group): str(group.label) + "s" * (group != Staff.Group.SUPPORT) for group in Staff.Group
    }


def _row(round_: Round, question: Question, cell: Cell, names: dict[str, str]) -> Result:
    if cell.breakdown == ALL:
        label = "Everyone"
    elif cell.breakdown == RANK:
        label = RANKS[cell.key]
    else:
        label = OTHERS[cell.breakdown] if cell.key == OTHER else names[cell.key]
    told = cell.tally or Tally()
    return Result(
        school_id=round_.school_id, round=round_, question=question, breakdown=cell.breakdown,
        key=cell.key, label=label, n=told.n if cell.tally else None, counts=list(told.counts),
        second_counts=list(told.second),
    )  # fmt: skip
