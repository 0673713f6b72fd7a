"""What was judged, by priority and by type, equals a plain recount of any school."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation import judgements
from evaluation.models import Decision, Evidence, Verdict
from evaluation.models.evidence import ORDER, STRENGTH
from tests.evaluation.test_figures import chain_of, priority, year
from tests.factories import (
    ActivityFactory,
    ActivityPriorityFactory,
    ActivityTypeFactory,
    EvidenceFactory,
    ImpactReviewFactory,
    PriorityFactory,
)
from tests.helpers import url

__all__ = ["priority", "year"]


@dataclass
class Plain:
    """An activity as a school would tell it."""

    type: int
    serves: frozenset
    state: str
    private: bool
    cost: int | None
    reviews: list  # (days ago, what pupils gained, decision), in the order they were entered
    kinds: frozenset


ACTIVITIES = st.lists(
    st.builds(
        Plain,
        st.integers(0, 1),
        st.frozensets(st.integers(0, 1)),
        st.sampled_from(["planned", "finished", "closed"]),
        st.booleans(),
        st.one_of(st.none(), st.integers(1, 500)),
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from(Verdict.values),
                st.sampled_from(Decision.values),
            ),
            max_size=3,
        ),
        st.frozensets(st.sampled_from(Evidence.Kind.values), max_size=2),
    ),
    max_size=4,
)


def enter(school, plain, priorities, types):
    today = clock.today()
    activity = ActivityFactory(
        school=school, type=types[plain.type], state=plain.state, is_private=plain.private,
        cost=plain.cost,
    )  # fmt: skip
    with school_scope(school):
        activity.intended_impact.look_again_on = today - timedelta(days=1)
        activity.intended_impact.save()
    for number in plain.serves:
        ActivityPriorityFactory(school=school, activity=activity, priority=priorities[number])
    for days, verdict, decision in plain.reviews:
        ImpactReviewFactory(
            school=school, activity=activity, closed=True, decision=decision,
            pupils_verdict=verdict, what_we_change="This", closed_on=today - timedelta(days=days),
        )  # fmt: skip
    for kind in plain.kinds:
        sure = {"before": "1", "after": "2"} if kind == "measured" else {}
        EvidenceFactory(school=school, activity=activity, kind=kind, **sure)


def standing(plain):
    """The newest; of the same day the one entered last. Private ones count nowhere."""
    if plain.private or not plain.reviews:
        return None
    return min(reversed(plain.reviews), key=lambda review: review[0])


@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(ACTIVITIES)
def test_figures_equal_a_plain_recount(school, activities):
    with transaction.atomic():
        priorities = [PriorityFactory(school=school, live=True) for _ in range(2)]
        types = [ActivityTypeFactory(school=school) for _ in range(2)]
        for plain in activities:
            enter(school, plain, priorities, types)
        with school_scope(school):
            found = judgements.per_priority(priorities)
            waiting = [
                judgements.to_judge(today=clock.today()).filter(served__priority=priority).count()
                for priority in priorities
            ]
            told = {row.code: row for row in judgements.by_type(judgements.judged())}
        transaction.set_rollback(True)

    for number, served_one in enumerate(priorities):
        served = [plain for plain in activities if number in plain.serves]
        reviews = [(plain, standing(plain)) for plain in served if standing(plain)]
        row = found[served_one.pk]
        assert row.number == Counter(review[1] for _, review in reviews)
        for verdict in row.number:
            money = [plain.cost or 0 for plain, review in reviews if review[1] == verdict]
            assert row.money[verdict] == Decimal(sum(money))
        assert row.stopped == sum(review[2] == "stop" for _, review in reviews)
        kinds = {kind for plain in served if not plain.private for kind in plain.kinds}
        assert row.strength == max((STRENGTH[k] for k in kinds), key=ORDER.index, default="")
        assert waiting[number] == sum(
            plain.state in {"finished", "closed"} and not plain.private and not plain.reviews
            for plain in served
        )
    for number, type_ in enumerate(types):
        of_type = [plain for plain in activities if plain.type == number and standing(plain)]
        verdicts = Counter(standing(plain)[1] for plain in of_type)
        decisions = Counter(standing(plain)[2] for plain in of_type)
        assert (type_.code in told) == bool(of_type)
        if of_type:
            row = told[type_.code]
            assert (row.met, row.partly, row.not_yet, row.unknown) == tuple(
                verdicts[word] for word in ("met", "partly", "not_yet", "unknown")
            )
            assert (row.kept, row.changed, row.stopped) == tuple(
                decisions[word] for word in ("keep", "change", "stop")
            )
            assert row.money == sum(plain.cost or 0 for plain in of_type)


# --- on the pages --------------------------------------------------------------------------------
@pytest.fixture
def without_effect(school, priority):
    activity = ActivityFactory(school=school, state="finished", title="Author visit", cost=450)
    ActivityPriorityFactory(school=school, activity=activity, priority=priority)
    ImpactReviewFactory(
        school=school, activity=activity, closed=True, pupils_verdict="not_yet", decision="stop",
        what_we_change="No more visits alone",
    )  # fmt: skip
    return activity


def test_head_finds_what_had_no_effect_and_what_it_cost(
    sign_in, school, head, priority, without_effect
):
    client = sign_in(head)
    page = client.get(url(school, "impact:dashboard")).text
    assert "<b>1 without an effect</b></a>, £450" in page

    link = f"?priority={priority.pk}&pupils=not_yet"
    assert link.replace("&", "&amp;") in page
    rows = client.get(url(school, "impact:reviews") + link).text
    assert "Author visit" in rows
    assert "£450" in rows


def test_governors_see_how_many_and_no_link(sign_in, school, governor, priority, without_effect):
    page = sign_in(governor).get(url(school, "impact:summary")).text

    assert "<b>1 without an effect</b>, £450" in page
    assert "impact/reviews" not in page


def test_what_nobody_judged_is_a_missing_link(school, priority):
    waiting = ActivityFactory(school=school, state="finished")
    ActivityPriorityFactory(school=school, activity=waiting, priority=priority)
    with school_scope(school):
        waiting.intended_impact.look_again_on = clock.today()
        waiting.intended_impact.save()

    texts = {link.text: link.query for link in chain_of(priority).missing()}

    assert texts["1 activity not judged"] == f"?waiting=1&priority={priority.pk}"


def test_evidence_about_pupils_makes_a_priority_surer(school, priority, without_effect):
    EvidenceFactory(school=school, activity=without_effect, kind="observed")

    assert chain_of(priority).strength == "Observed"


def test_finding_names_best_and_worst_of_which_enough_were_judged():
    best = judgements.OfType("Coaching", "coaching", met=3)
    worst = judgements.OfType("Conference", "conference", partly=1, unknown=2)
    few = judgements.OfType("Visit", "visit", not_yet=2)

    assert judgements.finding([best, worst, few]) == (
        "Most often with an effect on pupils: coaching (3 of 3 met or partly met)."
        " Least often: conference (1 of 3 met or partly met)."
    )
    assert judgements.finding([best, few]) == ""


@pytest.mark.parametrize("number", [1, 3])
def test_types_cost_the_same(sign_in, school, head, number, django_assert_num_queries):
    for _ in range(number):
        activity = ActivityFactory(school=school, state="finished")
        ImpactReviewFactory(school=school, activity=activity, closed=True)
    client = sign_in(head)

    with django_assert_num_queries(14):
        client.get(url(school, "impact:types"))


def test_types_say_when_nothing_was_judged(sign_in, school, head):
    assert "Nothing judged yet" in sign_in(head).get(url(school, "impact:types")).text
