"""What a design is likely to do: the check row by row, and its page."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from activities.design import check, facts
from activities.design.check import Facts, Meeting
from activities.models import Design, DesignFeature
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityNeedFactory,
    ExpertiseFactory,
    HalfTermFactory,
    NeedFactory,
    ParticipationFactory,
    SessionFactory,
    TopicFactory,
)
from tests.helpers import url

GOOD = frozenset({"A1", "B3", "C8", "D14", "E1", "E2", "1a", "2b", "3a", "4a", "5d"})
HOUR = timedelta(hours=1)


def meeting(day="2026-11-20", hour=10, minutes=60, *, at_the_end=False):
    start = datetime.fromisoformat(f"{day} {hour:02}:00").replace(tzinfo=UTC)
    return Meeting(start, timedelta(minutes=minutes), at_the_end)


TWO = (meeting(), meeting("2027-01-20"))


def codes(**known):
    return [finding.code for finding in check.findings(Facts(**known))]


def test_thought_through_design_has_nothing_to_think_about():
    assert codes(ticked=GOOD, meetings=TWO) == []


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"has_impact": False}, "impact"),
        ({"meetings": (meeting(minutes=120),)}, "one-off"),
        ({"ticked": GOOD - {"A1"}}, "group-A"),
        ({"ticked": GOOD - {"B3"}}, "group-B"),
        ({"ticked": GOOD - {"C8"}}, "group-C"),
        ({"ticked": GOOD - {"D14"}}, "group-D"),
        ({"ticked": GOOD - {"4a"}}, "standard"),
        ({"ticked": GOOD - {"E2"}}, "expert"),
        ({"ticked": GOOD - {"E1", "3a"} | {"3c"}}, "alone"),
        ({"focus": frozenset({"technical"})}, "technical"),
        ({"is_led_from_outside": True}, "outside"),
        ({"is_led_from_outside": True, "helpers": ("Ann Lee",)}, "colleague-first"),
        ({"people": 40, "level": "baseline"}, "one-level"),
        ({"people": 40}, "level-unsaid"),
        ({"is_compulsory": True}, "compulsory"),
        ({"meetings": (meeting(hour=16, at_the_end=True), *TWO)}, "tired"),
        ({"meetings": (meeting(minutes=30), meeting("2027-01-20", minutes=45))}, "short"),
        ({"meetings": tuple(meeting(f"2026-11-{day:02}") for day in (2, 9, 16, 23))}, "bunched"),
        ({"doubles": ("Phonics",)}, "double"),
        ({"risks": (("Too much else", "Say what stops."),)}, "risk"),
    ],
)
def test_each_thing_to_think_about(known, code):
    assert codes(**known) == [code]


@pytest.mark.parametrize(
    "known",
    [
        {"meetings": (meeting(minutes=120),), "one_session_because": "They asked for a taster"},
        {"meetings": (meeting(minutes=120),), "ticked": GOOD},
        {"focus": frozenset({"technical", "pedagogy"})},
        {"is_led_from_outside": True, "has_lead": True},
        {"is_led_from_outside": True, "helpers": ("Ann Lee",), "outside_because": "She is away"},
        {"people": 40, "level": "mixed"},
        {"people": 19, "level": "baseline"},
        {"is_compulsory": True, "style": "together"},
        {"meetings": (meeting(hour=14, at_the_end=True), *TWO)},
        {"meetings": tuple(meeting(f"2026-{month:02}-02") for month in (9, 10, 11, 12))},
        {"is_direct": False, "meetings": (meeting(minutes=30),), "is_compulsory": True},
    ],
)
def test_what_is_meant_so_is_not_asked_about(known):
    assert codes(**known) == []


def test_balance_names_what_is_missing_in_words():
    some = check.balance(Facts(ticked=frozenset({"A1", "A2", "E1", "1a"})))

    assert str(some) == "2 mechanisms, from 1 of the four groups."
    assert some.missing == ("B", "C", "D")
    assert "balanced design" in str(check.balance(Facts(ticked=GOOD)))
    assert str(check.balance(Facts())) == "No mechanism is ticked yet."


@pytest.fixture
def activity(school, cpd_leader):
    return ActivityFactory(school=school, owner=cpd_leader, title="Talk", state="planned")


def item_of(code):
    return facts.items().get(code=code)


def known_of(activity, **design):
    with school_scope(activity.school):
        return facts.of(activity, ticked=[], design=Design(**design))


def test_facts_are_those_of_the_activity(school, activity):
    HalfTermFactory(school=school, ends_on="2026-12-18")
    ParticipationFactory.create_batch(3, school=school, activity=activity)
    start = datetime(2026, 12, 15, 16, tzinfo=UTC)
    SessionFactory(school=school, activity=activity, starts_at=start, ends_at=start + HOUR)
    SessionFactory(school=school, activity=activity, cancelled_at=start)

    known = known_of(activity)

    assert (known.people, known.meetings) == (3, (Meeting(start, HOUR, is_at_the_end=True),))


def test_colleagues_who_offer_it_come_before_somebody_from_outside(school, activity):
    topic = TopicFactory(school=school)
    need = NeedFactory(school=school, topic=topic)
    ActivityNeedFactory(school=school, activity=activity, need=need)
    offer = ExpertiseFactory(school=school, topic=topic)
    ExpertiseFactory(school=school, topic=topic, audience="me")
    activity.led_by = "A firm"

    assert known_of(activity).helpers == (offer.staff.name,)


def test_another_activity_on_the_same_topic_is_named(school, activity):
    topic = TopicFactory(school=school)
    other = ActivityFactory(school=school, title="Talk already", state="under_way")
    over = ActivityFactory(school=school, title="Long ago", state="finished", was_logged=True)
    for one in (activity, other, over):
        need = NeedFactory(school=school, topic=topic)
        ActivityNeedFactory(school=school, activity=one, need=need)

    assert known_of(activity).doubles == ("Talk already",)


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


def ticked_of(school):
    with school_scope(school):
        return set(DesignFeature.objects.values_list("item__code", flat=True))


def test_ticks_and_words_are_kept_and_said_on_the_page(desk, school, activity):
    path = url(school, "activities:design", activity.pk)
    with school_scope(school):
        pks = [item_of(code).pk for code in ("A1", "C8")]

    desk.post(path, {"do": "save", "features": pks, "level": "mixed", "focus": ["subject"]})
    desk.post(path, {"do": "save", "features": pks[:1], "level": "mixed"})

    assert ticked_of(school) == {"A1"}
    assert activity_design(school).focus == []
    page = desk.get(url(school, "activities:activity", activity.pk))
    assertContains(page, "1 mechanism, from 1 of the four groups.")


def activity_design(school):
    with school_scope(school):
        return Design.objects.get()


def test_checking_keeps_nothing_and_loses_nothing(desk, school, activity):
    path = url(school, "activities:design", activity.pk)
    with school_scope(school):
        pk = item_of("A1").pk

    page = desk.post(path, {"do": "check", "features": [pk], "one_session_because": "A taster"})

    assert ticked_of(school) == set()
    assertContains(page, "1 mechanism, from 1 of the four groups.")
    assertContains(page, "Nothing here keeps it going in the classroom.")
    assertContains(page, "A taster")
    assertNotContains(page, "People may copy without knowing why.")


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_number_of_questions(
    desk, school, activity, number, django_assert_num_queries
):
    path = url(school, "activities:design", activity.pk)
    with school_scope(school):
        for item in facts.items()[:number]:
            DesignFeature.objects.create(school=school, activity=activity, item=item)
    for _ in range(number):
        SessionFactory(school=school, activity=activity)
        ActivityFactory(school=school, type=activity.type, state="finished", was_logged=True)
    desk.get(path)

    with django_assert_num_queries(23):
        desk.get(path)


def test_too_long_a_reason_is_refused_beside_its_field(desk, school, activity):
    path = url(school, "activities:design", activity.pk)

    page = desk.post(path, {"do": "save", "one_session_because": "x" * 301, "features": ["no"]})

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"one_session_because", "features"}


def test_what_is_over_has_no_design_to_change(desk, school, activity):
    with school_scope(school):
        activity.cancel("No hall")

    page = desk.get(url(school, "activities:design", activity.pk), follow=True)

    assertContains(page, "It is over")


def test_plan_page_is_checked_while_it_is_typed(desk, school, plan_data):
    plan_data |= {"do": "check", "led_by": "A firm", "lead": "", "pupils_will": ""}

    page = desk.post(url(school, "activities:plan"), plan_data)

    assertContains(page, "It is one session with nothing to follow it")
    assertContains(page, "It is led from outside alone")
    assertContains(page, "Nobody has said what it should change for pupils.")
    assertContains(page, "Talk for reasoning")
    assert not page.context["form"].errors
