"""The pages of requests: asking, following, deciding."""

from datetime import datetime, timedelta

import pytest

from activities.models import Request
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    BudgetFactory,
    CostFactory,
    ExpertiseFactory,
    NeedFactory,
    ParticipationFactory,
    PlacesFactory,
    ProviderOfferFactory,
    RequestFactory,
    SessionFactory,
    StaffFactory,
    TopicFactory,
    at_four,
)
from tests.helpers import url

YESTERDAY = (clock.today() - timedelta(days=1)).isoformat()


@pytest.fixture
def manager(school):
    return StaffFactory(school=school)


@pytest.fixture
def teacher(school, manager):
    return StaffFactory(school=school, first_name="Ada", line_manager=manager)


@pytest.fixture
def leader(school):
    return StaffFactory(school=school, roles=["cpd_leader"], first_name="Cleo")


@pytest.fixture
def wanted(a_type):
    return {
        "do": "send", "title": "Reading conference", "type": a_type.pk, "fee": "£90",
        "starts_on": (clock.today() + timedelta(days=30)).isoformat(), "why": "I lead reading",
        "staff_will": "Read aloud daily", "pupils_will": "Read more", "known_by": "Library loans",
    }  # fmt: skip


def only(school):
    with school_scope(school):
        return Request.objects.get()


def test_asked_in_one_screen(client, school, teacher, leader, wanted):
    client.force_login(teacher.user)

    page = client.post(url(school, "activities:request_ask"), wanted, follow=True)

    found = only(school)
    assert (found.state, found.fee, found.staff) == ("asked", 90, teacher)
    assert "with Cleo" in page.text
    assert "Reading conference" in client.get(url(school, "activities:requests")).text


def test_what_is_missing_stands_beside_the_field_and_nothing_is_lost(
    client, school, teacher, wanted
):
    client.force_login(teacher.user)
    sent = wanted | {"pupils_will": "", "fee": "-5", "cover_half_days": "1"}

    page = client.post(url(school, "activities:request_ask"), sent)

    assert set(page.context["form"].errors) == {"fee"}
    assert "I lead reading" in page.text
    page = client.post(url(school, "activities:request_ask"), sent | {"fee": "240"})
    assert set(page.context["form"].errors) == {"pupils_will", "sharing_plan"}
    with school_scope(school):
        assert not Request.objects.exists()


@pytest.mark.parametrize("fee", ["€50", "50 dollars", "12.345"])
def test_other_currencies_are_refused(client, school, teacher, wanted, fee):
    client.force_login(teacher.user)

    page = client.post(url(school, "activities:request_ask"), wanted | {"fee": fee})

    assert set(page.context["form"].errors) == {"fee"}


def test_kept_as_a_draft_only_its_writer_sees_it(client, school, teacher, leader, wanted):
    client.force_login(teacher.user)
    client.post(url(school, "activities:request_ask"), {"do": "keep", "title": "A", "why": "B"})
    draft = only(school)
    assert draft.state == "draft"

    client.post(url(school, "activities:request_say", draft.pk, "send"))
    assert only(school).state == "draft"
    client.post(url(school, "activities:request_change", draft.pk), wanted | {"revision": 1})
    assert only(school).state == "asked"

    other = RequestFactory(school=school, staff=teacher, state="draft", asked_at=None)
    client.force_login(leader.user)
    assert client.get(url(school, "activities:request", other.pk)).status_code == 404


def test_second_request_for_a_place_is_refused_beside_the_form(client, school, teacher, leader):
    activity = ActivityFactory(school=school, state="planned")
    RequestFactory(school=school, staff=teacher, title="", activity=activity)
    course = RequestFactory(school=school, staff=teacher, state="nominated", asked_at=None)
    sent = {"do": "send", "title": "", "activity": activity.pk, "why": "I lead reading"}

    def refused(page):
        assert page.status_code == 200
        assert "already" in page.context["form"].errors["activity"][0]
        assert "I lead reading" in page.text
        with school_scope(school):
            assert Request.objects.count() == 2

    client.force_login(teacher.user)
    refused(client.post(url(school, "activities:request_ask"), sent))
    change = url(school, "activities:request_change", course.pk)
    refused(client.post(change, sent | {"revision": 1}))
    client.force_login(leader.user)
    refused(client.post(url(school, "activities:request_nominate"), sent | {"staff": teacher.pk}))


@pytest.mark.parametrize("name", ["starts_on", "ends_on", "look_again_on"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_of_another_age_are_refused(client, school, teacher, wanted, name, day):
    client.force_login(teacher.user)

    page = client.post(url(school, "activities:request_ask"), wanted | {name: day})

    assert set(page.context["form"].errors) == {name}
    assert "Is the year right?" in page.text


def test_it_is_a_year_long_at_most(client, school, teacher, wanted):
    client.force_login(teacher.user)
    first = clock.today() + timedelta(days=30)
    last = first + timedelta(days=400)

    page = client.post(url(school, "activities:request_ask"), wanted | {"ends_on": f"{last}"})

    assert "At most a year" in page.context["form"].errors["ends_on"][0]


@pytest.mark.parametrize(("way", "name"), [("approve", "day"), ("wait", "until")])
def test_answers_of_another_age_are_refused(client, school, teacher, leader, way, name):
    asked = RequestFactory(school=school, staff=teacher)
    client.force_login(leader.user)
    sent = {name: "9999-12-31", "change": "Later", "words": "Not now"}

    page = client.post(url(school, "activities:request_answer", asked.pk, way), sent)

    assert "Is the year right?" in page.text
    assert only(school).state == "asked"


def test_other_pages_fill_it_in(client, school, teacher):
    need = NeedFactory(school=school, staff=teacher, pupils="Explain why")
    offer = ProviderOfferFactory(school=school, title="Talk in maths", price=120)
    place = PlacesFactory(school=school).activity
    client.force_login(teacher.user)
    page = url(school, "activities:request_ask")

    assert "Explain why" in client.get(f"{page}?need={need.pk}").text
    text = client.get(f"{page}?offer={offer.pk}").text
    assert "Talk in maths" in text
    assert 'value="120"' in text
    assert f'<option value="{place.pk}" selected>' in client.get(f"{page}?activity={place.pk}").text
    for odd in ("need=1", "offer=x", "activity=0", "priority=²"):
        assert client.get(f"{page}?{odd}").status_code == 404


def test_nobody_decides_or_comments_who_may_not(client, school, teacher, manager, leader):
    asked = RequestFactory(school=school, staff=teacher)
    client.force_login(manager.user)
    page = client.get(url(school, "activities:request", asked.pk))
    assert "Your comment" in page.text
    assert "Your answer" not in page.text
    said = client.post(
        url(school, "activities:request_say", asked.pk, "comment"), {"words": "Well earned"}
    )
    assert said.status_code == 302
    refused = client.post(url(school, "activities:request_answer", asked.pk, "approve"))
    assert refused.status_code == 403

    client.force_login(leader.user)
    assert "Well earned" in client.get(url(school, "activities:request", asked.pk)).text


def test_whoever_decides_sees_what_speaks_for_and_against(client, school, teacher, leader):
    day = clock.today() + timedelta(days=30)
    topic = TopicFactory(school=school, title="Reading aloud")
    ExpertiseFactory(school=school, topic=topic, staff=StaffFactory(school=school))
    budget = BudgetFactory(school=school, amount=300, name="CPD pot", ends_on=day)
    CostFactory(school=school, budget=budget, expected=100)
    there = ActivityFactory(school=school, state="planned", title="Sports day planning")
    SessionFactory(school=school, activity=there, starts_at=at_four(day) - timedelta(hours=3))
    ParticipationFactory(school=school, activity=there, staff=teacher)
    asked = RequestFactory(
        school=school, staff=teacher, title="Reading aloud", starts_on=day, fee=280
    )
    RequestFactory(school=school, staff=leader, starts_on=day, title="Another wish")
    client.force_login(leader.user)

    text = client.get(url(school, "activities:request", asked.pk)).text

    for said in (
        "CPD pot: £200 left", "is already at Sports day planning", "Another wish",
        "offers “Reading aloud”", "Three questions first", "Ada had 0 hours",
    ):  # fmt: skip
        assert said in text.replace("£200.00", "£200"), said


def test_approved_with_a_change_they_read_it(client, school, teacher, leader):
    asked = RequestFactory(school=school, staff=teacher, fee=80)
    budget = BudgetFactory(school=school, ends_on=clock.today() + timedelta(days=300))
    day = clock.today() + timedelta(days=22)
    client.force_login(leader.user)
    page = url(school, "activities:request_answer", asked.pk, "approve")

    refused = client.post(page, {"day": day.isoformat()})
    assert "Say what is changed" in refused.text
    client.post(page, {"day": day.isoformat(), "change": "A day later", "budget": budget.pk})

    found = only(school)
    assert (found.state, found.starts_on, found.budget_id) == ("approved", day, budget.pk)
    client.force_login(teacher.user)
    text = client.get(url(school, "activities:request", asked.pk)).text
    assert "approved with a change" in text
    assert "A day later" in text
    client.post(url(school, "activities:request_say", asked.pk, "booked"), {"reference": "X1"})
    assert "booked, X1" in client.get(url(school, "activities:request", asked.pk)).text


@pytest.mark.parametrize(
    ("way", "data", "said"),
    [
        ("wait", {"words": "Money"}, "until when"),
        ("wait", {"until": YESTERDAY, "words": "Money"}, "a day to come"),
        ("decline", {}, "Say why not"),
        ("pass-on", {}, "Choose who decides"),
    ],
)
def test_other_answers_ask_for_a_sentence(client, school, teacher, leader, way, data, said):
    asked = RequestFactory(school=school, staff=teacher)
    client.force_login(leader.user)

    page = client.post(url(school, "activities:request_answer", asked.pk, way), data)

    assert said in page.text
    assert only(school).state == "asked"


@pytest.mark.parametrize(
    ("first", "days", "said"),
    [
        ("2020-01-01", 10, "Is the year right?"),
        ("", 200, "At most six months"),
        ("", 2_000_000, "At most six months"),
    ],
)
def test_nobody_stands_in_for_ever(client, school, teacher, leader, first, days, said):
    client.force_login(leader.user)
    sent = {"stand_in": teacher.pk, "starts_on": first or f"{clock.today()}"}
    sent["ends_on"] = f"{clock.today() + timedelta(days=days)}"

    assert said in client.post(url(school, "activities:stand_in"), sent).text


def test_a_stand_in_finds_the_queue(client, school, teacher, leader):
    RequestFactory(school=school, staff=leader, title="Her own")
    asked = RequestFactory(school=school, staff=StaffFactory(school=school))
    client.force_login(teacher.user)
    assert client.get(url(school, "activities:request_queue")).status_code == 403

    client.force_login(leader.user)
    until = (clock.today() + timedelta(days=7)).isoformat()
    sent = {"stand_in": teacher.pk, "starts_on": clock.today().isoformat(), "ends_on": until}
    client.post(url(school, "activities:stand_in"), sent)

    client.force_login(teacher.user)
    assert client.get(url(school, "activities:request_queue")).status_code == 200
    client.post(url(school, "activities:request_answer", asked.pk, "decline"), {"words": "No"})
    with school_scope(school):
        assert Request.objects.get(pk=asked.pk).state == "declined"


@pytest.mark.parametrize("count", [1, 3])
def test_queue_in_constant_queries(client, school, leader, count, django_assert_num_queries):
    for _ in range(count):
        RequestFactory(school=school, staff=StaffFactory(school=school))
    client.force_login(leader.user)

    with django_assert_num_queries(20):
        page = client.get(url(school, "activities:request_queue"))
    assert page.text.count("Course ") == count


@pytest.mark.parametrize("count", [1, 3])
def test_own_requests_in_constant_queries(
    client, school, teacher, leader, count, django_assert_num_queries
):
    for _ in range(count):
        RequestFactory(school=school, staff=teacher)
    client.force_login(teacher.user)

    with django_assert_num_queries(18):
        client.get(url(school, "activities:requests"))


@pytest.mark.parametrize(
    "query", ["q=zzz", "show=later", "show=answered", "show=odd", "sort=-cost", "sort=-", "page=9"]
)
def test_queue_takes_any_address(client, school, leader, query):
    RequestFactory(school=school)
    client.force_login(leader.user)

    assert client.get(f"{url(school, 'activities:request_queue')}?{query}").status_code == 200


def test_empty_pages_say_what_they_are_for(client, school, leader):
    client.force_login(leader.user)

    assert "Nobody waits" in client.get(url(school, "activities:request_queue")).text
    assert "Nothing asked for yet" in client.get(url(school, "activities:requests")).text


def test_queue_says_the_day_in_london_on_which_somebody_asked(sign_in, school, cpd_leader, at):
    """Half past midnight in summer is still the day before in UTC."""
    at("2026-06-08 12:00")
    asked_at = datetime(2026, 6, 5, 0, 30, tzinfo=clock.LONDON)
    RequestFactory(school=school, state="asked", asked_at=asked_at)

    page = sign_in(cpd_leader).get(url(school, "activities:request_queue")).text

    assert "5 Jun" in page
    assert "3 days" in page
