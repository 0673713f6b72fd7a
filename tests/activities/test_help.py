"""An ask for help: answered, made into an activity for two, ended, thanked for."""

from datetime import timedelta

import pytest

from activities.helping import needs_of, priorities_of
from activities.models import Activity
from audits.models import HelpRequest
from cpdhub import clock
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from tests.factories import HelpRequestFactory, NeedFactory, NeedSourceFactory, StaffFactory
from tests.helpers import url


@pytest.fixture
def helper(school):
    return StaffFactory(school=school, first_name="Dawn", last_name="Hughes", group="assistant")


@pytest.fixture
def ask(school, teacher, helper):
    return HelpRequestFactory(
        school=school, asker=teacher, helper=helper, topic__title="French for beginners",
        message="A word between us", pupils="Year 4 sing in French",
    )  # fmt: skip


@pytest.fixture
def when():
    day = (clock.today() + timedelta(days=7)).isoformat()
    return {"answer": "Gladly", "day": day, "starts": "15:30", "ends": "16:15", "place": "Hall"}


@pytest.fixture
def post(sign_in, school, ask):
    def post(person, view, data=None, *arguments):
        path = url(school, f"activities:{view}", ask.pk, *arguments)
        return sign_in(person).post(path, data or {}, follow=True)

    return post


def state(ask):
    with school_scope(ask.school):
        return HelpRequest.objects.get(pk=ask.pk).state


def test_only_the_two_open_it(sign_in, school, teacher, helper, head, ask):
    path = url(school, "activities:help", ask.pk)

    assert "A word between us" in sign_in(teacher).get(path).text
    assert "A word between us" in sign_in(helper).get(path).text
    assert sign_in(head).get(path).status_code == 404


def test_yes_with_a_day_makes_a_planned_activity_for_the_two(
    post, teacher, helper, ask, when, only_activity
):
    post(helper, "help_accept", when)

    activity = only_activity()
    with school_scope(ask.school):
        people = set(activity.participations.values_list("staff", flat=True))
        session = activity.sessions.get()
        type_code = activity.type.code
        look_again = activity.intended_impact.look_again_on
    assert str(activity) == "French for beginners, with Dawn Hughes"
    assert (activity.lead, activity.owner, people) == (helper, teacher, {teacher.pk, helper.pk})
    assert (activity.state, type_code, session.place) == ("planned", "coaching", "Hall")
    assert activity.intended_impact.pupils_will == "Year 4 sing in French"
    assert look_again == session.starts_at.date() + timedelta(weeks=6)
    assert state(ask) == "accepted"


def test_message_stays_between_the_two(post, sign_in, school, helper, head, when, only_activity):
    post(helper, "help_accept", when)

    page = sign_in(head).get(url(school, "activities:activity", only_activity().pk))
    assert "French for beginners" in page.text
    assert "A word between us" not in page.text


def test_without_what_pupils_gain_it_is_a_draft_the_two_go_on_with(
    post, sign_in, school, teacher, helper, ask, only_activity
):
    with school_scope(school):
        HelpRequest.objects.update(pupils="")

    post(helper, "help_accept")

    activity = only_activity()
    assert activity.is_draft
    for person in (teacher, helper):
        page = sign_in(person).get(url(school, "activities:impact", activity.pk))
        assert page.status_code == 200
    assert page.context["form"].initial["staff_will"] == "Use what we tried: French for beginners"


def test_six_weeks_in_one_step(post, helper, when, only_activity, school):
    post(helper, "help_accept", when | {"repeat-weeks": "1", "repeat-times": "5"})

    with school_scope(school):
        assert only_activity().sessions.count() == 6


def test_question_answered_with_a_word_needs_no_activity(post, school, helper, ask):
    with school_scope(school):
        HelpRequest.objects.update(way="question")

    post(helper, "help_accept", {"answer": "Shift and F3"})

    assert state(ask) == "accepted"
    with school_scope(school):
        assert not Activity.objects.exists()


def test_shared_need_is_answered_with_its_priority_and_a_private_one_is_not(
    post, school, teacher, helper, ask, when, priority, only_activity
):
    need = NeedFactory(school=school, staff=teacher, title="Teach French", is_shared=True)
    NeedSourceFactory(school=school, need=need, kind="priority", priority=priority)
    private = NeedFactory(school=school, staff=teacher, title="My secret", is_shared=False)
    second = HelpRequestFactory(school=school, asker=teacher, helper=helper, need=private)
    with school_scope(school):
        HelpRequest.objects.filter(pk=ask.pk).update(need=need)

    post(helper, "help_accept", when)

    activity = only_activity()
    with school_scope(school):
        assert list(activity.priorities.all()) == [priority]
        assert list(activity.needs.all()) == [need]
        assert priorities_of(second) == needs_of(second) == []


def test_words_of_a_need_shared_with_those_who_plan_are_not_told_to_everybody(
    post, sign_in, school, teacher, helper, ask, when, only_activity
):
    need = NeedFactory(school=school, staff=teacher, title="Cope with Year 9", is_shared=True)
    with school_scope(school):
        HelpRequest.objects.filter(pk=ask.pk).update(need=need)

    post(helper, "help_accept", when)

    colleague = sign_in(StaffFactory(school=school))
    page = colleague.get(url(school, "activities:activity", only_activity().pk))
    assert page.status_code == 200
    assert "Cope with Year 9" not in page.text
    assert "Use what we tried: French for beginners" in page.text


def test_half_a_day_and_time_is_asked_for_and_nothing_is_lost(post, helper, ask, when):
    page = post(helper, "help_accept", {"answer": "Gladly", "day": when["day"]})

    assert "From when?" in page.text
    assert "Gladly" in page.text
    assert state(ask) == "asked"


def test_not_now_with_a_word(post, teacher, helper, ask):
    post(helper, "help_decline", {"answer": "After Easter"})
    seen = post(teacher, "help_move", {}, "take-back")

    assert state(ask) == "declined"
    assert "After Easter" in seen.text
    assert "See who else can help" in seen.text


def test_home_tells_the_asker_of_the_answer_until_they_look(
    post, sign_in, school, teacher, helper, ask
):
    post(helper, "help_decline")
    home, page = url(school, "home"), url(school, "activities:help", ask.pk)

    before = sign_in(teacher).get(home).text
    sign_in(helper).get(page)
    sign_in(teacher).get(page)

    assert "Dawn has answered you" in before
    assert "has answered you" not in sign_in(teacher).get(home).text


def test_answer_is_told_of_however_many_ask_oneself(post, sign_in, school, teacher, helper, ask):
    post(helper, "help_decline")
    HelpRequestFactory.create_batch(
        3, school=school, helper=teacher, asked_on=clock.today() - timedelta(days=3)
    )

    assert "Dawn has answered you" in sign_in(teacher).get(url(school, "home")).text


def test_asker_takes_it_back_before_it_is_answered(post, teacher, helper, ask):
    post(teacher, "help_move", {}, "take-back")
    late = post(helper, "help_accept")

    assert state(ask) == "taken_back"
    assert "already" in late.text


def test_each_does_only_what_is_theirs(post, teacher, helper):
    assert post(teacher, "help_accept").status_code == 404
    assert post(teacher, "help_decline").status_code == 404
    assert post(helper, "help_move", {}, "take-back").status_code == 404
    assert post(helper, "help_thank").status_code == 404


def test_thanks_end_it_and_are_given_once(post, sign_in, school, teacher, helper, ask):
    post(helper, "help_accept", {"answer": ""})

    empty = post(teacher, "help_thank", {"thanks": ""})
    post(teacher, "help_thank", {"thanks": "Merci", "can_do_it": "on"})
    twice = post(teacher, "help_thank", {"thanks": "Again"})

    assert "required" in empty.text
    assert "There is nothing to say thanks for" in twice.text
    assert state(ask) == "done"
    assert "Merci" in sign_in(helper).get(url(school, "needs:offers")).text


def test_finished_activity_ends_the_ask_and_a_cancelled_one_too(
    post, school, helper, ask, when, only_activity
):
    post(helper, "help_accept", when)
    with school_scope(school):
        only_activity().cancel("Ill")

    assert state(ask) == "taken_back"

    with school_scope(school):
        activity = only_activity()
        activity.sessions.update(register_taken_at=clock.now())
        activity.reopen()
        activity.finish()
    assert state(ask) == "done"


def test_help_between_two_is_no_one_off_to_follow_up(
    post, sign_in, school, helper, ask, when, only_activity
):
    post(helper, "help_accept", when)
    with school_scope(school):
        activity = only_activity()
        activity.sessions.update(
            starts_at=clock.now() - timedelta(hours=2), ends_at=clock.now() - timedelta(hours=1),
            register_taken_at=clock.now(),
        )  # fmt: skip
        activity.finish()

        assert not Activity.objects.one_offs().exists()
        assert state(ask) == "done"
        assert activity.missing_links(list(activity.sessions.all()), now=clock.now()) == []


def test_answered_ask_is_not_answered_again(school, ask):
    with school_scope(school):
        same = HelpRequest.objects.get(pk=ask.pk)
        ask.decline("", today=clock.today())

        with pytest.raises(NotPossible, match="not now"):
            same.accept("", today=clock.today())
