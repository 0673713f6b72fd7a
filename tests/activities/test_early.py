"""Early career teachers: six terms of their own, who sees them; and what leavers hand on."""

from datetime import date
from decimal import Decimal

import pytest

from activities.models import EarlyCareer, EntitlementUse, Handover, Received
from activities.own_terms import own_terms
from audits.models import Expertise
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    EarlyCareerFactory,
    ExpertiseFactory,
    HandoverFactory,
    StaffFactory,
)
from tests.helpers import url

JANUARY = date(2027, 1, 4)


@pytest.fixture(autouse=True)
def first_day(at):
    at("2027-01-04 09:00")


def ends(person, starts_on):
    with school_scope(person.school):
        return [term.ends_on for term in own_terms(person, starts_on)]


def test_january_start_makes_spring_the_first_term(school):
    found = ends(StaffFactory(school=school), JANUARY)

    assert [(day.month, day.year) for day in found] == [
        (3, 2027), (7, 2027), (12, 2027), (3, 2028), (7, 2028), (12, 2028)
    ]  # fmt: skip


def test_half_a_post_takes_twice_as_long(school):
    person = StaffFactory(school=school, fte=Decimal("0.5"))

    found = ends(person, date(2026, 9, 1))

    assert [(day.month, day.year) for day in found] == [
        (3, 2027), (12, 2027), (7, 2028), (3, 2029), (12, 2029), (7, 2030)
    ]  # fmt: skip


@pytest.mark.parametrize("fte", ["0.05", "0.2", "0.6", "0.8", "0.99", "1"])
def test_terms_follow_one_another_whatever_the_share(school, fte):
    person = StaffFactory(school=school, fte=Decimal(fte))

    with school_scope(school):
        found = own_terms(person, date(2028, 2, 29))

    assert found[0].starts_on == date(2028, 2, 29)
    assert all(term.starts_on <= term.ends_on for term in found)
    assert all(a.ends_on < b.starts_on for a, b in zip(found, found[1:], strict=False))


def test_time_off_is_ten_percent_then_five(school):
    row = EarlyCareerFactory(school=school, teaching_hours=Decimal(22))

    assert [row.time_off(n) for n in (1, 3, 4, 6)] == [
        Decimal("0.10"), Decimal("0.10"), Decimal("0.05"), Decimal("0.05")
    ]  # fmt: skip
    assert (row.time_off_hours(3), row.time_off_hours(4)) == (Decimal("2.2"), Decimal("1.1"))


def begun(client, school, cpd_leader):
    """As the CPD leader begins it, with a tutor and a mentor."""
    people = {name: StaffFactory(school=school) for name in ("teacher", "tutor", "mentor")}
    said = {"staff": people["teacher"].pk, "starts_on": "2027-01-04", "tutor": people["tutor"].pk}
    page = url(school, "activities:early_add")
    refused = client.post(page, said | {"mentor": people["tutor"].pk})
    assert "Tutor and mentor are two people" in refused.text
    client.post(page, said | {"mentor": people["mentor"].pk})
    return people


def test_beginning_one_keeps_the_entitlement_and_lays_out_six_terms(sign_in, cpd_leader, school):
    client = sign_in(cpd_leader)
    people = begun(client, school, cpd_leader)

    response = client.get(url(school, "activities:early", people["teacher"].pk))

    terms = response.context["terms"]
    assert [str(each.state.step)[:8] for each in terms] == [
        "Progress", "Progress", "First fo", "Progress", "Progress", "Final fo"
    ]  # fmt: skip
    assert [each.share for each in terms] == [10, 10, 10, 5, 5, 5]
    with school_scope(school):
        assert EntitlementUse.objects.get().code == "early-career"


def test_seen_by_teacher_mentor_tutor_head_and_leader_and_kept_by_the_tutor(
    sign_in, cpd_leader, head, school
):
    people = begun(sign_in(cpd_leader), school, cpd_leader)
    manager = StaffFactory(school=school)
    teacher = people["teacher"]
    teacher.line_manager = manager
    with school_scope(school):
        teacher.save()
        step = EntitlementUse.objects.get().entitlement.steps.get(code="term-1")
    page = url(school, "activities:early", teacher.pk)
    note = url(school, "activities:receive", teacher.pk, step.pk)

    sees = {
        who: sign_in(person).get(page).status_code
        for who, person in {**people, "head": head, "manager": manager}.items()
    }
    writes = {
        who: sign_in(person).post(note, {"on": "2027-01-04"}).status_code
        for who, person in {**people, "manager": manager}.items()
    }
    managers = sign_in(manager).get(url(school, "activities:entitled_person", teacher.pk))

    assert sees == {"teacher": 200, "mentor": 200, "tutor": 200, "head": 200, "manager": 404}
    assert writes == {"teacher": 403, "mentor": 404, "tutor": 302, "manager": 404}
    assert "Early career teacher entitlement" not in managers.text
    with school_scope(school):
        assert Received.objects.get().evidence == ""


def test_list_of_early_careers_in_constant_queries(
    sign_in, cpd_leader, school, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    for count in (1, 3):
        for _ in range(count):
            EarlyCareerFactory(school=school, starts_on=JANUARY)
        with django_assert_num_queries(15):
            response = client.get(url(school, "activities:early_careers"))

    assert len(response.context["found"]) == 4
    assert "Term 1 of 6" in response.text
    with school_scope(school):
        assert EarlyCareer.objects.count() == 4


# --- handing on --------------------------------------------------------------------------------
def test_what_a_leaver_knows_is_handed_on_with_a_note(sign_in, cpd_leader, school):
    leaver, heir, other = (StaffFactory(school=school) for _ in range(3))
    ActivityFactory(school=school, lead=leaver, title="Chess for all", state="planned")
    shown = ExpertiseFactory(
        school=school, staff=leaver, audience=Expertise.Audience.COLLEAGUES, topic__title="Makaton"
    )
    ExpertiseFactory(
        school=school, staff=leaver, audience=Expertise.Audience.ONLY_ME, topic__title="Secret"
    )
    page = url(school, "activities:handover", leaver.pk)
    client = sign_in(cpd_leader)

    listed = client.get(page)
    client.post(page, {"about": "Chess for all", "to": heir.pk, "note": "Boards are in the loft."})
    again = client.post(page, {"about": "Chess for all", "to": heir.pk})

    assert "Chess for all" in listed.text
    assert str(shown.topic) in listed.text
    assert "Secret" not in listed.text
    assert "handed on to them already" in again.text
    theirs = sign_in(heir).get(page)
    assert "Boards are in the loft." in theirs.text
    assert str(shown.topic) not in theirs.text
    assert sign_in(heir).post(page, {"about": "x", "to": other.pk}).status_code == 403
    assert sign_in(other).get(page).status_code == 404
    with school_scope(school):
        assert Handover.objects.get().written_by == cpd_leader


def test_nobody_takes_back_anothers_handover(sign_in, school):
    row = HandoverFactory(school=school)

    taken = sign_in(row.to).post(url(school, "activities:handover_delete", row.pk))
    own = sign_in(row.leaver).post(url(school, "activities:handover_delete", row.pk))

    assert (taken.status_code, own.status_code) == (403, 302)
