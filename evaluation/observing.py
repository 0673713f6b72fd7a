"""What the people of an observation do: ask, agree, watch, talk, close, share, take away.

Whoever changes one holds its row, so that two who do it at once take turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from cpdhub import clock
from cpdhub.models import LogEntry, Reminder, Staff
from cpdhub.models.base import NotPossible
from cpdhub.years import first_year_of
from evaluation.models import (
    LookFor,
    LookFors,
    Observation,
    ObservationFocus,
    ObservationOpening,
    ObservationReader,
    Observer,
)

LETTER = "observation"
MOST_HEADINGS = 6
SILENT = timedelta(weeks=4)  # after that the owner need not wait for an observer to close
NOTES_ARE_GONE = "The notes of this observation were taken away, so nothing is written any more."
State = Observation.State

# What notes are written under where nobody chose anything: pupils first, and never a judgement.
USUAL_HEADINGS = {
    Observation.Kind.ONE: ["What pupils did", "What pupils said"],
    Observation.Kind.JOINT: ["What pupils did", "What pupils said"],
    Observation.Kind.RECIPROCAL: ["What pupils did", "What pupils said", "What I take with me"],
    Observation.Kind.PURSUIT: [
        "What these pupils were asked to do",
        "What they did and said",
        "Whom they worked with, and when they waited",
    ],
}


def end_of_next_year(day: date) -> date:
    """The last day of the academic year after the one this day is in: notes go then at the
    latest."""
    return date(first_year_of(day) + 2, 8, 31)


# --- asking and agreeing ---------------------------------------------------------------------


@transaction.atomic
def ask(
    observation: Observation, *, by: Staff, observers: Sequence[Staff], headings: Sequence[str]
) -> Observation:
    """Either side asks. Whoever asks has agreed already; the others say yes or no."""
    if observation.return_of_id:
        Observation.objects.select_for_update().get(pk=observation.return_of_id)
        if Observation.objects.filter(return_of=observation.return_of_id).exists():
            raise NotPossible("The other one has arranged this visit already.")
    now = clock.now()
    observation.school = by.school
    observation.asked_by, observation.asked_at = by, now
    observation.look_fors = LookFors.objects.in_force()
    observation.owner_agreed_at = now if observation.owner_id == by.pk else None
    observation.save()
    Observer.objects.bulk_create(
        Observer(
            school=by.school,
            observation=observation,
            staff=person,
            agreed_at=now if person.pk == by.pk else None,
        )
        for person in observers
    )
    set_headings(observation, headings)
    for person in others(observation, by):
        tell(person, observation, "asked")
    return observation


def to_write_under(observation: Observation, headings: Sequence[str]) -> list[str]:
    """The headings chosen, or the usual ones."""
    usual = USUAL_HEADINGS[Observation.Kind(observation.kind)]
    return [*headings][:MOST_HEADINGS] or usual


def set_headings(observation: Observation, headings: Sequence[str]) -> None:
    observation.headings.all().delete()
    ObservationFocus.objects.bulk_create(
        ObservationFocus(
            school_id=observation.school_id,
            observation=observation,
            position=position,
            heading=heading,
        )
        for position, heading in enumerate(to_write_under(observation, headings))
    )


@transaction.atomic
def arrange(observation: Observation, *, by: Staff, headings: Sequence[str]) -> bool:
    """Other headings, another time or focus, before it takes place. The others are told.

    Nobody agreed to look at something else: with a new focus or new headings the others are
    asked for their yes again, and the answer is whether they are. Who left the focus to its
    owner agreed to the one they choose.
    """
    before = locked(observation, [State.ASKED, State.AGREED], "It took place already.")
    now = {row.heading for row in before.headings.all()}
    is_other = bool(before.focus) and (
        before.focus != observation.focus or now != {*to_write_under(observation, headings)}
    )
    is_moved = (before.starts_at, before.place) != (observation.starts_at, observation.place)
    observation.revision = before.revision + 1
    if is_other:
        observation.state = State.ASKED
        if observation.owner_id != by.pk:
            observation.owner_agreed_at = None
        observation.observers.exclude(staff=by).update(agreed_at=None)
    observation.save()
    set_headings(observation, headings)
    if is_other or (is_moved and observation.state == State.AGREED):
        what = "changed" if is_other else "moved"
        for person in others(observation, by):
            tell(person, observation, f"{what} {observation.revision}")
    return is_other


@transaction.atomic
def agree(observation: Observation, *, by: Staff) -> Observation:
    """Once everyone has said yes it is agreed. Saying it twice is harmless."""
    found = locked(observation, [State.ASKED, State.AGREED], "It is not open any more.")
    now = clock.now()
    if found.owner_id == by.pk:
        if not found.focus or found.starts_at is None:
            raise NotPossible("Say first what to look at and when: the focus is yours.")
        found.owner_agreed_at = found.owner_agreed_at or now
    else:
        found.observers.filter(staff=by, agreed_at=None).update(agreed_at=now)
    if found.state == State.ASKED and found.owner_agreed_at and not waits_for(found):
        found.state = State.AGREED
        for person in others(found, by):
            tell(person, found, f"agreed {found.revision}")
    found.save()
    return found


def waits_for(observation: Observation) -> list[Observer]:
    """The observers who have not said yes or no."""
    return list(observation.observers.filter(agreed_at=None))


@transaction.atomic
def withdraw(observation: Observation, *, by: Staff) -> None:
    """No, taken back, or called off: nobody gives a reason, and nobody is asked for one."""
    found = locked(
        observation,
        [State.ASKED, State.AGREED],
        "It took place already. Its owner can take the notes away instead.",
    )
    found.state = State.WITHDRAWN
    found.return_of = None  # so that the visit can be arranged another time
    found.save(update_fields=["state", "return_of"])
    for person in others(found, by):
        tell(person, found, "off")


# --- what was seen and said ------------------------------------------------------------------


@transaction.atomic
def hold(observation: Observation) -> Observation:
    """It took place. From now on there is something to read, and a day on which it ends."""
    found = locked(observation, [State.AGREED, State.HELD], "It is not agreed, or it is over.")
    if found.state == State.AGREED:
        if not found.may_be_held(now=clock.now()):
            raise NotPossible("Its day has not come yet. Change the day if it took place earlier.")
        assert found.day is not None
        found.state = State.HELD
        found.notes_end_on = end_of_next_year(found.day)
        found.save()
    return found


def take_turn(observer: Observer) -> Observer:
    """Their notes as they are now, for whoever writes them: the observation is held first, as
    everywhere, so that no two wait for each other."""
    found = Observation.objects.select_for_update().get(pk=observer.observation_id)
    fresh: Observer = Observer.objects.select_for_update().get(pk=observer.pk)
    fresh.observation = found
    return fresh


@transaction.atomic
def save_notes(
    observer: Observer,
    *,
    notes: list[dict[str, str]],
    pupils_said: str,
    are_done: bool = False,
    while_typing: bool = False,
) -> None:
    """The first notes say that it took place. Whoever wrote them reads them until it is closed.

    What is kept while somebody types is no new revision: they still hold the page it is from.
    """
    found = hold(observer.observation)
    if not found.has_notes:
        raise NotPossible(NOTES_ARE_GONE)
    fresh = Observer.objects.select_for_update().get(pk=observer.pk)
    fresh.notes, fresh.pupils_said = notes, pupils_said
    if are_done and fresh.noted_at is None:
        fresh.noted_at = clock.now()
    fresh.revision += not while_typing
    fresh.save()
    unclose(found)


def unclose(observation: Observation) -> None:
    """What somebody closed is not what is there now: everybody looks again."""
    observation.observers.exclude(closed_at=None).update(closed_at=None)
    Observation.objects.filter(pk=observation.pk).update(owner_closed_at=None)


def may_read_each_other(observers: Iterable[Observer]) -> bool:
    """Two who watch together write apart: each reads the other once both are done."""
    return all(observer.noted_at for observer in observers)


# --- closing, sharing, taking away ---------------------------------------------------------


@transaction.atomic
def close(observation: Observation, *, by: Staff) -> Observation:
    """One of them is done with it. With the last it is closed, and the observers read it no more.

    An owner need not wait for who has left, or has been silent for four weeks.
    """
    found = locked(observation, [State.HELD, State.CLOSED], "It has not taken place yet.")
    if found.state == State.CLOSED:
        return found
    now = clock.now()
    if found.owner_id == by.pk:
        found.owner_closed_at = now
        gone = Staff.objects.exclude(pk__in=Staff.objects.live(clock.today()).values("pk"))
        away = found.observers.filter(closed_at=None)
        if not is_silent(found, now=now):
            away = away.filter(staff__in=gone)
        away.update(closed_at=now)
    else:
        found.observers.filter(staff=by).update(closed_at=now)
    if found.owner_closed_at and not found.observers.filter(closed_at=None).exists():
        found.state, found.closed_at = State.CLOSED, now
        found.notes_end_on = end_of_next_year(clock.day_of(now))
    found.save()
    return found


def is_silent(observation: Observation, *, now: datetime) -> bool:
    return observation.starts_at is not None and observation.starts_at + SILENT <= now


@transaction.atomic
def share(observation: Observation, *, readers: Iterable[Staff]) -> None:
    """Exactly these people read it besides its owner, whatever becomes of their roles."""
    found = locked(observation, [State.HELD, State.CLOSED], "There is nothing to share yet.")
    if not found.has_notes:
        raise NotPossible(NOTES_ARE_GONE)
    chosen = {reader.pk for reader in readers}
    found.readers.exclude(staff__in=chosen).delete()
    ObservationReader.objects.bulk_create(
        (
            ObservationReader(school_id=found.school_id, observation=found, staff_id=pk)
            for pk in sorted(chosen)
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def destroy_notes(observation: Observation) -> None:
    """Every word that was written goes, and who may read it. That it took place stays.

    Nothing is written from now on, and a page that is still open is of an older revision.
    """
    found = locked(observation, [State.HELD, State.CLOSED], "There are no notes.")
    if found.notes_gone_at is None:
        for name in Observation.TEXTS:
            setattr(found, name, "")
        found.video_until, found.lends_step = None, False
        found.notes_gone_at = clock.now()
        found.revision += 1
        found.save()
    found.observers.update(notes=[], pupils_said="", revision=F("revision") + 1)
    found.readers.all().delete()


def open_observation(observation: Observation, *, by: Staff) -> None:
    """Somebody reads it: the owner will see who and when. Nothing of the text is copied."""
    if observation.owner_id == by.pk:
        return
    ObservationOpening.objects.get_or_create(
        observation=observation,
        staff=by,
        defaults={"school_id": observation.school_id, "first_at": clock.now()},
    )
    LogEntry.write(LogEntry.Kind.OPENED, by=by, what="observation", object_id=observation.pk)


# --- what the school looks for ---------------------------------------------------------------


@transaction.atomic
def agree_look_fors(version: int, lines: Sequence[tuple[str, str]], *, by: Staff) -> LookFors:
    """A new version, each line a heading and what it means."""
    agreed: LookFors = LookFors.objects.create(
        school=by.school, version=version, agreed_on=clock.today(), written_by=by
    )
    LookFor.objects.bulk_create(
        LookFor(school=by.school, look_fors=agreed, position=position, heading=heading, hint=hint)
        for position, (heading, hint) in enumerate(lines)
    )
    return agreed


# --- how often, and telling -----------------------------------------------------------------


def load_of(owner: Staff, *, day: date) -> int:
    """How often this person is observed, to develop, in the academic year that holds the day."""
    first = date(first_year_of(day), 9, 1)
    mine = Observation.objects.counted().filter(owner=owner)
    number: int = mine.between(first, date(first.year + 1, 8, 31)).count()
    return number


def locked(observation: Observation, states: Sequence[str], otherwise: str) -> Observation:
    found: Observation = Observation.objects.select_for_update().get(pk=observation.pk)
    if found.state not in states:
        raise NotPossible(otherwise)
    return found


def others(observation: Observation, by: Staff) -> list[Staff]:
    """Everybody in it besides whoever acts."""
    observers = observation.observers.select_related("staff__school")
    people: list[Any] = [observation.owner, *(observer.staff for observer in observers)]
    return [person for person in people if person.pk != by.pk]


def tell(staff: Staff, observation: Observation, what: str) -> None:
    """A letter that leaves with this transaction, or not at all."""
    Reminder.objects.bulk_create(
        [
            Reminder(
                school_id=staff.school_id,
                staff=staff,
                kind=LETTER,
                key=f"{LETTER}:{observation.pk} {what}",
                object_id=observation.pk,
                due_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
