"""The rules of the calendar, row by row, and what they know."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from activities import rules
from activities.school_time import Slot, gather, overlap
from cpdhub import clock
from cpdhub.models import HalfDay, HalfTerm
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    AllowedSessionFactory,
    AttendanceFactory,
    BlockedDatesFactory,
    CoverFactory,
    GivenTimeFactory,
    HalfTermFactory,
    InsetDayFactory,
    InsetTwilightFactory,
    ParticipationFactory,
    ProtectedTimeFactory,
    SessionFactory,
    StaffFactory,
    TeamFactory,
)

WEDNESDAY = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def sunday(at):
    at("2026-11-22 12:00")


@pytest.fixture
def terms(school):
    """The autumn's second half: Monday 2 November to Friday 18 December."""
    year = AcademicYearFactory(school=school)
    return HalfTermFactory(
        school=school, year=year, name=HalfTerm.Name.AUTUMN_2,
        starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18),
    )  # fmt: skip


def slot(day=WEDNESDAY, starts=time(10), ends=time(11), **fields):
    return Slot(clock.at(day, starts), clock.at(day, ends), **fields)


def session_at(school, day=WEDNESDAY, starts=time(10), ends=time(11), *, staff=(), **fields):
    activity = ActivityFactory(school=school, **{"state": "planned", "title": "Phonics"} | fields)
    for person in staff:
        ParticipationFactory(school=school, activity=activity, staff=person)
    return SessionFactory(
        school=school, activity=activity,
        starts_at=clock.at(day, starts), ends_at=clock.at(day, ends),
    )  # fmt: skip


def found(school, people, one):
    """The names of the rules a slot does not keep."""
    with school_scope(school):
        facts = gather(school, people, first=one.day, last=one.day)
        return [finding.name for finding in rules.look(facts, one)]


def said(school, people, one):
    with school_scope(school):
        facts = gather(school, people, first=one.day, last=one.day)
        return [finding.sentence for finding in rules.look(facts, one)]


def test_every_rule_says_why_and_what_to_do():
    for rule in rules.RULES:
        assert (rule.why[-1], rule.to_do[-1]) == (".", "."), rule.name


def test_a_free_day_breaks_no_rule(school, terms, teacher):
    assert found(school, [teacher], slot()) == []


def test_nobody_is_in_two_places(school, terms, teacher):
    session = session_at(school, staff=[teacher])

    assert said(school, [teacher], slot(starts=time(10, 30), ends=time(11, 30))) == [
        "Tom Teacher is already at Phonics then (2 December 2026, 10:00–11:00)."
    ]
    assert found(school, [teacher], slot(starts=time(11), ends=time(12))) == []
    assert found(school, [teacher], slot(session=session.pk)) == []


def test_who_leads_is_busy_too(school, terms, teacher):
    session_at(school, lead=teacher)

    assert found(school, [teacher], slot()) == ["Double booking"]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "draft"},
        {"was_logged": True, "state": "finished"},
        {"is_own_learning": True, "was_logged": True, "state": "finished"},
    ],
)
def test_what_binds_nobody_clashes_with_nothing(school, terms, teacher, fields):
    session_at(school, staff=[teacher], **fields)

    assert found(school, [teacher], slot()) == []


def test_at_most_so_many_out_of_the_school_day(school, terms):
    people = StaffFactory.create_batch(3, school=school)
    session_at(school, staff=people[:2])

    assert said(school, people[2:], slot(starts=time(13), ends=time(14))) == [
        "3 people would be out on Wednesday 2 December 2026; the school’s limit is 2."
    ]
    # After school nobody is missing from lessons, nor at weekends, in holidays, on INSET days.
    assert found(school, people[2:], slot(starts=time(15, 30), ends=time(17))) == []
    InsetDayFactory(school=school, day=WEDNESDAY)
    assert found(school, people[2:], slot(starts=time(13), ends=time(14))) == []


def test_whom_nobody_misses_does_not_count_as_out(school, terms):
    people = StaffFactory.create_batch(3, school=school)
    session = session_at(school, staff=people[:2])
    CoverFactory(school=school, session=session, staff=people[0], source="none")

    assert found(school, people[2:], slot(starts=time(13), ends=time(14))) == []


def test_a_team_has_its_own_limit(school, terms):
    team = TeamFactory(school=school, name="Lower KS2", most_out_per_day=1)
    people = StaffFactory.create_batch(2, school=school, team=team)

    assert said(school, people, slot()) == [
        "2 of Lower KS2 would be out on Wednesday 2 December 2026; the team’s limit is 1."
    ]


def test_who_does_not_work_then_is_not_out(school, terms):
    away = [half for half in HalfDay.values if not half.startswith("wed")]
    people = StaffFactory.create_batch(3, school=school, working_days=away)

    assert found(school, people, slot()) == []


def test_blocked_dates_bind_all_or_one_team_until_somebody_allows_it(school, terms, teacher):
    blocked = BlockedDatesFactory(
        school=school, first_day=WEDNESDAY, last_day=WEDNESDAY, reason="Reports"
    )
    team = TeamFactory(school=school)
    BlockedDatesFactory(school=school, first_day=WEDNESDAY, team=team)
    session = session_at(school, staff=[teacher])
    one = slot(session=session.pk)

    assert said(school, [teacher], one) == ["Wednesday 2 December 2026 is kept free: Reports."]
    AllowedSessionFactory(school=school, session=session, blocked=blocked)
    assert found(school, [teacher], one) == []


def test_ppa_time_is_theirs_unless_they_give_it(school, terms, teacher):
    ProtectedTimeFactory(school=school, staff=teacher, starts_at=time(10, 30))
    session = session_at(school, staff=[teacher])
    one = slot(session=session.pk)

    assert said(school, [teacher], one) == ["Tom Teacher has PPA time then (10:30–15:00)."]
    assert found(school, [teacher], slot(day=WEDNESDAY + timedelta(days=1))) == []
    GivenTimeFactory(school=school, session=session, staff=teacher)
    assert found(school, [teacher], one) == []


def test_compulsory_only_on_working_days(school, terms):
    mornings = [half for half in HalfDay.values if half.endswith("am")]
    person = StaffFactory(
        school=school, first_name="Dawn", last_name="Hughes", working_days=mornings
    )
    twilight = {"starts": time(15, 30), "ends": time(17)}

    assert said(school, [person], slot(**twilight, is_compulsory=True)) == [
        "It is compulsory, and Dawn Hughes does not work on a Wednesday afternoon."
    ]
    assert found(school, [person], slot(**twilight)) == []
    saturday = slot(day=WEDNESDAY + timedelta(days=3), is_compulsory=True)
    assert found(school, [person], saturday) == ["Working days"]


def test_the_day_given_back_for_twilights_is_no_working_day(school, terms, teacher):
    inset = InsetDayFactory(school=school, day=WEDNESDAY)
    assert found(school, [teacher], slot(is_compulsory=True)) == []

    InsetTwilightFactory(school=school, inset=inset, day=date(2026, 11, 25))
    assert found(school, [teacher], slot(is_compulsory=True)) == ["Working days"]


def test_directed_time_is_limited_in_proportion_and_own_time_is_not_counted(school, terms):
    with school_scope(school):
        terms.year.directed_hours, terms.year.directed_elsewhere = 1265, 1263
        terms.year.save()
    half = StaffFactory(school=school, fte=Decimal("0.5"))
    for own_time, hours in ((False, 1), (True, 3)):
        before = session_at(
            school,
            date(2026, 11, 18),
            ends=time(10 + hours),
            is_own_time=own_time,
            state="finished",
        )
        AttendanceFactory(school=school, session=before, staff=half)

    assert found(school, [half], slot(starts=time(15, 30), ends=time(16))) == ["Directed time"]
    assert found(school, [half], slot(starts=time(15, 30), ends=time(16), is_own_time=True)) == []


def test_last_week_of_term_and_one_hour_after_school(school, terms, teacher):
    late = slot(day=date(2026, 12, 15), starts=time(15, 30), ends=time(16, 30), is_only_one=True)

    assert found(school, [teacher], late) == ["Last week of term", "An hour after school"]


def test_all_hours_of_a_year_in_one_half_term(school, terms):
    session = session_at(school, ends=time(14))

    hours = rules.spread([session, session], [terms])

    assert hours == [("Autumn 2", 8.0)]
    assert rules.is_in_one_half_term(hours)
    assert not rules.is_in_one_half_term([*hours, ("Spring 1", 1.0)])


def test_offers_are_the_nearest_days_that_break_no_rule(school, terms, teacher):
    ProtectedTimeFactory(school=school, staff=teacher, starts_at=time(9))
    BlockedDatesFactory(
        school=school,
        first_day=WEDNESDAY + timedelta(days=1),
        last_day=WEDNESDAY + timedelta(days=1),
    )
    one = slot()
    with school_scope(school):
        days = [WEDNESDAY - timedelta(days=14), WEDNESDAY + timedelta(days=28)]
        facts = gather(school, [teacher], first=days[0], last=days[1], on=WEDNESDAY)
        offers = rules.offers(facts, one, today=clock.today())

    assert [offer.day.day for offer in offers] == [1, 4, 30]  # not the 3rd, not at a weekend


def test_public_findings_and_who_is_out(school, terms, teacher, django_assert_num_queries):
    cover = CoverFactory(
        school=school, session=session_at(school, staff=[teacher]), staff=teacher, note="Mr Oak"
    )
    with school_scope(school):
        names = [one.name for one in rules.findings(teacher, slot().starts_at, slot().ends_at)]
        (out,) = rules.who_is_out(WEDNESDAY)
        assert rules.findings([], slot().starts_at, slot().ends_at) == []

    assert names == ["Double booking"]
    assert (out.staff, out.cover, str(out.cover)) == (teacher, cover, "Supply: Mr Oak")


@pytest.mark.parametrize("rows", [1, 3])
def test_facts_cost_the_same_for_one_and_three(school, terms, rows, django_assert_num_queries):
    people = StaffFactory.create_batch(rows, school=school)
    for person in people:
        session_at(school, staff=[person])
        ProtectedTimeFactory(school=school, staff=person)
    with school_scope(school), django_assert_num_queries(12):
        gather(school, people, first=WEDNESDAY, last=WEDNESDAY)


# --- odd dates -----------------------------------------------------------------------------------
def test_the_night_the_clocks_go_back(school, teacher):
    """25 October 2026: 01:30 comes twice; what passes counts, not what the wall says."""
    first = clock.at(date(2026, 10, 25), time(0, 30))
    until = first + timedelta(hours=2)  # 01:30 for the second time
    after = until, until + timedelta(hours=1)

    assert not overlap(first, until, *after)
    assert Slot(first, until).time == timedelta(hours=2)
    assert overlap(first, until, until - timedelta(minutes=1), after[1])


def test_the_night_the_clocks_go_forward(school, teacher):
    starts = clock.at(date(2027, 3, 28), time(0, 30))
    ends = clock.at(date(2027, 3, 28), time(3))

    assert Slot(starts, ends).time == timedelta(hours=1, minutes=30)


def test_offers_keep_the_time_on_the_wall_across_the_change_of_clocks(school, teacher):
    friday = date(2027, 3, 26)
    one = slot(day=friday, starts=time(9), ends=time(10))
    with school_scope(school):
        ProtectedTimeFactory(school=school, staff=teacher, weekday=4, starts_at=time(9))
        facts = gather(school, [teacher], first=friday, last=friday + timedelta(days=28))
        offers = rules.offers(facts, one, today=friday)

    assert {f"{offer.starts_at.astimezone(clock.LONDON):%H:%M}" for offer in offers} == {"09:00"}


def test_29_february_is_a_day_like_others(school, teacher):
    leap = date(2028, 2, 29)
    BlockedDatesFactory(school=school, first_day=leap, last_day=leap)

    assert found(school, [teacher], slot(day=leap)) == ["Dates kept free"]


def test_an_activity_over_two_years_counts_each_session_in_its_own(school, at):
    from activities.directed import hours_in

    at("2027-08-30 12:00")
    old = AcademicYearFactory(school=school)
    new = AcademicYearFactory(
        school=school, name="2027/28", starts_on=date(2027, 9, 1), ends_on=date(2028, 8, 31)
    )
    person = StaffFactory(school=school)
    session = session_at(school, date(2027, 8, 31), staff=[person], ends=time(12))
    SessionFactory(
        school=school, activity=session.activity, starts_at=clock.at(date(2027, 9, 1), time(10)),
        ends_at=clock.at(date(2027, 9, 1), time(11)),
    )  # fmt: skip
    with school_scope(school):
        hours = [hours_in(year, [person])[person.pk].to_come for year in (old, new)]

    assert hours == [timedelta(hours=2), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("place", "starts", "names"),
    [
        ("hall ", time(10), ["Room"]),
        ("Hall", time(11), []),
        ("Library", time(10), []),
        ("", time(10), []),
    ],
)
def test_a_room_is_taken_once(school, terms, teacher, place, starts, names):
    there = session_at(school, staff=[StaffFactory(school=school)])
    with school_scope(school):
        there.place = "Hall"
        there.save()

    wanted = slot(starts=starts, ends=time(12), place=place)

    assert found(school, [teacher], wanted) == names


def test_online_is_no_room(school, terms, teacher):
    there = session_at(school, staff=[StaffFactory(school=school)])
    with school_scope(school):
        there.place = "Online"
        there.save()

    assert found(school, [teacher], slot(place="online")) == []
