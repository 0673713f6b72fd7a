"""The chain's first link: needs behind a priority, counted once, and the rows behind the figure."""

from datetime import timedelta

import pytest

from activities.models import Activity
from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation import dashboard, figures, needs
from evaluation.part import Part
from evaluation.school_year import Period
from tests.evaluation.test_figures import chain_of, priority, serve, year
from tests.factories import (
    ActivityNeedFactory,
    NeedFactory,
    NeedSourceFactory,
    PriorityFactory,
)
from tests.helpers import url

__all__ = ["priority", "year"]


def from_priority(priority, **fields):
    need = NeedFactory(school=priority.school, **fields)
    NeedSourceFactory(school=priority.school, need=need, kind="priority", priority=priority)
    return need


def answered_by(activity, **fields):
    need = NeedFactory(school=activity.school, **fields)
    ActivityNeedFactory(school=activity.school, activity=activity, need=need)
    return need


def texts(chain):
    return [link.text for link in chain.missing()]


def test_needs_of_a_priority_and_of_what_serves_it_count_once(school, priority):
    activity = serve(priority)
    both = from_priority(priority, status="being_met")
    ActivityNeedFactory(school=school, activity=activity, need=both)
    from_priority(priority, status="agreed")
    answered_by(activity, status="planned", whom="school")
    answered_by(activity, status="met", met_on=clock.today())
    for unseen in (
        {"is_shared": False}, {"status": "set_aside", "because": "Not now"}
    ):  # fmt: skip
        from_priority(priority, **unseen)
        answered_by(activity, **unseen)

    chain = chain_of(priority)

    assert (chain.needs.met, chain.needs.begun, chain.needs.waiting) == (1, 2, 1)
    assert len(chain.needs.people) == 3
    link = dashboard.links_of(chain)[0]
    assert (link.figure, link.note, link.state) == (
        "4", "1 met, 2 planned or being met, nothing planned for 1", "thin"
    )  # fmt: skip
    assert "4 needs, nothing planned for 1" in texts(chain)
    with school_scope(school):
        assert needs.behind(priority).count() == 4


@pytest.mark.parametrize("change", [{"is_own_learning": True}, {"state": "draft"}])
def test_needs_answered_by_what_does_not_count_are_not_behind_it(school, priority, change):
    activity = serve(priority)
    answered_by(activity, status="agreed")
    with school_scope(school):
        Activity.objects.filter(pk=activity.pk).update(**change)
        assert not needs.behind(priority).exists()

    assert chain_of(priority).needs.total == 0


def test_what_people_who_left_needed_is_waited_for_no_longer(school, priority):
    from_priority(priority, status="agreed", staff__ends_on=clock.today())
    from_priority(priority, status="met", met_on=clock.today(), staff__ends_on=clock.today())

    assert chain_of(priority).needs.parts == (1, 0, 0)


def test_chain_whose_needs_are_all_planned_lacks_nothing_there(priority):
    answered_by(serve(priority), status="being_met")

    chain = chain_of(priority)

    assert dashboard.links_of(chain)[0].state == ""
    assert not [text for text in texts(chain) if "need" in text]


def test_activities_that_answer_no_need_are_missing_once_there_are_needs(priority):
    serve(priority)
    assert texts(chain_of(priority))[0] == "nobody said what is needed"

    answered_by(serve(priority), status="being_met")

    assert "1 activity answers no need" in texts(chain_of(priority))


def test_needs_of_a_period_are_those_known_by_its_end(school, priority, year):
    today = clock.today()
    from_priority(priority, identified_on=today - timedelta(days=20))
    from_priority(priority, identified_on=today)
    period = Period(today - timedelta(days=40), today - timedelta(days=10))

    with school_scope(school):
        (chain,) = figures.chains(year, now=clock.now(), part=Part(period))

    assert chain.needs.total == 1


def test_rows_are_those_of_the_figure_waiting_first(sign_in, head, school, priority):
    activity = serve(priority)
    answered_by(activity, status="being_met", title="On its way")
    from_priority(priority, status="agreed", title="Waits")
    from_priority(priority, is_shared=False, title="Nobody knows")
    other = PriorityFactory(school=school, plan=priority.plan, live=True)
    from_priority(other, title="Of another")

    response = sign_in(head).get(url(school, "impact:needs", priority.pk))

    assert [need.title for need in response.context["page"]] == ["Waits", "On its way"]
    assert response.text.count("Plan one") == 1


@pytest.mark.parametrize("size", [1, 3])
def test_rows_cost_the_same_for_one_and_three(
    sign_in, head, school, priority, size, django_assert_num_queries
):
    for _ in range(size):
        from_priority(priority)
    client = sign_in(head)

    with django_assert_num_queries(17):
        client.get(url(school, "impact:needs", priority.pk))


def test_rows_of_a_priority_without_needs_say_what_to_do(sign_in, head, school, priority):
    text = sign_in(head).get(url(school, "impact:needs", priority.pk)).text

    assert "Nobody said what is needed yet" in text
