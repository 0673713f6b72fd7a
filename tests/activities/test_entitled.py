"""Who has received what they are entitled to, and what is planned, due and overdue."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from activities import entitling
from activities.entitled import DUE, LATER, OVERDUE, PLANNED, RECEIVED, add_months, cells
from activities.models import Entitlement, EntitlementStep, EntitlementUse, Received
from cpdhub.models import LogEntry
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityStepFactory,
    AttendanceFactory,
    EarlyCareerFactory,
    EntitledPersonFactory,
    EntitlementFactory,
    ParticipationFactory,
    ReceivedFactory,
    SessionFactory,
    StaffFactory,
    TeamFactory,
    at_four,
)
from tests.helpers import url

TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def thursday(at):
    at("2026-11-26 12:00")


def promised(school, *steps, since=date(2025, 9, 1), joined=None, **fields):
    """An entitlement the school keeps."""
    return EntitlementFactory(
        school=school, steps=steps, in_use=True, in_use__since=since, in_use__joined_since=joined,
        **fields,
    )  # fmt: skip


def the_step(entitlement):
    with school_scope(entitlement.school):
        return entitlement.steps.first()


def state_of(person, by=None):
    """Of the first step of the first entitlement."""
    with school_scope(person.school):
        found = cells([person], today=TODAY, by=by or person)
        return found[0].states[0] if found else None


def held(school, step, day, person, *, came=True, state="finished"):
    activity = ActivityFactory(school=school, state=state)
    ActivityStepFactory(school=school, activity=activity, step=step)
    session = SessionFactory(school=school, activity=activity, starts_at=at_four(day))
    ParticipationFactory(school=school, activity=activity, staff=person)
    if state == "finished":
        AttendanceFactory(school=school, session=session, staff=person, was_present=came)
    return activity


@pytest.mark.parametrize(("months_ago", "expected"), [(13, OVERDUE), (11, DUE), (2, RECEIVED)])
def test_refresher_is_received_then_due_then_overdue(school, months_ago, expected):
    person = StaffFactory(school=school)
    step = the_step(promised(school, {"due": "every", "number": 12}))
    ReceivedFactory(school=school, staff=person, step=step, on=add_months(TODAY, -months_ago))

    assert state_of(person).state == expected


@pytest.mark.parametrize(
    ("months", "days_ago", "expected"),
    [
        (1, 0, RECEIVED), (1, 14, RECEIVED), (1, 16, DUE), (1, 32, OVERDUE),
        (2, 29, RECEIVED), (2, 32, DUE), (3, 44, RECEIVED), (3, 50, DUE),
    ],
)  # fmt: skip
def test_what_comes_often_is_received_for_half_the_time(school, months, days_ago, expected):
    person = StaffFactory(school=school)
    step = the_step(promised(school, {"due": "every", "number": months}))
    ReceivedFactory(school=school, staff=person, step=step, on=TODAY - timedelta(days=days_ago))

    assert state_of(person).state == expected


@pytest.mark.parametrize(
    ("started", "expected", "due"),
    [
        (date(2026, 6, 1), OVERDUE, date(2026, 9, 1)),
        (date(2026, 10, 1), DUE, date(2027, 1, 1)),
        (date(2026, 11, 20), LATER, date(2027, 2, 20)),
        (None, OVERDUE, date(2025, 12, 1)),
    ],
)
def test_once_after_the_first_day(school, started, expected, due):
    person = StaffFactory(school=school, starts_on=started)
    promised(school, {"due": "after", "number": 3})

    state = state_of(person)

    assert (state.state, state.due_on) == (expected, due)


def test_nobody_is_overdue_on_the_day_it_is_promised(school):
    person = StaffFactory(school=school, starts_on=date(2010, 9, 1))
    promised(
        school, {"due": "after", "number": 0}, {"due": "every", "number": 12}, {"due": "yearly"},
        {"due": "yearly", "number": 1}, since=TODAY,
    )  # fmt: skip

    with school_scope(school):
        (cell,) = cells([person], today=TODAY, by=person)

    assert OVERDUE not in {state.state for state in cell.states}


def test_attendance_at_a_finished_activity_counts_and_absence_is_told(school):
    here, away = StaffFactory(school=school), StaffFactory(school=school)
    step = the_step(promised(school, {"due": "every", "number": 12}))
    held(school, step, date(2026, 9, 1), here)
    held(school, step, date(2026, 9, 1), away, came=False)

    assert state_of(here).state == RECEIVED
    assert (state_of(away).state, state_of(away).missed_on) == (OVERDUE, date(2026, 9, 1))


def test_planned_is_neither_due_nor_received(school):
    person = StaffFactory(school=school)
    step = the_step(promised(school, {"due": "every", "number": 12}))
    held(school, step, date(2026, 12, 3), person, state="planned")

    state = state_of(person)

    assert (state.state, state.planned_on) == (PLANNED, date(2026, 12, 3))


def test_each_school_year_begins_again_in_september(school):
    person = StaffFactory(school=school)
    step = the_step(promised(school, {"due": "yearly", "number": 2}))
    note = ReceivedFactory(school=school, staff=person, step=step, on=date(2026, 8, 31))

    assert state_of(person).state == OVERDUE  # by the end of October
    with school_scope(school):
        Received.objects.filter(pk=note.pk).update(on=date(2026, 9, 1))
    assert state_of(person).state == RECEIVED


def test_hours_are_a_share_of_the_post_and_an_offer_is_never_overdue(school):
    person = StaffFactory(school=school, fte=Decimal("0.5"))
    promised(
        school, {"due": "yearly", "number": None, "hours": 4, "counts_all": True}, is_optional=True,
        since=date(2020, 9, 1),
    )  # fmt: skip
    activity = ActivityFactory(school=school, state="finished")
    start = at_four(date(2026, 10, 1))
    session = SessionFactory(
        school=school, activity=activity, starts_at=start, ends_at=start + timedelta(hours=2)
    )

    before = state_of(person)
    AttendanceFactory(school=school, session=session, staff=person)
    after = state_of(person)

    assert (before.state, before.hours, before.wanted) == (LATER, 0, Decimal("2.0"))
    assert (after.state, after.hours) == (RECEIVED, 2)


@pytest.mark.parametrize(
    ("rule", "person", "is_for"),
    [
        ({"groups": ["assistant"]}, {"group": "teacher"}, False),
        ({"groups": ["assistant", "teacher"]}, {"group": "teacher"}, True),
        ({"stages": ["early"]}, {"career_stage": "main"}, False),
        ({"stages": ["early"]}, {"career_stage": "early"}, True),
        ({"roles": ["governor"]}, {"group": "", "roles": ["governor"]}, True),
        ({}, {"group": "", "roles": ["governor"]}, False),
        ({"is_by_name": True}, {}, False),
        ({"joined": date(2026, 1, 1)}, {"starts_on": date(2025, 9, 1)}, False),
        ({"joined": date(2026, 1, 1)}, {"starts_on": date(2026, 1, 1)}, True),
        ({"joined": date(2026, 1, 1)}, {"starts_on": None}, False),
    ],
)
def test_whom_it_is_for(school, rule, person, is_for):
    promised(school, {}, **rule)

    assert (state_of(StaffFactory(school=school, **person)) is not None) == is_for


def test_chosen_by_name_counts_from_their_own_day(school):
    person = StaffFactory(school=school)
    kept = promised(school, {"due": "after", "number": 12}, is_by_name=True)
    with school_scope(school):
        use = EntitlementUse.objects.get(entitlement=kept)
    EntitledPersonFactory(school=school, use=use, staff=person, counts_from=date(2024, 2, 29))

    assert state_of(person).due_on == date(2025, 2, 28)


def test_next_version_keeps_what_was_received(school, cpd_leader):
    person = StaffFactory(school=school)
    first = promised(school, {"code": "talk", "due": "every", "number": 12})
    ReceivedFactory(school=school, staff=person, step=the_step(first), on=date(2026, 9, 1))

    with school_scope(school):
        second = entitling.copy(first, by=cpd_leader)
        second.steps.update(title="The talk, shorter")
        entitling.keep(second, by=cpd_leader, since=date(2026, 9, 1))
    state = state_of(person)

    assert (second.version, str(state.step)) == ("2", "The talk, shorter")
    assert state.state == RECEIVED


def test_what_is_kept_is_frozen_and_what_is_shipped_is_nobodys(school):
    kept = promised(school, {})

    for change in (
        lambda: Entitlement.objects.filter(pk=kept.pk).update(title="Other"),
        lambda: EntitlementStep.objects.filter(entitlement=kept).update(number=1),
        lambda: EntitlementStep.objects.filter(entitlement=kept).delete(),
    ):
        with school_scope(school), pytest.raises(DatabaseError), transaction.atomic():
            change()
    with school_scope(school):
        assert Entitlement.objects.shipped().update(title="Mine") == 0


def test_another_schools_step_is_refused(school, other_school):
    theirs = the_step(promised(other_school, {}))

    with pytest.raises(DatabaseError):
        ReceivedFactory(school=school, step_id=theirs.pk)
    with pytest.raises(DatabaseError):
        ActivityStepFactory(school=school, step_id=theirs.pk)


def test_tutor_and_mentor_are_two_people(school):
    one = StaffFactory(school=school)

    with pytest.raises(IntegrityError, match="tutor_and_mentor_are_two_people"):
        EarlyCareerFactory(school=school, tutor=one, mentor=one)


def test_no_word_about_a_review_is_kept(school):
    step = the_step(promised(school, {"due": "term", "number": 1}, kind="early"))

    with pytest.raises(DatabaseError, match="only the day"):
        ReceivedFactory(school=school, step=step, evidence="Went well")


# --- pages -------------------------------------------------------------------------------------
def test_table_shows_our_school_only_in_constant_queries(
    sign_in, cpd_leader, school, other_school, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    step = the_step(promised(school, {"due": "every", "number": 12}, title="Safeguarding"))
    theirs = promised(other_school, {}, title="Theirs")
    ReceivedFactory(school=other_school, step=the_step(theirs))
    for count in (1, 3):
        for _ in range(count):
            person = StaffFactory(school=school, team=TeamFactory(school=school))
            held(school, step, date(2026, 9, 1), person)
        with django_assert_num_queries(TABLE):
            response = client.get(url(school, "activities:entitled"))

    assert len(response.context["table"].rows) == 9  # the leader, those in it, those who entered it
    assert "Safeguarding" in response.text
    assert "Theirs" not in response.text


TABLE = 17


def test_table_is_narrowed_sorted_and_taken_away(sign_in, cpd_leader, school):
    client = sign_in(cpd_leader)
    step = the_step(promised(school, {"due": "every", "number": 12}))
    done, late = (StaffFactory(school=school, first_name=name) for name in ("Done", "Late"))
    ReceivedFactory(school=school, staff=done, step=step, on=TODAY)
    page = url(school, "activities:entitled")

    narrowed = client.get(page, {"state": "overdue", "group": "teacher", "sort": "-late"})
    file = client.get(page, {"format": "csv", "state": "received"}).content.decode()

    people = [row.person for row in narrowed.context["table"].rows]
    assert late in people
    assert done not in people
    assert "Done" in file
    assert "Late" not in file
    with school_scope(school):
        assert LogEntry.objects.filter(what="entitlements", kind="exported").count() == 1


def test_line_manager_sees_and_writes_down_for_theirs_only(sign_in, school):
    manager = StaffFactory(school=school)
    mine = StaffFactory(school=school, line_manager=manager)
    other = StaffFactory(school=school)
    step = the_step(promised(school, {"due": "every", "number": 12}))
    client = sign_in(manager)

    said = {"on": "2026-11-20", "evidence": "Certificate seen"}
    client.post(url(school, "activities:receive", mine.pk, step.pk), said)
    refused = client.post(url(school, "activities:receive", other.pk, step.pk), said)
    own = client.post(url(school, "activities:receive", manager.pk, step.pk), said)

    assert (refused.status_code, own.status_code) == (404, 403)
    assert state_of(mine).state == RECEIVED
    assert client.get(url(school, "activities:entitled_person", other.pk)).status_code == 404
    rows = client.get(url(school, "activities:entitled")).context["table"].rows
    assert {row.person for row in rows} == {mine, manager}


def test_written_down_twice_or_too_early_is_refused(sign_in, cpd_leader, school):
    person = StaffFactory(school=school)
    step = the_step(promised(school, {"due": "every", "number": 12}))
    client = sign_in(cpd_leader)
    page = url(school, "activities:receive", person.pk, step.pk)

    for day in ("2026-11-20", "2026-11-20", "2026-11-27", "1902-01-01"):
        response = client.post(page, {"on": day})

    assert response.status_code == 200
    with school_scope(school):
        note = Received.objects.get()
    client.post(url(school, "activities:take_back", note.pk))
    with school_scope(school):
        assert not Received.objects.exists()


def test_catching_up_leads_to_a_plan_with_these_people(sign_in, cpd_leader, school):
    late, done = StaffFactory(school=school), StaffFactory(school=school)
    step = the_step(promised(school, {"due": "every", "number": 12, "title": "Fire safety"}))
    for person in (done, cpd_leader):
        ReceivedFactory(school=school, staff=person, step=step, on=TODAY)
    client = sign_in(cpd_leader)

    response = client.get(url(school, "activities:catch_up"))
    (found,) = response.context["found"]
    (query,) = re.findall(r'href="[^"?]*(\?step=[^"]*)"', response.text)
    form = client.get(url(school, "activities:plan") + html.unescape(query)).context["form"]

    assert [state.person for state in found.waiting] == [late]
    assert form.activity.initial["title"] == "Fire safety"
    assert form.activity.initial["steps"] == [step.pk]
    assert form.people.initial["people"] == [late.pk]
    odd = client.get(url(school, "activities:plan"), {"step": "9" * 30, "who": ["x", "9" * 30]})
    assert odd.status_code == 404


def test_ready_entitlement_is_kept_copied_changed_and_stopped(sign_in, cpd_leader, school):
    client = sign_in(cpd_leader)
    with school_scope(school):
        shipped = Entitlement.objects.get(code="first-aid", school=None)

    client.post(url(school, "activities:entitlement_keep", shipped.pk), {"since": "2026-09-01"})
    client.post(url(school, "activities:entitlement_copy", shipped.pk))
    with school_scope(school):
        own = Entitlement.objects.own().get()
        step = own.steps.get()
    changed = {
        "title": "First aid for all", "short": "First aid", "summary": "Everyone",
        "kind": "training",
        "revision": 1, "steps-TOTAL_FORMS": 2, "steps-INITIAL_FORMS": 1,
        "steps-0-id": step.pk, "steps-0-title": "Whole-day course", "steps-0-due": "every",
        "steps-0-number": 24, "steps-1-title": "Where the kits are", "steps-1-due": "after",
        "steps-1-number": 1,
    }  # fmt: skip
    response = client.post(url(school, "activities:entitlement_change", own.pk), changed)
    assert response.status_code == 302, [f.errors for f in response.context["forms"]]
    client.post(url(school, "activities:entitlement_keep", own.pk), {"since": "2026-09-01"})

    with school_scope(school):
        assert EntitlementUse.objects.get().entitlement == own
        assert [(s.code, s.number) for s in own.steps.all()] == [
            ("certificate", 24), ("where-the-kits-are", 1)
        ]  # fmt: skip
    refused = client.post(url(school, "activities:entitlement_change", own.pk), changed)
    assert refused.status_code == 302
    client.post(url(school, "activities:entitlement_stop", own.pk))
    with school_scope(school):
        assert not EntitlementUse.objects.exists()
