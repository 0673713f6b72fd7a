"""A shared day in three schools, for the tests of it."""

from collections import Counter
from datetime import time

from cpdhub import reminders
from cpdhub.models import OutboxMessage, Reminder
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.days import building, telling
from networks.models import Seat, SharedDay
from tests.factories import (
    DaySchoolFactory,
    DaySlotFactory,
    MembershipFactory,
    NetworkFactory,
    SchoolFactory,
    SharedDayFactory,
    SiteFactory,
    StaffFactory,
    WishFactory,
    WorkshopFactory,
)
from tests.helpers import url


def page(school, view, day, *more):
    return url(school, f"networks:{view}", day.network_id, day.pk, *more)


def there(conference):
    """{workshop: how many people}."""
    return Counter(conference.seats().values())


def letters(school):
    """What the sweep finds and the dispatcher sends."""
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        due = list(Reminder.objects.filter(kind=telling.KIND, state="waiting"))
    for one in due:
        reminders.deliver(school_id=school.pk, reminder_id=one.pk)
    with school_scope(school):
        found = list(OutboxMessage.objects.order_by("pk").values_list("to", "subject"))
        OutboxMessage.objects.all().delete()
    return found


def silent(percent, doing=""):
    """Progress nobody watches."""


class Conference:
    """Organised by `lead`; `birch` and `cedar` are members. Two slots, a site at each school."""

    def __init__(self, lead, *, state="choosing"):
        self.lead = lead
        self.network = NetworkFactory(school=lead)
        self.birch, self.cedar = (
            SchoolFactory(name=f"{name} Primary") for name in ("Birch", "Cedar")
        )
        for school in (self.birch, self.cedar):
            MembershipFactory(network=self.network, school=school)
        self.day = SharedDayFactory(school=lead, network=self.network, state=state)
        self.first = self.slot("Session 1", 9)
        self.second = self.slot("Session 2", 11)
        self.sites = {school.pk: self.site(school) for school in (lead, self.birch, self.cedar)}

    def slot(self, name, hour):
        return DaySlotFactory(
            school=self.lead, day=self.day, name=name, starts_at=time(hour), ends_at=time(hour + 1)
        )

    def site(self, school):
        return SiteFactory(school=self.lead, day=self.day, name=school.name, host=school)

    def workshop(self, title, slot=None, *, at=None, **fields):
        return WorkshopFactory(
            school=self.lead, day=self.day, title=title, slot=slot or self.first,
            site=self.sites[(at or self.lead).pk], **fields,
        )  # fmt: skip

    def takes_part(self, school, people=0, **fields):
        """Its people; a CPD leader says so."""
        leader = StaffFactory(
            school=school, roles=[Role.CPD_LEADER], last_name=f"Aleader of {school}"
        )
        DaySchoolFactory(school=school, day=self.day, said_by=leader, **fields)
        return [leader, *(StaffFactory(school=school) for _ in range(people))]

    def wish(self, person, *workshops):
        for rank, workshop in enumerate(workshops, start=1):
            WishFactory(
                school=person.school, day=self.day, staff=person, workshop=workshop, rank=rank
            )

    def build(self, by, *, gentle=False):
        """Asked for and made, as the worker would."""
        with school_scope(by.school):
            job = building.start(SharedDay.objects.get(pk=self.day.pk), by=by, is_gentle=gentle)
        building.run(job, silent)
        self.refresh()
        return job

    def refresh(self):
        with school_scope(self.lead):
            self.day.refresh_from_db()

    def seats(self, *schools):
        """{(person, slot): workshop} of what stands."""
        found = {}
        for school in schools or (self.lead, self.birch, self.cedar):
            with school_scope(school):
                for seat in Seat.objects.standing().filter(day=self.day.pk):
                    found[seat.staff_id, seat.slot_id] = seat.workshop_id
        return found
