"""Notes of a session: who writes, who reads, and that of a private pair nobody else ever does."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from activities import records
from activities.clashes import clashes_of
from activities.models import RecordReader, SessionRecord
from activities.models.pairs import coached_by, coaches_of
from activities.school_time import busy_between
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation.actions import save_reflection
from evaluation.models import Reflection, Sharing
from tests.factories import (
    ActivityFactory,
    IdeaFactory,
    ParticipationFactory,
    RecordReaderFactory,
    ReflectionFactory,
    SessionFactory,
    SessionRecordFactory,
    StaffFactory,
)
from tests.helpers import url

SECRET = "I lost my temper with 4P"


@pytest.fixture
def coach(school):
    return StaffFactory(school=school, first_name="Cora", last_name="Coach")


@pytest.fixture
def pair(school, teacher, coach):
    """A private activity of two, going on."""
    activity = ActivityFactory(school=school, state="planned", is_private=True)
    ParticipationFactory(school=school, activity=activity, staff=coach, role="coach")
    ParticipationFactory(school=school, activity=activity, staff=teacher, role="coachee")
    return activity


@pytest.fixture
def visit(school, pair):
    return SessionFactory(school=school, activity=pair, prompts=["What did you see?", "Next step?"])


@pytest.fixture
def page(school, visit):
    return url(school, "activities:record", visit.pk)


def write(client, page, *texts):
    """As the page sends it, with the readers and the revision it shows."""
    form = client.get(page).context["form"]
    hidden = {name: form.initial[name] for name in ("revision", "readers")}
    data = hidden | {f"answer-{number}": text for number, text in enumerate(texts)}
    return client.post(page, data)


def test_both_of_a_pair_read_what_each_wrote(sign_in, teacher, coach, page):
    write(sign_in(teacher), page, SECRET)

    shown = sign_in(coach).get(page)

    assert SECRET in shown.text
    assert "Only you and Tom Teacher read this" in shown.text


@pytest.mark.parametrize(
    "roles", [[Role.HEAD], [Role.CPD_LEADER], [Role.DATA_MANAGER], [Role.TEAM_LEADER], []]
)
def test_nobody_else_reads_them(sign_in, school, teacher, pair, page, roles):
    other = StaffFactory(school=school, roles=roles)
    write(sign_in(teacher), page, SECRET)

    client = sign_in(other)

    assert client.get(page).status_code == 404
    assert client.post(page, {"answer-0": "Me too"}).status_code == 404
    with school_scope(school):
        assert not SessionRecord.objects.visible_to(other).exists()
    for view in ("list", "calendar"):
        assert SECRET not in client.get(url(school, f"activities:{view}")).text
    activity = client.get(url(school, "activities:activity", pair.pk)).text
    assert SECRET not in activity
    assert page not in activity
    search = client.get(url(school, "activities:list") + "?term=all&q=temper")
    assert SECRET not in search.text
    assert SECRET not in client.get(url(school, "activities:list") + "?format=csv&term=all").text


def test_head_who_joins_the_pair_reads_nothing_older(sign_in, school, head, teacher, pair, page):
    write(sign_in(teacher), page, SECRET)
    ParticipationFactory(school=school, activity=pair, staff=head, role="coach")

    shown = sign_in(head).get(page)

    assert shown.status_code == 200
    assert SECRET not in shown.text


def test_whoever_joined_while_the_page_was_open_is_no_reader(
    sign_in, school, head, teacher, coach, pair, page
):
    client = sign_in(teacher)
    form = client.get(page).context["form"]
    ParticipationFactory(school=school, activity=pair, staff=head)

    client.post(page, {"readers": form.initial["readers"], "revision": "", "answer-0": SECRET})

    with school_scope(school):
        assert [row.staff for row in RecordReader.objects.all()] == [coach]


def test_readers_made_up_are_none(sign_in, school, head, teacher, page):
    sign_in(teacher).post(page, {"readers": f"{head.pk},x,999999999999", "answer-0": SECRET})

    with school_scope(school):
        assert not RecordReader.objects.exists()


def test_whoever_left_the_pair_reads_no_more(school, coach, pair, visit, teacher, inside):
    record = SessionRecordFactory(school=school, session=visit, author=teacher)
    RecordReaderFactory(school=school, record=record, staff=coach)
    assert SessionRecord.objects.visible_to(coach).exists()

    pair.participations.filter(staff=coach).delete()

    assert not SessionRecord.objects.visible_to(coach).exists()
    assert SessionRecord.objects.visible_to(teacher).exists()


def test_whoever_left_the_pair_still_reads_their_own(
    sign_in, school, teacher, coach, pair, visit, page
):
    write(sign_in(teacher), page, SECRET)
    write(sign_in(coach), page, "He shouted")
    with school_scope(school):
        pair.participations.filter(staff=teacher).delete()

    client = sign_in(teacher)
    shown = client.get(page)

    assert SECRET in shown.text
    assert "He shouted" not in shown.text
    assert url(school, "activities:activity", pair.pk) not in shown.text
    assert SECRET in client.post(page, {"answer-0": "More"}).text
    with school_scope(school):
        SessionRecord.objects.filter(author=teacher).delete()
    assert client.get(page).status_code == 404


def test_private_never_becomes_open(inside, school, visit, teacher):
    record = SessionRecordFactory(school=school, session=visit, author=teacher)

    with pytest.raises(DatabaseError), transaction.atomic():
        SessionRecord.objects.filter(pk=record.pk).update(is_private=False)


def test_notes_keep_no_history():
    assert not hasattr(SessionRecord, "pgh_event_model")


def test_notes_of_an_open_activity_are_read_by_those_in_it_and_leaders(
    sign_in, school, teacher, cpd_leader, coach, inside
):
    activity = ActivityFactory(school=school, state="planned")
    ParticipationFactory(school=school, activity=activity, staff=teacher)
    session = SessionFactory(school=school, activity=activity, prompts=["What?"])
    address = url(school, "activities:record", session.pk)

    write(sign_in(teacher), address, "Pupils talked")

    assert "Everybody who takes part reads this" in sign_in(teacher).get(address).text
    assert "Pupils talked" in sign_in(cpd_leader).get(address).text
    assert sign_in(coach).get(address).status_code == 404


def test_empty_boxes_take_it_back(sign_in, school, teacher, page):
    client = sign_in(teacher)
    write(client, page, SECRET)

    write(client, page, "", "")

    with school_scope(school):
        assert not SessionRecord.objects.exists()


def test_saved_in_another_window_is_compared_and_nothing_is_lost(sign_in, teacher, school, page):
    client = sign_in(teacher)
    write(client, page, "First")
    stale = {"readers": "", "revision": "", "answer-0": "Second"}

    told = client.post(page, stale)

    assert "You saved this in another window" in told.text
    assert "First" in told.text
    assert "Second" in told.text
    client.post(page, stale | {"revision": "1"})
    with school_scope(school):
        assert SessionRecord.objects.get().answers[0]["text"] == "Second"


def test_sent_twice_it_is_there_once(sign_in, teacher, school, page):
    client = sign_in(teacher)
    data = {"readers": "", "revision": "", "answer-0": "Once"}

    for _ in range(2):
        client.post(page, data)

    with school_scope(school):
        assert SessionRecord.objects.count() == 1


def test_too_long_is_said_and_kept(sign_in, teacher, page):
    told = sign_in(teacher).post(page, {"answer-0": "x" * 5001})

    assert "at most 5000 characters" in told.text
    assert "x" * 5001 in told.text


def test_answer_stays_when_its_question_is_taken_out(sign_in, teacher, school, visit, page):
    client = sign_in(teacher)
    write(client, page, SECRET)
    with school_scope(school):
        visit.describe(name="", planning_minutes=0, prompts=["Another?"])

    shown = client.get(page).context["form"]

    assert shown.prompts == ["Another?", "What did you see?"]


def test_nobody_writes_about_a_draft(inside, school, teacher):
    activity = ActivityFactory(school=school)
    ParticipationFactory(school=school, activity=activity, staff=teacher)
    session = SessionFactory(school=school, activity=activity, prompts=["What?"])

    assert not records.may_write(session, teacher)


def test_page_costs_the_same_for_one_and_three(
    sign_in, school, teacher, visit, page, django_assert_num_queries
):
    client = sign_in(teacher)
    for rows in (1, 3):
        for _ in range(rows):
            record = SessionRecordFactory(school=school, session=visit)
            RecordReaderFactory(school=school, record=record, staff=teacher)
        with django_assert_num_queries(18):
            client.get(page)


# --- my coach -------------------------------------------------------------------------------------


def test_coach_of_a_pair_is_found_from_both_sides(inside, teacher, coach, pair):
    assert list(coaches_of(teacher)) == [coach]
    assert list(coaches_of(coach)) == []
    assert [row.staff for row in coached_by(coach)] == [teacher]
    assert list(coached_by(teacher)) == []


def test_in_co_coaching_each_is_the_others_coach(inside, school, teacher, coach):
    activity = ActivityFactory(school=school, state="planned", is_private=True)
    for person in (teacher, coach):
        ParticipationFactory(school=school, activity=activity, staff=person, role="co-coach")

    assert list(coaches_of(teacher)) == [coach]
    assert list(coaches_of(coach)) == [teacher]


@pytest.mark.parametrize("fields", [{"is_private": False}, {"state": "draft"}, {"state": "closed"}])
def test_only_an_active_private_pair_has_a_coach(inside, school, teacher, coach, fields):
    activity = ActivityFactory(school=school, **({"state": "planned", "is_private": True} | fields))
    ParticipationFactory(school=school, activity=activity, staff=coach, role="coach")
    ParticipationFactory(school=school, activity=activity, staff=teacher, role="coachee")

    assert not coaches_of(teacher).exists()


def test_reflection_is_read_by_the_coach_while_the_pair_exists(inside, teacher, coach, head, pair):
    reflection = ReflectionFactory(school=inside, owner=teacher)
    choices = Sharing.open_to(teacher, today=reflection.written_on)
    sharing = next(one for one in choices if one.audience == Reflection.Audience.COACH)

    save_reflection(reflection, sharing=sharing)

    assert sharing.label == "My coach, Cora Coach, while we work together"
    assert Reflection.objects.visible_to(coach).exists()
    assert not Reflection.objects.visible_to(head).exists()
    assert Sharing.of(reflection, choices) == sharing
    pair.cancel("Cora moves to another school")
    assert not Reflection.objects.visible_to(coach).exists()
    assert reflection.readers_now() == []
    assert "nobody who is still here" in Sharing.of(reflection, []).label


# --- who knows that it takes place ---------------------------------------------------------------
def test_colleagues_do_not_learn_who_is_coached(
    sign_in, school, pair, visit, teacher, coach, head, cpd_leader
):
    colleague = StaffFactory(school=school)
    team_leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    pages = [
        url(school, "activities:list"),
        url(school, "activities:calendar") + f"?month={visit.starts_at:%Y-%m}",
        url(school, "activities:day") + f"?day={visit.starts_at:%Y-%m-%d}",
    ]
    own = url(school, "activities:activity", pair.pk)

    for person in (colleague, team_leader):
        client = sign_in(person)
        assert client.get(own).status_code == 404
        assert all(pair.title not in client.get(page).text for page in pages)
    for person in (teacher, coach, head, cpd_leader):
        assert sign_in(person).get(own).status_code == 200
        assert pair.title in sign_in(person).get(pages[0]).text


def test_whoever_planned_a_private_activity_finds_it(sign_in, school):
    team_leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    activity = ActivityFactory(school=school, owner=team_leader, state="planned", is_private=True)

    page = sign_in(team_leader).get(url(school, "activities:activity", activity.pk))

    assert page.status_code == 200


def test_clash_with_a_private_activity_does_not_name_it(inside, school, pair, visit, coach):
    other = ActivityFactory(school=school, title="Phonics", state="planned")
    SessionFactory(school=school, activity=other, starts_at=visit.starts_at, ends_at=visit.ends_at)
    ParticipationFactory(school=school, activity=other, staff=coach)

    found = [*clashes_of(other, {coach.pk}), *(one.title for one in busy_on(visit))]

    assert any("Cora Coach is already at something of their own then" in one for one in found)
    assert not any(pair.title in one for one in found)


def busy_on(visit):
    day = clock.day_of(visit.starts_at)
    return busy_between(day, day)


def test_no_other_page_tells_of_a_private_activity(
    client, sign_in, school, pair, visit, teacher, coach, cpd_leader
):
    """In school hours, so that both are out: the page of the day names no title to planners."""
    start = visit.starts_at.replace(hour=10)
    with school_scope(school):
        visit.starts_at, visit.ends_at = start, start + timedelta(hours=1)
        visit.save()
    team_leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    design = ActivityFactory(school=school, owner=team_leader, lead=team_leader, type=pair.type)
    planner = sign_in(team_leader)
    told = {
        "the page of a day": planner.get(
            url(school, "activities:day") + f"?day={start:%Y-%m-%d}"
        ).text,
        "the design page": planner.get(url(school, "activities:design", design.pk)).text,
        "the feed of the school": client.get(
            url(school, "activities:school_feed", teacher.feed_token)
        ).text,
        "ideas": sign_in(cpd_leader)
        .get(url(school, "activities:idea_answer", IdeaFactory(school=school).pk))
        .text,
    }

    assert [where for where, text in told.items() if pair.title in text] == []
    assert "Something of their own" in told["the page of a day"]


def test_shared_with_everyone_a_reflection_does_not_name_the_pair(school, pair, teacher):
    reflection = ReflectionFactory(school=school, owner=teacher, activity=pair)

    assert reflection.about == pair.title
    reflection.audience = Reflection.Audience.EVERYONE

    assert pair.title not in reflection.about
