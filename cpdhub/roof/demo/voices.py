"""What people in the demo schools wrote after learning something."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from activities.models import Activity
from cpdhub.models import Staff
from cpdhub.permissions import Role
from evaluation.models import Reflection, ReflectionOpening, ReflectionReader

TRY = (
    "Sentence stems on the tables for Year 4 guided reading, Tuesday",
    "Three seconds of waiting after each question, with my lower set",
    "Talk partners before anyone writes",
    "One worked example, then one half-finished, with Group B",
    "Reading aloud straight after lunch, every day for two weeks",
    "Asking “how do you know?” once in every maths lesson",
    "Letting the pupils choose the class book",
    "Naming the strategy when I help at the table",
    "A picture prompt before the story starts, with Reception",
    "Planning two questions beforehand instead of making them up",
)
LEARNED = (
    "Waiting is harder than it sounds, and more pupils answer.",
    "I had been giving the answer away in the question.",
    "The same stem works for the quiet ones and the quick ones.",
    "Watching Tom do it was worth more than the slides.",
    "Not much new, but it was good to plan together.",
    "",
    "Small steps: one change a week is plenty.",
    "I want to see it with a class like mine.",
)
SAW = (
    "Ellie and two others used the stem without being asked.",
    "More hands, and longer answers.",
    "Nothing yet; the class was unsettled this week.",
    "They corrected each other kindly.",
    "",
)
Audience = Reflection.Audience


def _readers(post: Staff, audience: str, leaders: list[Staff]) -> list[Staff]:
    if audience == Audience.LINE_MANAGER and post.line_manager:
        return [post.line_manager]
    return leaders if audience == Audience.CPD_LEADER else []


def reflect(
    activities: list[tuple[Activity, list[Staff], datetime]],
    *,
    crew: list[Staff],
    quiet: set[int],
    chance: random.Random,
    now: datetime,
) -> None:
    """Some share, some keep it to themselves, some write nothing; nobody can tell the last two apart."""
    leaders = [post for post in crew if Role.CPD_LEADER in post.roles]
    reflections, readers, openings = [], [], []
    for activity, people, last in activities:
        share = 0.18 if activity.pk in quiet else 0.5
        for post in people:
            if post.user_id is None or chance.random() > share:
                continue
            audience = chance.choices(
                [Audience.ONLY_ME, Audience.LINE_MANAGER, Audience.CPD_LEADER, Audience.EVERYONE],
                [30, 25, 30, 15],
            )[0]
            if audience == Audience.LINE_MANAGER and post.line_manager is None:
                audience = Audience.ONLY_ME
            written = min(last + timedelta(days=chance.randint(1, 6)), now)
            reflection = Reflection(
                school=activity.school, owner=post, activity=activity,
                will_try=chance.choice(TRY), learned=chance.choice(LEARNED),
                seen_in_pupils=chance.choice(SAW) if written < now - timedelta(days=14) else "",
                audience=audience, written_on=written.date(), saved_at=written,
                shared_at=None if audience == Audience.ONLY_ME else written,
            )  # fmt: skip
            reflections.append(reflection)
            for reader in _readers(post, audience, leaders):
                if reader != post:
                    readers.append(
                        ReflectionReader(
                            school=activity.school, reflection=reflection, staff=reader
                        )
                    )
                    if chance.random() < 0.6:
                        openings.append(
                            ReflectionOpening(
                                school=activity.school, reflection=reflection, staff=reader,
                                first_at=min(written + timedelta(days=2), now),
                            )
                        )  # fmt: skip
    Reflection.objects.bulk_create(reflections)
    ReflectionReader.objects.bulk_create(readers)
    ReflectionOpening.objects.bulk_create(openings)
