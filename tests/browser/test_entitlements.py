"""An early career teacher from a January start through six terms; induction promised and had."""

import re

import pytest
from playwright.sync_api import expect

from activities.models import Received
from cpdhub.walls import school_scope
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import StaffFactory
from tests.helpers import url

pytestmark = pytest.mark.browser

# Shortly before each of their own terms ends, the first being a spring.
REVIEWS = ["2027-03-22", "2027-07-12", "2027-12-10", "2028-03-20", "2028-07-10", "2028-12-11"]


def test_early_career_from_january_through_six_terms(
    transactional_db, school, cpd_leader, page, new_page, signed_in, at
):
    at("2027-01-04 08:30")
    teacher = StaffFactory(school=school, first_name="Nia", last_name="New", career_stage="early")
    tutor = StaffFactory(school=school, first_name="Tessa", last_name="Tutor")
    StaffFactory(school=school, first_name="Max", last_name="Mentor")

    # The CPD leader begins it: three clicks from the activities.
    hand = Hand(signed_in(cpd_leader))
    page.goto(url(school, "activities:entitled"))
    hand.press("Early career")
    page.get_by_role("main").get_by_role("link", name="Begin one").click()
    hand.pick("Early career teacher", "Nia New")
    hand.fill("Induction starts on", "2027-01-04")
    hand.pick("Induction tutor", "Tessa Tutor")
    hand.pick("Mentor", "Tessa Tutor")
    hand.press("Save")
    hand.reads("Tutor and mentor are two people")
    hand.pick("Mentor", "Max Mentor")
    hand.press("Save")
    hand.reads("The six terms of Nia New are laid out.", "Term 1 of 6, until 26 March 2027")
    hand.reads("0 of 6 reviews and assessments have taken place.")

    # The tutor says each time that it took place, and nothing else.
    for number, day in enumerate(REVIEWS, start=1):
        at(f"{day} 16:00")
        hand = Hand(signed_in(tutor))
        page.goto(url(school, "activities:early", teacher.pk))
        hand.reads(f"Term {number} of 6, until")
        row = page.get_by_role("row").filter(has_text=f"Term {number}").filter(has_text="now")
        expect(row).to_contain_text("10 %" if number <= 3 else "5 %")
        expect(row).to_contain_text("Not done yet")
        row.get_by_role("link", name=re.compile("^Mark as done")).click()
        expect(page.get_by_label("How we know")).to_have_count(0)
        hand.press("Write it down")
        hand.reads(f"{number} of 6 reviews and assessments have taken place.")
    assert faults(page) == []

    # The teacher reads it on a phone, from their own learning.
    with new_page(width=390) as phone:
        signed_in(teacher, on=phone)
        phone.goto(url(school, "record:mine"))
        phone.get_by_role("link", name="Entitlements").first.click()
        phone.get_by_role("link", name="Six terms").click()
        expect(phone.get_by_role("main")).to_contain_text("6 of 6 reviews and assessments")
        assert phone.get_by_role("link", name=re.compile("^Mark as done")).count() == 0
        assert overflow(phone, 390) == []
        assert faults(phone) == []
    with school_scope(school):
        assert Received.objects.count() == 6
