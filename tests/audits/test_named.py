"""Answers by name: of named audits that have closed, for those who run audits, and logged."""

import pytest

from audits import answering, rounds
from audits.answers import Given
from audits.models import Question
from cpdhub import clock
from cpdhub.models import LogEntry
from cpdhub.walls import school_scope
from tests.audits.closing import closed, questionnaire
from tests.audits.pages import invitation
from tests.factories import RoundFactory, StaffFactory
from tests.helpers import url


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


def there(round_):
    return url(round_.school, "needs:answers_by_name", round_.pk)


def named(school, people, **how):
    return closed(school, people, mode="named", **how)


def names(page):
    return [str(invited.staff) for invited, _ in page.context["rows"]]


def test_everybody_who_sent_in_time_with_their_words(desk, school, teacher, head):
    made = named(school, [teacher, head], given=lambda person, _: {"value": 1 + (person == head)})

    page = desk.get(there(made))

    assert names(page) == [str(head), str(teacher)]
    assert [words for _, ((_, words, _),) in page.context["rows"]] == ["A little", "Not yet"]
    assert there(made) in desk.get(url(school, "needs:round", made.pk)).text


def test_whose_answers_were_opened_is_in_the_log(desk, school, teacher, cpd_leader):
    made = named(school, [teacher, cpd_leader])

    desk.get(there(made))

    with school_scope(school):
        (entry,) = LogEntry.objects.filter(kind="opened")
    assert (entry.by_id, entry.what, entry.object_id, entry.note) == (
        cpd_leader.pk, "answers", str(teacher.pk), "How are we"
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
def test_other_audits_have_no_such_page(desk, school, people, mode):
    made = closed(school, people, mode=mode)

    assert desk.get(there(made)).status_code == 404
    assert "by name" not in desk.get(url(school, "needs:round", made.pk)).text
    with school_scope(school):
        assert not LogEntry.objects.filter(kind="opened").exists()


def test_nothing_before_it_has_closed(desk, school, teacher):
    made = RoundFactory(
        school=school, instrument=questionnaire(school), mode="named", asks=[teacher], open=True
    )

    assert desk.get(there(made)).url == url(school, "needs:round", made.pk)


def test_late_answers_stay_with_their_author(desk, school, teacher, head):
    made = RoundFactory(
        school=school, instrument=questionnaire(school), mode="named", asks=[teacher, head],
        open=True,
    )  # fmt: skip
    with school_scope(school):
        rounds.close(made, now=clock.now())
        asked = list(Question.objects.filter(section__instrument=made.instrument_id))
        response = answering.begin_response(invitation(made, teacher))
        answering.keep_draft(response, {asked[0].pk: Given(value=1)}, questions=asked)
        answering.send_response(response, questions=asked)

    assert names(desk.get(there(made))) == []


def test_filtered_by_person_team_group_and_question(desk, school, people):
    made = named(school, people[9:13], instrument=questionnaire(school, statements=2))
    one = people[11]
    with school_scope(school):
        question = Question.objects.filter(section__instrument=made.instrument_id).last()

    assert names(desk.get(there(made), {"person": one.pk})) == [str(one)]
    assert len(names(desk.get(there(made), {"group": "assistant"}))) == 2
    assert len(names(desk.get(there(made), {"team": one.team_id, "group": "teacher"}))) == 2
    assert names(desk.get(there(made), {"team": one.team_id, "group": "assistant"})) == []
    only = desk.get(there(made), {"question": question.pk, "person": one.pk})
    assert [str(q) for q, *_ in only.context["rows"][0][1]] == ["I can do 1"]
    assert len(names(desk.get(there(made), {"person": "x", "team": "-1", "group": "y"}))) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_people(
    desk, school, people, count, django_assert_num_queries
):  # fmt: skip
    made = named(school, people[:count])

    with django_assert_num_queries(22):
        desk.get(there(made))


def test_many_people_come_ten_a_page(desk, school, people):
    made = named(school, people)

    assert len(names(desk.get(there(made), {"page": 3}))) == 2


def test_team_leaders_and_other_schools_see_nothing(sign_in, school, teacher, outsider):
    made = named(school, [teacher])
    leader = StaffFactory(school=school, roles=["team_leader"])

    assert sign_in(leader).get(there(made)).status_code == 403
    assert sign_in(outsider).get(there(made)).status_code == 404
