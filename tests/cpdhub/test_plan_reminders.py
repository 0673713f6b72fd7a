"""Milestone letters: to the right person, once, and only while they are true."""

from datetime import date

import pytest

from cpdhub import clock, plan_reminders, reminders
from cpdhub.models import OutboxMessage, Reminder
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import MilestoneFactory, PriorityFactory, StaffFactory


@pytest.fixture
def monday(at):
    return at("2026-11-23 08:00")


@pytest.fixture
def lead(school):
    return StaffFactory(school=school, first_name="Lea", last_name="Der")


def milestone(school, lead, due_on, **fields):
    priority = PriorityFactory(school=school, live=True, lead=lead, title="Talk")
    return MilestoneFactory(
        school=school, priority=priority, due_on=due_on, expected="Stems in use", **fields
    )


def ours():
    """Without other kinds: Monday morning is also the digest's time."""
    return Reminder.objects.filter(kind__startswith="milestone")


def run(school):
    """Sweep, then deliver what is due; the letters that went out."""
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        waiting = list(ours().due(clock.now()).values_list("pk", flat=True))
    for pk in waiting:
        reminders.deliver(school_id=school.pk, reminder_id=pk)
    with school_scope(school):
        return [(m.to, m.subject) for m in OutboxMessage.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("due_on", "subject"),
    [
        (date(2026, 11, 30), "By 30 November: Stems in use"),
        (date(2026, 11, 23), "By 23 November: Stems in use"),
        (date(2026, 12, 1), None),
        (date(2026, 11, 22), "Still to be said: Stems in use"),
        (date(2026, 8, 1), None),
    ],
)
def test_letter_comes_in_time_and_once(school, lead, monday, due_on, subject):
    milestone(school, lead, due_on)

    expected = [(lead.user.email, subject)] if subject else []
    assert run(school) == expected
    assert run(school) == expected


def test_letter_links_to_where_it_is_answered(school, lead, monday):
    row = milestone(school, lead, date(2026, 11, 30))
    run(school)

    with school_scope(school):
        letter = OutboxMessage.objects.get()
    address = school.link("plan:milestone_change", row.pk)
    assert address in letter.text
    assert address in letter.html
    assert "Talk" in letter.text


@pytest.mark.parametrize("state", ["draft", "answered"])
def test_no_letter_of_what_is_not_live_or_answered(school, lead, monday, state):
    if state == "draft":
        MilestoneFactory(
            school=school, priority=PriorityFactory(school=school, lead=lead),
            due_on=date(2026, 11, 30),
        )  # fmt: skip
    else:
        milestone(school, lead, date(2026, 11, 30), actual="All rooms")

    assert run(school) == []


def test_without_a_lead_who_is_here_the_cpd_leader_is_told(school, lead, monday):
    leader = StaffFactory(school=school, roles=[Role.CPD_LEADER])
    lead.ends_on = date(2026, 10, 1)
    with school_scope(school):
        lead.save()
    milestone(school, lead, date(2026, 11, 30))

    assert [to for to, _ in run(school)] == [leader.user.email]


@pytest.mark.parametrize("change", ["answered", "moved", "handed over", "closed"])
def test_letter_is_dropped_when_it_is_not_true_any_more(school, lead, monday, change):
    row = milestone(school, lead, date(2026, 11, 30))
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        reminder = ours().get()
        if change == "answered":
            row.actual = "All rooms"
        elif change == "moved":
            row.due_on = date(2026, 12, 20)
        elif change == "handed over":
            row.priority.lead = StaffFactory(school=school)
            row.priority.save(update_fields=["lead"])
        else:
            row.priority.state = "closed"
            row.priority.save(update_fields=["state"])
        row.save()
        assert plan_reminders.letter_due(reminder) is None
