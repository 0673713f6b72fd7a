"""The day on people's own records: in each school an activity with its slots, who took part and who
was there, written from the registers of the sites.

It runs when the day is said to be over, and a sweep follows registers that are taken or corrected
later. Each register is written once for each time it is taken: what a school then corrects on its
own record stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from activities.actions import add_people
from activities.models import Activity, ActivityForm, Attendance, Session
from cpdhub import clock, jobs
from cpdhub.models import Job, School, Staff
from cpdhub.permissions import Permission, Role
from cpdhub.walls import school_scope
from networks.days.people import row_of, schools_of
from networks.models import DaySchool, DaySlot, Guest, Seat, SharedDay, WorkshopRegister

KIND = "shared_day_record"
FORM = "inset-day"


def register() -> None:
    jobs.register(
        KIND, title="A shared day on everyone’s record", permission=Permission.WORK_IN_NETWORKS,
        run=run,
    )  # fmt: skip


def run(job: Job, progress: jobs.Progress) -> None:
    with job.scope():
        day = SharedDay.objects.filter(pk=job.params["day"]).first()
        if day is None:
            raise jobs.JobFailed("This day is not there any more.")
        schools = schools_of(day)
    for place, school in enumerate(schools):
        progress(100 * place // len(schools), f"School {place + 1} of {len(schools)}")
        with school_scope(school):
            write(day, school)


def sweep(school: School, now: datetime) -> None:
    """Registers taken or corrected since, for days of the last two months."""
    days = SharedDay.objects.filter(state=SharedDay.State.OVER).order_by("pk")
    for day in days:
        if 0 <= (clock.day_of(now) - day.day).days <= 60:
            write(day, school.pk)


@transaction.atomic
def write(day: SharedDay, school: int) -> None:
    """What is new for one school's record of the day. The school is open."""
    row = row_of(day, school)
    if row is None:
        return
    DaySchool.objects.select_for_update(of=("self",)).get(pk=row.pk)  # one at a time
    row.refresh_from_db(fields=["activity", "written_at"])
    registers = WorkshopRegister.objects.filter(day=day)
    latest = registers.aggregate(at=Max("taken_at"))["at"]
    guests = Guest.objects.standing().filter(day=day, school=school).exclude(was_present=None)
    if row.written_at:
        new = registers.filter(taken_at__gt=row.written_at)
        guests = guests.filter(workshop__in=new.values("workshop"))
    found = list(guests.values_list("seat__slot", "seat__staff", "was_present"))
    if not found:
        return
    activity = row.activity or _begin(day, row)
    if activity is None or activity.is_over:
        return
    _attend(activity, _sessions(day, activity, {slot for slot, *_ in found}), found)
    add_people(activity, _people(day))
    row.written_at = latest or clock.now()
    row.save(update_fields=["written_at"])


def _attend(
    activity: Activity, sessions: dict[int, Session], found: list[tuple[int, int, bool]]
) -> None:
    Attendance.objects.bulk_create(
        [
            Attendance(
                school_id=activity.school_id, session=sessions[slot], staff_id=staff,
                was_present=was_present,
            )
            for slot, staff, was_present in found
        ],
        update_conflicts=True,
        unique_fields=["session", "staff"],
        update_fields=["was_present"],
    )  # fmt: skip


def _people(day: SharedDay) -> set[int]:
    return set(Seat.objects.standing().filter(day=day).values_list("staff", flat=True))


def _begin(day: SharedDay, row: DaySchool) -> Activity | None:
    """Written down after it happened, in the name of whoever said that the school takes part."""
    owner = row.said_by or Staff.objects.with_role(Role.HEAD).order_by("pk").first()
    form = ActivityForm.objects.filter(school=None, code=FORM).select_related("type").first()
    if owner is None or form is None:
        return None
    activity = Activity(
        school_id=row.school_id, owner=owner, type=form.type, title=day.title[:200],
        purpose=day.purpose, kind=form.kind, is_compulsory=form.is_compulsory,
        state=Activity.State.FINISHED, was_logged=True,
    )  # fmt: skip
    activity.take_from(form)
    activity.save()
    row.activity = activity
    row.save(update_fields=["activity"])
    return activity


def _sessions(day: SharedDay, activity: Activity, needed: Iterable[int]) -> dict[int, Session]:
    """One for each slot with a register, found again by its name."""
    there = {session.name: session for session in activity.sessions.all()}
    found: dict[int, Session] = {}
    for slot in DaySlot.objects.filter(day=day, pk__in=needed):
        session = there.get(slot.name)
        if session is None:
            session = Session.objects.create(
                school_id=activity.school_id, activity=activity, name=slot.name,
                starts_at=clock.at(day.day, slot.starts_at),
                ends_at=clock.at(day.day, slot.ends_at),
                register_taken_at=clock.now(), register_taken_by=activity.owner,
            )  # fmt: skip
        found[slot.pk] = session
    return found
