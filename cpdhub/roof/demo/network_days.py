"""Shared INSET days of the demo's network: one that was held, with its registers, and one to come
for which most have chosen."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from cpdhub import jobs
from cpdhub.models import Job, School, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.days import building, record
from networks.days.people import taking_part
from networks.models import (
    DaySchool,
    DaySlot,
    Guest,
    Network,
    SharedDay,
    Site,
    Wish,
    Workshop,
    WorkshopRegister,
)

LEADS = "oakfield-primary"
# Title, what about, for whom, led by, job, how much it is wanted.
OFFERS = [
    ("Talk that teaches", "Sentence stems from Reception to Year 6, with films from our rooms.",
     "Everyone", "Priya Nair", "English lead", 9),
    ("Maths talk with number lines", "Reasoning aloud before writing: three routines to try.",
     "Key stage 2", "Tom Okafor", "Maths lead", 6),
    ("Calm transitions", "Two minutes between lessons, and what they do to the next hour.",
     "Everyone", "Jo Whitfield", "Deputy head", 7),
    ("Teaching assistants: scaffold, then step back", "When to help, when to wait, what to say.",
     "Teaching assistants", "Marie Lund", "SENCO", 5),
    ("Early reading: keep up, not catch up", "Same-day practice in ten minutes.",
     "Reception and key stage 1", "Hannah Price", "Reading lead", 5),
    ("Retrieval without worksheets", "Questions, whiteboards, partners.",
     "Everyone", "Sam Idowu", "Year 5 teacher", 4),
    ("Speech and language: what we can do before a referral", "With a therapist of the service.",
     "Reception and key stage 1", "Alex Burns", "Speech therapist", 4),
    ("Reading aloud to eleven-year-olds", "Choosing books, and reading them well.",
     "Key stage 2", "Ruth Ellery", "Librarian", 3),
    ("Office and site: the first voice of the school", "Difficult calls and calm replies.",
     "Office and site staff", "Dee Marsh", "Business manager", 1),
    ("Sketchbooks that think", "Drawing to understand in science and history.",
     "Everyone", "Noor Aziz", "Art lead", 2),
]  # fmt: skip


class _Unwatched(jobs.Progress):
    """Nobody waits for the demo's timetable."""

    def __call__(self, percent: int, doing: str = "") -> None:
        pass


def show(network: Network, schools: Mapping[str, School], *, now: datetime, today: date) -> None:
    """Each school is opened for its own part."""
    lead = schools[LEADS]
    rng = random.Random(11)
    _held(network, lead, list(schools.values()), _weekday(today - timedelta(days=38)), now, rng)
    _to_come(network, lead, list(schools.values()), _weekday(today + timedelta(days=24)), rng)


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _leader(school: School) -> Staff:
    """Whoever leads CPD in the open school."""
    leaders = Staff.objects.with_role(Role.CPD_LEADER) | Staff.objects.with_role(Role.HEAD)
    leader = leaders.order_by("pk").first()
    assert leader is not None, f"{school} has nobody who leads CPD"
    found: Staff = leader
    return found


def _day(
    network: Network, lead: School, hosts: Sequence[School], day: date, **fields: str
) -> SharedDay:
    """Three slots, with half an hour between the second and the third."""
    with school_scope(lead):
        made = SharedDay.objects.create(
            network=network, school=lead, day=day, choices_close_on=day - timedelta(days=7),
            state=SharedDay.State.CHOOSING, **fields,
        )  # fmt: skip
        own = {"network": network, "school": lead, "day": made}
        slots = [
            DaySlot.objects.create(
                **own, name=f"Session {number}", starts_at=starts, ends_at=ends
            )
            for number, starts, ends in (
                (1, time(9), time(10, 15)), (2, time(10, 30), time(11, 45)),
                (3, time(12, 45), time(14)),
            )
        ]  # fmt: skip
        sites = [
            Site.objects.create(
                **own, name=school.name[:120], host=school, address="Main gate, sign in at office",
                is_step_free=number != 1,
            )
            for number, school in enumerate(hosts)
        ]  # fmt: skip
        for number, (title, about, audience, led_by, job, wanted) in enumerate(OFFERS):
            first = Workshop(
                **own, slot=slots[number % 3], site=sites[number % len(sites)],
                room=f"Room {number + 1}", title=title, about=about, audience=audience,
                led_by=led_by, led_job=job, led_from=hosts[number % len(hosts)],
                most=40 if wanted > 6 else 24, fewest=6 if wanted < 3 else 0,
            )  # fmt: skip
            first.save()
            if wanted > 3:  # held twice
                Workshop.objects.create(**{
                    **own, "slot": slots[(number + 1) % 3], "site": first.site,
                    "room": first.room, "title": title, "about": about, "audience": audience,
                    "led_by": led_by, "led_job": job, "led_from": first.led_from,
                    "most": first.most, "repeats": first.repeats,
                })  # fmt: skip
    return made


def _choose(day: SharedDay, school: School, rng: random.Random, *, share: float) -> None:
    """The school takes part with everybody, and most of them choose."""
    wanted = {title: weight for title, *_, weight in OFFERS}
    with school_scope(school):
        row = DaySchool.objects.create(
            network_id=day.network_id, school=school, day=day, said_by=_leader(school)
        )
        people = list(taking_part(row).order_by("pk"))
        DaySchool.objects.filter(pk=row.pk).update(people=len(people))
        slots: dict[int, list[Workshop]] = {}
        for workshop in Workshop.objects.filter(day=day).order_by("pk"):
            slots.setdefault(workshop.slot_id, []).append(workshop)
        wishes = []
        for person in people:
            if rng.random() > share:
                continue
            for slot, held in slots.items():
                by_taste = sorted(held, key=lambda one: -(rng.random() ** (1 / wanted[one.title])))
                wishes += [
                    Wish(
                        network_id=day.network_id, school=school, day=day, staff=person,
                        slot_id=slot, workshop=workshop, rank=rank,
                    )
                    for rank, workshop in enumerate(by_taste[:3], start=1)
                ]  # fmt: skip
        Wish.objects.bulk_create(wishes)


def _held(
    network: Network, lead: School, schools: list[School], on: date, now: datetime,
    rng: random.Random,
) -> None:  # fmt: skip
    """All schools but one came; one register was never taken."""
    day = _day(
        network, lead, schools[:3], on, title="Talk day",
        purpose="Pupils explain their thinking in every lesson: each of us tries one routine.",
    )  # fmt: skip
    for school in schools[:-1]:
        _choose(day, school, rng, share=0.85)
    with school_scope(lead):
        job = building.start(day, by=_leader(lead))
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.DONE, finished_at=now, percent=100
        )  # done here and now
    building.run(job, _Unwatched(job))
    _registers(day, lead, rng)
    with school_scope(lead):
        day.refresh_from_db()
        day.state = SharedDay.State.OVER
        day.save(update_fields=["state"])
    for school in schools[:-1]:
        with school_scope(school):
            record.write(day, school.pk)


def _registers(day: SharedDay, lead: School, rng: random.Random) -> None:
    with school_scope(lead):
        workshops = list(Workshop.objects.running().filter(day=day).in_order())
        for workshop in workshops[:-1]:
            guests = list(Guest.objects.filter(workshop=workshop).order_by("pk"))
            for guest in guests:
                guest.was_present = rng.random() > 0.06
            Guest.objects.bulk_update(guests, ["was_present"])
            if guests:
                WorkshopRegister.objects.create(
                    network_id=day.network_id, school=lead, day=day, workshop=workshop,
                    taken_by=f"{workshop.led_by}, {workshop.led_from}",
                )  # fmt: skip


def _to_come(
    network: Network, lead: School, schools: list[School], on: date, rng: random.Random
) -> None:
    """Choices are open; one school has not said whether it comes."""
    day = _day(
        network, lead, schools[:4], on, title="Spring day: what worked",
        purpose="Colleagues show what changed in their rooms since the talk day.",
    )  # fmt: skip
    for number, school in enumerate(schools[:-1]):
        _choose(day, school, rng, share=0.7 if number else 0.5)
