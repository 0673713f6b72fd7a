"""Named and confidential: kept section by section, checked, sent, changed until it closes."""

import pytest

from audits import rounds
from audits.models import Kind, Response
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.audits.pages import asked, invitation, path, told
from tests.factories import InvitationFactory, RoundFactory, StaffFactory
from tests.helpers import url


@pytest.fixture
def desk(sign_in, teacher):
    return sign_in(teacher)


def answer_all(desk, round_):
    desk.post(
        path(round_),
        {
            asked(round_, Kind.CONFIDENCE): 3,
            asked(round_, Kind.IMPORTANCE): 4,
            f"{asked(round_, Kind.IMPORTANCE)}-second": 1,
            asked(round_, Kind.FREQUENCY): 2,
        },
    )
    ranking = asked(round_, Kind.RANKING)
    desk.post(
        path(round_, 2),
        {
            asked(round_, Kind.TEXT): "More time\r\nto try",
            f"{ranking}-1": 3, f"{ranking}-2": 1,
            asked(round_, Kind.RUBRIC): 2,
        },
    )  # fmt: skip


ALL = [
    ("About confidence", 3, None, [], ""),
    ("About frequency", 2, None, [], ""),
    ("About importance", 4, 1, [], ""),
    ("About ranking", None, None, [3, 1], ""),
    ("About rubric", 2, None, [], ""),
    ("About text", None, None, [], "More time\nto try"),
]


def test_who_reads_what_is_said_before_the_first_question(desk, confidential):
    text = desk.get(path(confidential)).text

    assert text.index("Confidential: only you can read your own answers") < text.index("<fieldset")
    assert "Section 1 of 2" in text


def test_every_kind_is_answered_checked_and_sent(desk, confidential, teacher):
    answer_all(desk, confidential)
    assert told(confidential) == []

    page = desk.get(path(confidential, view="answer_check"))
    assert (page.context["answered"], page.context["asked"]) == (6, 8)
    assert "important: very, confident: not yet" in page.text
    assert "Three, then One" in page.text.replace(": so", "")
    response = desk.post(path(confidential, view="answer_send"), follow=True)

    assert "Sent. Thank you!" in response.text
    assert told(confidential) == ALL
    assert invitation(confidential, teacher).spent


def test_next_back_and_stop_lead_where_they_say(desk, confidential):
    for deed, there in (
        ("next", path(confidential, 2)),
        ("back", path(confidential, 1)),
        ("stop", url(confidential.school, "needs:mine")),
    ):
        assert desk.post(path(confidential), {"do": deed}).headers["Location"] == there
    assert desk.post(path(confidential, 2), {}).headers["Location"] == path(
        confidential, view="answer_check"
    )


def test_answers_are_there_again_on_the_next_visit(desk, confidential):
    answer_all(desk, confidential)

    page = desk.get(path(confidential))

    chosen = {
        (choices.name, option.value)
        for one in page.context["asked"]
        for choices in one.groups
        for option, _, is_chosen in choices.options
        if is_chosen
    }
    name = asked(confidential, Kind.IMPORTANCE)
    assert {(name, 4), (f"{name}-second", 1)} <= chosen


def test_answers_are_kept_while_choosing_for_their_author_alone(
    desk, confidential, sign_in, cpd_leader
):
    name = asked(confidential, Kind.CONFIDENCE)

    kept = desk.post(path(confidential, view="answer_draft"), {name: 2, "revision": 1})

    assert "Kept for you at 9:00" in kept.text
    assert told(confidential) == []
    other = sign_in(cpd_leader)
    assert other.get(path(confidential)).status_code == 404
    assert other.post(path(confidential, view="answer_draft"), {name: 4}).status_code == 404
    assert other.get(path(confidential, view="answer_own")).status_code == 404


def test_second_window_is_told_and_nothing_is_lost(desk, confidential):
    name = asked(confidential, Kind.CONFIDENCE)
    desk.post(path(confidential), {name: 2, "revision": 1})

    kept = desk.post(path(confidential, view="answer_draft"), {name: 4, "revision": 1})
    response = desk.post(path(confidential), {name: 4, "revision": 1})

    assert "You saved this elsewhere" in kept.text
    (difference,) = response.context["form"].differences
    assert (difference.theirs, difference.yours) == ("A little", "Very")
    revision = response.context["form"]["revision"].value()
    assert desk.post(path(confidential), {name: 4, "revision": revision}).status_code == 302


def test_same_form_sent_twice_has_one_effect(desk, confidential):
    filled = {asked(confidential, Kind.CONFIDENCE): 2, "revision": 1}

    assert [desk.post(path(confidential), filled).status_code for _ in range(2)] == [302, 302]


def test_same_ranked_twice_is_refused_in_words(desk, confidential):
    name = asked(confidential, Kind.RANKING)

    response = desk.post(path(confidential, 2), {f"{name}-1": 2, f"{name}-2": 2})

    assert "You chose the same twice" in response.text


@pytest.mark.parametrize("odd", ["0", "5", "-1", "x", "99999999999", "1.5"])
def test_answer_that_is_none_is_refused(desk, confidential, odd):
    response = desk.post(path(confidential), {asked(confidential, Kind.CONFIDENCE): odd})

    assert "Choose one of the answers" in response.text


def test_nothing_answered_is_not_sent(desk, confidential, teacher):
    for _ in range(2):
        response = desk.post(path(confidential, view="answer_send"))
        assert "Nothing is answered yet" in response.text
        desk.post(path(confidential), {})

    assert not invitation(confidential, teacher).spent


def test_sent_answers_change_only_when_sent_again(desk, confidential):
    answer_all(desk, confidential)
    desk.post(path(confidential, view="answer_send"))
    name = asked(confidential, Kind.CONFIDENCE)

    desk.post(path(confidential), {name: 1, "revision": 3})
    assert told(confidential) == ALL
    desk.post(path(confidential, view="answer_send"))

    assert told(confidential) == [("About confidence", 1, None, [], ""), *ALL[3:]]


def test_own_answers_are_shown_to_their_author(desk, confidential):
    assert desk.get(path(confidential, view="answer_own")).status_code == 404
    answer_all(desk, confidential)
    desk.post(path(confidential, view="answer_send"))

    page = desk.get(path(confidential, view="answer_own"))

    assert "More time<br>to try" in page.text
    assert "Change them" in page.text


# --- closing while somebody answers --------------------------------------------------------------
def end(round_):
    with school_scope(round_.school):
        rounds.close(round_, now=clock.now())


def test_what_is_sent_after_the_end_is_kept_and_late(desk, confidential, teacher):
    answer_all(desk, confidential)
    end(confidential)

    page = desk.get(path(confidential, view="answer_check"))
    response = desk.post(path(confidential, view="answer_send"), follow=True)

    assert "What you send now is kept for you and counts in no result" in page.text
    assert "after it had closed" in response.text
    assert told(confidential) == ALL
    assert not invitation(confidential, teacher).spent
    with school_scope(confidential.school):
        assert not Response.objects.counted().exists()


def test_what_was_sent_in_time_is_not_changed_after_the_end(desk, confidential):
    answer_all(desk, confidential)
    desk.post(path(confidential, view="answer_send"))
    name = asked(confidential, Kind.CONFIDENCE)
    desk.post(path(confidential, view="answer_draft"), {name: 1, "revision": 3})
    end(confidential)

    there = path(confidential, view="answer_own")
    assert desk.get(path(confidential)).headers["Location"] == there
    assert desk.post(path(confidential), {name: 1}).headers["Location"] == there
    assert desk.post(path(confidential, view="answer_send")).headers["Location"] == there
    assert told(confidential) == ALL


# --- of whom what is asked -----------------------------------------------------------------------
def test_sections_without_a_question_for_somebody_are_left_out(sign_in, school):
    from tests.factories import InstrumentFactory, QuestionFactory, SectionFactory, publish

    made = InstrumentFactory(school=school)
    for place, groups in ((1, ["teacher"]), (2, []), (3, ["assistant"])):
        section = SectionFactory(school=school, instrument=made, position=place)
        QuestionFactory(school=school, section=section, groups=groups, text=f"For {groups}")
    publish(made)
    assistant = StaffFactory(school=school, group="assistant")
    round_ = RoundFactory(school=school, instrument=made, asks=[assistant], open=True)
    desk = sign_in(assistant)

    page = desk.get(path(round_, 2))

    assert "Section 2 of 2" in page.text
    assert "assistant" in page.text
    assert desk.get(path(round_, 3)).status_code == 404
    assert "&#x27;teacher&#x27;" not in desk.get(path(round_, 1)).text


def test_questions_of_another_phase_are_left_out(desk, school, teacher):
    from tests.factories import QuestionFactory, SectionFactory, publish

    section = SectionFactory(school=school)
    QuestionFactory(school=school, section=section, phases=["nursery"], text="For nurseries")
    QuestionFactory(school=school, section=section, text="For all")
    publish(section.instrument)
    round_ = RoundFactory(school=school, instrument=section.instrument, asks=[teacher], open=True)

    text = desk.get(path(round_)).text

    assert "For all" in text
    assert "For nurseries" not in text


# --- who meets what ------------------------------------------------------------------------------
def test_draft_and_foreign_rounds_are_not_found(desk, school, other_school, teacher):
    draft = InvitationFactory(school=school, staff=teacher).round
    foreign = RoundFactory(school=other_school, asks=[StaffFactory(school=other_school)], open=True)

    for round_ in (draft, foreign):
        assert desk.get(url(school, "needs:answer", round_.pk, 1)).status_code == 404
        assert desk.post(url(school, "needs:answer_send", round_.pk)).status_code == 404


def test_person_asked_later_can_answer(sign_in, confidential, school):
    late = StaffFactory(school=school)
    desk = sign_in(late)
    assert desk.get(path(confidential)).status_code == 404

    with school_scope(school):
        rounds.invite(confidential, [late.pk])

    assert desk.get(path(confidential)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_my_page_costs_the_same_for_any_number(
    desk, school, teacher, count, django_assert_num_queries
):
    for _ in range(count):
        RoundFactory(school=school, asks=[teacher], open=True)
        end(RoundFactory(school=school, asks=[teacher], open=True))

    with django_assert_num_queries(16):
        response = desk.get(url(school, "needs:mine"))

    assert len(response.context["waiting"]) == len(response.context["others"]) == count


def test_my_page_without_any_says_what_will_be_there(desk, school):
    assert "One line is enough" in desk.get(url(school, "needs:mine")).text


@pytest.mark.parametrize("count", [1, 3])
def test_section_costs_the_same_for_any_number_of_questions(
    desk, school, teacher, count, django_assert_num_queries
):
    from tests.factories import QuestionFactory, SectionFactory, publish

    section = SectionFactory(school=school)
    QuestionFactory.create_batch(count, school=school, section=section)
    publish(section.instrument)
    round_ = RoundFactory(school=school, instrument=section.instrument, asks=[teacher], open=True)

    there = path(round_)

    with django_assert_num_queries(16):
        response = desk.get(there)

    assert len(response.context["asked"]) == count
