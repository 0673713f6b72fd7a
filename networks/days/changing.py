"""What changes once seats are given: a workshop moves or is off, a school or a person goes.

Other schools' seats are changed inside each school's own scope, and only those of the workshop.
Who is left without a place is counted, and found one by a gentle timetable, which moves nobody
else.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope, schools_scope
from networks.days.people import row_of, schools_of, taking_part
from networks.models import (
    DayPerson,
    DaySchool,
    DaySlot,
    Guest,
    Membership,
    Seat,
    SharedDay,
    Site,
    Wish,
    Workshop,
    WorkshopRegister,
)


@transaction.atomic
def follow(workshop: Workshop, day: SharedDay) -> int:
    """Seats go where their workshop has gone. Whoever has another workshop then loses this one:
    how many. Before a timetable is out there is nothing to follow."""
    if not day.is_out:
        return 0
    lost = 0
    for school in schools_of(day):
        with school_scope(school):
            seats = Seat.objects.standing().filter(workshop=workshop)
            there = Seat.objects.standing().filter(day=day, slot=workshop.slot_id)
            twice = seats.exclude(slot=workshop.slot_id).filter(staff__in=there.values("staff"))
            lost += _give_back(list(twice.values_list("pk", flat=True)))
            seats.update(slot=workshop.slot_id)
            Guest.objects.filter(workshop=workshop, school=school).update(host=workshop.site.host)
    return lost


def _give_back(seats: list[int]) -> int:
    Guest.objects.filter(seat__in=seats).delete()
    Seat.objects.filter(pk__in=seats).delete()
    return len(seats)


@transaction.atomic
def drop(workshop: Workshop, because: str, day: SharedDay) -> None:
    """It is off, and says why. Nobody's wish for it is lost while they can still choose another."""
    if WorkshopRegister.objects.filter(workshop=workshop).exists():
        raise NotPossible("Its register has been taken: people were there.")
    workshop.dropped_because = because
    workshop.sequence += 1
    workshop.save(update_fields=["dropped_because", "sequence"])


def without_a_place(day: SharedDay) -> int:
    """How many places are missing: seats in what is off, and slots in which somebody has none."""
    if not day.is_out:
        return 0
    slots = DaySlot.objects.filter(day=day).count()
    on = list(Workshop.objects.running().filter(day=day).values_list("pk", flat=True))
    schools = schools_of(day)
    everybody = DaySchool.objects.filter(day=day, is_everyone=True)
    whole = list(everybody.values_list("school", flat=True))
    if not schools:
        return 0
    with schools_scope(schools):
        chosen = DayPerson.objects.filter(day=day)
        posts = Staff.objects.on_staff().in_post(day.day)
        posts = posts.filter(Q(school__in=whole) | Q(pk__in=chosen.values("staff")))
        # A person with posts in two schools is one.
        people = {user or (post,) for post, user in posts.values_list("pk", "user")}
        seats = Seat.objects.standing().filter(day=day, workshop__in=on).count()
    return max(0, len(people) * slots - seats)


def forget_who_does_not_come(day: SharedDay, school: School) -> None:
    """Wishes and places of people of the open school who take no part any more."""
    row = row_of(day, school)
    here = taking_part(row).values("pk") if row else Staff.objects.none().values("pk")
    gone = Seat.objects.filter(day=day).exclude(staff__in=here)
    _give_back(list(gone.values_list("pk", flat=True)))
    Wish.objects.filter(day=day).exclude(staff__in=here).delete()
    if row and (people := taking_part(row).count()) != row.people:
        row.people = people
        row.save(update_fields=["people"])


def forget_all(day: SharedDay, school: School) -> None:
    """The open school takes no part after all."""
    Guest.objects.filter(day=day, school=school).delete()
    Seat.objects.filter(day=day).delete()
    Wish.objects.filter(day=day).delete()


def sweep(school: School, now: datetime) -> None:
    """People who have left: their place is free for somebody else."""
    coming = SharedDay.objects.filter(day__gte=clock.day_of(now)).exclude(
        state__in=[SharedDay.State.PLANNING, SharedDay.State.OVER]
    )
    for day in coming:
        if row_of(day, school):
            forget_who_does_not_come(day, school)


# --- a school leaves ------------------------------------------------------------------------------
def school_leaves(membership: Membership) -> None:
    """Its people's wishes and places go; what it was to host or to lead is off; days it organised
    go to a school that leads the network. Before anything of it is deleted."""
    network, school = membership.network_id, membership.school
    # Whoever writes a timetable locks the same row: it writes none for a school that goes.
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    Guest.objects.filter(network=network, school=school).delete()
    for model in (Seat, Wish, DayPerson):
        model.objects.filter(network=network).delete()
    leads = Membership.objects.leads().filter(network=network).exclude(pk=membership.pk)
    lead = leads.select_related("school").first()
    if lead is None:
        # Nobody is left. Workshops go before the slots and sites they are held in.
        Workshop.objects.filter(network=network, school=school).delete()
        return
    with school_scope(lead.school_id):
        for shared in (SharedDay, DaySlot, Site, Workshop, WorkshopRegister):
            shared.objects.filter(network=network, school=school).update(school=lead.school)
        because = f"{school} has left the network"
        coming = SharedDay.objects.filter(network=network, day__gte=clock.today())
        held = Workshop.objects.filter(day__in=coming.values("pk"), dropped_because="")
        hosted = Site.objects.filter(network=network, host=school)
        for workshop in held.filter(site__in=hosted.values("pk")) | held.filter(led_from=school):
            workshop.dropped_because = because[:200]
            workshop.sequence += 1
            workshop.led_by = workshop.led_job = ""  # a name it put up
            workshop.save(update_fields=["dropped_because", "sequence", "led_by", "led_job"])
