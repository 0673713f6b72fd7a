"""What an audit suggests as needs: by one visible rule, and never made without a person's word.

To somebody: their own answers of named and confidential audits. To leaders: groups of the frozen
results and, of named audits only, people. A confidential answer is never a leader's proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from audits.models import Answer, Kind, Need, NeedSource, Question, Response, Result, Round, Topic
from audits.models.instrument import CONFIDENT, IMPORTANT
from audits.results import OTHER
from cpdhub import clock
from cpdhub.models import School, Staff, Team

LEVELLED = [Kind.CONFIDENCE, Kind.IMPORTANCE]  # kinds of question that say a level
ASKED_WITHIN = timedelta(days=400)  # what was answered longer ago suggests nothing any more
WANTED = 3  # "fairly": what a need aims at unless somebody says otherwise


@dataclass(frozen=True)
class Rule:
    """From which answers on a need is suggested. The school sets it."""

    confidence: int  # at most
    importance: int  # at least, where it is asked

    @classmethod
    def of(cls, school: School) -> Rule:
        return cls(school.need_confidence_at_most, school.need_importance_at_least)

    def fits(self, level: int, importance: int | None) -> bool:
        return level <= self.confidence and (importance is None or importance >= self.importance)

    def in_sql(self) -> Q:
        """The same, asked of answers by the database."""
        surely = Q(question__kind=Kind.CONFIDENCE, value__lte=self.confidence)
        return surely | Q(
            question__kind=Kind.IMPORTANCE,
            second__lte=self.confidence,
            value__gte=self.importance,
        )

    def fits_most(self, levels: list[int], importances: list[int]) -> bool:
        """Half of a group or more. `levels` counts who chose each; `importances` likewise, empty
        where it was not asked."""
        n = sum(levels)
        return sum(levels[: self.confidence]) * 2 >= n and (
            not importances or sum(importances[self.importance - 1 :]) * 2 >= n
        )

    def __str__(self) -> str:
        return (
            f"confidence “{CONFIDENT[self.confidence - 1].lower()}” or lower and, where it was"
            f" asked, importance “{IMPORTANT[self.importance - 1].lower()}” or higher"
        )


@dataclass(frozen=True)
class Proposal:
    """A need nobody has yet said yes or no to; `need` is the one that came of it before."""

    round: Round
    question: Question
    whom: str
    key: str  # which person, team or group; "all" of the whole school
    whose: str
    level: int
    why: str
    need: Need | None = None

    @property
    def value(self) -> str:
        return f"{self.question.pk}:{self.whom}:{self.key}"


def said_level(question: Question, value: int | None, second: int | None) -> int | None:
    """The confidence in an answer, 1 to 4; None where the question does not ask for one."""
    return second if question.kind == Kind.IMPORTANCE else value


# --- to oneself -------------------------------------------------------------------------------


def for_oneself(staff: Staff, rule: Rule) -> list[Proposal]:
    """What somebody's own latest answers suggest and they have not decided on, lowest first.
    Of a questionnaire they answered twice, the later answers count."""
    sent = Response.objects.filter(
        invitation__staff=staff, sent_at__gt=clock.now() - ASKED_WITHIN
    ).select_related("round__instrument")
    newest = {row.round.instrument.code: row for row in sent.order_by("sent_at")}
    by_key = {row.pk: row for row in newest.values()}
    rows = Answer.objects.filter(rule.in_sql(), response__in=by_key).select_related("question")
    decided = _decided(Need.objects.owned_by(staff)) if by_key else {}
    found = []
    for row in rows.order_by("question__section__position", "question__position"):
        row.response = by_key[row.response_id]
        code = row.response.round.instrument.code
        proposal = _of_answer(row, staff, rule)
        if proposal and (code, row.question.code, Need.Whom.PERSON, str(staff.pk)) not in decided:
            found.append(proposal)
    return sorted(found, key=lambda proposal: proposal.level)


def _of_answer(row: Answer, staff: Staff, rule: Rule) -> Proposal | None:
    level = said_level(row.question, row.value, row.second)
    importance = row.value if row.question.kind == Kind.IMPORTANCE else None
    if level is None or (row.question.kind == Kind.IMPORTANCE and importance is None):
        return None
    if not rule.fits(level, importance):
        return None
    words = [f"confidence “{CONFIDENT[level - 1].lower()}”"]
    if importance:
        words.insert(0, f"importance “{IMPORTANT[importance - 1].lower()}”")
    return Proposal(
        row.response.round, row.question, Need.Whom.PERSON, str(staff.pk), staff.name, level,
        f"{row.response.round} · {', '.join(words)}",
    )  # fmt: skip


# --- to leaders -------------------------------------------------------------------------------


def of_round(round_: Round, rule: Rule) -> list[Proposal]:
    """What a closed audit suggests, decided on or not, question by question. Groups as they
    were published; where the whole school is meant, its teams and groups are not said again."""
    decided = _decided(Need.objects.shared().filter(sources__round__isnull=False))
    found: list[Proposal] = []
    for question, results in _published(round_):
        fitting = [result for result in results if _fits(result, rule)]
        whole = [result for result in fitting if result.breakdown == Result.Breakdown.ALL]
        found += [_of_result(result, question, decided) for result in whole or fitting]
    if round_.mode == Round.Mode.NAMED:
        found += _of_people(round_, rule, decided)
    return found


def _published(round_: Round) -> Iterator[tuple[Question, list[Result]]]:
    teams = Team.objects.annotate(key=Cast("pk", CharField())).values("key")  # not those gone
    results = (
        round_.results.filter(
            ~Q(breakdown=Result.Breakdown.TEAM) | Q(key__in=teams),
            question__kind__in=LEVELLED,
            n__isnull=False,
            breakdown__in=list(WHOM),
        )
        .exclude(key=OTHER)
        .select_related("question__section__instrument")
        .order_by("question__section__position", "question__position", "breakdown", "label")
    )
    by_question: dict[Question, list[Result]] = {}
    for result in results:
        result.round = round_
        by_question.setdefault(result.question, []).append(result)
    yield from by_question.items()


def _levels(result: Result) -> tuple[list[int], list[int]]:
    if result.question.kind == Kind.IMPORTANCE:
        return result.second_counts, result.counts
    return result.counts, []


def _fits(result: Result, rule: Rule) -> bool:
    return rule.fits_most(*_levels(result))


WHOM: dict[str, Need.Whom] = {
    Result.Breakdown.ALL: Need.Whom.SCHOOL,
    Result.Breakdown.TEAM: Need.Whom.TEAM,
    Result.Breakdown.GROUP: Need.Whom.GROUP,
}
Decided = dict[tuple[str, str, str, str], Need]  # by questionnaire, statement, whom and key


def _of_result(result: Result, question: Question, decided: Decided) -> Proposal:
    levels, _ = _levels(result)
    whom, low = WHOM[result.breakdown], sum(levels[:2])
    key = "all" if whom == Need.Whom.SCHOOL else result.key
    return Proposal(
        result.round, question, whom, key,
        "Whole school" if whom == Need.Whom.SCHOOL else result.label,
        max(range(4), key=lambda place: (levels[place], -place)) + 1,
        f"{low} of {result.n} said “not yet” or “a little”",
        decided.get((*_statement(question), whom, key)),
    )  # fmt: skip


def _of_people(round_: Round, rule: Rule, decided: Decided) -> list[Proposal]:
    rows = (
        Answer.objects.filter(
            response__round=round_, response__sent_at__isnull=False, response__is_late=False,
            question__kind__in=LEVELLED,
        )
        .exclude(response__invitation__staff__ends_on__lte=clock.today())
        .select_related("question__section__instrument", "response__invitation__staff")
        .order_by(
            "question__section__position", "question__position",
            "response__invitation__staff__sort_name",
        )
    )  # fmt: skip
    found = []
    for row in rows:
        row.response.round = round_
        staff = row.response.invitation.staff
        if proposal := _of_answer(row, staff, rule):
            need = decided.get((*_statement(row.question), Need.Whom.PERSON, str(staff.pk)))
            found.append(Proposal(**{**proposal.__dict__, "need": need}))
    return found


# --- what was decided, and deciding -----------------------------------------------------------


def _statement(question: Question) -> tuple[str, str]:
    """The same in every version of its questionnaire."""
    return question.section.instrument.code, question.code


def _decided(needs: Iterable[Need]) -> Decided:
    """The needs that came of statements, whatever was decided on them since last asked."""
    sources = NeedSource.objects.filter(kind=NeedSource.Kind.AUDIT, need__in=needs).select_related(
        "need", "question__section__instrument"
    )
    since = clock.today() - ASKED_WITHIN
    return {
        (*_statement(source.question), source.need.whom, source.need.key): source.need
        for source in sources.order_by("need__identified_on")
        if source.need.is_open or source.need.identified_on > since
    }


def make_need(proposal: Proposal, *, by: Staff, is_shared: bool) -> Need:
    """The need a person said yes (or not now) to, with where it came from."""
    whom = Need.Whom(proposal.whom)
    need = Need(
        school_id=by.school_id, title=proposal.question.text.rstrip("."),
        is_shared=is_shared, level_now=proposal.level, written_by=by,
        level_wanted=max(WANTED, proposal.level + 1) if proposal.level < 4 else None,
        balance=BALANCE[whom],
    )  # fmt: skip
    need.give_to(proposal.whom, proposal.key)
    if is_shared:
        need.topic = Topic.of_question(proposal.question, school_id=by.school_id)
    need.save()
    NeedSource.objects.create(
        school_id=by.school_id, need=need, kind=NeedSource.Kind.AUDIT, round=proposal.round,
        question=proposal.question,
    )  # fmt: skip
    return need


BALANCE = {
    Need.Whom.PERSON: Need.Balance.INDIVIDUAL,
    Need.Whom.TEAM: Need.Balance.TEAM,
    Need.Whom.GROUP: Need.Balance.TEAM,
    Need.Whom.SCHOOL: Need.Balance.SCHOOL,
}
