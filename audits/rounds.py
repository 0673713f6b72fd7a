"""Starting, following and closing rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from audits import labels
from audits.answering import rewrite_in_random_order
from audits.labels import Asked
from audits.models import Invitation, Round
from audits.models.round import LEAST_ANONYMOUS, MOST_REMINDERS
from audits.publishing import publish
from cpdhub import clock
from cpdhub.models import Reminder, School, Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role

KIND, OPENED, ABOUT_ACTIVITY = "audit", "audit_opened", "about_activity"
# Whose answers are set beside those of the others.
LEADING = {Role.HEAD, Role.CPD_LEADER, Role.TEAM_LEADER}


@transaction.atomic
def save_draft(round_: Round, *, by: Staff, people: Collection[int]) -> Round:
    """A round nobody knows of yet, and whom it will ask."""
    if round_.pk is None:
        round_.school, round_.started_by = by.school, by
    round_.save()
    round_.invitations.exclude(staff__in=people).delete()
    _ask(round_, people)
    return round_


def _ask(round_: Round, people: Collection[int]) -> list[Invitation]:
    """Invitations for those who have none yet, with staff group and team as they are today."""
    there = Invitation.objects.filter(round=round_, staff=OuterRef("pk"))
    new = Staff.objects.filter(~Exists(there), pk__in=people)
    return Invitation.objects.bulk_create(
        Invitation(
            school_id=round_.school_id, round=round_, staff=person, group=person.group,
            team_id=person.team_id, is_leader=_leads(person),
        )
        for person in new
    )  # fmt: skip


def start(round_: Round, *, today: date) -> bool:
    """Open it or, when its first day is to come, let it open by itself then. True when open."""
    if round_.opens_on > today:
        _look_at_people(round_, today)
        round_.opens_by_itself = True
        round_.save(update_fields=["opens_by_itself"])
        return False
    open_round(round_, today=today)
    return True


@transaction.atomic
def open_round(round_: Round, *, today: date) -> None:
    """From now on people are asked. Who they are, and the mode, is settled here."""
    locked = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if not locked.is_draft:
        return
    if locked.closes_on < today:
        raise NotPossible("Its last day has passed: choose another first.")
    locked.invitations.exclude(staff__in=Staff.objects.live(today).on_staff()).delete()
    invitations = _look_at_people(locked, today)
    allowed = labels.labels(_asked(invitations)) if locked.is_anonymous else {}
    for invitation in invitations:
        invitation.kept_group, invitation.kept_team_id = allowed.get(invitation.pk, labels.NOTHING)
    Invitation.objects.bulk_update(
        invitations, ["group", "team", "is_leader", "kept_group", "kept_team"], batch_size=500
    )
    locked.state, locked.opens_on = Round.State.OPEN, min(locked.opens_on, today)
    locked.opens_by_itself = False
    locked.save(update_fields=["state", "opens_on", "opens_by_itself"])
    round_.state = locked.state


def _look_at_people(round_: Round, today: date) -> list[Invitation]:
    """Those who are here, with their group and team of today; refused when they are too few."""
    here = Staff.objects.live(today).on_staff()
    invitations = list(round_.invitations.filter(staff__in=here).select_related("staff"))
    if not invitations:
        raise NotPossible("Nobody is chosen yet: tick whom to ask.")
    if round_.is_anonymous and len(invitations) < LEAST_ANONYMOUS:
        raise NotPossible(too_few(len(invitations)))
    for invitation in invitations:
        invitation.group, invitation.team_id = invitation.staff.group, invitation.staff.team_id
        invitation.is_leader = _leads(invitation.staff)
    return invitations


def _leads(person: Staff) -> bool:
    return not LEADING.isdisjoint(person.roles)


def too_few(number: int) -> str:
    return (
        f"An anonymous audit asks at least {LEAST_ANONYMOUS} people, and {number} are chosen: among"
        " fewer, answers point at persons. Ask more people, or choose confidential."
    )


def _asked(invitations: list[Invitation]) -> list[Asked]:
    return [Asked(each.pk, each.group, each.team_id) for each in invitations]


@transaction.atomic
def invite(round_: Round, people: Collection[int]) -> int:
    """Ask more people while it is open. How many were new."""
    locked = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if not locked.is_open:
        raise NotPossible("It is not open, so nobody can be asked.")
    known = Counter(
        (group, team)
        for group, team in locked.invitations.values_list("kept_group", "kept_team_id")
    )
    new = _ask(locked, people)
    if locked.is_anonymous and new:
        allowed = labels.labels_of_latecomers(_asked(new), known)
        if not allowed:
            raise NotPossible(
                "In an anonymous audit a latecomer must disappear among others: ask five or more"
                " people at once, or wait for the next audit."
            )
        for invitation in new:
            invitation.kept_group, invitation.kept_team_id = allowed[invitation.pk]
        Invitation.objects.bulk_update(new, ["kept_group", "kept_team"])
    return len(new)


@transaction.atomic
def close(round_: Round, *, now: datetime) -> bool:
    """End it for good and publish its results; False when somebody has done so.

    What is open in a browser comes late.
    """
    locked = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if not locked.is_open:
        return False
    if locked.is_anonymous:
        rewrite_in_random_order(locked)
    publish(locked)
    locked.state, locked.closed_at = Round.State.CLOSED, now
    locked.closes_on = max(locked.opens_on, min(locked.closes_on, clock.day_of(now)))
    locked.save(update_fields=["state", "closed_at", "closes_on"])
    return True


@transaction.atomic
def remind(round_: Round, *, now: datetime) -> int:
    """A letter to those who have not answered and had fewer than two; how many. Once a day."""
    waiting = Invitation.objects.waiting().filter(round=round_, reminded__lt=MOST_REMINDERS)
    rows = [
        Reminder(
            school_id=round_.school_id, staff_id=staff, kind=KIND, object_id=round_.pk,
            key=f"{KIND}:{round_.pk}:asked:{clock.day_of(now).isoformat()}", due_at=now,
        )
        for staff in waiting.values_list("staff", flat=True)
    ]  # fmt: skip
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def sweep(school: School, now: datetime) -> None:
    """Open what is due to open, close what is over. Twice does nothing more."""
    today = clock.day_of(now)
    for round_ in Round.objects.due_to_open(today=today):
        try:
            open_round(round_, today=today)
        except NotPossible:  # people left meanwhile: its page says what is missing
            Round.objects.filter(pk=round_.pk).update(opens_by_itself=False)
    for round_ in Round.objects.over(today=today):
        close(round_, now=now)
