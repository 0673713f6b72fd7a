"""The timetable of a shared day, for all schools at once, made by the worker.

Each school is opened in turn, and only for ids: who takes part, what they wish for, what they have.
Seats are written school by school under the number of the run, each school in one transaction;
only when all are there does the day point to that run. So a timetable is never half out, a worker
that was killed begins again without harm, and of two that are asked for at once the newer one
stands.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from cpdhub import clock, jobs
from cpdhub.models import Job, Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from cpdhub.walls import school_scope
from networks.days.assigning import NOWHERE, Key, Offer, Person, Result, assign
from networks.days.people import row_of, schools_of, taking_part
from networks.models import DaySlot, Guest, Membership, Seat, SharedDay, Wish, Workshop
from networks.models.shared_day import SHORT_BREAK

KIND = "shared_day"
NEWER = "Somebody asked for a newer timetable while this one was made. That one counts."
GONE = "This day is not there any more."


def register() -> None:
    jobs.register(
        KIND, title="Timetable of a shared day", permission=Permission.WORK_IN_NETWORKS, run=run,
        next_page=lambda job: (
            reverse("networks:day", args=[job.params["network"], job.params["day"]]),
            "See the day",
        ),
    )  # fmt: skip


@transaction.atomic
def start(day: SharedDay, *, by: Staff, is_gentle: bool = False) -> Job:
    """Ask for a timetable; choices are closed from now on. One that is being made is not asked
    for again."""
    locked = SharedDay.objects.select_for_update().get(pk=day.pk)
    if locked.is_planned or locked.is_over:
        raise NotPossible("A timetable is built once staff may choose, and until the day is over.")
    if not Workshop.objects.filter(day=day, dropped_because="").exists():
        raise NotPossible("There is no workshop yet.")
    going = Job.objects.unfinished().filter(kind=KIND, params__day=day.pk)
    if locked.is_being_built and (job := going.order_by("-pk").first()):
        found: Job = job
        return found
    locked.asked_run += 1
    if locked.is_open:
        locked.choices_close_on = clock.today() - timedelta(days=1)
    locked.save(update_fields=["asked_run", "choices_close_on"])
    params = {
        "day": day.pk, "network": day.network_id, "run": locked.asked_run, "gentle": is_gentle
    }  # fmt: skip
    return jobs.start(KIND, by=by, params=params)


def run(job: Job, progress: jobs.Progress) -> None:
    begun = time.monotonic()
    day_pk, number = job.params["day"], job.params["run"]
    with job.scope():
        day = SharedDay.objects.filter(pk=day_pk).first()
        if day is None:
            raise jobs.JobFailed(GONE)
        stands = day.run == number
        schools = schools_of(day)
    if not stands:
        plan = _gather(job, day, schools, progress)
        result = assign(
            [slot.pk for slot in plan.slots], plan.near, plan.offers, plan.people,
            seed=day.pk, is_gentle=job.params["gentle"],
            tell=lambda percent, doing: progress(20 + percent // 2, f"Finding places: {doing}"),
        )  # fmt: skip
        for place, school in enumerate(schools):
            progress(70 + 25 * place // len(schools), "Writing down who goes where")
            _write(day_pk, school, number, result, plan)
        _point_to(job, number, result, plan, seconds=time.monotonic() - begun)
    for school in schools:
        _forget_others(day_pk, school, number)


@dataclass
class _Plan:
    """What a timetable is made from: ids, times and numbers."""

    slots: list[DaySlot]
    workshops: dict[int, Workshop]
    people: list[Person] = field(default_factory=list)
    ranks: dict[Key, dict[int, int]] = field(default_factory=dict)  # of their choices

    @property
    def near(self) -> list[tuple[int, int]]:
        return [
            (one.pk, other.pk)
            for one in self.slots
            for other in self.slots
            if one.starts_at < other.starts_at and one.break_before(other) < SHORT_BREAK
        ]

    @property
    def offers(self) -> list[Offer]:
        return [
            Offer(one.pk, one.slot_id, one.site_id, one.repeats, one.most, one.fewest)
            for one in self.workshops.values()
        ]


def _gather(job: Job, day: SharedDay, schools: list[int], progress: jobs.Progress) -> _Plan:
    with job.scope():
        rows = Workshop.objects.filter(day=day, dropped_because="").select_related("site")
        plan = _Plan(list(DaySlot.objects.filter(day=day)), {row.pk: row for row in rows})
    found: dict[Any, Person] = {}
    for place, school in enumerate(schools):
        progress(20 * place // len(schools), "Reading who takes part and what they chose")
        for user, person, ranks in _people_in(day, school):
            known = found.get(user)
            # Somebody with posts in two schools is seated once: where they chose, or first.
            if known is None or person.wishes and not known.wishes:
                found[user] = person
                plan.ranks[person.key] = ranks
    plan.people = list(found.values())
    return plan


def _people_in(day: SharedDay, school: int) -> Iterator[tuple[Any, Person, dict[int, int]]]:
    """Who, and what they chose, of one school, which is opened for ids and nothing else."""
    with school_scope(school):
        row = row_of(day, school)
        if row is None:
            return
        posts = list(taking_part(row).order_by("pk").values_list("pk", "user"))
        ranks: dict[int, dict[int, int]] = {}
        held: dict[int, set[int]] = {}
        wishes = Wish.objects.filter(day=day).order_by("rank", "pk")
        for staff, workshop, rank in wishes.values_list("staff", "workshop", "rank"):
            ranks.setdefault(staff, {})[workshop] = rank
        seats = Seat.objects.standing().filter(day=day)
        for staff, workshop in seats.values_list("staff", "workshop"):
            held.setdefault(staff, set()).add(workshop)
    for staff, user in posts:
        mine = ranks.get(staff, {})
        person = Person((school, staff), tuple(mine), frozenset(held.get(staff, ())))
        yield user or (school, staff), person, mine


def _write(day_pk: int, school: int, number: int, result: Result, plan: _Plan) -> None:
    """One school's seats of this run, all or none; written again, they are the same."""
    with school_scope(school):
        day = SharedDay.objects.filter(pk=day_pk).first()
        inside = Membership.objects.members().filter(school=school, network=day and day.network_id)
        if day is None or not list(inside.select_for_update(of=("self",))):
            return  # it has left meanwhile
        if day.asked_run != number:
            raise jobs.JobFailed(NEWER)
        Guest.objects.filter(day=day, school=school, run=number).delete()
        Seat.objects.filter(day=day, run=number).delete()
        staff = {
            one.pk: one
            for one in Staff.objects.filter(pk__in=[pk for at, pk in result.seats if at == school])
        }
        seats = Seat.objects.bulk_create(
            Seat(
                school_id=school, network_id=day.network_id, day=day, staff=staff[key[1]],
                slot_id=slot, workshop_id=workshop, run=number, rank=plan.ranks[key].get(workshop),
            )
            for key, row in sorted(result.seats.items())
            if key[0] == school and key[1] in staff
            for slot, workshop in sorted(row.items())
        )  # fmt: skip
        Guest.objects.bulk_create(
            guest_of(seat, plan.workshops[seat.workshop_id]) for seat in seats
        )
        row = row_of(day, school)
        if row:
            row.people = len(staff)
            row.save(update_fields=["people"])


def guest_of(seat: Seat, workshop: Workshop) -> Guest:
    """What the site reads of somebody who comes."""
    return Guest(
        school_id=seat.school_id, network_id=seat.network_id, day_id=seat.day_id, seat=seat,
        workshop=workshop, host_id=workshop.site.host_id, run=seat.run, name=seat.staff.name,
        sort_name=seat.staff.sort_name, job=seat.staff.job_title,
    )  # fmt: skip


def _point_to(job: Job, number: int, result: Result, plan: _Plan, *, seconds: float) -> None:
    """Now it is out: the one write that everybody's pages follow."""
    with job.scope():
        day = SharedDay.objects.select_for_update().get(pk=job.params["day"])
        if day.asked_run != number:
            raise jobs.JobFailed(NEWER)
        if day.is_over:
            raise jobs.JobFailed("The day is over: its timetable stays as it was.")
        day.run, day.state = number, day.State.TIMETABLED
        day.figures = figures_of(result, plan, seconds)
        day.save(update_fields=["run", "state", "figures"])
        workshops = Workshop.objects.filter(day=day)
        workshops.update(is_too_small=False)
        workshops.filter(pk__in=result.dropped).update(is_too_small=True)


def figures_of(result: Result, plan: _Plan, seconds: float) -> dict[str, Any]:
    """How well it met what people asked for."""
    asked = first = some = chose = 0
    for person in plan.people:
        got = result.seats[person.key]
        ranks = plan.ranks[person.key]
        there = {plan.workshops[pk].slot_id for pk in ranks if pk in plan.workshops}
        chose += bool(there)
        for slot in there:
            asked += 1
            rank = ranks.get(got.get(slot, NOWHERE))
            first += rank == 1
            some += rank is not None
    seated = Counter(pk for row in result.seats.values() for pk in row.values())
    return {
        "people": len(plan.people),
        "seats": seated.total(),
        "nowhere": len(plan.people) * len(plan.slots) - seated.total(),
        "chose": chose, "asked": asked, "first": first, "some": some,
        "empty": sum(pk not in seated for pk in plan.workshops if pk not in result.dropped),
        "dropped": len(result.dropped),
        "seconds": round(seconds, 1),
    }  # fmt: skip


def _forget_others(day_pk: int, school: int, number: int) -> None:
    with school_scope(school):
        old = Seat.objects.filter(day=day_pk).exclude(run__gte=number)
        Guest.objects.filter(seat__in=old.values("pk"), school=school).delete()
        old.delete()
