"""The demo school is alive on any day: everything of one day is looked at together."""

import pytest
from django.core.management import call_command

from activities import coaching, rules
from activities.entitled import cells
from activities.models import (
    Activity,
    ActivityForm,
    Cover,
    EarlyCareer,
    EntitlementUse,
    Handover,
    Request,
    Session,
    SessionRecord,
)
from activities.request_queue import LATE_AFTER
from audits.models import (
    Need,
)
from cpdhub import clock
from cpdhub.models import (
    BlockedDates,
    InsetDay,
    Milestone,
    Priority,
    ProtectedTime,
    School,
    Staff,
)
from cpdhub.walls import school_scope
from evaluation.models import Reflection


def goes_well_and_badly():
    assert Priority.objects.filter(state="draft").exists()
    assert Session.objects.without_register(now=clock.now()).count() == 2
    assert Activity.objects.happening().without_intended_impact().exists()
    assert Milestone.objects.overdue(today=clock.today()).exists()
    reflections = Reflection.objects.all()
    assert 0 < reflections.shared().count() < reflections.count()


def has_needs_met_answered_and_waiting():
    assert set(Need.objects.by_status()) >= {"met", "agreed", "identified"}
    assert Need.objects.filter(status__in=["planned", "being_met"]).exists()
    assert Activity.objects.happening().without_need().exists()


def shows_forms_at_work():
    at_work = Activity.objects.exclude(form=None)
    shipped = set(ActivityForm.objects.shipped().values_list("code", flat=True))
    assert set(at_work.values_list("form__code", flat=True)) == shipped
    going = at_work.filter(state__in=["planned", "under_way"], is_private=True)
    assert len(set(going.values_list("form__code"))) >= 4
    pair = at_work.get(title="Coaching cycle: Tom and Priya")
    assert pair.sessions.count() == 8
    assert {row.role for row in pair.participations.all()} == {"coach", "coachee"}
    assert SessionRecord.objects.filter(is_private=True).count() == 4
    head = Staff.objects.get(user__email="head@oakfield.example")
    assert not SessionRecord.objects.visible_to(head).exists()


def keeps_promises_and_is_behind_with_some():
    leader = Staff.objects.get(user__email="cpd@oakfield.example")
    people = Staff.objects.live(clock.today())
    found = cells(people, today=clock.today(), by=leader)
    states = {state.state for cell in found for state in cell.states}
    assert states == {"received", "planned", "due", "overdue", "later"}
    assert EarlyCareer.objects.count() == 2
    assert {row.code for row in EntitlementUse.objects.filter(people__isnull=False)} == {
        "induction",
        "pathway-assistants",
        "first-aid",
        "coach-training",
    }
    assert Handover.objects.exists()


def coaches_one_another():
    leader = Staff.objects.get(user__email="cpd@oakfield.example")
    lines = coaching.lines(leader, today=clock.today())
    assert {"coach", "mentor", "co-coach", "early career mentor"} == {
        link.as_what for line in lines for link in line.coaches
    }
    assert any(line.wishes for line in lines)
    assert any(line.coached and not line.trained_on for line in lines)
    assert {line.is_current for line in lines if line.trained_on} == {True, False}
    assert coaching.growth(leader, today=clock.today())


def has_requests_in_every_state():
    states = set(Request.objects.values_list("state", flat=True))
    assert states == set(Request.State.values)
    assert any(one.days_open > LATE_AFTER for one in Request.objects.waiting())
    assert Request.objects.exclude(booked_at=None).get().reference


def has_a_calendar_with_all_that_takes_time():
    assert InsetDay.objects.filter(twilights__isnull=False).distinct().count() == 1
    assert InsetDay.objects.filter(twilights=None).exists()
    assert BlockedDates.objects.count() == 2
    part_timers = Staff.objects.filter(fte__lt=1)
    assert all(len(one.working_days) < 10 for one in part_timers)
    assert ProtectedTime.objects.filter(kind="ect").exists()
    cover = Cover.objects.select_related("session").first()
    out = rules.who_is_out(clock.day_of(cover.session.starts_at))
    assert len({one.staff for one in out}) >= 3


ON = {
    "2026-09-03": [
        has_needs_met_answered_and_waiting,
        keeps_promises_and_is_behind_with_some,
        coaches_one_another,
    ],
    "2026-11-26": [
        goes_well_and_badly,
        has_needs_met_answered_and_waiting,
        shows_forms_at_work,
        coaches_one_another,
        keeps_promises_and_is_behind_with_some,
        has_requests_in_every_state,
        has_a_calendar_with_all_that_takes_time,
    ],
    "2027-02-28": [goes_well_and_badly, keeps_promises_and_is_behind_with_some],
    "2027-08-15": [
        goes_well_and_badly,
        shows_forms_at_work,
        has_requests_in_every_state,
        has_a_calendar_with_all_that_takes_time,
    ],
}


OFTEN = {"2026-09-03", "2027-08-15"}  # a year that has hardly begun, and the holidays


@pytest.mark.parametrize(
    "day", [day if day in OFTEN else pytest.param(day, marks=pytest.mark.faults) for day in ON]
)
def test_oakfield_is_alive_on_any_day(at, db, day):
    at(f"{day} 12:00")
    call_command("seed_demo", verbosity=0)

    with school_scope(School.objects.get(slug="oakfield-primary")):
        for what in ON[day]:
            what()
