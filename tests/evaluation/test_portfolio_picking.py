"""What somebody picks from their record into a portfolio."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cpdhub.walls import school_scope
from evaluation.models import Portfolio, PortfolioItem
from evaluation.portfolio_shown import shown
from tests.evaluation.portfolio_pages import offered, page_of, put_in, titles
from tests.evaluation.test_record import attended
from tests.factories import (
    ActivityFactory,
    EntitlementStepFactory,
    EvidenceFactory,
    HelpRequestFactory,
    ImportedRecordFactory,
    ObservationFactory,
    PortfolioFactory,
    PortfolioItemFactory,
    ReceivedFactory,
    ReflectionFactory,
    StaffFactory,
    TeamFactory,
)
from tests.helpers import url

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(at):
    at("2026-11-21 09:00")


@pytest.fixture
def mine(school, teacher):
    return PortfolioFactory(school=school, owner=teacher, title="Three years")


def test_what_one_took_part_in_and_wrote_is_there_to_pick(sign_in, teacher, school, mine):
    attended(teacher, title="Phonics day")
    attended(StaffFactory(school=school), title="Not mine")
    ReflectionFactory(school=school, owner=teacher, title="Pace")
    ReflectionFactory(school=school, audience="everyone", title="A colleague's")
    client = sign_in(teacher)

    assert offered(client, mine, "learning") == ["Phonics day"]
    assert offered(client, mine, "reflections") == ["Pace"]
    put_in(client, mine, "learning", "Phonics day")
    put_in(client, mine, "reflections", "Pace")

    assert titles(client, mine) == ["Phonics day", "Pace"]


def test_roles_teams_and_what_was_led_are_there_to_pick(sign_in, teacher, school, mine):
    TeamFactory(school=school, name="Maths", leader=teacher)
    ActivityFactory(school=school, lead=teacher, title="Number talks", state="planned")
    ActivityFactory(
        school=school, lead=teacher, title="Support of Jo", state="planned", is_private=True
    )

    assert offered(sign_in(teacher), mine, "roles") == [
        "Teacher at Oakfield Primary",
        "Leader of Maths, Oakfield Primary",
        "Led “Number talks”",
    ]


def test_help_given_names_no_colleague(sign_in, teacher, school, mine):
    HelpRequestFactory(
        school=school, helper=teacher, topic__title="Fractions", state="done",
        asker=StaffFactory(school=school, first_name="Zelda", last_name="Quick"),
        answered_on=TODAY, ended_on=TODAY, message="Secret message",
    )  # fmt: skip
    HelpRequestFactory(school=school, helper=teacher, topic__title="Not done")
    client = sign_in(teacher)

    assert offered(client, mine, "help") == ["Helped a colleague with Fractions"]
    put_in(client, mine, "help", "Helped a colleague with Fractions")

    with school_scope(school):
        item = PortfolioItem.objects.get()
    assert (item.title, item.text) == ("Helped a colleague with Fractions", "21 November 2026")
    assert "Zelda" not in client.get(page_of(mine)).text


def test_entitlements_received_are_there_to_pick(sign_in, teacher, school, mine):
    step = EntitlementStepFactory(school=school, title="Meet your mentor")
    ReceivedFactory(school=school, staff=teacher, step=step, on=TODAY)

    assert offered(sign_in(teacher), mine, "entitlements") == ["Meet your mentor"]


def test_ones_own_closed_observations_are_there_without_what_others_noted(
    sign_in, teacher, school, mine
):
    row = ObservationFactory(
        school=school, owner=teacher, state="closed", focus="How pupils talk",
        own_words="I talk less now", talk="What we said to each other",
    )  # fmt: skip
    ObservationFactory(school=school, owner=teacher, state="held", focus="Not closed")
    ObservationFactory(school=school, state="closed", focus="A colleague's")
    client = sign_in(teacher)
    assert offered(client, mine, "observations") == ["How pupils talk"]

    put_in(client, mine, "observations", "How pupils talk")

    with school_scope(school):
        [line] = shown(Portfolio.objects.get(), for_others=True)
        assert line.parts == [("My own words", "I talk less now")]
        row.delete()
    assert titles(client, mine) == []


def test_the_database_holds_no_portfolio_with_a_colleagues_observation(school, mine):
    theirs = ObservationFactory(school=school, state="closed")

    with pytest.raises(IntegrityError, match="its owner wrote"), transaction.atomic():
        PortfolioItemFactory(
            school=school, portfolio=mine, kind="observation", observation=theirs, title=""
        )


def test_evidence_one_put_forward_is_there_to_pick(sign_in, teacher, school, mine):
    EvidenceFactory(
        school=school, by=teacher, claim="Longer answers", activity__title="Talk", kind="work"
    )
    EvidenceFactory(school=school, claim="A colleague's")
    client = sign_in(teacher)
    assert offered(client, mine, "evidence") == ["Longer answers"]

    put_in(client, mine, "evidence", "Longer answers")

    with school_scope(school):
        assert PortfolioItem.objects.get().text == "Pupils' work · Talk · 21 November 2026"


def test_what_came_from_an_earlier_school_is_marked(sign_in, teacher, school, mine):
    row = {"title": "Spelling", "type": "Course", "when": "3 May 2024", "hours": "2 hours"}
    ImportedRecordFactory(
        school=school, owner=teacher, is_known=False, person_name=teacher.name.upper(),
        document={"activities": [row], "reflections": []},
    )  # fmt: skip
    client = sign_in(teacher)

    put_in(client, mine, "earlier", "Spelling")

    with school_scope(school):
        item = PortfolioItem.objects.get()
    assert item.kind == "imported"
    assert item.text == (
        "Course · 3 May 2024 · 2 hours · From the record of Riverside of 21 November 2026,"
        " which this hub cannot check."
    )


def test_whose_it_was_and_what_was_private_at_an_earlier_school(sign_in, teacher, school, mine):
    learning = {"title": "Support for Ola", "type": "Coaching", "when": "", "hours": ""}
    written = {"about": "Support for Ola", "when": "", "texts": ["Wait"]}
    ImportedRecordFactory(
        school=school, owner=teacher, person_name="Priya Shah",
        document={
            "activities": [learning | {"is_private": True}],
            "reflections": [
                written | {"is_private": True, "title": ""},
                written | {"is_private": True, "title": "Listening"},
            ],
        },
    )  # fmt: skip
    client = sign_in(teacher)
    page = client.get(url(school, "portfolio:pick", mine.uuid), {"from": "earlier"})
    assert "It is “Support for Ola”: that title stays here." in page.text

    for title in ("Coaching", "Reflection", "Reflection: Listening"):
        put_in(client, mine, "earlier", title)

    with school_scope(school):
        items = list(PortfolioItem.objects.order_by("pk"))
    assert [item.title for item in items] == ["Coaching", "Reflection", "Reflection: Listening"]
    assert all("made out to Priya Shah." in item.text for item in items)
    assert "Ola" not in "".join(item.title + item.text for item in items)


def test_what_is_in_it_already_is_not_put_in_twice(sign_in, teacher, school, mine):
    attended(teacher, title="Phonics day")
    client = sign_in(teacher)
    path = f"{page_of(mine, 'pick')}?from=learning"
    [(row, _)] = client.get(path).context["offered"]

    for _ in range(2):
        client.post(path, {"pick": [row.source]})

    assert titles(client, mine) == ["Phonics day"]
    assert "In it already" in client.get(path).text


def test_what_is_not_on_ones_record_cannot_be_put_in(sign_in, teacher, school, mine):
    theirs = attended(StaffFactory(school=school), title="Not mine")
    written = ReflectionFactory(school=school, audience="everyone")
    client = sign_in(teacher)

    client.post(f"{page_of(mine, 'pick')}?from=learning", {"pick": [f"activity:{theirs.pk}"]})
    client.post(
        f"{page_of(mine, 'pick')}?from=reflections", {"pick": [f"reflection:{written.uuid}"]}
    )

    assert titles(client, mine) == []


def test_the_database_holds_no_portfolio_with_a_colleagues_words(school, mine):
    theirs = ReflectionFactory(school=school, audience="everyone")

    with pytest.raises(IntegrityError, match="its owner wrote"), transaction.atomic():
        PortfolioItemFactory(
            school=school, portfolio=mine, kind="reflection", reflection=theirs, title=""
        )


def test_an_unknown_chest_is_not_there(sign_in, teacher, mine):
    assert sign_in(teacher).get(page_of(mine, "pick"), {"from": "pay"}).status_code == 404


@pytest.mark.parametrize("chest", ["learning", "reflections", "roles", "help", "entitlements"])
@pytest.mark.parametrize("count", [1, 3])
def test_picking_costs_the_same_for_one_and_three(
    sign_in, teacher, school, mine, chest, count, django_assert_max_num_queries
):
    for _ in range(count):
        attended(teacher, lead=teacher)
        ReflectionFactory(school=school, owner=teacher)
        HelpRequestFactory(
            school=school, helper=teacher, state="done", answered_on=TODAY, ended_on=TODAY
        )
        step = EntitlementStepFactory(school=school)
        ReceivedFactory(school=school, staff=teacher, step=step, on=TODAY)
    client = sign_in(teacher)
    counts = {"learning": 19, "reflections": 18, "roles": 21, "help": 18, "entitlements": 19}

    with django_assert_max_num_queries(counts[chest]):
        response = client.get(page_of(mine, "pick"), {"from": chest})

    assert len(response.context["offered"]) >= count
