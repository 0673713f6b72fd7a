"""The demo school's CPD policy: a first version, the one in force, and who has read it."""

from __future__ import annotations

from datetime import date, timedelta

from cpdhub import policy_actions
from cpdhub.models import Policy, PolicyObjective, PolicyReader, Priority, School, Staff

VISIONS = [
    "Everyone who works at Oakfield keeps learning.",
    "Every adult at Oakfield gets better at something that matters to pupils each year, and can"
    " say what changed because of it.",
]
OBJECTIVES = [
    # what, how we know, the title its priority begins with
    ("Coaching reaches everyone who teaches mathematics", "Coaching logged for each of them by Easter", "Pupils explain"),
    ("Whatever we plan says beforehand what should change for pupils", "Nothing direct without an intended impact by June", ""),
    ("Teaching assistants and office staff have had CPD of their own choosing", "Hours by staff group each term", ""),
]  # fmt: skip


def write(school: School, people: list[Staff], today: date) -> None:
    """Last year's and this year's. The demo's sign-ins below the leaders have not read it yet."""
    head, leader = people[:2]
    for version, days_ago in enumerate((430, 40), start=1):
        policy = Policy.objects.create(
            school=school, version=version, vision=VISIONS[version - 1], **policy_actions.FIRST,
            review_on=today + timedelta(days=325 if version == 2 else -65),
        )  # fmt: skip
        for text, known_by, title in OBJECTIVES[: version + 1]:
            PolicyObjective.objects.create(
                school=school, policy=policy, text=text, known_by=known_by,
                priority=title and Priority.objects.live().filter(title__startswith=title).first()
                or None,
            )  # fmt: skip
        policy.state = Policy.State.PUBLISHED
        policy.published_on = today - timedelta(days=days_ago)
        policy.published_by = leader
        policy.save()
        others = [person for person in people[11:] if person.group]
        for place, person in enumerate([head, leader, *others[:: 3 - version]]):
            PolicyReader.objects.create(
                school=school, policy=policy, staff=person,
                read_on=policy.published_on + timedelta(days=place % 14),
            )  # fmt: skip
