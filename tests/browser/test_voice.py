"""A teacher gives a code, pupils answer on a tablet without an account, the group is told."""

import pytest

from cpdhub.walls import school_scope
from evaluation.models import PupilSheet, PupilVoice
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import StaffFactory
from tests.helpers import url

pytestmark = pytest.mark.browser

WORDS = ["Nearly always", "Often", "Sometimes", "Hardly ever"]


def answer(page, school, code, word):
    page.goto(url(school, "pupils:enter"))
    hand = Hand(page)
    assert overflow(page, 390) + faults(page) == []
    hand.fill("Your code", code.lower())
    hand.press("Go")
    hand.reads("There is no right answer.")
    assert overflow(page, 390) + faults(page) == []
    for group in page.get_by_role("group").all():
        group.get_by_label(word).check()
    hand.press("I am done")
    hand.reads("Thank you")


def test_a_group_answers_by_a_code_and_is_told_as_a_group(school, new_page, signed_in):
    teacher = StaffFactory(school=school)
    with new_page() as desk:
        signed_in(teacher, on=desk)
        desk.goto(url(school, "voice:list"))
        hand = Hand(desk)
        hand.press("Ask a group", within=desk.locator(".top"))
        hand.pick("Questionnaire", "Pupils' voice, from age 8")
        hand.fill("Who is asked", "Year 5 readers")
        hand.fill("How many they are", "6")
        hand.field("It is a whole class").uncheck()
        hand.press("Give me a code")
        with school_scope(school):
            code = PupilVoice.objects.get().code
        hand.reads(code, "0 of 6 have answered")

        for number in range(5):  # each on a tablet of their own
            with new_page(width=390, height=844) as tablet:
                answer(tablet, school, code, WORDS[number % 2])
        desk.reload()
        hand.reads("5 of 6 have answered")
        hand.press("Close and show")
        hand.reads("Closed: 5 answered. Their sheets are destroyed.", "I keep going when the work")
        assert desk.get_by_role("row", name="3 2 0 0 5").count() == 5
        assert overflow(desk, 390) + faults(desk) == []
    with school_scope(school):
        assert not PupilSheet.objects.exists()
    with new_page() as late:
        late.goto(url(school, "pupils:answer", code))
        Hand(late).reads("This code does not work.")
