"""A network's figures: added up once, frozen, and never telling of one school or of few people."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from networks import leaving
from networks.limits import SCHOOLS, SMALL, band, may_be_added_up, splits_off_few
from networks.models import Contribution, Membership, Publication
from tests.factories import (
    PublicationFactory,
)
from tests.networks.schools import joins, published, shares, staffed


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


# --- the rule ---
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(st.lists(st.integers(0, 30), max_size=6))
def test_total_is_shown_only_where_no_part_can_be_taken_away_to_few(hidden):
    if not may_be_added_up(hidden) or not hidden:
        return
    for number in range(len(hidden)):
        rest = hidden[:number] + hidden[number + 1 :]
        assert sum(rest) >= SMALL
        assert len(rest) >= SCHOOLS - 1


@pytest.mark.parametrize(
    ("part", "whole", "few"), [(0, 40, False), (4, 40, True), (35, 40, False), (37, 40, True)]
)
def test_what_is_left_counts_as_well(part, whole, few):
    assert splits_off_few(part, whole) is few


@QUIET
@given(st.integers(5, 10_000))
def test_band_holds_the_number_and_never_is_it(people):
    words = band(people).split()
    low = int(words[0])
    assert low <= people
    if words[1] == "to":
        assert people <= int(words[2])
        assert int(words[2]) - low >= 4


# --- adding up ---
def test_three_schools_are_added_up_from_their_registers(network):
    shares(network, "totals")
    staffed(network.school, people=6, absent=6)
    joins(network, people=8, hours=3, cost=90)
    joins(network, people=10, hours=1, cost=10)

    figures = published(network).figures

    assert (figures["schools"], figures["people"], figures["hours"]) == (3, 24, 8 * 3 + 10)
    assert (figures["cost"], figures["activities"], figures["meant"]) == (200, 3, 0)
    assert figures["an_hour"] == round(200 / 34, 2)
    assert figures["groups"] == [
        {"name": "Teachers", "people": 24, "each": round(34 / 24, 1), "none": None}
    ]


@pytest.mark.parametrize("sharing", [0, 1, 2])
def test_fewer_than_three_schools_publish_nothing(network, sharing):
    for _ in range(sharing):
        joins(network)
    joins(network, figures="nothing")

    with pytest.raises(NotPossible, match="at least three schools"):
        published(network)

    with school_scope(network.school):
        assert not Publication.objects.exists()


def test_school_that_hides_is_left_out_where_others_would_tell_it(network):
    """Two that only want to be in totals, beside three by name: the difference would be theirs."""
    shares(network, "nothing")
    for _ in range(3):
        joins(network, figures="name", people=6)
    for _ in range(2):
        joins(network, figures="totals", people=9)

    figures = published(network).figures

    assert (figures["schools"], figures["people"]) == (3, 18)


def test_hidden_schools_are_counted_once_three_hide_each_other(network):
    shares(network, "nothing")
    for figures in ("name", "totals", "totals", "totals"):
        joins(network, figures=figures, people=6)

    assert published(network).figures["people"] == 24


def test_publishing_twice_gives_the_first(network):
    for _ in range(3):
        joins(network)
    first = published(network)
    joins(network, people=20)

    assert published(network).pk == first.pk
    with school_scope(network.school):
        assert Publication.objects.get().figures == first.figures


def test_same_people_behind_every_figure_that_is_hidden(network):
    """Two colleagues of three schools had nothing: the number is not shown, nor what it leaves."""
    for _ in range(3):
        joins(network, people=10, absent=2)

    figures = published(network).figures

    assert figures["none"] is None
    assert figures["groups"][0]["none"] is None


def test_range_is_of_five_schools_and_never_its_ends(network):
    for hours in (1, 2, 3, 4, 9):
        joins(network, hours=hours)

    figures = published(network).figures

    assert figures["range"]["hours"] == [2, 3, 4]
    joins(network)


def test_four_schools_give_no_range(network):
    for _ in range(4):
        joins(network)

    assert published(network).figures["range"] == {}


# --- what each school reads ---
def test_nobody_reads_another_schools_part_unless_it_shows_its_name(network):
    named = joins(network, figures="name", people=7)
    hidden = [joins(network) for _ in range(3)]
    published(network)

    with school_scope(network.school):
        assert [row.school_id for row in Contribution.objects.all()] == [named.pk]
    with school_scope(hidden[0]):
        seen = {row.school_id for row in Contribution.objects.all()}
        assert seen == {named.pk, hidden[0].pk}


def test_database_keeps_parts_apart_without_the_first_wall(network, monkeypatch):
    schools = [joins(network) for _ in range(3)]
    published(network)
    monkeypatch.setattr("networks.models.base.get_scope", lambda: {"_enabled": False})

    for school in (network.school, *schools):
        with school_scope(school):
            assert {row.school_id for row in Contribution.objects.all()} <= {school.pk}
            assert Publication.objects.count() == 1
            with pytest.raises(ProgrammingError), transaction.atomic():
                Publication.objects.update(published_on="2020-01-01")


def test_part_of_fewer_than_five_people_shows_nothing_by_name(network):
    small = joins(network, figures="name", people=3)
    for _ in range(3):
        joins(network)

    published(network)

    with school_scope(small):
        own = Contribution.objects.get(school=small)
    assert (own.by_name, own.shown) == (False, {})


@pytest.mark.parametrize("how", ["leave", "nothing", "less"])
def test_school_that_takes_its_part_back_is_gone_at_once(network, how):
    named = joins(network, figures="name", people=7)
    for _ in range(3):
        joins(network)
    publication = published(network)

    with school_scope(named):
        own = Membership.objects.get(school=named)
        if how == "leave":
            leaving.leave(own)
        else:
            own.figures = "nothing" if how == "nothing" else "totals"
            own.save(update_fields=["figures"])
            assert leaving.share_figures(own, before="name") == 1

    with school_scope(network.school):
        publication = Publication.objects.get()
        assert (publication.figures, publication.withdrawn_on is None) == (None, False)
        assert not Contribution.objects.exists()
    again = published(network)
    assert again.figures is None  # the same term is not added up again


def test_sums_go_with_a_school_that_is_deleted(network):
    """By whom or whatever: the database deletes them with the school's part."""
    gone = joins(network)
    for _ in range(3):
        joins(network)
    published(network)

    with school_scope(gone):
        Contribution.objects.filter(school=gone).delete()

    with school_scope(network.school):
        publication = Publication.objects.get()
    assert publication.figures is None
    assert publication.withdrawn_on is not None


def test_database_keeps_a_withdrawn_term_without_figures(network):
    publication = PublicationFactory(network=network)
    with school_scope(network.school), pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(withdrawn_on="2026-11-21")
