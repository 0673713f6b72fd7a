"""Those who took part are asked at the right moments, seldom, and not when enough is known."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from audits.models import Invitation, Round
from cpdhub import clock, reminders
from cpdhub.models import Reminder
from cpdhub.walls import school_scope
from evaluation import asking
from evaluation.models import ImpactRound, Moment
from evaluation.models.review import moments_of
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    AttendanceFactory,
    HalfTermFactory,
    ImpactReviewFactory,
    ImpactRoundFactory,
    InvitationFactory,
    RoundFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url


def held(school, *, days_ago, people=(), **fields):
    """An activity with one session so many days ago, and these people at it."""
    fields = {"state": "finished", "title": "Vocabulary"} | fields
    activity = ActivityFactory(school=school, **fields)
    start = at_four(clock.today() - timedelta(days=days_ago))
    session = SessionFactory(
        school=school, activity=activity, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    for person in people:
        AttendanceFactory(school=school, session=session, staff=person)
    return activity


def staff(school, number):
    return StaffFactory.create_batch(number, school=school)


def at_most(school, number):
    with school_scope(school):
        school.most_prompts = number
        school.save(update_fields=["most_prompts"])


def sweep(school):
    with school_scope(school):
        asking.sweep(school, clock.now())
        return list(ImpactRound.objects.select_related("round").order_by("moment"))


@pytest.mark.parametrize(
    ("weeks", "days", "moments"),
    [
        ([], 0, {"end": 1, "weeks": 42}),
        ([], 60, {"end": 1, "weeks": 42, "term": 91, "year": 364}),
        ([13, 52], 0, {"end": 1, "term": 91, "year": 364}),
        ([4, 6], 0, {"end": 1, "weeks": 28}),
    ],
)
def test_moments_come_from_the_form_or_from_how_long_it_went_on(school, weeks, days, moments):
    activity = ActivityFactory.build(school=school, evaluate_after=weeks)
    first = date(2026, 2, 2)
    last = first + timedelta(days=days)

    assert moments_of(activity, first, last) == {
        moment: last + timedelta(days=number) for moment, number in moments.items()
    }


@pytest.mark.parametrize(
    ("number", "mode"), [(5, "confidential"), (9, "confidential"), (10, "anonymous")]
)
def test_who_was_there_is_asked_in_the_mode_that_protects_so_many(school, number, mode):
    people = staff(school, number)
    staff(school, 2)
    held(school, days_ago=1, people=people)

    [row] = sweep(school)

    assert (row.moment, row.not_asked_because, row.spared) == ("end", "", 0)
    assert row.round.mode == mode
    assert row.round.is_open
    assert row.round.title == "How was “Vocabulary”?"
    with school_scope(school):
        asked = set(Invitation.objects.filter(round=row.round).values_list("staff", flat=True))
    assert asked == {person.pk for person in people}


def test_asking_twice_asks_once(school):
    held(school, days_ago=1, people=staff(school, 5))
    sweep(school)

    assert len(sweep(school)) == 1
    with school_scope(school):
        assert Round.objects.count() == 1


def test_some_weeks_later_the_lead_is_asked_too(school):
    lead = StaffFactory(school=school)
    held(school, days_ago=43, people=staff(school, 4), lead=lead, evaluate_after=[6])

    [row] = sweep(school)

    assert row.moment == Moment.WEEKS
    with school_scope(school):
        assert row.round.invitations.filter(staff=lead).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"is_private": True}, {"kind": "statutory"}, {"kind": "indirect"}, {"state": "draft"},
        {"is_own_learning": True, "was_logged": True},
    ],
)  # fmt: skip
def test_nobody_is_asked_about_what_is_private_or_no_direct_cpd(school, fields):
    held(school, days_ago=1, people=staff(school, 5), **fields)

    assert sweep(school) == []


def test_what_ended_long_before_is_not_asked_about(school):
    held(school, days_ago=22, people=staff(school, 5))

    assert sweep(school) == []


def test_nobody_is_asked_more_often_than_the_school_says(school):
    at_most(school, 1)
    people = staff(school, 6)
    earlier = RoundFactory(school=school, is_about_activity=True)
    InvitationFactory(school=school, round=earlier, staff=people[0])
    held(school, days_ago=1, people=people)

    [row] = sweep(school)

    assert row.spared == 1
    with school_scope(school):
        assert row.round.invitations.count() == 5


def test_the_more_telling_question_comes_first(school):
    """After a year there is more to say than on the day; who has been asked once is spared then."""
    at_most(school, 1)
    people = staff(school, 5)
    held(school, days_ago=1, people=people)
    held(school, days_ago=364, people=people, evaluate_after=[52], title="Old")

    rows = {row.moment: row for row in sweep(school)}

    assert rows["year"].round is not None
    assert rows["end"].round is None
    assert rows["end"].spared == 5
    assert rows["end"].not_asked_because == "Most had been asked enough in this half-term."


@pytest.mark.parametrize(
    ("decision", "weeks", "because"),
    [
        ("keep", 6, "Enough was known: it had been judged."),
        ("stop", 52, "It was decided to stop it."),
        ("keep", 52, ""),
    ],
)
def test_asking_ends_when_enough_is_known(school, decision, weeks, because):
    activity = held(school, days_ago=weeks * 7, people=staff(school, 5), evaluate_after=[weeks])
    ImpactReviewFactory(
        school=school, activity=activity, closed=True, decision=decision, what_we_change="Enough"
    )

    [row] = sweep(school)

    assert row.not_asked_because == because
    assert (row.round is None) == bool(because)


def test_fewer_than_five_are_not_asked_nor_those_who_left(school):
    gone = StaffFactory(school=school, ends_on=clock.today() - timedelta(days=1))
    held(school, days_ago=1, people=[*staff(school, 4), gone])

    [row] = sweep(school)

    assert row.round is None
    assert row.not_asked_because.startswith("Fewer than five")


def test_nobody_is_asked_on_the_day_itself(school):
    """Before it has begun, and before anybody took a register."""
    held(school, days_ago=0, people=staff(school, 5))

    assert sweep(school) == []


def test_what_falls_into_the_holidays_is_asked_after_them_for_ten_school_days(school, at):
    at("2026-12-18 18:00")
    year = AcademicYearFactory(school=school)
    for name, first, last in (
        ("autumn_2", date(2026, 11, 2), date(2026, 12, 18)),
        ("spring_1", date(2027, 1, 4), date(2027, 2, 12)),
    ):
        HalfTermFactory(school=school, year=year, name=name, starts_on=first, ends_on=last)
    held(school, days_ago=0, people=staff(school, 5))
    at("2026-12-21 08:00")
    assert sweep(school) == []

    at("2027-01-04 08:00")
    [row] = sweep(school)

    assert (row.due_on, row.round.closes_on) == (date(2027, 1, 4), date(2027, 1, 18))


@pytest.mark.parametrize("fields", [{"is_private": True}, {"state": "cancelled"}])
def test_asking_ends_where_the_activity_is_off_or_has_become_private(school, fields):
    activity = held(school, days_ago=1, people=staff(school, 5), state="under_way")
    sweep(school)
    with school_scope(school):
        if "state" in fields:
            activity.cancel("Ill")
        else:
            type(activity).objects.filter(pk=activity.pk).update(**fields)

    sweep(school)

    with school_scope(school):
        assert Round.objects.get().is_closed


def test_asking_ends_where_the_activity_was_taken_back(school):
    activity = held(school, days_ago=1, people=staff(school, 5))
    sweep(school)
    with school_scope(school):
        activity.delete()

    sweep(school)

    with school_scope(school):
        assert Round.objects.get().is_closed


def test_one_letter_a_questionnaire(school):
    """It is a prompt, so it is capped with the others; there is no second one."""
    held(school, days_ago=1, people=staff(school, 5))
    [row] = sweep(school)
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        kinds = Reminder.objects.filter(object_id=row.round_id).values_list("kind", flat=True)
        assert set(kinds) == {"about_activity"}
        assert row.round.reminder_days() == {}
    assert reminders.KINDS["about_activity"].is_prompt


def test_moment_is_asked_or_says_why_not(school):
    with pytest.raises(IntegrityError, match="asked_or_said_why_not"):
        ImpactRoundFactory(school=school, not_asked_because="")


def test_rounds_about_activities_stand_in_no_list_of_audits(school, client, cpd_leader):
    held(school, days_ago=1, people=staff(school, 5))
    sweep(school)
    client.force_login(cpd_leader.user)

    page = client.get(url(school, "needs:rounds"))

    assert "How was" not in page.content.decode()
