"""What `make bench` counts of a form that is sent."""

from uuid import uuid4

import pytest
from django.apps import apps

from activities.models import Activity
from audits.models import Need, Round
from bench import audits, data, entitlements, measure, needs, writes
from bench.__main__ import PAGES, PAST, _growth
from cpdhub.walls import school_scope
from tests.factories import ActivityFactory, ParticipationFactory, SessionFactory, StaffFactory
from tests.helpers import url


@pytest.mark.parametrize("only", [(), data.PAST])
def test_what_is_unique_is_never_copied_as_it_is(only):
    models = {model._meta.db_table: model for model in apps.get_models()}

    for table in data.tables(only=only):
        for field in models[table.name]._meta.concrete_fields:
            if field.unique and not (only and field.is_relation):
                expression = table.columns[f'"{field.column}"']
                assert expression != f'"{field.column}"', f"{table.name}.{field.column}"


@pytest.fixture
def filled(school, cpd_leader):
    """The form to log one's own learning, as the bench fills it in."""
    known = ActivityFactory(
        school=school, owner=cpd_leader, is_own_learning=True, was_logged=True, state="finished"
    )
    with school_scope(school):
        arguments, data = writes.own_learning(cpd_leader)
        known.delete()
    return url(school, "activities:log_own", *arguments), data


def test_form_sent_for_measuring_leaves_nothing(sign_in, cpd_leader, school, filled):
    visit = measure.sending(sign_in(cpd_leader), *filled)

    for _ in range(2):
        visit()

    with school_scope(school):
        assert Activity.objects.count() == 0


def test_form_that_is_refused_is_no_measurement(sign_in, cpd_leader, filled):
    path, data = filled

    with pytest.raises(AssertionError, match="200"):
        measure.sending(sign_in(cpd_leader), path, data | {"hours": "none"})()


def test_writes_count_and_opening_the_walls_does_not(sign_in, cpd_leader, filled):
    cost = measure.look(measure.sending(sign_in(cpd_leader), *filled), cpd_leader)

    assert 12 <= cost.sql <= 15


def test_register_and_reflection_fill_themselves_in(sign_in, cpd_leader, school, at):
    at("2026-11-20 18:00")
    activity = ActivityFactory(school=school, owner=cpd_leader, state="planned")
    ParticipationFactory(school=school, activity=activity, staff=cpd_leader)
    SessionFactory(school=school, activity=activity)
    at("2026-12-20 18:00")
    client = sign_in(cpd_leader)

    for fill, view in (
        (writes.reflection, "reflections:for_activity"),
        (writes.register, "activities:register"),
    ):
        with school_scope(school):
            arguments, data = fill(cpd_leader)
        visit = measure.sending(client, url(school, view, *arguments), data | {"once": uuid4()})

        assert measure.look(visit, cpd_leader).sql <= 15


def test_large_audit_keeps_its_budgets_of_statements_and_bytes(
    client, sign_in, cpd_leader, teacher, school
):
    budgets = {page.name: page for page in PAGES}
    with school_scope(school):
        for _ in range(2):  # asking twice is harmless
            audits.ask(school)
        closed = Round.objects.get(title=audits.CLOSED)
        arguments, data = writes.section(teacher)

    heat = measure.look(
        measure.opening(sign_in(cpd_leader), url(school, "needs:results", closed.pk)), cpd_leader
    )
    there = url(school, "needs:answer", *arguments)
    page = measure.look(measure.opening(sign_in(teacher), there), teacher)
    saved = measure.look(measure.sending(sign_in(teacher), there, data), teacher)

    for cost, name in (
        (heat, "Heat map 120 × 60"), (page, "Answer an audit"), (saved, "Save a section")
    ):  # fmt: skip
        assert cost.sql <= budgets[name].sql, (name, cost.sql)
        assert cost.size <= budgets[name].size, (name, cost.size)
    assert heat.size > 80_000  # it is all there


def test_two_thousand_needs_keep_the_budgets_of_statements_and_bytes(sign_in, cpd_leader, school):
    budgets = {page.view: page for page in PAGES}
    with school_scope(school):
        for _ in range(2):  # writing them down twice is harmless
            needs.write_down(school)
        assert Need.objects.count() == needs.NUMBER

    for view in ("needs:register", "needs:topics"):
        visit = measure.opening(sign_in(cpd_leader), url(school, view))
        cost = measure.look(visit, cpd_leader)
        assert cost.sql <= budgets[view].sql, (view, cost.sql)
        assert cost.size <= budgets[view].size, (view, cost.size)


def test_table_of_twenty_entitlements_costs_ten_statements(sign_in, cpd_leader, school):
    client = sign_in(cpd_leader)
    StaffFactory.create_batch(3, school=school, user=None)
    with school_scope(school):
        entitlements.promise(school)
        entitlements.promise(school)  # harmless when it is there

    cost = measure.look(measure.opening(client, url(school, "activities:entitled")), cpd_leader)

    assert cost.sql <= 10


def test_larger_installation_may_cost_one_level_of_the_indexes_and_no_more():
    def grown(*, buffers: int, scanned: int = 10, plan: str = "by index") -> list[str]:
        usual = measure.Read("by index", 100, 10, 50)
        small = {page.name: measure.Cost(sql=5, reads=[usual]) for page in PAGES}
        changed = measure.Read(plan, buffers, scanned, 50)
        large = small | {PAGES[0].name: measure.Cost(sql=5, reads=[changed])}
        return _growth({"50×": small, "100×": large})

    assert grown(buffers=160) == []
    assert [page.split(":")[0] for page in grown(buffers=161)] == [f"{PAGES[0].name} at 100×"]
    assert grown(buffers=122, scanned=22) == []
    assert len(grown(buffers=123, scanned=23)) == 1
    assert grown(buffers=1_000, plan="row by row") == []
    assert len(grown(buffers=1_001, plan="row by row")) == 1
    assert len(grown(buffers=123, scanned=23, plan="whole table")) == 1


def test_ten_times_the_past_may_cost_three_tenths_and_no_statement_more():
    def missed(*, ratio: float, sql: int = 5) -> list[str]:
        usual, past = (
            {page.name: measure.Cost(sql=5, ratios=[2.0]) for page in PAGES} for _ in "ab"
        )
        past[PAGES[0].name] = measure.Cost(sql=sql, ratios=[ratio])
        return _growth({"1×": usual, PAST: past})

    assert missed(ratio=2.6) == []
    assert missed(ratio=2.5, sql=4) == []
    assert len(missed(ratio=2.7)) == len(missed(ratio=2.5, sql=6)) == 1
