"""Leaders and other staff in one line of the dashboard, from the latest audit that asked both."""

import pytest

from cpdhub.permissions import Role
from tests.audits.closing import closed, questionnaire
from tests.factories import AcademicYearFactory, StaffFactory
from tests.helpers import url


@pytest.fixture
def crew(school):
    """Six who lead, ten others."""
    AcademicYearFactory(school=school)
    leaders = StaffFactory.create_batch(6, school=school, roles=[Role.TEAM_LEADER])
    return leaders, StaffFactory.create_batch(10, school=school)


def higher(person, _):
    return {"value": 4 if person.roles else 2}


def lower(person, _):
    return {"value": 1 if person.roles else 3}


SAID = "Leaders answer higher than other staff on 1 of 1 statement"


def test_latest_that_asked_both_is_told_and_opens_for_the_head(sign_in, school, head, at, crew):
    leaders, others = crew
    at("2026-10-01 12:00")
    closed(school, leaders + others, given=lower)
    at("2026-11-01 12:00")
    made = closed(
        school, leaders + others, instrument=questionnaire(school, code="b"), given=higher
    )
    at("2026-11-20 12:00")
    closed(school, others, instrument=questionnaire(school, code="c"))  # no leader asked
    client = sign_in(head)

    page = client.get(url(school, "impact:dashboard")).text

    assert SAID in page
    link = url(school, "needs:results", made.pk)
    assert f'href="{link}"' in page
    assert client.get(link).status_code == 200


def test_governors_read_it_without_a_link_where_both_are_large(sign_in, school, governor, crew):
    leaders, others = crew
    made = closed(school, leaders + others, given=higher)

    page = sign_in(governor).get(url(school, "impact:summary")).text

    assert SAID in page
    assert url(school, "needs:results", made.pk) not in page


def test_with_few_leaders_the_head_is_told_why_and_governors_nothing(
    sign_in, school, head, governor, crew
):
    leaders, others = crew
    closed(school, leaders + others, given=higher, who=leaders[:4] + others)

    said = sign_in(head).get(url(school, "impact:dashboard")).text
    unsaid = sign_in(governor).get(url(school, "impact:summary")).text

    assert "fewer than five leaders answered" in said
    assert "Leaders and other staff" not in unsaid
    assert "statement" not in unsaid


def test_without_such_an_audit_and_on_a_teams_page_there_is_no_line(sign_in, school, head, crew):
    leaders, others = crew
    closed(school, others)
    assert "Leaders and other staff" not in sign_in(head).get(url(school, "impact:dashboard")).text

    closed(school, leaders + others, instrument=questionnaire(school, code="b"), given=higher)
    page = sign_in(leaders[0]).get(url(school, "impact:team"))
    assert "Leaders and other staff" not in page.text


def test_importance_and_confidence_are_told_apart(sign_in, school, head, crew):
    leaders, others = crew
    closed(
        school, leaders + others, instrument=questionnaire(school, kind="importance"),
        given=lambda person, _: {"value": 4, "second": 1 if person.roles else 3},
    )  # fmt: skip

    page = sign_in(head).get(url(school, "impact:dashboard")).text

    assert "on 1 of 2 statements, most on “I can do 0 how confident” (3.0 against 1.0)" in page
