"""Who coaches whom: pairs, gaps, load, training and who would like to; never what they say."""

from datetime import timedelta

import pytest

from activities import coaching
from activities.entitled import add_months
from cpdhub import clock
from cpdhub.models import LogEntry
from cpdhub.walls import school_scope
from cpdhub.years import add_year, first_year_of
from tests.factories import (
    ActivityFactory,
    ActivityStepFactory,
    AttendanceFactory,
    EarlyCareerFactory,
    EntitlementFactory,
    ExpertiseFactory,
    ParticipationFactory,
    ReceivedFactory,
    SchoolFactory,
    SessionFactory,
    SessionRecordFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
    at_four,
)
from tests.helpers import url

SECRET = "I lost my temper with 4P"


@pytest.fixture
def page(school):
    return url(school, "activities:coaching")


def pair(school, coach, coached, roles=("coach", "coachee"), **fields):
    usual = {"state": "planned", "is_private": True, "owner": coach}
    activity = ActivityFactory(school=school, **usual | fields)
    ParticipationFactory(school=school, activity=activity, staff=coach, role=roles[0])
    ParticipationFactory(school=school, activity=activity, staff=coached, role=roles[1])
    return activity


def lines_of(school, by):
    with school_scope(school):
        return {line.person.pk: line for line in coaching.lines(by, today=clock.today())}


def coaches(line):
    return [(link.other, link.as_what) for link in line.coaches]


@pytest.fixture
def coach(school):
    return StaffFactory(school=school, first_name="Cora", last_name="Coach")


def test_pairs_gaps_and_load(school, head, teacher, coach):
    others = [StaffFactory(school=school) for _ in range(3)]
    pair(school, coach, teacher)
    for other in others:
        pair(school, coach, other, ("mentor", "mentee"), state="under_way")

    found = lines_of(school, head)

    assert coaches(found[teacher.pk]) == [(coach, "coach")]
    assert coaches(found[others[0].pk]) == [(coach, "mentor")]
    assert found[coach.pk].load == 4
    assert found[coach.pk].has_many
    assert found[coach.pk].coaches == []
    assert found[head.pk].coaches == []


def test_meeting_one_person_twice_is_one_person(school, head, teacher, coach):
    for _ in range(4):
        pair(school, coach, teacher)

    assert lines_of(school, head)[coach.pk].load == 1


def test_of_two_who_coach_each_other_each_has_one(school, head, teacher, coach):
    pair(school, coach, teacher, ("co-coach", "co-coach"))

    found = lines_of(school, head)

    assert coaches(found[teacher.pk]) == [(coach, "co-coach")]
    assert coaches(found[coach.pk]) == [(teacher, "co-coach")]


@pytest.mark.parametrize("state", ["draft", "finished", "closed"])
def test_what_has_not_begun_or_is_over_is_no_pair(school, head, teacher, coach, state):
    pair(school, coach, teacher, state=state)

    assert lines_of(school, head)[teacher.pk].coaches == []


def test_support_for_somebody_is_not_coaching(school, head, teacher, coach):
    pair(school, coach, teacher, ("specialist", "colleague"))

    assert lines_of(school, head)[teacher.pk].coaches == []


def test_mentors_of_early_career_teachers_count(school, head, teacher, coach):
    EarlyCareerFactory(school=school, staff=teacher, mentor=coach)

    found = lines_of(school, head)

    assert coaches(found[teacher.pk]) == [(coach, "early career mentor")]


def test_whoever_has_left_coaches_nobody(school, head, teacher):
    gone = StaffFactory(school=school, ends_on=clock.today() - timedelta(days=1))
    pair(school, gone, teacher)

    found = lines_of(school, head)

    assert found[teacher.pk].coaches == []
    assert gone.pk not in found


def test_coached_by_the_line_manager_is_asked_about(sign_in, school, head, teacher, coach, page):
    with school_scope(school):
        teacher.line_manager = coach
        teacher.save()
    pair(school, coach, teacher)

    assert "also their line manager: do both want it?" in sign_in(head).get(page).text


@pytest.mark.parametrize(
    ("every", "months", "current"),
    [(24, 1, True), (24, 24, True), (24, 25, False), (12, 13, False)],
)
def test_training_written_down_is_current_as_long_as_the_school_says(
    school, head, coach, at, every, months, current
):
    at("2027-03-15 09:00")
    steps = [{"due": "every", "number": every}]
    training = EntitlementFactory(school=school, code=coaching.TRAINING, steps=steps, in_use=True)
    with school_scope(school):
        step = training.steps.get()
    on = add_months(clock.today(), -months)
    ReceivedFactory(school=school, staff=coach, step=step, on=on)

    line = lines_of(school, head)[coach.pk]

    assert line.trained_on == on
    assert line.is_current == current


def test_whoever_was_there_is_trained_once_it_is_over(school, head, coach):
    training = EntitlementFactory(school=school, code=coaching.TRAINING, steps=[{}], in_use=True)
    with school_scope(school):
        step = training.steps.get()
    for state, weeks in (("finished", 9), ("under_way", 1)):
        activity = ActivityFactory(school=school, state=state)
        ActivityStepFactory(school=school, activity=activity, step=step)
        day = clock.today() - timedelta(weeks=weeks)
        session = SessionFactory(school=school, activity=activity, starts_at=at_four(day))
        AttendanceFactory(school=school, session=session, staff=coach, was_present=True)

    assert lines_of(school, head)[coach.pk].trained_on == clock.today() - timedelta(weeks=9)


def test_wishes_are_offers_that_colleagues_see(school, head, teacher, coach):
    topic = TopicFactory(school=school, title=coaching.WISH)
    for person, audience in ((teacher, "colleagues"), (coach, "me"), (head, "me")):
        ExpertiseFactory(school=school, staff=person, topic=topic, audience=audience)

    found = lines_of(school, head)

    assert [line.person for line in found.values() if line.wishes] == [teacher]


def test_growth_is_who_met_in_each_term(school, head, teacher, coach):
    today = clock.today()
    with school_scope(school):
        add_year(school, first_year_of(today) - 1)
        add_year(school, first_year_of(today))
    old = pair(school, coach, teacher, state="closed")
    SessionFactory(school=school, activity=old, starts_at=at_four(today - timedelta(days=300)))
    for one in (teacher, coach):
        new = pair(school, one, StaffFactory(school=school))
        SessionFactory(school=school, activity=new, starts_at=at_four(today))
    off = pair(school, head, teacher)
    SessionFactory(school=school, activity=off, starts_at=at_four(today))

    with school_scope(school):
        off.cancel("Illness")
        terms = coaching.growth(head, today=today)

    counts = [count for _, count in terms]
    assert counts[-1] == 2
    assert sum(counts) == 3


def test_page_shows_the_pair_and_nothing_it_wrote(sign_in, school, head, teacher, coach, page):
    activity = pair(school, coach, teacher)
    session = SessionFactory(school=school, activity=activity)
    answers = [{"prompt": "What?", "text": SECRET}]
    SessionRecordFactory(school=school, session=session, author=teacher, answers=answers)

    shown = sign_in(head).get(page)
    file = sign_in(head).get(page, {"format": "csv"})

    assert "Cora Coach" in shown.text
    assert SECRET not in shown.text
    assert SECRET not in file.text


def test_filters(sign_in, school, head, teacher, coach, page):
    team = TeamFactory(school=school)
    helper = StaffFactory(school=school, group="assistant", team=team)
    pair(school, coach, teacher)
    client = sign_in(head)

    def names(**asked):
        return {line.person for line in client.get(page, asked).context["lines"]}

    assert names() == {head, teacher, coach, helper}
    assert names(show="without") == {head, coach, helper}
    assert names(show="coaches") == names(show="untrained") == {coach}
    assert names(show="many") == names(show="wish") == set()
    assert names(group="assistant") == names(team=team.pk) == {helper}
    assert names(show="nonsense") == {head, teacher, coach, helper}
    assert "Nobody fits" in client.get(page, {"show": "many"}).text


def test_file_has_the_rows_that_are_shown(sign_in, school, head, teacher, coach, page):
    pair(school, coach, teacher)

    file = sign_in(head).get(page, {"format": "csv", "show": "coaches"})

    assert len(file.text.strip().splitlines()) == 2
    assert "Cora Coach" in file.text
    with school_scope(school):
        assert LogEntry.objects.filter(what="who coaches whom", kind="exported").count() == 1


def test_nothing_of_another_school(school, head):
    other = SchoolFactory()
    pair(other, StaffFactory(school=other), StaffFactory(school=other))

    assert list(lines_of(school, head)) == [head.pk]


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_one_pair_and_three(
    sign_in, school, head, page, django_assert_num_queries, number
):
    with school_scope(school):
        add_year(school, first_year_of(clock.today()))
    for _ in range(number):
        team = TeamFactory(school=school)
        coach = StaffFactory(school=school, team=team)
        activity = pair(school, coach, StaffFactory(school=school, team=team))
        SessionFactory(school=school, activity=activity, starts_at=at_four(clock.today()))
        EarlyCareerFactory(school=school, staff=StaffFactory(school=school), mentor=coach)
    client = sign_in(head)

    with django_assert_num_queries(21):
        client.get(page)
