"""Shared needs, the job that publishes a term, and the pages and files of a network's figures."""

import json
from datetime import date

import pytest
from django.http import QueryDict

from audits.models import Need
from cpdhub import clock, files, jobs
from cpdhub.models import Job, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from networks import figures_job, leaving, publishing
from networks.contributing import Part
from networks.models import Membership, Proposal, Publication
from networks.summary import gather
from tests.factories import (
    MembershipFactory,
    OfferFactory,
    OfferPlaceFactory,
    PublicationFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url
from tests.networks.schools import SUMMER, TITLE, joins, published, shares, staffed


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


def leader_of(school):
    return StaffFactory(school=school, roles=[Role.CPD_LEADER], group="")


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
