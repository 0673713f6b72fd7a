"""Reminders: found by a sweep, told once, at a decent hour, to those who want them."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django_scopes.exceptions import ScopeError
from hypothesis import given
from hypothesis import strategies as st

from cpdhub import clock, dispatch, queue, reminders
from cpdhub.models import OutboxMessage, Reminder, Staff
from cpdhub.walls import installation_scope, school_scope
from tests import kinds
from tests.factories import (
    AcademicYearFactory,
    HalfTermFactory,
    ReminderFactory,
    SchoolFactory,
    StaffFactory,
)

MONDAY = "2026-11-23 10:00"
BEFORE, AFTER = datetime(2026, 1, 1), datetime(2029, 12, 31)  # noqa: DTZ001  hypothesis adds none


def deliver(*rows):
    for row in rows:
        reminders.deliver(school_id=row.school_id, reminder_id=row.pk)


def state(row):
    return fresh(row).state


def fresh(row):
    with school_scope(row.school_id):
        return Reminder.objects.get(pk=row.pk)


def letters(school):
    with school_scope(school):
        return list(OutboxMessage.objects.order_by("pk"))


def add_term(school, starts, ends, name="autumn_1"):
    with school_scope(school):
        year = AcademicYearFactory._meta.model.objects.first()
    year = year or AcademicYearFactory(
        school=school, starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31), name="2026/27"
    )
    return HalfTermFactory(
        school=school,
        year=year,
        name=name,
        starts_on=date.fromisoformat(starts),
        ends_on=date.fromisoformat(ends),
    )


# --- told once -----------------------------------------------------------------------------------
def test_due_reminder_becomes_one_letter(at, school):
    at(MONDAY)
    reminder = ReminderFactory(school=school, kind="test_note")

    deliver(reminder, reminder)

    assert [message.to for message in letters(school)] == [reminder.staff.user.email]
    assert (state(reminder), fresh(reminder).settled_at) == (Reminder.State.SENT, clock.now())


def test_letter_that_fails_leaves_neither_claim_nor_message(at, school, monkeypatch):
    at(MONDAY)
    reminder = ReminderFactory(school=school, kind="test_note")

    def crash(self, *args, **kwargs):
        raise RuntimeError("the machine went away")

    monkeypatch.setattr(Reminder, "save", crash)  # after the message was written
    with pytest.raises(RuntimeError):
        deliver(reminder)

    assert (state(reminder), letters(school)) == (Reminder.State.WAITING, [])


def test_reminder_not_needed_any_more_is_dropped(at, school):
    at(MONDAY)
    reminder = ReminderFactory(school=school, kind="test_note", key="void")

    deliver(reminder)

    assert (state(reminder), letters(school)) == (Reminder.State.DROPPED, [])


def test_reminder_of_tomorrow_waits(at, school):
    now = at(MONDAY)
    reminder = ReminderFactory(school=school, kind="test_note", due_at=now + timedelta(days=1))

    deliver(reminder)

    assert state(reminder) == Reminder.State.WAITING


def test_one_poisoned_among_fifty_stops_no_other(at, school, caplog):
    at(MONDAY)
    people = StaffFactory.create_batch(5, school=school)
    rows = [
        ReminderFactory(
            school=school,
            staff=people[n % 5],
            kind=["test_note", "test_digest"][n % 2],
            key=f"{n}:poison" if n == 20 else f"{n}",
        )
        for n in range(50)
    ]

    deliver(*rows)

    assert len(letters(school)) == 49
    waiting = fresh(rows[20])
    assert (waiting.state, waiting.attempts) == (Reminder.State.WAITING, 1)
    assert waiting.due_at == clock.now() + timedelta(minutes=5)
    assert "this one cannot be written" in caplog.text


def test_poisoned_reminder_is_put_aside_after_five_attempts(at, school, monkeypatch):
    now = at(MONDAY)
    reminder = ReminderFactory(school=school, kind="test_note", key="poison")

    for day in range(7):
        monkeypatch.setattr(clock, "now", lambda day=day: now + timedelta(days=day))
        deliver(reminder)

    assert (state(reminder), fresh(reminder).attempts) == (Reminder.State.FAILED, 5)


def test_reminder_of_an_unknown_kind_waits_for_a_newer_worker(at, school):
    at(MONDAY)
    reminder = ReminderFactory(school=school, kind="of_the_future")

    deliver(reminder)

    assert (state(reminder), fresh(reminder).attempts) == (Reminder.State.WAITING, 1)


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_send_one_letter_each(at):
    at(MONDAY)
    rows = ReminderFactory.create_batch(5, kind="test_note")
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        deliver(*rows)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(letters(row.school)) for row in rows] == [1] * 5


# --- to whom -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({}, "sent"),
        ({"ends_on": date(2026, 11, 23)}, "dropped"),
        ({"ends_on": date(2026, 11, 24)}, "sent"),
        ({"user": None}, "dropped"),
        ({"user__is_active": False}, "dropped"),
        ({"wants_digest_only": True}, "dropped"),
        ({"wants_digest": False}, "sent"),
    ],
)
def test_single_letter_goes_to(at, school, who, expected):
    at(MONDAY)
    staff = StaffFactory(school=school, **who)
    reminder = ReminderFactory(school=school, staff=staff, kind="test_note")

    deliver(reminder)

    assert state(reminder) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [({}, "sent"), ({"wants_digest_only": True}, "sent"), ({"wants_digest": False}, "dropped")],
)
def test_digest_goes_to(at, school, who, expected):
    at(MONDAY)
    staff = StaffFactory(school=school, **who)
    reminder = ReminderFactory(school=school, staff=staff, kind="test_digest")

    deliver(reminder)

    assert state(reminder) == expected


def test_what_is_for_all_goes_to_those_who_want_only_the_digest(at, school):
    at(MONDAY)
    staff = StaffFactory(school=school, wants_digest_only=True)
    reminder = ReminderFactory(school=school, staff=staff, kind="test_for_all")

    deliver(reminder)

    assert state(reminder) == "sent"


def test_fourth_prompt_of_a_half_term_is_dropped_and_a_note_is_not(at, school):
    at(MONDAY)
    add_term(school, "2026-11-02", "2026-12-18")
    staff = StaffFactory(school=school)
    prompts = ReminderFactory.create_batch(4, school=school, staff=staff, kind="test_prompt")
    note = ReminderFactory(school=school, staff=staff, kind="test_note")

    deliver(*prompts, note)

    assert [state(row) for row in prompts] == ["sent", "sent", "sent", "dropped"]
    assert state(note) == "sent"


def test_new_half_term_brings_three_more_prompts(at, school):
    add_term(school, "2026-09-01", "2026-10-23")
    add_term(school, "2026-11-02", "2026-12-18", "autumn_2")
    staff = StaffFactory(school=school)
    for moment in ("2026-10-22 10:00", "2026-11-02 10:00"):
        at(moment)
        prompts = ReminderFactory.create_batch(4, school=school, staff=staff, kind="test_prompt")

        deliver(*prompts)

        assert [state(row) for row in prompts] == ["sent", "sent", "sent", "dropped"]


def test_cap_is_a_persons_own(at, school):
    at(MONDAY)
    one, other = StaffFactory.create_batch(2, school=school)
    rows = [
        ReminderFactory(school=school, staff=staff, kind="test_prompt")
        for staff in (one, one, one, other)
    ]

    deliver(*rows)

    assert [state(row) for row in rows] == ["sent"] * 4


@pytest.mark.django_db(transaction=True)
def test_four_prompts_at_once_are_still_three(at):
    at(MONDAY)
    staff = StaffFactory()
    rows = ReminderFactory.create_batch(4, school=staff.school, staff=staff, kind="test_prompt")

    def work(row):
        deliver(row)
        connection.close()

    threads = [threading.Thread(target=work, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(state(row) for row in rows) == ["dropped", "sent", "sent", "sent"]


# --- at a decent hour ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 06:59", "2026-11-23 07:00"),
        ("2026-11-23 07:00", "2026-11-23 07:00"),
        ("2026-11-23 17:59", "2026-11-23 17:59"),
        ("2026-11-23 18:00", "2026-11-24 07:00"),
        ("2026-11-27 18:30", "2026-11-30 07:00"),  # Friday evening
        ("2026-11-21 12:00", "2026-11-23 07:00"),  # Saturday
        ("2026-10-26 10:00", "2026-11-02 07:00"),  # half-term holiday
        ("2026-10-24 12:00", "2026-11-02 07:00"),  # Saturday before it; clocks go back on Sunday
        ("2026-12-18 20:00", "2027-01-04 07:00"),  # Christmas
        ("2027-02-12 19:00", "2027-02-15 07:00"),  # nothing is known any more: a weekday
    ],
)
def test_letter_waits_for_the_next_school_morning(school, moment, expected):
    add_term(school, "2026-09-01", "2026-10-23")
    add_term(school, "2026-11-02", "2026-12-18", "autumn_2")
    add_term(school, "2027-01-02", "2027-02-12", "spring_1")  # "starts" on a Saturday

    with school_scope(school):
        allowed = reminders.next_allowed(london(moment))

    assert allowed == london(expected)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2027-03-26 18:00", "2027-03-29T06:00:00+00:00"),  # clocks go forward: 07:00 is 06:00 UTC
        ("2026-10-23 18:00", "2026-10-26T07:00:00+00:00"),  # and back
        ("2028-02-28 18:00", "2028-02-29T07:00:00+00:00"),
    ],
)
def test_morning_is_seven_in_london_across_clock_changes(school, moment, expected):
    with school_scope(school):
        allowed = reminders.next_allowed(london(moment))

    assert allowed.isoformat() == expected


@given(st.datetimes(BEFORE, AFTER))
def test_any_moment_leads_to_a_decent_one_that_stays(moment):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "next_school_day", reminders._weekday)
        moment = moment.replace(tzinfo=clock.LONDON)

        allowed = reminders.next_allowed(moment)

        local = allowed.astimezone(clock.LONDON)
        assert allowed >= moment
        assert local.weekday() < 5
        assert reminders.OPENS <= local.time() < reminders.CLOSES
        assert reminders.next_allowed(allowed) == allowed


def test_reminder_due_at_night_is_due_in_the_morning(at, school):
    at("2026-11-23 22:00")
    reminder = ReminderFactory(school=school, kind="test_note")

    deliver(reminder)

    assert letters(school) == []
    assert (state(reminder), fresh(reminder).due_at) == (
        Reminder.State.WAITING,
        london("2026-11-24 07:00"),
    )


def london(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=clock.LONDON)


# --- found ---------------------------------------------------------------------------------------
@pytest.fixture
def finder(monkeypatch):
    """The only kind there is: it reminds everyone of the open school, once."""

    def find(school, now):
        for staff in Staff.objects.all():
            yield reminders.Due(staff=staff, key="hello", due_at=now, object_id=7)

    only = {"finder": reminders.Kind(find, kinds.write)}
    monkeypatch.setattr(reminders, "KINDS", only)


def test_sweep_writes_what_is_found_once(school, other_school, finder):
    ours = StaffFactory.create_batch(2, school=school)
    StaffFactory(school=other_school)

    for _ in range(2):
        reminders.sweep(school_id=school.pk)

    with installation_scope():
        rows = list(Reminder.across.order_by("staff_id"))
    assert [(row.staff_id, row.kind, row.key, row.object_id) for row in rows] == [
        (staff.pk, "finder", "finder:hello", 7) for staff in ours
    ]


def test_kind_that_fails_stops_no_other(school, finder, monkeypatch, caplog):
    def fail(school, now):
        Reminder.objects.count()
        raise ValueError("broken kind")

    StaffFactory(school=school)
    order = {"broken": reminders.Kind(fail, kinds.write), **reminders.KINDS}
    monkeypatch.setattr(reminders, "KINDS", order)

    reminders.sweep(school_id=school.pk)

    with school_scope(school):
        assert Reminder.objects.count() == 1
    assert "broken kind" in caplog.text


def test_sweep_of_one_school_cannot_remind_in_another(school, other_school, monkeypatch, caplog):
    theirs = StaffFactory(school=other_school)

    def find(school, now):
        yield reminders.Due(staff=theirs, key="x", due_at=now)

    kind = reminders.Kind(find, kinds.write)
    monkeypatch.setattr(reminders, "KINDS", {"wrong": kind})

    reminders.sweep(school_id=school.pk)
    with connection.cursor() as cursor, pytest.raises(Exception, match="same_school"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- the tick ------------------------------------------------------------------------------------
@pytest.fixture
def queued(monkeypatch):
    """What was put in the queue, instead of putting it there."""
    messages = []

    def publish(task, *, priority, countdown=None, **kwargs):
        messages.append((task, kwargs))
        return True

    monkeypatch.setattr(queue, "publish", publish)
    monkeypatch.setattr(queue, "length", lambda: 0)
    return messages


def test_tick_queues_what_is_due_in_every_school(db, at, queued):
    now = at(MONDAY)
    one, other = ReminderFactory(), ReminderFactory()
    ReminderFactory(due_at=now + timedelta(seconds=1))
    ReminderFactory(state="sent", settled_at=now)

    dispatch.tick()

    assert [kwargs for task, kwargs in queued if task == "deliver_reminders"] == [
        {"school_id": row.school_id, "reminder_ids": [row.pk]} for row in (one, other)
    ]


def test_tick_sends_a_school_out_in_handfuls(at, queued, school):
    at(MONDAY)
    staff = StaffFactory(school=school)
    rows = ReminderFactory.create_batch(45, school=school, staff=staff)

    dispatch.tick()

    handfuls = [kwargs["reminder_ids"] for task, kwargs in queued if task == "deliver_reminders"]
    assert [len(handful) for handful in handfuls] == [20, 20, 5]
    assert sum(handfuls, []) == [row.pk for row in rows]


def test_tick_queues_nothing_twice_while_the_last_work_waits(db, at, queued, monkeypatch):
    at(MONDAY)
    ReminderFactory()
    monkeypatch.setattr(queue, "length", lambda: dispatch.ENOUGH_WAITING)

    dispatch.tick()

    assert [task for task, _ in queued if task == "deliver_reminders"] == []


def test_schools_are_swept_every_quarter_of_an_hour(queued, school, at):
    swept = []
    for minute in (0, 5, 14, 16, 20, 32):
        queued.clear()
        at(f"2026-11-23 10:{minute:02}")
        dispatch.tick()
        swept.append([task for task, _ in queued].count("sweep_school"))

    assert swept == [1, 0, 0, 1, 0, 1]


def test_clock_set_back_does_not_stop_the_sweeps(queued, school, at):
    at("2026-11-23 10:00")
    dispatch.tick()
    queued.clear()
    at("2026-11-23 09:00")

    dispatch.tick()

    assert ("sweep_school", {"school_id": school.pk}) in queued


def test_hour_that_comes_twice_is_swept_four_times(queued, school, monkeypatch):
    """The night the clocks go back has 25 hours, and each quarter of them comes once."""
    start = london("2026-10-25 00:00").timestamp()
    swept = 0
    for minute in range(0, 4 * 60, 5):
        moment = datetime.fromtimestamp(start + minute * 60, clock.LONDON)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        queued.clear()
        dispatch.tick()
        swept += [task for task, _ in queued].count("sweep_school")

    assert swept == 16


@pytest.mark.django_db(transaction=True)
def test_of_two_ticks_at_once_one_sweeps(at):
    now = at(MONDAY)
    SchoolFactory()
    barrier = threading.Barrier(4)
    turns = []

    def work():
        barrier.wait()
        turns.append(dispatch.takes_turn("sweep", dispatch.SWEEP_EVERY, now))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(turns) == [False, False, False, True]


def test_two_hours_without_beat_are_caught_up_once(at, queued, school, monkeypatch):
    at("2026-11-23 10:00")
    rows = ReminderFactory.create_batch(3, kind="test_note")
    at("2026-11-23 12:00")

    for _ in range(2):
        dispatch.tick()
    for task, kwargs in list(queued):
        if task == "deliver_reminders":
            for pk in kwargs["reminder_ids"]:
                reminders.deliver(school_id=kwargs["school_id"], reminder_id=pk)

    assert [len(letters(row.school)) for row in rows] == [1, 1, 1]


def test_walls_hide_reminders_without_a_door(school):
    ReminderFactory(school=school)

    assert Reminder.across.count() == 0
    with pytest.raises(ScopeError):
        Reminder.objects.count()
    with installation_scope():
        assert Reminder.across.count() == 1
        assert Reminder.across.update(state="dropped", settled_at=clock.now()) == 0
        assert Reminder.across.all().delete()[0] == 0
