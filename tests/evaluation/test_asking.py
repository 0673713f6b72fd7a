"""Those who took part are asked at the right moments, seldom, and not when enough is known."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from audits.models import Invitation, Round
from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation import asking
from evaluation.models import ImpactRound, Moment
from evaluation.models.review import moments_of
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
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
        ([], 0, {"end": 0, "weeks": 6}),
        ([], 60, {"end": 0, "weeks": 6, "term": 13, "year": 52}),
        ([13, 52], 0, {"end": 0, "term": 13, "year": 52}),
        ([4, 6], 0, {"end": 0, "weeks": 4}),
    ],
)
def test_moments_come_from_the_form_or_from_how_long_it_went_on(school, weeks, days, moments):
    activity = ActivityFactory.build(school=school, evaluate_after=weeks)
    first = date(2026, 2, 2)
    last = first + timedelta(days=days)

    assert moments_of(activity, first, last) == {
        moment: last + timedelta(weeks=number) for moment, number in moments.items()
    }


@pytest.mark.parametrize(("number", "mode"), [(3, "named"), (5, "confidential"), (10, "anonymous")])
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
    held(school, days_ago=1, people=staff(school, 3))
    sweep(school)

    assert len(sweep(school)) == 1
    with school_scope(school):
        assert Round.objects.count() == 1


def test_some_weeks_later_the_lead_is_asked_too(school):
    lead = StaffFactory(school=school)
    held(school, days_ago=43, people=staff(school, 2), lead=lead, evaluate_after=[6])

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
    held(school, days_ago=1, people=staff(school, 3), **fields)

    assert sweep(school) == []


def test_what_ended_long_before_is_not_asked_about(school):
    held(school, days_ago=22, people=staff(school, 3))

    assert sweep(school) == []


def test_nobody_is_asked_more_often_than_the_school_says(school):
    at_most(school, 1)
    people = staff(school, 3)
    earlier = RoundFactory(school=school, is_about_activity=True)
    InvitationFactory(school=school, round=earlier, staff=people[0])
    held(school, days_ago=1, people=people)

    [row] = sweep(school)

    assert row.spared == 1
    with school_scope(school):
        assert row.round.invitations.count() == 2


def test_the_more_telling_question_comes_first(school):
    """After a year there is more to say than on the day; who has been asked once is spared then."""
    at_most(school, 1)
    people = staff(school, 3)
    held(school, days_ago=1, people=people)
    held(school, days_ago=365, people=people, evaluate_after=[52], title="Old")

    rows = {row.moment: row for row in sweep(school)}

    assert rows["year"].round is not None
    assert rows["end"].round is None
    assert rows["end"].spared == 3
    assert rows["end"].not_asked_because == "Everybody had been asked enough in this half-term."


@pytest.mark.parametrize(
    ("decision", "weeks", "because"),
    [
        ("keep", 6, "Enough was known: it had been judged."),
        ("stop", 52, "It was decided to stop it."),
        ("keep", 52, ""),
    ],
)
def test_asking_ends_when_enough_is_known(school, decision, weeks, because):
    activity = held(school, days_ago=weeks * 7, people=staff(school, 3), evaluate_after=[weeks])
    ImpactReviewFactory(
        school=school, activity=activity, closed=True, decision=decision, what_we_change="Enough"
    )

    [row] = sweep(school)

    assert row.not_asked_because == because
    assert (row.round is None) == bool(because)


def test_leavers_are_not_asked(school):
    gone = StaffFactory(school=school, ends_on=clock.today() - timedelta(days=1))
    held(school, days_ago=1, people=[gone])

    [row] = sweep(school)

    assert row.not_asked_because == "Nobody who took part is still here."


def test_moment_is_asked_or_says_why_not(school):
    with pytest.raises(IntegrityError, match="asked_or_said_why_not"):
        ImpactRoundFactory(school=school, not_asked_because="")


def test_rounds_about_activities_stand_in_no_list_of_audits(school, client, cpd_leader):
    held(school, days_ago=1, people=staff(school, 3))
    sweep(school)
    client.force_login(cpd_leader.user)

    page = client.get(url(school, "needs:rounds"))

    assert "How was" not in page.content.decode()
