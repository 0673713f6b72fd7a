"""A colleague answers the digital audit on a phone: few clicks, and nothing lost."""

import pytest
from playwright.sync_api import expect

from audits.models import Answer, Instrument
from cpdhub.walls import school_scope
from tests.browser.conftest import faults, overflow
from tests.factories import RoundFactory, StaffFactory
from tests.helpers import url

pytestmark = pytest.mark.browser


@pytest.fixture
def digital(transactional_db, school):
    with school_scope(school):
        return Instrument.objects.shipped().get(code="digital-practice")


def on_section(page, number):
    """A click does not wait for the next page."""
    expect(page.get_by_text(f"Section {number} of 4")).to_be_visible()


def answer_all(page):
    """Every statement of this section; how many clicks it took."""
    groups = page.locator("fieldset.question")
    for number in range(groups.count()):
        groups.nth(number).get_by_role("radio").nth(1).check()
    return groups.count()


@pytest.mark.parametrize("has_script", [True, False])
def test_thirty_statements_take_at_most_35_clicks_on_a_phone(
    new_page, signed_in, school, teacher, digital, has_script
):
    made = RoundFactory(school=school, instrument=digital, asks=[teacher], open=True)
    with new_page(width=390, java_script_enabled=has_script) as page:
        signed_in(teacher, on=page)
        page.goto(url(school, "home"))
        page.get_by_role("link", name="Answer", exact=False).first.click()
        clicks = 0
        for section in (1, 2, 3, 4):
            on_section(page, section)
            clicks += answer_all(page)
            wrong = overflow(page, 390) + (faults(page) if has_script else [])
            assert wrong == []
            page.get_by_role("button", name="Check" if section == 4 else "Next section").click()
            clicks += 1
        expect(page.get_by_text("29 of 30 answered")).to_be_visible()
        page.get_by_role("button", name="Send").click()
        clicks += 1
        page.get_by_text("Sent. Thank you!").wait_for()

    assert clicks <= 35
    with school_scope(school):
        assert Answer.objects.filter(response__round=made).count() == 29


def test_choosing_is_kept_without_pressing_anything(new_page, signed_in, school, teacher, digital):
    made = RoundFactory(school=school, instrument=digital, asks=[teacher], open=True)
    with new_page(width=390) as page:
        signed_in(teacher, on=page)
        there = url(school, "needs:answer", made.pk, 1)
        page.goto(there)
        page.get_by_role("radio", name="Often").first.check()
        page.get_by_text("Kept for you at").wait_for()

        page.goto(there)

        expect(page.get_by_role("radio", name="Often").first).to_be_checked()


def test_back_in_the_browser_shows_what_was_kept(new_page, signed_in, school, teacher, digital):
    made = RoundFactory(school=school, instrument=digital, asks=[teacher], open=True)
    with new_page(width=390) as page:
        signed_in(teacher, on=page)
        page.goto(url(school, "needs:answer", made.pk, 1))
        page.get_by_role("radio", name="Often").first.check()
        page.get_by_role("button", name="Next section").click()
        on_section(page, 2)
        page.go_back()
        on_section(page, 1)
        page.get_by_role("radio", name="Never").first.check()
        page.get_by_role("button", name="Next section").click()

        on_section(page, 2)


def test_anonymous_answers_travel_in_the_page_and_are_sent_once(
    new_page, signed_in, school, teacher, digital
):
    crowd = [teacher, *StaffFactory.create_batch(9, school=school)]
    made = RoundFactory(school=school, instrument=digital, mode="anonymous", asks=crowd, open=True)
    with new_page(width=390, java_script_enabled=False) as page:
        signed_in(teacher, on=page)
        page.goto(url(school, "needs:answer", made.pk, 1))
        for section in (1, 2, 3, 4):
            on_section(page, section)
            answer_all(page)
            page.locator("button[value=next]").click()
        page.get_by_role("button", name="What you do already").click()
        expect(page.get_by_role("radio", name="Sometimes").first).to_be_checked()
        for section in (1, 2, 3, 4):
            on_section(page, section)
            page.locator("button[value=next]").click()
        page.get_by_role("button", name="Send").click()

        page.get_by_text("Nobody can tell which answers are yours").wait_for()
    with school_scope(school):
        assert Answer.objects.filter(response__round=made).count() == 29
