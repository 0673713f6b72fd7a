"""A network's figures: added up once, frozen, and never telling of one school or of few people."""

import json
from datetime import date

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, ProgrammingError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.models import Need
from cpdhub import clock, files, jobs
from cpdhub.models import Job, Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from networks import figures_job, leaving, publishing
from networks.contributing import Part
from networks.limits import SCHOOLS, SMALL, band, may_be_added_up, splits_off_few
from networks.models import Contribution, Membership, Proposal, Publication
from networks.summary import gather
from tests.factories import (
    MembershipFactory,
    NetworkFactory,
    OfferFactory,
    OfferPlaceFactory,
    PublicationFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url
from tests.networks.schools import SUMMER, TITLE, joins, shares, staffed


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def network(school):
    return NetworkFactory(school=school, name="Talk cluster")


def published(network):
    return publishing.publish(network.pk, lead=network.school, title=TITLE, period=SUMMER)


def leader_of(school):
    return StaffFactory(school=school, roles=[Role.CPD_LEADER], group="")


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


def test_school_that_leaves_takes_its_numbers_from_the_page_and_file(sign_in, network, school):
    shares(network, "totals")
    staffed(school, people=6)
    named = joins(network, figures="name", people=7)
    joins(network)
    joins(network)
    published(network)
    client = sign_in(leader_of(school))
    page = url(school, "networks:figures", network.pk)
    assert named.name in client.get(page).text

    with school_scope(named):
        leaving.leave(Membership.objects.get(school=named))

    seen = client.get(page).text
    assert named.name not in seen
    assert "were deleted on" in seen


def test_database_keeps_a_withdrawn_term_without_figures(network):
    publication = PublicationFactory(network=network)
    with school_scope(network.school), pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(withdrawn_on="2026-11-21")


# --- needs ---
TALK = [("Open questions", 3)]


def test_need_of_three_schools_is_shown_without_their_names(sign_in, school, network):
    shares(network, "totals")
    staffed(school, people=6)
    needing = [
        joins(network, needs=[("open  Questions!", 3), (f"Alone {number}", 5)])
        for number in range(3)
    ]
    joins(network, needs=[("Two have it", 6)])
    joins(network, needs=[("Two have it", 6)])

    needs = published(network).figures["needs"]

    assert [(row["title"], row["schools"], row["people"]) for row in needs] == [
        ("open  Questions!", 3, "5 to 9 people")
    ]
    page = sign_in(StaffFactory(school=school)).get(url(school, "networks:needs", network.pk)).text
    assert "open  Questions!" in page
    assert not any(one.name in page for one in needing)
    assert "Alone" not in page


def test_needs_people_keep_to_themselves_are_in_no_number(network):
    for _ in range(3):
        school = joins(network, needs=TALK)
        with school_scope(school):
            Need.objects.update(is_shared=False)

    assert published(network).figures["needs"] == []


def test_shared_need_is_prepared_by_a_school_and_planned_there(sign_in, school, network):
    for _ in range(3):
        joins(network, needs=TALK)
    published(network)
    client, page = sign_in(leader_of(school)), url(school, "networks:needs", network.pk)
    with school_scope(school):
        (row,) = Publication.objects.get().figures["needs"]

    answer = client.post(url(school, "networks:propose", network.pk), {"key": row["key"]})

    with school_scope(school):
        need = Need.objects.get()
        assert Proposal.objects.get().key == row["key"]
    assert answer.url == f"{url(school, 'activities:plan')}?need={need.pk}"
    assert client.get(answer.url).text.count("Open questions") > 1
    seen = client.get(page).text
    assert "We prepare something" not in seen
    assert school.name in seen
    assert client.post(url(school, "networks:take", network.pk), {"key": "x"}).status_code == 404
    client.post(url(school, "networks:take", network.pk), {"key": row["key"]})
    with school_scope(school):
        assert Need.objects.count() == 1  # the same need, not a second one


# --- the job and the sweep ---
def test_lead_publishes_by_a_job_that_may_run_twice(sign_in, school, network):
    with school_scope(school):
        add_year(school, 2025)
    for _ in range(3):
        joins(network)
    client = sign_in(leader_of(school))
    page = url(school, "networks:figures", network.pk)
    assert f"Publish {TITLE}" in client.get(page).text

    client.post(url(school, "networks:publish", network.pk))
    with school_scope(school):
        job = Job.objects.get()
    jobs.run(school_id=school.pk, job_id=job.pk)
    figures_job.run(job, lambda *said: None)

    with school_scope(school):
        assert Job.objects.get().state == "done"
        assert Publication.objects.count() == 1
    assert "Does learning together pay?" in client.get(page).text
    assert "Publish" not in client.get(page).text


def test_job_of_too_few_schools_says_why(sign_in, school, network):
    staffed(school, people=6)
    joins(network)
    sign_in(leader_of(school)).post(url(school, "networks:publish", network.pk))
    with school_scope(school):
        job = Job.objects.get()

    jobs.run(school_id=school.pk, job_id=job.pk)

    with school_scope(school):
        assert "at least three schools" in Job.objects.get().error


def test_term_that_is_over_is_published_by_itself(school, network, at):
    shares(network, "totals")
    staffed(school, people=6)
    joins(network)
    joins(network)

    for _ in range(2):
        with school_scope(school):
            figures_job.publish_what_is_over(school, at("2026-11-21 09:00"))

    with school_scope(school):
        assert [row.title for row in Publication.objects.all()] == [TITLE]


# --- pages and PDF ---
def test_page_shows_our_school_beside_the_middle_half(sign_in, school, network):
    shares(network, "totals")
    staffed(school, people=6, hours=3)
    for hours in (1, 2, 4, 5):
        joins(network, hours=hours)
    published(network)

    seen = sign_in(leader_of(school)).get(url(school, "networks:figures", network.pk)).text

    assert "2 to 4" in seen
    assert "Our part in the totals, and nothing by itself" in seen


def test_pdf_says_what_the_page_says(school, network):
    shares(network, "totals")
    staffed(school, people=6)
    named = joins(network, figures="name", people=7)
    for _ in range(2):
        joins(network, needs=TALK)
    with school_scope(school):
        leader = leader_of(school)
    publication = published(network)

    with school_scope(school):
        sheet = gather(leader, QueryDict(f"publication={publication.pk}"))
        text = json.dumps([table.rows for table in sheet.tables])
        assert "25 colleagues" in sheet.finding
        assert named.name in text
        leaving.leave(Membership.objects.get(school=school))
        with pytest.raises(jobs.JobFailed, match="not published any more"):
            gather(leader, QueryDict(f"publication={publication.pk}"))


def test_school_with_needs_that_goes_nowhere_is_named_where_it_shows_its_name(
    sign_in, network, school
):
    """It counts who was there, once each, and says it as roughly as any number of people."""
    shares(network, "name")
    staffed(school, people=6)
    comes, stays = (
        joins(network, figures="name", people=12, needs=[("Talk", 6)]) for _ in range(2)
    )
    quiet = joins(network, needs=[("Talk", 5)])
    for _ in range(2):
        offer = OfferFactory(school=school, network=network, starts=at_four(date(2026, 6, 17)))
        with school_scope(comes):
            people = list(Staff.objects.order_by("pk")[:8])
        for number, person in enumerate(people):
            OfferPlaceFactory(school=comes, offer=offer, staff=person, came={"1": number < 6})
    publication = published(network)

    page = sign_in(leader_of(school)).get(url(school, "networks:figures", network.pk))
    with school_scope(school):
        rows = {row.school_id: row.shown for row in publication.contributions.all()}
        sheet = gather(leader_of(school), QueryDict(f"publication={publication.pk}"))
    said = f"Colleagues of {stays} have open needs, and nobody went to another school."
    assert said in page.text
    assert said in " ".join(table.text for table in sheet.tables)
    assert rows[comes.pk]["learned"] == rows[comes.pk]["needing"] == "5 to 9 people"
    assert rows[school.pk]["needing"] == "nobody"
    assert quiet.pk not in rows


def test_need_of_nearly_everybody_does_not_tell_of_the_few_without():
    needing = {
        number: publishing.shown_of(Part(people=54, needing=number))["needing"]
        for number in (0, 3, 49, 50, 53, 54)
    }

    assert needing == {
        0: "nobody", 3: "fewer than 5 people", 49: "20 to 49 people", 50: publishing.HIDDEN,
        53: publishing.HIDDEN, 54: "50 to 99 people",
    }  # fmt: skip


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, head, network, size, django_assert_num_queries
):
    for number in range(size):
        PublicationFactory(network=network, first_day=f"202{number}-04-13")
    for _ in range(size):
        MembershipFactory(network=network)
    client = sign_in(head)

    for view, queries in (("figures", 18), ("needs", 16)):
        with django_assert_num_queries(queries):
            answer = client.get(url(school, f"networks:{view}", network.pk))
        assert "Talk" in answer.text or "9 activities" in answer.text


def test_without_figures_the_page_says_what_is_needed(sign_in, school, head, network):
    page = sign_in(head).get(url(school, "networks:figures", network.pk)).text

    assert "0 of the schools share figures so far" in page
    assert "Say what we share" in page


def test_file_of_figures_that_were_taken_back_is_gone(sign_in, school, head, network):
    shares(network, "totals")
    staffed(school, people=6)
    gone, *_ = [joins(network, figures="name") for _ in range(3)]
    publishing.publish(network.pk, lead=school, title=TITLE, period=SUMMER)
    with school_scope(school):
        job = Job.objects.create(
            school=school, kind="network_summary", requested_by=head, state="done",
            created_at=clock.now(), next_try_at=clock.now(), finished_at=clock.now(),
            params={"query": f"publication={Publication.objects.get().pk}"},
            result=files.store("x.pdf", "application/pdf", [b"%PDF"], school=school),
        )  # fmt: skip
    with school_scope(gone):
        leaving.leave(Membership.objects.get(school=gone))

    assert sign_in(head).get(url(school, "jobs:file", job.uuid)).status_code in {403, 404}
