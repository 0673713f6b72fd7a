"""Letters about observations: asked, agreed, moved, changed, off. Nothing of what was written."""

from collections.abc import Iterator
from datetime import datetime

from cpdhub import clock, emails, reminders
from cpdhub.models import Reminder, School
from evaluation.models import Observation
from evaluation.observing import LETTER

WAITS_FOR = {
    "asked": [Observation.State.ASKED],
    "agreed": [Observation.State.AGREED],
    "moved": [Observation.State.AGREED],
    "changed": [Observation.State.ASKED],
    "off": [Observation.State.WITHDRAWN],
}


def nothing_to_find(school: School, now: datetime) -> Iterator[reminders.Due]:
    """These are written where it happens, in the same transaction."""
    yield from ()


def about_an_observation(reminder: Reminder) -> emails.Letter | None:
    """Nothing where it went on meanwhile."""
    what = reminder.key.removeprefix(f"{LETTER}:").split()[1]
    observation = (
        Observation.objects.filter(pk=reminder.object_id, state__in=WAITS_FOR[what])
        .select_related("owner", "asked_by")
        .first()
    )
    if observation is None:
        return None
    observers = observation.observers.select_related("staff")
    when = observation.starts_at and observation.starts_at.astimezone(clock.LONDON)
    return emails.letter(
        reminder.staff,
        "observation",
        {
            "what": what,
            "observation": observation,
            "is_owner": observation.owner_id == reminder.staff_id,
            "observers": " and ".join(observer.staff.name for observer in observers),
            "when": when,
            "url": reminder.school.link("observations:observation", observation.uuid),
        },
    )


def register() -> None:
    reminders.register(LETTER, find=nothing_to_find, letter=about_an_observation)
