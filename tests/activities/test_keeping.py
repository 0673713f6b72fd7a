"""Private notes end: not before the day, with a word a week before, and the visits stay."""

from datetime import timedelta

import pghistory.models
import pytest
from django.db import DatabaseError
from django.db.models import QuerySet

from activities import keeping
from activities.models import Attendance, NotesEnd, RecordReader, Session, SessionRecord
from cpdhub import clock, reminders, sweeps
from cpdhub.models import Reminder
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    AttendanceFactory,
    HalfTermFactory,
    NotesEndFactory,
    ParticipationFactory,
    RecordReaderFactory,
    SchoolFactory,
    SessionFactory,
    SessionRecordFactory,
    StaffFactory,
)
from tests.helpers import url

WEEK = timedelta(weeks=1)


def pair_of(school, coach, teacher, state="finished"):
    """A private activity of two with a note of each, and a visit that took place."""
    activity = ActivityFactory(school=school, state=state, is_private=True)
    ParticipationFactory(school=school, activity=activity, staff=coach, role="coach")
    ParticipationFactory(school=school, activity=activity, staff=teacher, role="coachee")
    session = SessionFactory(school=school, activity=activity, prompts=["What did you see?"])
    AttendanceFactory(school=school, session=session, staff=teacher, was_present=True)
    for author, reader in ((coach, teacher), (teacher, coach)):
        record = SessionRecordFactory(school=school, session=session, author=author)
        RecordReaderFactory(school=school, record=record, staff=reader)
    return activity


@pytest.fixture
def coach(school):
    return StaffFactory(school=school)


@pytest.fixture
def pair(school, coach, teacher):
    return pair_of(school, coach, teacher)


@pytest.fixture
def today(at):
    """A Monday. Letters leave on school days."""
    monday = clock.today() + timedelta(days=(7 - clock.today().weekday()) % 7)
    at(f"{monday} 03:00")
    return monday


@pytest.fixture
def night(at):
    """What the sweeps do of it in the night to this day: words, the deed, and a quarter of an
    hour later words again. Letters leave in the morning, if they may."""

    def words(school, found_at):
        for due in keeping.notes_that_end(school, found_at):
            Reminder.objects.get_or_create(
                school=school, staff=due.staff, key=f"{keeping.NOTES}:{due.key}",
                defaults={
                    "kind": keeping.NOTES, "object_id": due.object_id,
                    "due_at": max(due.due_at, found_at),
                },
            )  # fmt: skip

    def night(school, day, *, letters=True):
        found_at = at(f"{day} 03:00")
        with school_scope(school):
            words(school, found_at)
            keeping.look_after_notes(school, found_at)
            words(school, found_at)
        now = at(f"{day} 10:00")
        with school_scope(school):
            waiting = list(Reminder.objects.due(now).values_list("pk", flat=True))
        for pk in waiting if letters else ():
            reminders.deliver(school_id=school.pk, reminder_id=pk)

    return night


def every_night(night, school, first, days, **options):
    """The day on which the notes went."""
    for n in range(days):
        day = first + timedelta(days=n)
        night(school, day, **options)
        if not notes(school):
            return day
    return None


def told(school):
    """Who had a letter, and when."""
    with school_scope(school):
        sent = Reminder.objects.filter(kind=keeping.NOTES, state="sent").order_by("pk")
        return [(one.staff, clock.day_of(one.settled_at)) for one in sent]


def notes(school):
    with school_scope(school):
        return SessionRecord.objects.count()


def test_notes_go_twelve_weeks_after_the_end_and_not_a_day_before(school, pair, today, night):
    night(school, today)
    for week in range(1, 12):
        night(school, today + week * WEEK)
    night(school, today + 12 * WEEK - timedelta(days=1))
    assert notes(school) == 2

    night(school, today + 12 * WEEK)

    assert notes(school) == 0
    with school_scope(school):
        assert not RecordReader.objects.exists()
        assert not NotesEnd.objects.exists()
        assert Session.objects.count() == 1
        assert Attendance.objects.count() == 1


def test_no_history_keeps_what_was_destroyed(school, pair):
    tracked = {model.pgh_tracked_model for model in pghistory.models.Event.__subclasses__()}

    assert SessionRecord not in tracked
    assert RecordReader not in tracked


def test_running_twice_is_running_once(school, pair, today, night):
    for _ in range(2):
        for week in (0, 11, 12):
            night(school, today + week * WEEK)
            night(school, today + week * WEEK)

    assert notes(school) == 0


@pytest.mark.parametrize("state", ["draft", "planned", "under_way"])
def test_what_goes_on_keeps_its_notes(school, coach, teacher, state, today, night):
    pair_of(school, coach, teacher, state)

    for week in range(0, 30, 5):
        night(school, today + week * WEEK)

    assert notes(school) == 2


def test_reopened_it_keeps_its_notes_and_ended_again_it_counts_anew(school, pair, today, night):
    night(school, today)
    with school_scope(school):
        pair.reopen()
    night(school, today + 12 * WEEK)
    with school_scope(school):
        assert not NotesEnd.objects.exists()
        pair.state = "closed"
        pair.save(update_fields=["state"])
    night(school, today + 13 * WEEK)

    with school_scope(school):
        assert NotesEnd.objects.get().on == today + 25 * WEEK
    assert notes(school) == 2


def test_cancelled_it_ends_as_well(school, coach, teacher, today, night):
    activity = pair_of(school, coach, teacher, "under_way")
    with school_scope(school):
        activity.cancel("One of them left")

    for week in (0, 11, 12):
        night(school, today + week * WEEK)

    assert notes(school) == 0


def test_both_are_told_a_week_before(school, pair, coach, teacher, today, night):
    night(school, today)
    night(school, today + 11 * WEEK - timedelta(days=1))
    with school_scope(school):
        assert not Reminder.objects.exists()

    night(school, today + 11 * WEEK)

    with school_scope(school):
        found = Reminder.objects.filter(kind=keeping.NOTES, state="sent")
        assert {one.staff_id for one in found} == {coach.pk, teacher.pk}
        letter = keeping.tell_of_the_end(found.get(staff=teacher))
    assert "are destroyed on" in letter.subject
    assert "Much" not in letter.text


def test_nobody_is_told_of_what_goes_on_again(school, pair, today, night):
    night(school, today)
    night(school, today + 11 * WEEK)
    with school_scope(school):
        pair.reopen()
        keeping.look_after_notes(school, clock.now())

        assert all(keeping.tell_of_the_end(one) is None for one in Reminder.objects.all())


def test_after_a_standstill_people_are_told_first(school, pair, today, night):
    night(school, today)

    night(school, today + 14 * WEEK)
    assert notes(school) == 2
    night(school, today + 15 * WEEK)

    assert notes(school) == 0


def test_in_the_holidays_nobody_can_be_told_so_they_are_kept(school, pair, today, night):
    """Entered when the day was set already: the letter would come after it."""
    night(school, today)
    back = today + 18 * WEEK
    year = AcademicYearFactory(
        school=school, name="Long", starts_on=today, ends_on=today + 40 * WEEK
    )
    for starts, ends in ((today, today + 10 * WEEK), (back, today + 30 * WEEK)):
        name = "autumn_1" if starts == today else "autumn_2"
        HalfTermFactory(school=school, year=year, name=name, starts_on=starts, ends_on=ends)

    gone = every_night(night, school, today + 10 * WEEK, 80)

    assert gone == back + WEEK
    assert [day for _, day in told(school)] == [back, back]


def test_the_day_is_set_where_letters_come_a_week_before(school, pair, today, night):
    year = AcademicYearFactory(
        school=school, name="Long", starts_on=today, ends_on=today + 40 * WEEK
    )
    back = today + 13 * WEEK
    HalfTermFactory(
        school=school, year=year, name="autumn_2", starts_on=back, ends_on=today + 30 * WEEK
    )

    night(school, today)

    with school_scope(school):
        assert NotesEnd.objects.get().on == back + WEEK


def test_who_wants_only_the_digest_is_told_all_the_same(school, pair, teacher, today, night):
    with school_scope(school):
        teacher.wants_digest_only = True
        teacher.save()
    night(school, today)

    assert every_night(night, school, today + 11 * WEEK, 20) == today + 12 * WEEK
    assert teacher in {person for person, _ in told(school)}


def test_a_letter_that_failed_told_nobody(school, pair, today, night):
    night(school, today)
    night(school, today + 11 * WEEK, letters=False)
    with school_scope(school):
        Reminder.objects.update(state="failed", settled_at=clock.now())

    night(school, today + 12 * WEEK, letters=False)

    assert notes(school) == 2
    assert every_night(night, school, today + 12 * WEEK, 20) == today + 13 * WEEK
    assert [day for _, day in told(school)] == [today + 12 * WEEK] * 2


def test_one_who_was_told_does_not_count_for_the_other(school, pair, teacher, today, night):
    night(school, today)
    night(school, today + 11 * WEEK)
    with school_scope(school):
        Reminder.objects.filter(staff=teacher).update(state="failed")

    night(school, today + 12 * WEEK)

    assert notes(school) == 2


@pytest.mark.parametrize("why", ["left", "no sign-in", "no address"])
def test_who_cannot_be_reached_holds_nothing_up(school, pair, teacher, today, night, why):
    with school_scope(school):
        if why == "left":
            teacher.ends_on = today
        elif why == "no sign-in":
            teacher.user = None
        else:
            teacher.user.email = ""
            teacher.user.save()
        teacher.save()
    night(school, today)

    assert every_night(night, school, today + 11 * WEEK, 20) == today + 12 * WEEK


def test_told_before_it_was_reopened_is_not_told_of_the_second_end(school, pair, today, night):
    night(school, today)
    night(school, today + 11 * WEEK)
    with school_scope(school):
        pair.reopen()
    again = today + 12 * WEEK
    night(school, again)
    with school_scope(school):
        pair.state = "closed"
        pair.save(update_fields=["state"])
    night(school, again)

    night(school, again + 12 * WEEK)
    assert notes(school) == 2
    assert every_night(night, school, again + 12 * WEEK, 20) == again + 13 * WEEK


def test_half_a_year_after_the_end_they_go_whatever_became_of_the_letters(
    school, pair, today, night
):
    night(school, today)
    for week in range(11, 26):
        night(school, today + week * WEEK, letters=False)
    assert notes(school) == 2

    night(school, today + 27 * WEEK, letters=False)

    assert notes(school) == 0


def test_another_school_is_untouched(school, pair, today, night):
    other = SchoolFactory()
    theirs = pair_of(other, StaffFactory(school=other), StaffFactory(school=other))
    NotesEndFactory(school=other, activity=theirs, on=today - WEEK)

    for week in (0, 11, 12):
        night(school, today + week * WEEK)

    assert notes(school) == 0
    assert notes(other) == 2


def test_notes_that_others_read_anyway_stay(school, pair, today, night):
    with school_scope(school):
        session = pair.sessions.get()
    SessionRecordFactory(school=school, session=session, is_private=False)

    for week in (0, 11, 12):
        night(school, today + week * WEEK)

    assert notes(school) == 1


def test_killed_half_way_all_of_it_is_left_for_the_next_night(
    school, pair, monkeypatch, today, night
):
    for week in (0, 11):
        night(school, today + week * WEEK)
    delete = QuerySet.delete

    def killed(rows):
        if rows.model is SessionRecord:
            delete(rows)
            raise DatabaseError("the machine went off")
        return delete(rows)

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "delete", killed)
        with pytest.raises(DatabaseError):
            night(school, today + 12 * WEEK)
    assert notes(school) == 2

    night(school, today + 12 * WEEK)

    assert notes(school) == 0


def test_the_sweep_knows_of_it():
    assert sweeps.WORKS["private notes"] is keeping.look_after_notes
    assert keeping.NOTES in reminders.KINDS


def test_the_pages_say_the_day(school, pair, teacher, sign_in):
    with school_scope(school):
        session = pair.sessions.get()
    client = sign_in(teacher)
    before = client.get(url(school, "activities:record", session.pk)).text
    NotesEndFactory(school=school, activity=pair, on=clock.today() + 3 * WEEK)

    shown = client.get(url(school, "activities:record", session.pk)).text

    day = clock.today() + 3 * WEEK
    assert "12 weeks after the activity is over these notes are destroyed" in before
    assert f"destroyed on {day.day} {day:%B %Y}" in shown
    page = client.get(url(school, "activities:activity", pair.pk)).text
    assert f"destroyed on {day.day} {day:%B %Y}" not in page  # no form, nothing said of it
