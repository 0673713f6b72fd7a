"""Shared INSET days: one slot, site and workshop each; a school that takes part, a wish, a seat."""

from datetime import time, timedelta

import factory

from cpdhub import clock
from networks import models
from tests.factories.ground import InSchool, StaffFactory, same_school
from tests.factories.networks import of_network


class SharedDayFactory(InSchool):
    """In three weeks, being planned; `state` may be any."""

    class Meta:
        model = models.SharedDay

    network = of_network()
    title = factory.Sequence(lambda n: f"Shared day {n}")
    day = factory.LazyFunction(lambda: clock.today() + timedelta(days=21))
    choices_close_on = factory.LazyAttribute(lambda one: one.day - timedelta(days=7))
    purpose = "Talk in every classroom"
    run = factory.LazyAttribute(lambda one: int(one.state in {"timetabled", "over"}))
    asked_run = factory.SelfAttribute("run")
    state = "planning"


class OfDayFactory(InSchool):
    """Of a day that its own school organises, unless `day` says otherwise."""

    class Meta:
        abstract = True

    day = same_school(SharedDayFactory)
    network = factory.SelfAttribute("day.network")


class DaySlotFactory(OfDayFactory):
    class Meta:
        model = models.DaySlot

    name = factory.Sequence(lambda n: f"Session {n}")
    starts_at = factory.Sequence(lambda n: time(8 + n % 12, n * 7 % 60 // 5 * 5))
    ends_at = factory.LazyAttribute(lambda one: time(one.starts_at.hour + 1, one.starts_at.minute))


class SiteFactory(OfDayFactory):
    class Meta:
        model = models.Site

    name = factory.Sequence(lambda n: f"Site {n}")


class WorkshopFactory(OfDayFactory):
    class Meta:
        model = models.Workshop

    slot = factory.SubFactory(
        DaySlotFactory, school=factory.SelfAttribute("..school"), day=factory.SelfAttribute("..day")
    )
    site = factory.SubFactory(
        SiteFactory, school=factory.SelfAttribute("..school"), day=factory.SelfAttribute("..day")
    )
    room = factory.Sequence(lambda n: f"Room {n}")
    title = factory.Sequence(lambda n: f"Workshop {n}")


class DaySchoolFactory(OfDayFactory):
    class Meta:
        model = models.DaySchool

    day = same_school(SharedDayFactory, state="choosing")
    said_by = same_school(StaffFactory)


class DayPersonFactory(OfDayFactory):
    class Meta:
        model = models.DayPerson

    staff = same_school(StaffFactory)


class WishFactory(OfDayFactory):
    class Meta:
        model = models.Wish

    day = same_school(SharedDayFactory, state="choosing")
    staff = same_school(StaffFactory)
    workshop = factory.SubFactory(
        WorkshopFactory, school=factory.SelfAttribute("..day.school"),
        day=factory.SelfAttribute("..day"),
    )  # fmt: skip
    slot = factory.SelfAttribute("workshop.slot")
    rank = 1


class SeatFactory(OfDayFactory):
    """With its line on the site's list."""

    class Meta:
        model = models.Seat

    day = same_school(SharedDayFactory, state="timetabled")
    staff = same_school(StaffFactory)
    workshop = factory.SubFactory(
        WorkshopFactory, school=factory.SelfAttribute("..day.school"),
        day=factory.SelfAttribute("..day"),
    )  # fmt: skip
    slot = factory.SelfAttribute("workshop.slot")
    run = factory.SelfAttribute("day.run")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        seat = super()._create(model_class, *args, **kwargs)
        GuestFactory(school=seat.school, seat=seat)
        return seat


class GuestFactory(InSchool):
    class Meta:
        model = models.Guest
        django_get_or_create = ("seat",)

    seat = same_school(SeatFactory)
    day = factory.SelfAttribute("seat.day")
    network = factory.SelfAttribute("seat.network")
    workshop = factory.SelfAttribute("seat.workshop")
    host = factory.SelfAttribute("workshop.site.host")
    run = factory.SelfAttribute("seat.run")
    name = factory.SelfAttribute("seat.staff.name")
    sort_name = factory.LazyAttribute(lambda one: one.name.lower())
    job = factory.SelfAttribute("seat.staff.job_title")


class WorkshopRegisterFactory(OfDayFactory):
    class Meta:
        model = models.WorkshopRegister

    workshop = factory.SubFactory(
        WorkshopFactory,
        school=factory.SelfAttribute("..school"),
        day=factory.SelfAttribute("..day"),
    )
    taken_by = "Carla Leader, Oakfield"
