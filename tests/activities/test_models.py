"""How an activity goes from draft to closed, what counts, who sees it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from activities.models import Activity, Attendance, IntendedImpact, NotPossible, Session
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityPriorityFactory,
    AttendanceFactory,
    IntendedImpactFactory,
    ParticipationFactory,
    PriorityFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)

State = Activity.State


@pytest.fixture
def inside(school):
    with school_scope(school):
        yield school


def test_direct_cpd_leaves_draft_only_with_its_intended_impact(inside):
    activity = ActivityFactory(school=inside)

    with pytest.raises(NotPossible, match="intended impact"):
        activity.plan()
    IntendedImpactFactory(school=inside, activity=activity)
    activity = Activity.objects.get(pk=activity.pk)
    activity.plan()

    assert Activity.objects.get(pk=activity.pk).state == State.PLANNED


@pytest.mark.parametrize("kind", ["indirect", "statutory"])
def test_briefings_and_statutory_training_need_no_intended_impact(inside, kind):
    activity = ActivityFactory(school=inside, kind=kind)

    activity.plan()

    assert activity.state == State.PLANNED


@pytest.mark.parametrize("missing", ["staff_will", "pupils_will", "known_by", "look_again_on"])
def test_half_written_impact_stays_with_its_draft(inside, missing):
    empty = None if missing == "look_again_on" else ""
    activity = ActivityFactory(school=inside)
    IntendedImpactFactory(school=inside, activity=activity, **{missing: empty})
    activity = Activity.objects.get(pk=activity.pk)

    with pytest.raises(NotPossible):
        activity.plan()
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(state=State.PLANNED)


@pytest.mark.parametrize("field", ["staff_will", "pupils_will", "known_by"])
def test_impact_of_a_planned_activity_cannot_be_emptied(inside, field):
    activity = ActivityFactory(school=inside, state="planned")

    with pytest.raises(IntegrityError), transaction.atomic():
        IntendedImpact.objects.filter(activity=activity).update(**{field: ""})


def test_planned_briefing_cannot_become_direct_without_impact(inside):
    activity = ActivityFactory(school=inside, kind="indirect")
    activity.plan()

    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(kind="direct")


def test_finishing_waits_for_every_register(inside):
    activity = ActivityFactory(school=inside, state="planned")
    with pytest.raises(NotPossible, match="no session"):
        activity.finish()
    session = SessionFactory(school=inside, activity=activity)
    off = SessionFactory(school=inside, activity=activity)
    off.cancel()

    with pytest.raises(NotPossible, match=session.day):
        activity.finish()
    Session.objects.filter(pk=session.pk).update(register_taken_at=clock.now())
    activity.finish()

    assert activity.state == State.FINISHED


def test_cancelling_needs_a_reason_and_tells_calendars(inside):
    session = SessionFactory(
        school=inside, activity=ActivityFactory(school=inside, state="planned")
    )
    with pytest.raises(NotPossible, match="why"):
        session.activity.cancel("  ")

    session.activity.cancel("The trainer is ill")

    session.refresh_from_db()
    assert session.sequence == 1
    assert session.activity.cancelled_because == "The trainer is ill"


def test_cancelled_activity_comes_back_to_where_it_had_got_to(inside):
    never_met = ActivityFactory(school=inside, state="planned")
    met = ActivityFactory(school=inside, state="under_way")
    SessionFactory(school=inside, activity=met, register_taken_at=clock.now())
    for activity in (never_met, met):
        activity.cancel("Snow")
        activity.reopen()

    assert (never_met.state, met.state) == (State.DRAFT, State.UNDER_WAY)
    assert never_met.cancelled_because == ""


def test_two_people_moving_one_activity_the_second_is_told(inside):
    first = ActivityFactory(school=inside, kind="indirect")
    second = Activity.objects.get(pk=first.pk)
    first.plan()

    with pytest.raises(NotPossible, match="no draft any more"):
        second.plan()


MOVES = {
    "plan": {State.DRAFT: State.PLANNED},
    "start": {State.PLANNED: State.UNDER_WAY},
    "finish": {State.PLANNED: State.FINISHED, State.UNDER_WAY: State.FINISHED},
    "close": {State.FINISHED: State.CLOSED},
    "cancel": {
        State.DRAFT: State.CANCELLED,
        State.PLANNED: State.CANCELLED,
        State.UNDER_WAY: State.CANCELLED,
    },
    "reopen": {
        State.CLOSED: State.FINISHED,
        State.FINISHED: State.UNDER_WAY,
        State.CANCELLED: None,  # under way once a register was taken, else draft
    },
}


class Moves(RuleBasedStateMachine):
    """Every order of deeds: nothing gets anywhere the table of moves does not allow."""

    school = type = owner = None

    def __init__(self):
        super().__init__()
        self.activity = ActivityFactory(
            school=self.school, kind=Activity.Kind.DIRECT, type=self.type, owner=self.owner
        )
        self.session = SessionFactory(school=self.school, activity=self.activity)
        self.has_impact = self.has_register = False

    @rule()
    def write_impact(self):
        if not self.has_impact:
            IntendedImpactFactory(school=self.school, activity=self.activity)
        self.has_impact = True

    @rule()
    def take_register(self):
        if self.activity.state in {State.PLANNED, State.UNDER_WAY}:
            Session.objects.filter(pk=self.session.pk).update(register_taken_at=clock.now())
            self.has_register = True

    def do(self, name, *arguments):
        self.activity = Activity.objects.get(pk=self.activity.pk)
        before = self.activity.state
        expected = MOVES[name].get(before, "refused")
        if name == "plan" and not self.has_impact:
            expected = "refused"
        if name == "finish" and not self.has_register:
            expected = "refused"
        if expected is None:
            expected = State.UNDER_WAY if self.has_register else State.DRAFT
        try:
            getattr(self.activity, name)(*arguments)
        except NotPossible:
            assert expected == "refused", (name, before)
            expected = before
        assert Activity.objects.get(pk=self.activity.pk).state == expected, (name, before)

    @rule()
    def plan(self):
        self.do("plan")

    @rule()
    def start(self):
        self.do("start")

    @rule()
    def finish(self):
        self.do("finish")

    @rule()
    def close(self):
        self.do("close")

    @rule()
    def cancel(self):
        self.do("cancel", "Snow")

    @rule()
    def reopen(self):
        self.do("reopen")


def test_no_order_of_deeds_reaches_a_state_it_should_not(inside):
    like = ActivityFactory(school=inside)
    Moves.school, Moves.type, Moves.owner = inside, like.type, like.owner

    run_state_machine_as_test(
        Moves,
        settings=settings(
            max_examples=300,
            stateful_step_count=6,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


# --- sessions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        (date(2026, 3, 29), "00:30", "02:30", 1),  # clocks go forward at one
        (date(2026, 10, 25), "00:30", "02:30", 3),  # clocks go back at two
        (date(2028, 2, 29), "09:00", "15:00", 6),
    ],
)
def test_hours_are_as_they_pass_on_odd_days(inside, day, start, end, expected):
    def at(text):
        return datetime.fromisoformat(f"{day}T{text}").replace(tzinfo=clock.LONDON)

    session = SessionFactory(school=inside, starts_at=at(start), ends_at=at(end))
    AttendanceFactory(school=inside, session=session)

    assert session.hours == expected
    assert Attendance.objects.counted().total_time() == timedelta(hours=expected)


def test_session_belongs_to_the_day_in_london(inside):
    late = SessionFactory(
        school=inside,
        starts_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC),  # 23:30 in London
        ends_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
    )
    after_midnight = SessionFactory(
        school=inside,
        starts_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),  # 00:30 on 1 July
        ends_at=datetime(2026, 7, 1, 0, 30, tzinfo=UTC),
    )

    assert list(Session.objects.between(date(2026, 6, 30), date(2026, 6, 30))) == [late]
    assert list(Session.objects.between(date(2026, 7, 1), date(2026, 7, 1))) == [after_midnight]
    assert after_midnight.day == "1 July 2026"


def test_changed_session_has_a_higher_number(inside):
    activity = ActivityFactory(school=inside, state="planned")
    session = SessionFactory(school=inside, activity=activity)

    session.move(
        starts_at=session.starts_at + timedelta(days=1),
        ends_at=session.ends_at + timedelta(days=1),
        place="Hall",
    )
    session.cancel()
    session.restore()

    assert session.sequence == 3


def test_session_with_a_register_is_neither_cancelled_nor_moved_into_the_future(inside):
    activity = ActivityFactory(school=inside, state="under_way")
    start = at_four(clock.today() - timedelta(days=1))
    session = SessionFactory(
        school=inside, activity=activity, starts_at=start, register_taken_at=clock.now()
    )
    later = start + timedelta(days=30)

    with pytest.raises(NotPossible):
        session.cancel()
    with pytest.raises(NotPossible):
        session.move(starts_at=later, ends_at=later + timedelta(hours=1), place="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(cancelled_at=clock.now())


def test_register_taken_while_a_session_is_being_cancelled_was_first(inside):
    session = SessionFactory(school=inside)
    Session.objects.filter(pk=session.pk).update(register_taken_at=clock.now())

    with pytest.raises(NotPossible, match="register has been taken"):
        session.cancel()


def test_session_cancelled_from_two_windows_is_cancelled_once(inside):
    activity = ActivityFactory(school=inside, state="planned")
    session = SessionFactory(school=inside, activity=activity)
    same = Session.objects.get(pk=session.pk)
    session.cancel()

    same.cancel()

    assert Session.objects.get(pk=session.pk).sequence == session.sequence == 1


def test_session_of_a_draft_goes_when_cancelled(inside):
    session = SessionFactory(school=inside)

    session.cancel()

    assert not Session.objects.exists()


# --- who sees what --------------------------------------------------------------------------


def seen_by(staff):
    return set(Activity.objects.visible_to(staff).values_list("title", flat=True))


def test_visible_to_each(inside):
    manager = StaffFactory(school=inside)
    teacher = StaffFactory(school=inside, line_manager=manager)
    lead = StaffFactory(school=inside)
    ActivityFactory(school=inside, title="planned", state="planned")
    cancelled = ActivityFactory(school=inside, title="cancelled", state="planned")
    cancelled.cancel("Snow")
    draft = ActivityFactory(school=inside, title="draft", lead=lead)
    ParticipationFactory(school=inside, activity=draft, staff=teacher)
    own = ActivityFactory(
        school=inside, title="own", owner=teacher, is_own_learning=True, was_logged=True,
        state="finished",
    )  # fmt: skip
    ParticipationFactory(school=inside, activity=own, staff=teacher)
    theirs = {"planned", "cancelled"}

    assert seen_by(teacher) == theirs | {"own"}
    assert seen_by(manager) == theirs | {"own"}
    assert seen_by(lead) == theirs | {"draft"}
    assert seen_by(StaffFactory(school=inside, roles=[Role.TEAM_LEADER])) == theirs | {"draft"}
    assert seen_by(StaffFactory(school=inside, roles=[Role.HEAD])) == theirs | {"draft", "own"}


def test_visible_to_is_one_plain_query_without_doubles(inside, django_assert_num_queries):
    teacher = StaffFactory(school=inside)
    activity = ActivityFactory(school=inside, state="planned", lead=teacher, owner=teacher)
    for _ in range(3):
        ParticipationFactory(school=inside, activity=activity)

    with django_assert_num_queries(1):
        assert list(Activity.objects.visible_to(teacher)) == [activity]


# --- what counts ----------------------------------------------------------------------------


@pytest.fixture
def year_of_learning(inside):
    """Two priorities, one activity that serves both, one cancelled, one of somebody's own."""
    maths = PriorityFactory(school=inside)
    reading = PriorityFactory(school=inside, plan=maths.plan)
    teacher = StaffFactory(school=inside)
    assistant = StaffFactory(school=inside, group="assistant")
    both = ActivityFactory(
        school=inside, state="finished", expected_cost=Decimal(300), cost=Decimal(250)
    )
    one = ActivityFactory(school=inside, state="planned", expected_cost=Decimal(100))
    off = ActivityFactory(school=inside, state="under_way", expected_cost=Decimal(999))
    own = ActivityFactory(
        school=inside, owner=teacher, is_own_learning=True, was_logged=True, state="finished"
    )
    for activity, priority in [(both, maths), (both, reading), (one, maths), (off, maths)]:
        ActivityPriorityFactory(school=inside, activity=activity, priority=priority)
    start = at_four(date(2026, 11, 10))
    for activity, length in [(both, 2), (one, 1), (off, 5), (own, 3)]:
        session = SessionFactory(
            school=inside, activity=activity, starts_at=start,
            ends_at=start + timedelta(hours=length),
        )  # fmt: skip
        AttendanceFactory(school=inside, session=session, staff=teacher)
        if activity is not own:
            AttendanceFactory(
                school=inside, session=session, staff=assistant, was_present=activity is both
            )
    off.cancel("Snow")
    return {"maths": maths, "reading": reading, "teacher": teacher, "assistant": assistant}


def test_hours_people_and_cost_equal_a_plain_recount(year_of_learning, django_assert_num_queries):
    them = year_of_learning
    maths, reading = them["maths"].pk, them["reading"].pk
    span = date(2026, 9, 1), date(2027, 8, 31)
    counted = Attendance.objects.counted().of_school().between(*span)
    happening = Activity.objects.happening().between(*span)

    with django_assert_num_queries(7):
        assert counted.time_per_person() == {
            them["teacher"].pk: timedelta(hours=3), them["assistant"].pk: timedelta(hours=2)
        }  # fmt: skip
        assert counted.time_per_group() == {
            "teacher": timedelta(hours=3), "assistant": timedelta(hours=2)
        }  # fmt: skip
        assert counted.time_per_priority() == {
            maths: timedelta(hours=5), reading: timedelta(hours=4)
        }  # fmt: skip
        assert counted.people_per_priority() == {maths: 2, reading: 2}
        assert counted.people_and_time() == (2, timedelta(hours=5))
        assert happening.cost_per_priority() == {maths: Decimal(350), reading: Decimal(250)}
        assert happening.total_cost() == Decimal(350)


def test_own_learning_is_counted_apart(year_of_learning):
    own = Attendance.objects.counted().of_own_learning()

    assert own.time_per_person() == {year_of_learning["teacher"].pk: timedelta(hours=3)}


def test_nothing_counts_outside_the_days_asked_for(year_of_learning):
    before = Attendance.objects.counted().between(date(2026, 9, 1), date(2026, 11, 9))

    assert before.total_time() == timedelta(0)


def test_missing_links_are_said_in_words(inside):
    start = at_four(clock.today() - timedelta(days=2))
    activity = ActivityFactory(school=inside, state="finished", was_logged=True)
    session = SessionFactory(school=inside, activity=activity, starts_at=start)

    links = activity.missing_links([session], now=clock.now())

    assert [link.text for link in links] == [
        "what it should change is not fully said",
        f"no register of {session.day}",
        "it was one session with nothing to follow it",
    ]
    assert list(Activity.objects.without_intended_impact()) == [activity]
    assert list(Activity.objects.one_offs()) == [activity]


def test_own_learning_is_no_broken_chain(inside):
    activity = ActivityFactory(
        school=inside, state="finished", was_logged=True, is_own_learning=True
    )
    SessionFactory(school=inside, activity=activity)

    assert activity.missing_links(list(activity.sessions.all()), now=clock.now()) == []
    assert not Activity.objects.without_intended_impact().exists()
    assert not Activity.objects.one_offs().exists()
