"""Notes of observations end with the next academic year, and their owners are told before."""

from datetime import date, timedelta

import pytest

from cpdhub import clock, reminders, sweeps
from cpdhub.models import OutboxMessage, Reminder
from cpdhub.walls import school_scope
from evaluation import observing
from evaluation.models import Observation, OpenDoor
from evaluation.observation_keeping import NOTES
from tests.factories import ObservationFactory, ObserverFactory, OpenDoorFactory, StaffFactory

END = date(2028, 8, 31)


@pytest.fixture
def closed(school):
    """Closed in December 2026; its notes are kept until August 2028."""
    observation = ObservationFactory(
        school=school, state="closed", notes_end_on=END, talk="Stems", own_words="Mine",
        starts_at=clock.at(date(2026, 12, 1), clock.now().time()),
        closed_at=clock.midnight(date(2026, 12, 2)),
        owner_closed_at=clock.midnight(date(2026, 12, 2)),
    )  # fmt: skip
    ObserverFactory(
        school=school, observation=observation, pupils_said="Pupils", closed_at=clock.now()
    )
    return observation


def go(at, school, moment):
    """What beat does every quarter of an hour, and the letters that are due."""
    at(moment)
    sweeps.run(school_id=school.pk)
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        due = list(Reminder.objects.due(clock.now()).values_list("pk", flat=True))
    for pk in due:
        reminders.deliver(school_id=school.pk, reminder_id=pk)


def has_notes(school):
    with school_scope(school):
        return Observation.objects.get().has_notes


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 9, 1), END),
        (date(2027, 8, 31), END),
        (date(2027, 9, 1), date(2029, 8, 31)),
        (date(2028, 2, 29), date(2029, 8, 31)),
    ],
)
def test_end_is_the_end_of_the_next_academic_year(day, end):
    assert observing.end_of_next_year(day) == end


def test_owner_is_told_before_the_summer_and_the_notes_go_on_the_day(at, school, closed):
    go(at, school, "2028-06-30 12:00")
    with school_scope(school):
        assert not OutboxMessage.objects.exists()
    go(at, school, "2028-07-03 12:00")
    go(at, school, "2028-07-04 12:00")
    with school_scope(school):
        letter = OutboxMessage.objects.get()
        assert "destroyed on 31 August" in letter.subject
        assert "Stems" not in letter.text
    go(at, school, "2028-08-31 23:30")
    assert has_notes(school)

    go(at, school, "2028-09-01 00:15")
    with school_scope(school):
        found = Observation.objects.get()
        assert (found.state, found.talk, found.own_words) == ("closed", "", "")
        assert not found.observers.get().has_written


def test_day_moves_on_until_the_owner_has_been_told_but_not_for_ever(at, school, closed):
    go(at, school, "2028-09-04 12:00")  # nothing ran all summer
    assert has_notes(school)
    with school_scope(school):
        assert Observation.objects.get().notes_end_on == date(2028, 9, 11)
        assert OutboxMessage.objects.count() == 1
    go(at, school, "2028-09-12 12:00")
    assert not has_notes(school)


def test_who_cannot_be_told_does_not_keep_them(at, school):
    gone = StaffFactory(school=school, ends_on=date(2027, 8, 31))
    ObservationFactory(school=school, owner=gone, state="held", talk="Stems", notes_end_on=END)

    go(at, school, "2028-09-01 12:00")

    assert not has_notes(school)


def test_letter_is_not_sent_when_the_owner_took_them_away(at, school, closed):
    with school_scope(school):
        observing.destroy_notes(closed)

    go(at, school, "2028-07-10 12:00")

    with school_scope(school):
        assert not Reminder.objects.filter(kind=NOTES).exists()


def test_video_goes_after_its_day_and_doors_come_off_the_board(at, school):
    today = clock.today()
    ObservationFactory(
        school=school, state="held", video="https://v.example/7", video_until=today, talk="Stems"
    )
    OpenDoorFactory(school=school, until=today)

    sweeps.run(school_id=school.pk)
    with school_scope(school):
        assert Observation.objects.get().video
        assert OpenDoor.objects.exists()
    at(f"{today + timedelta(days=1)} 06:00")
    sweeps.run(school_id=school.pk)
    with school_scope(school):
        found = Observation.objects.get()
        assert (found.video, found.video_until, found.talk) == ("", None, "Stems")
        assert not OpenDoor.objects.exists()
