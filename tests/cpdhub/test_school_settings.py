"""The school's settings, years and teams; who sees what."""

import html
from datetime import date, timedelta

import pytest

from cpdhub import clock, years
from cpdhub.models import AcademicYear, HalfTerm, School, Staff, Team
from cpdhub.permissions import ROLES, Permission, Role
from cpdhub.views import who_sees_what
from cpdhub.views.school import propose
from cpdhub.walls import school_scope
from tests.factories import EstablishmentFactory, NeedFactory, StaffFactory, TeamFactory
from tests.helpers import url


@pytest.fixture
def settings_form(school):
    return {
        "name": "Oakfield Academy", "phase": "primary", "cover_rate": "235.50",
        "day_starts_at": "08:45", "day_ends_at": "15:30",
        "most_out_per_day": "3", "advised_priorities": "4", "most_prompts": "3",
        "observations_a_year": "3",
    }  # fmt: skip


def fresh(school):
    return School.objects.get(pk=school.pk)


# --- settings and URN --------------------------------------------------------------------------
def test_settings_are_saved_and_nothing_else(sign_in, head, school, settings_form):
    sign_in(head).post(
        url(school, "school:settings"), settings_form | {"urn": "999999", "slug": "elsewhere"}
    )

    after = fresh(school)
    assert (after.name, str(after.cover_rate), after.most_out_per_day) == (
        "Oakfield Academy", "235.50", 3,
    )  # fmt: skip
    assert (after.urn, after.slug) == (school.urn, "oakfield")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cover_rate", "-1"), ("cover_rate", "60000"), ("most_out_per_day", "0"),
        ("advised_priorities", "0"), ("name", " "), ("phase", "castle"),
    ],
)  # fmt: skip
def test_impossible_setting_is_refused_beside_the_field(
    sign_in, head, school, settings_form, field, value
):
    response = sign_in(head).post(url(school, "school:settings"), settings_form | {field: value})

    assert set(response.context["form"].errors) == {field}
    assert fresh(school).name == "Oakfield Primary"


def test_new_urn_keeps_the_old_one(sign_in, head, school):
    before = school.urn

    sign_in(head).post(url(school, "school:urn"), {"urn": "148123"})

    after = fresh(school)
    assert (after.urn, after.former_urns) == ("148123", [before])
    assert (after.dfe_number, after.local_authority) == (school.dfe_number, school.local_authority)


def test_new_urn_brings_what_the_register_says_of_it(sign_in, head, school):
    EstablishmentFactory(
        urn="148123", dfe_number="3557025", la_name="Salford", phase_name="All-through"
    )
    School.objects.filter(pk=school.pk).update(dfe_number="3552000", local_authority="Bury")

    sign_in(head).post(url(school, "school:urn"), {"urn": "148123"})

    after = fresh(school)
    assert (after.dfe_number, after.local_authority) == ("3557025", "Salford")
    assert (after.gias_phase, after.phase) == ("All-through", school.phase)


@pytest.mark.parametrize("urn", ["12345", "1234567", "abcdef", "SAME", "OTHER", "UNKNOWN"])
def test_wrong_urn_is_refused(sign_in, head, school, other_school, urn):
    EstablishmentFactory(urn="148123")
    sent = {"SAME": school.urn, "OTHER": other_school.urn, "UNKNOWN": "148124"}.get(urn, urn)

    response = sign_in(head).post(url(school, "school:urn"), {"urn": sent})

    assert "urn" in response.context["form"].errors
    assert fresh(school).former_urns == []


# --- years -------------------------------------------------------------------------------------
def dates_of(first):
    return {
        f"{name}_{end}": day.isoformat()
        for name, starts, ends in years.usual_half_terms(first)
        for end, day in (("starts", starts), ("ends", ends))
    }


@pytest.fixture
def this():
    return years.first_year_of(clock.today())


def test_year_is_added_with_its_six_half_terms(sign_in, head, school, this):
    sign_in(head).post(url(school, "school:year", this), dates_of(this))

    with school_scope(school):
        year = AcademicYear.objects.get()
        assert (year.name, year.half_terms.count()) == (years.year_name(this), 6)


def test_changing_dates_keeps_the_half_terms_milestones_point_at(sign_in, head, school, this):
    with school_scope(school):
        years.add_year(school, this)
        before = set(HalfTerm.objects.values_list("pk", flat=True))
    sent = dates_of(this) | {"summer_2_ends": f"{this + 1}-07-20"}

    sign_in(head).post(url(school, "school:year", this), sent)

    with school_scope(school):
        assert set(HalfTerm.objects.values_list("pk", flat=True)) == before
        assert HalfTerm.objects.get(name="summer_2").ends_on == date(this + 1, 7, 20)


@pytest.mark.parametrize(
    ("field", "year", "month_day", "words"),
    [
        ("autumn_1_starts", 0, "08-31", "outside the year"),
        ("summer_2_ends", 1, "09-01", "outside the year"),
        ("autumn_1_ends", 0, "09-01", "ends before it begins"),
        ("autumn_2_starts", 0, "10-01", "begins before Autumn 1 ends"),
        ("spring_1_ends", 1, "03-01", "begins before Spring 1 ends"),
    ],
)
def test_impossible_dates_are_refused_with_a_sentence(
    sign_in, head, school, this, field, year, month_day, words
):
    sent = dates_of(this) | {field: f"{this + year}-{month_day}"}

    response = sign_in(head).post(url(school, "school:year", this), sent)

    assert words in str(response.context["form"].errors)
    assert f"{this + year}-{month_day}" in response.text  # what was typed is still there
    with school_scope(school):
        assert not AcademicYear.objects.exists()


def test_next_year_is_proposed_from_this_ones_dates_on_the_same_weekdays(school, this):
    with school_scope(school):
        year = years.add_year(school, this)
        year.half_terms.filter(name="summer_2").update(ends_on=date(this + 1, 7, 19))
        terms, source = propose(this + 1, {this: year})

        [before] = year.half_terms.filter(name="summer_2").values_list("ends_on", flat=True)
    [proposed] = [ends for name, _, ends in terms if name == "summer_2"]
    assert source == year.name
    assert (proposed - before) == timedelta(weeks=52)


def test_year_far_away_is_not_there(sign_in, head, school, this):
    client = sign_in(head)

    assert client.get(url(school, "school:year", this + 9)).status_code == 404
    assert client.get(url(school, "school:year", 1)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_years_page_takes_constant_queries(
    sign_in, head, school, this, count, django_assert_num_queries
):
    with school_scope(school):
        for number in range(count):
            years.add_year(school, this - number)
    client = sign_in(head)

    with django_assert_num_queries(15):
        response = client.get(url(school, "school:years"))

    assert len(response.context["years"]) == count


def test_school_without_years_is_offered_this_and_the_next(sign_in, head, school, this):
    response = sign_in(head).get(url(school, "school:years"))

    assert [first for first, _ in response.context["missing"]] == [this + 1, this, this - 1]
    assert "no dates yet" in response.text


# --- teams -------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_teams_page_takes_constant_queries(sign_in, head, school, count, django_assert_num_queries):
    for _ in range(count):
        TeamFactory(school=school, leader=head)
    client = sign_in(head)

    with django_assert_num_queries(16):
        response = client.get(url(school, "school:teams"))

    assert len(response.context["teams"]) == count


def test_team_leader_without_the_role_gets_a_hint_and_no_role(sign_in, cpd_leader, teacher, school):
    response = sign_in(cpd_leader).post(
        url(school, "school:teams"), {"name": "Year 2", "leader": teacher.pk}, follow=True
    )

    assert "does not have the role of team leader yet" in response.text
    with school_scope(school):
        assert Team.objects.get().leader_id == teacher.pk
        assert Staff.objects.get(pk=teacher.pk).roles == []


def test_team_of_the_same_name_is_refused(sign_in, head, school, other_school):
    TeamFactory(school=school, name="Maths")
    TeamFactory(school=other_school, name="Science")
    client = sign_in(head)

    same = client.post(url(school, "school:teams"), {"name": " maths ", "leader": ""})
    theirs = client.post(url(school, "school:teams"), {"name": "Science", "leader": ""})

    assert "already" in same.context["form"].errors["name"][0]
    assert theirs.status_code == 302


def test_another_schools_leader_is_no_choice(sign_in, head, school, outsider):
    response = sign_in(head).post(
        url(school, "school:teams"), {"name": "Year 2", "leader": outsider.pk}
    )

    assert "leader" in response.context["form"].errors
    assert "Outsider" not in response.text


def test_team_with_people_stays_and_says_who_they_are(sign_in, head, school):
    team = TeamFactory(school=school)
    StaffFactory(school=school, first_name="Ina", last_name="Team", team=team)

    response = sign_in(head).post(url(school, "school:team_delete", team.pk), follow=True)

    assert "is not empty: Ina Team" in response.text
    with school_scope(school):
        assert Team.objects.filter(pk=team.pk).exists()


def test_empty_team_is_deleted_and_leavers_do_not_hold_it(sign_in, head, school):
    team = TeamFactory(school=school)
    gone = StaffFactory(school=school, team=team, ends_on=clock.today())

    sign_in(head).post(url(school, "school:team_delete", team.pk))

    with school_scope(school):
        assert not Team.objects.filter(pk=team.pk).exists()
        assert Staff.objects.filter(pk=gone.pk).exists()


def test_team_with_needs_on_record_stays(sign_in, head, school):
    team = TeamFactory(school=school)
    NeedFactory(school=school, whom="team", team=team)

    response = sign_in(head).post(url(school, "school:team_delete", team.pk), follow=True)

    assert "are on record, so it stays" in response.text
    with school_scope(school):
        assert Team.objects.filter(pk=team.pk).exists()


def test_team_is_renamed(sign_in, head, school):
    team = TeamFactory(school=school, name="Yr 2")

    sign_in(head).post(url(school, "school:team", team.pk), {"name": "Year 2", "leader": ""})

    with school_scope(school):
        assert Team.objects.get(pk=team.pk).name == "Year 2"


# --- who sees what -----------------------------------------------------------------------------
def test_who_sees_what_tells_every_permission_and_purpose(sign_in, governor, school):
    response = sign_in(governor).get(url(school, "school:who_sees_what"))

    text = html.unescape(response.text)
    for permission in Permission:
        assert permission.value[1:] in text
    for role in Role:
        assert ROLES[role].purpose in text
    assert "nobody can tell" in text.lower()


def test_table_is_the_permissions_as_they_are():
    table = {right.words[1:]: dict(right.who) for right in who_sees_what.rights()}

    assert len(table) == len(Permission)
    assert table[Permission.GIVE_ROLES.value[1:]] == {
        "Everyone with a post": False, "Headteacher": True, "CPD leader": False,
        "Team leader": False, "Governor": False, "Data manager": False,
    }  # fmt: skip
    assert table[Permission.SEE_STAFF.value[1:]]["Governor"] is False
    assert table[Permission.REFLECT.value[1:]]["Team leader"] is True
