"""What is new at the demo school, and how far its teams are with it."""

from __future__ import annotations

from datetime import date, timedelta

from cpdhub.models import Priority, School, Staff, Team
from cpdhub.permissions import Role
from evaluation import innovations as maps
from evaluation.models import Innovation, NextStep, OwnUse

# Weeks ago, and for each part where the team was then.
TEAMS = {
    "Upper KS2": [(10, ("developing", "developing", "not_in_use")), (2, ("ideal", "acceptable", "acceptable"))],
    "Lower KS2": [(10, ("developing", "not_in_use", "not_in_use")), (2, ("acceptable", "developing", "developing"))],
    "EYFS and KS1": [(9, ("developing", "developing", "developing"))],
}  # fmt: skip
STEPS = (
    ("Lower KS2", 1, "acceptable", "Stems on every table, and one lesson a week that practises them", 2, False),
    ("Lower KS2", 0, "ideal", "Two questions a lesson planned together on Mondays", -1, False),
    ("Upper KS2", 2, "ideal", "A mistake of the week, looked at together", -3, True),
)  # fmt: skip


def bring_in(school: School, crew: list[Staff], *, today: date) -> None:
    """One described from the example and followed for a term."""
    leader = next(post for post in crew if Role.CPD_LEADER in post.roles)
    innovation = Innovation.objects.create(
        school=school, lead=leader, begun_on=today - timedelta(weeks=12),
        priority=Priority.objects.live().filter(title__contains="reasoning").first(),
        **maps.EXAMPLE,
    )  # fmt: skip
    maps.write_map(innovation, maps.EXAMPLE_PARTS)
    components = maps.components_of(innovation)
    teams = {team.name: team for team in Team.objects.all()}
    for name, days in TEAMS.items():
        for weeks, bands in days:
            maps.place(
                {part.pk: band for part, band in zip(components, bands, strict=True)},
                team=teams[name], on=today - timedelta(weeks=weeks),
                known_by="Rooms looked into by the team together", by=leader,
            )  # fmt: skip
    for name, part, band, action, weeks, is_done in STEPS:
        due_on = today + timedelta(weeks=weeks)
        NextStep.objects.create(
            school=school, component=components[part], team=teams[name], band=band, action=action,
            due_on=due_on, done_on=due_on if is_done else None,
        )  # fmt: skip
    teacher = next(post for post in crew if post.email.startswith("teacher@"))
    for weeks, level in ((11, "finding_out"), (7, "first_steps"), (1, "refining")):
        OwnUse.objects.create(
            school=school, owner=teacher, innovation=innovation, level=level,
            said_on=today - timedelta(weeks=weeks),
        )  # fmt: skip
