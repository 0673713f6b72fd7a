"""A teacher shows a portfolio, leaves, and brings the record to the next school."""

import re
from datetime import timedelta

import pytest

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.walls import school_scope
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.evaluation.test_record import attended
from tests.factories import ReflectionFactory, StaffFactory
from tests.helpers import url

pytestmark = pytest.mark.browser


@pytest.fixture
def teacher(school):
    teacher = StaffFactory(school=school, first_name="Tom", last_name="Teacher")
    attended(teacher, clock.today() - timedelta(days=3), title="Phonics day")
    ReflectionFactory(school=school, owner=teacher, title="Pace", learned="Wait longer")
    return teacher


def put_together(page, hand, school):
    """Without a script: ticks, buttons and boxes are all it takes."""
    page.goto(url(school, "record:mine"))
    page.get_by_role("link", name="Portfolios").click()
    hand.press("Begin a portfolio")
    hand.fill("Title", "Three years of talk")
    hand.press("Go on: pick what goes in")
    page.get_by_label("Phonics day").check()
    hand.press("Put in what is ticked")
    hand.press("Pick from your record")
    page.get_by_role("link", name="Reflections", exact=True).last.click()
    page.get_by_label("Pace").check()
    hand.press("Put in what is ticked")
    pace = page.get_by_role("main").get_by_role("listitem").filter(has_text="Pace")
    pace.get_by_role("button", name="Up").click()
    headings = page.get_by_role("main").get_by_role("heading", level=3)
    assert headings.all_inner_texts() == ["Pace", "Phonics day"]
    pace.get_by_role("link", name="Say why it is here").click()
    hand.fill("Why it is here", "It still holds")
    hand.press("Save")


def show(page, hand, visitor):
    """Whoever has the link reads it, until it is ended."""
    hand.fill("Who is it for?", "Riverside")
    hand.press("Make a link")
    link = page.get_by_label("The link for Riverside").input_value()
    path = re.sub(r"^https?://[^/]+", "", link)
    visitor.goto(path)
    Hand(visitor).reads("Three years of talk", "Wait longer", "It still holds", "Phonics day")
    assert overflow(visitor, 390) + faults(visitor) == []
    page.reload()
    hand.reads("opened 1 time")
    page.get_by_role("button", name="End it now").click()
    assert visitor.goto(path).status == 410
    Hand(visitor).reads("This link has ended")
    assert "Tom" not in visitor.content()
    assert faults(visitor) == []


def leave_and_fetch(page, hand, teacher, signed_in, folder):
    with school_scope(teacher.school):
        Staff.objects.filter(pk=teacher.pk).update(ends_on=clock.today())
    page.goto("/")
    page.get_by_role("link", name="Fetch your record from there").click()
    assert overflow(page, 390) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download your record").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def bring(page, hand, school, file):
    page.goto(url(school, "portfolio:list"))
    hand.press("Bring a record from an earlier school")
    page.get_by_label("The zip file from your earlier school").set_input_files(file)
    hand.press("Bring it in")
    hand.reads("From Oakfield Primary", "Checked: the file is as", "Phonics day")
    page.get_by_text("Pace,").click()
    hand.reads("Wait longer")
    assert overflow(page, 390) + faults(page) == []


def test_a_portfolio_and_the_record_go_along(
    new_page, signed_in, school, other_school, teacher, tmp_path
):
    with new_page(java_script_enabled=False) as page, new_page(width=390) as visitor:
        signed_in(teacher, on=page)
        hand = Hand(page)
        put_together(page, hand, school)
        show(page, hand, visitor)
        file = leave_and_fetch(page, hand, teacher, signed_in, tmp_path)

    newcomer = StaffFactory(school=other_school, first_name="Tom", last_name="Teacher")
    with new_page() as page:
        signed_in(newcomer, on=page)
        bring(page, Hand(page), other_school, file)
        page.goto(url(other_school, "portfolio:bring"))
        wrong = tmp_path / "wrong.zip"
        wrong.write_bytes(file.read_bytes()[:-400])
        page.get_by_label("The zip file from your earlier school").set_input_files(wrong)
        Hand(page).press("Bring it in")
        Hand(page).reads("This is not a record from CPD Hub")
        assert faults(page) == []
