"""One person's post: what is shown, added, changed; leaving and coming back; roles."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from cpdhub import actions, clock
from cpdhub.letter_forms import LettersForm
from cpdhub.models import LogEntry, Staff, Team
from cpdhub.permissions import Role
from cpdhub.staff_forms import StaffForm
from cpdhub.walls import school_scope
from tests.factories import StaffFactory, TeamFactory, UserFactory
from tests.helpers import url


@pytest.fixture
def data_manager(school):
    return StaffFactory(school=school, last_name="Data", roles=[Role.DATA_MANAGER])


def saved(person):
    with school_scope(person.school):
        return Staff.objects.select_related("team", "line_manager").get(pk=person.pk)


def log_of(school):
    with school_scope(school):
        return list(LogEntry.objects.values_list("kind", "by_id", "object_id", "note"))


def fields(**changes):
    return {
        "first_name": "Nina", "last_name": "New", "email": "nina@school.example",
        "job_title": "Teacher", "group": "teacher", "team": "", "new_team": "",
        "line_manager": "", "staff_code": "", "career_stage": "", "fte": "1", "starts_on": "",
        "revision": "1",
    } | changes  # fmt: skip


# --- the page ----------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_person_page_takes_constant_queries(
    sign_in, head, teacher, count, django_assert_num_queries
):
    team = TeamFactory(school=head.school, leader=teacher)
    for number in range(count):
        StaffFactory(school=head.school, line_manager=teacher, last_name=f"Managed{number}")
        with school_scope(head.school):
            teacher.team, teacher.line_manager, teacher.job_title = team, head, f"Job {number}"
            teacher.save()
    client = sign_in(head)

    with django_assert_num_queries(PERSON_QUERIES):
        response = client.get(url(head.school, "staff:person", teacher.pk))

    assert len(response.context["manages_people"]) == count


def test_colleague_sees_contact_only_and_their_own_post_in_full(sign_in, teacher, school):
    facts = {
        "school": school, "staff_code": "SC-1", "starts_on": date(2018, 9, 1), "fte": "0.6",
        "career_stage": "early", "roles": [Role.TEAM_LEADER],
    }  # fmt: skip
    other = StaffFactory(**facts, last_name="Okafor", job_title="Cook")
    own = StaffFactory(**{**facts, "staff_code": "SC-2"}, last_name="Own")

    theirs = sign_in(own).get(url(school, "staff:person", other.pk)).text
    mine = sign_in(own).get(url(school, "staff:person", own.pk)).text

    for word in ("2018", "0.6", "Early career", "Team leader"):
        assert word not in theirs
        assert word in mine
    assert "SC-1" not in theirs
    assert "SC-2" in mine
    assert "Cook" in theirs
    assert "Mark as leaving" not in theirs
    assert "History" not in mine


def test_leaver_is_found_by_those_who_keep_the_records_only(sign_in, teacher, head, school):
    gone = StaffFactory(school=school, ends_on=clock.today())

    assert sign_in(teacher).get(url(school, "staff:person", gone.pk)).status_code == 404
    assert sign_in(head).get(url(school, "staff:person", gone.pk)).status_code == 200


def test_history_says_in_words_who_changed_what(sign_in, head, teacher, school):
    client = sign_in(head)
    team = TeamFactory(school=school, name="Year 2")
    client.post(
        url(school, "staff:edit", teacher.pk),
        fields(first_name="Tom", last_name="Teacher", job_title="Deputy", team=team.pk),
    )
    client.post(url(school, "staff:roles", teacher.pk), {"roles": ["team_leader"]})

    response = client.get(url(school, "staff:person", teacher.pk))

    told = [
        (change.by, edit.label, edit.before, edit.after)
        for change in response.context["changes"]
        for edit in change.edits
    ]
    assert ("Helen Head", "job title", "Teacher", "Deputy") in told
    assert ("Helen Head", "main team", "(empty)", "Year 2") in told
    assert ("Helen Head", "roles", "(empty)", "Team leader") in told
    assert "/staff/" not in str(told)


# --- add and change ----------------------------------------------------------------------------
def test_add_makes_a_post_without_sign_in_or_roles(sign_in, data_manager, school):
    user = UserFactory()
    manager = StaffFactory(school=school)

    response = sign_in(data_manager).post(
        url(school, "staff:add"),
        fields(
            new_team=" Year  3 ", line_manager=manager.pk, fte="0.6", starts_on="2026-09-01",
            roles="head", user=user.pk, school="999", is_administrator="on", invited_at="now",
            ends_on="2020-01-01",
        ),
    )  # fmt: skip

    with school_scope(school):
        person = Staff.objects.select_related("team").get(last_name="New")
    assert response.url == url(school, "staff:person", person.pk)
    assert (person.school_id, person.roles, person.user_id) == (school.pk, [], None)
    assert (person.ends_on, person.invited_at) == (None, None)
    assert (person.team.name, person.line_manager_id) == ("Year 3", manager.pk)


def test_add_sent_twice_makes_one_post(sign_in, data_manager, school):
    client = sign_in(data_manager)
    form = fields(email="", once="6f2c1a90-6c5b-4a53-9b47-0a4c6a1d7b11")

    first = client.post(url(school, "staff:add"), form)
    second = client.post(url(school, "staff:add"), form)

    assert first.url == second.url
    with school_scope(school):
        assert Staff.objects.filter(last_name="New").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": "TAKEN@school.example"}, "email", "Ada Taken has this e-mail address already."),
        ({"staff_code": "t1"}, "staff_code", "Ada Taken has this staff code already."),
        ({"fte": "0"}, "fte", "more than 0"),
        ({"fte": "1.5"}, "fte", "at most 1"),
        ({"starts_on": "0026-09-01"}, "starts_on", "Check the year"),
        ({"first_name": ""}, "first_name", "required"),
        ({"new_team": "X", "team": "TEAM"}, "new_team", "not both"),
    ],
)
def test_add_with_a_mistake_says_so_and_keeps_what_was_typed(
    sign_in, data_manager, school, changes, field, sentence
):
    StaffFactory(
        school=school, first_name="Ada", last_name="Taken", email="taken@school.example",
        staff_code="T1",
    )  # fmt: skip
    team = TeamFactory(school=school)
    sent = fields(job_title="Kept as typed", **changes)
    sent["team"] = team.pk if sent["team"] else ""

    response = sign_in(data_manager).post(url(school, "staff:add"), sent)

    assert sentence in response.context["form"].errors[field][0]
    assert "Kept as typed" in response.text
    with school_scope(school):
        assert not Staff.objects.filter(last_name="New").exists()


def test_same_email_as_a_leaver_names_them(sign_in, data_manager, school):
    StaffFactory(
        school=school, first_name="Ada", email="nina@school.example", ends_on=clock.today()
    )

    response = sign_in(data_manager).post(url(school, "staff:add"), fields())

    assert "They have left" in response.context["form"].errors["email"][0]


def test_same_email_in_another_school_is_fine(sign_in, data_manager, school, other_school):
    StaffFactory(school=other_school, email="nina@school.example")

    response = sign_in(data_manager).post(url(school, "staff:add"), fields())

    assert response.status_code == 302


def test_another_schools_team_or_manager_is_no_choice(
    sign_in, data_manager, school, other_school, teacher
):
    theirs = StaffFactory(school=other_school, last_name="Theirs")
    team = TeamFactory(school=other_school, name="Their team")
    client = sign_in(data_manager)

    response = client.post(
        url(school, "staff:edit", teacher.pk), fields(team=team.pk, line_manager=theirs.pk)
    )

    assert set(response.context["form"].errors) == {"team", "line_manager"}
    assert "Theirs" not in response.text
    assert saved(teacher).first_name == "Tom"


def test_edit_takes_no_roles_user_or_school(sign_in, data_manager, school, other_school, teacher):
    user, before = UserFactory(), saved(teacher)

    sign_in(data_manager).post(
        url(school, "staff:edit", teacher.pk),
        fields(roles="head", user=user.pk, school=other_school.pk, ends_on="2020-01-01"),
    )

    after = saved(teacher)
    assert after.first_name == "Nina"
    assert (after.roles, after.user_id, after.school_id, after.ends_on) == (
        before.roles, before.user_id, before.school_id, before.ends_on,
    )  # fmt: skip


def test_line_manager_cannot_be_oneself_or_someone_below(sign_in, data_manager, school):
    top = StaffFactory(school=school)
    middle = StaffFactory(school=school, line_manager=top)
    bottom = StaffFactory(school=school, first_name="Bo", line_manager=middle)
    client = sign_in(data_manager)

    own = client.post(url(school, "staff:edit", top.pk), fields(line_manager=top.pk))
    circle = client.post(url(school, "staff:edit", top.pk), fields(line_manager=bottom.pk))

    assert "line_manager" in own.context["form"].errors
    assert "is managed by" in circle.context["form"].errors["line_manager"][0]
    assert saved(top).line_manager is None


@pytest.mark.parametrize("page", ["add", "edit"])
def test_data_manager_cannot_make_themselves_a_line_manager(
    sign_in, data_manager, teacher, school, page
):
    """It would open that person's record to them."""
    path = url(school, f"staff:{page}", *([teacher.pk] if page == "edit" else []))

    response = sign_in(data_manager).post(path, fields(line_manager=data_manager.pk))

    (said,) = response.context["form"].errors["line_manager"]
    assert said.endswith("so you cannot make yourself one. A head or the CPD leader can.")
    assert said in response.text
    assert saved(teacher).line_manager is None
    with school_scope(school):
        assert not Staff.objects.managed_by(data_manager).exists()


def test_data_manager_may_make_anybody_else_a_line_manager_and_keep_whom_they_have(
    sign_in, data_manager, head, teacher, school
):
    own = StaffFactory(school=school, line_manager=data_manager)
    client = sign_in(data_manager)

    client.post(url(school, "staff:edit", teacher.pk), fields(line_manager=head.pk, email=""))
    client.post(url(school, "staff:edit", own.pk), fields(line_manager=data_manager.pk))

    assert saved(teacher).line_manager == head
    assert (saved(own).line_manager, saved(own).first_name) == (data_manager, "Nina")


@pytest.mark.parametrize("role", [Role.HEAD, Role.CPD_LEADER])
def test_who_sees_everyones_record_may_make_themselves_a_line_manager(
    sign_in, teacher, school, role
):
    leader = StaffFactory(school=school, roles=[role])

    sign_in(leader).post(url(school, "staff:edit", teacher.pk), fields(line_manager=leader.pk))

    assert saved(teacher).line_manager == leader


def test_email_of_someone_with_roles_waiting_to_join_is_the_heads_to_change(
    sign_in, data_manager, head, school
):
    """Else whoever keeps the records could have a head's invitation sent to themselves."""
    waiting = StaffFactory(
        school=school, user=None, email="new.head@school.example", roles=[Role.HEAD]
    )
    path = url(school, "staff:edit", waiting.pk)

    sign_in(data_manager).post(path, fields(email="mine@evil.example"))
    kept = saved(waiting).email
    sign_in(head).post(path, fields(email="right@school.example", revision="2"))

    assert kept == "new.head@school.example"
    assert saved(waiting).email == "right@school.example"


def test_email_of_someone_who_signs_in_changes_with_a_word_about_sign_in(
    sign_in, data_manager, teacher, school
):
    client = sign_in(data_manager)
    path = url(school, "staff:edit", teacher.pk)

    text = client.get(path).text
    client.post(path, fields(email="new@school.example"))

    assert "not the address they sign in with" in text.replace("\n", " ")
    assert saved(teacher).email == "new@school.example"
    assert teacher.user.email != "new@school.example"


def test_second_of_two_editors_sees_the_difference_and_keeps_their_text(
    sign_in, data_manager, head, teacher, school
):
    path = url(school, "staff:edit", teacher.pk)
    sign_in(head).post(path, fields(job_title="Deputy", starts_on="2026-09-01"))
    mine = fields(job_title="Head of music", new_team="Music")

    response = sign_in(data_manager).post(path, mine)

    form = response.context["form"]
    assert [(d.label, d.theirs, d.yours) for d in form.differences] == [
        ("Job title", "Deputy", "Head of music"),
        ("First day", "1 September 2026", "(empty)"),
    ]
    assert "Helen Head changed this" in form.non_field_errors()[0]
    assert "<td>Deputy</td><td>Head of music</td>" in response.text
    assert (form["new_team"].value(), form["revision"].value()) == ("Music", 2)
    assert saved(teacher).job_title == "Deputy"

    sign_in(data_manager).post(path, {**mine, "revision": 2})

    after = saved(teacher)
    assert (after.job_title, after.team.name, after.revision) == ("Head of music", "Music", 3)


def test_what_is_not_on_the_form_does_not_stand_in_its_way(
    sign_in, data_manager, head, teacher, school
):
    """Roles, leaving and an invitation: somebody else's deed, and no difference to look at."""
    with school_scope(school):
        actions.give_roles(teacher, [Role.TEAM_LEADER], by=head)
        actions.mark_as_leaving(teacher, on=date(2099, 7, 1), by=head)
        Staff.objects.filter(pk=teacher.pk).update(invited_at=clock.now())

    response = sign_in(data_manager).post(url(school, "staff:edit", teacher.pk), fields())

    after = saved(teacher)
    assert response.status_code == 302
    assert (after.first_name, after.revision) == ("Nina", 2)
    assert (after.roles, after.ends_on) == (["team_leader"], date(2099, 7, 1))


# --- leaving -----------------------------------------------------------------------------------
def test_leaving_ends_access_at_the_next_request_and_coming_back_opens_it(
    client, data_manager, teacher, school
):
    manager, leaver = Client(), Client()
    manager.force_login(data_manager.user)
    leaver.force_login(teacher.user)
    before = leaver.get(url(school, "home")).status_code

    manager.post(url(school, "staff:leave", teacher.pk), {"on": clock.today().isoformat()})
    gone = leaver.get(url(school, "home")).status_code
    manager.post(url(school, "staff:return", teacher.pk))
    back = leaver.get(url(school, "home")).status_code

    assert (before, gone, back) == (200, 404, 200)
    kinds = [(kind, by, of) for kind, by, of, _ in log_of(school)]
    by, of = data_manager.pk, str(teacher.pk)
    assert kinds == [("returned", by, of), ("left", by, of)]


def test_leaving_later_keeps_access_until_then(sign_in, data_manager, teacher, school):
    day = clock.today() + timedelta(days=30)

    sign_in(data_manager).post(url(school, "staff:leave", teacher.pk), {"on": day.isoformat()})

    assert saved(teacher).ends_on == day
    assert sign_in(teacher).get(url(school, "home")).status_code == 200


def test_leaving_before_the_first_day_is_refused_beside_the_field(sign_in, data_manager, school):
    person = StaffFactory(school=school, starts_on=date(2026, 9, 1))

    response = sign_in(data_manager).post(
        url(school, "staff:leave", person.pk), {"on": "2026-08-31"}
    )

    assert "1 September 2026" in response.context["form"].errors["on"][0]
    assert saved(person).ends_on is None


def test_last_head_cannot_leave(sign_in, data_manager, head, school):
    StaffFactory(school=school, roles=[Role.HEAD], user=None)  # has never signed in

    response = sign_in(data_manager).post(
        url(school, "staff:leave", head.pk), {"on": clock.today().isoformat()}
    )

    assert "only head" in response.context["form"].errors["on"][0]
    assert saved(head).ends_on is None


def test_nobody_marks_themselves_as_leaving(sign_in, data_manager, school):
    sign_in(data_manager).post(
        url(school, "staff:leave", data_manager.pk), {"on": clock.today().isoformat()}
    )

    assert saved(data_manager).ends_on is None


@pytest.mark.parametrize(("by", "roles"), [("data_manager", []), ("head", [Role.CPD_LEADER])])
def test_coming_back_gives_roles_only_from_whom_may_give_them(request, sign_in, school, by, roles):
    gone = StaffFactory(school=school, roles=[Role.CPD_LEADER], ends_on=clock.today())

    sign_in(request.getfixturevalue(by)).post(url(school, "staff:return", gone.pk))

    back = saved(gone)
    assert (back.ends_on, back.roles) == (None, roles)


# --- roles -------------------------------------------------------------------------------------
def test_roles_hold_at_the_next_click_and_are_written_down(head, teacher, school):
    giver, other = Client(), Client()
    giver.force_login(head.user)
    other.force_login(teacher.user)
    before = other.get(url(school, "staff:add")).status_code

    giver.post(url(school, "staff:roles", teacher.pk), {"roles": ["data_manager", "cpd_leader"]})

    assert (before, other.get(url(school, "staff:add")).status_code) == (403, 200)
    assert saved(teacher).roles == ["cpd_leader", "data_manager"]
    assert log_of(school) == [
        ("roles_changed", head.pk, str(teacher.pk), "none → cpd_leader, data_manager")
    ]


def test_unknown_role_changes_nothing(sign_in, head, teacher, school):
    response = sign_in(head).post(
        url(school, "staff:roles", teacher.pk), {"roles": ["team_leader", "emperor"]}
    )

    assert "roles" in response.context["form"].errors
    assert saved(teacher).roles == []


def test_last_head_keeps_the_role_until_another_signs_in(sign_in, head, teacher, school):
    client, path = sign_in(head), url(school, "staff:roles", head.pk)

    refused = client.post(path, {})
    client.post(url(school, "staff:roles", teacher.pk), {"roles": ["head"]})
    client.post(path, {"roles": ["governor"]})

    assert "only head" in refused.context["form"].errors["roles"][0]
    assert saved(head).roles == ["governor"]


def test_those_without_the_right_cannot_give_roles(sign_in, cpd_leader, school):
    path = url(school, "staff:roles", cpd_leader.pk)

    assert sign_in(cpd_leader).post(path, {"roles": ["head"]}).status_code == 403
    assert saved(cpd_leader).roles == [Role.CPD_LEADER]


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_take_each_others_role_leave_one_head(transactional_db):
    first = StaffFactory(roles=[Role.HEAD])
    second = StaffFactory(school=first.school, roles=[Role.HEAD])
    gate, refused = threading.Barrier(2), []

    def take(role_of, by):
        try:
            gate.wait()
            with school_scope(first.school):
                actions.give_roles(role_of, [], by=by)
        except actions.LastHead:
            refused.append(role_of)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=take, args=pair) for pair in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with school_scope(first.school):
        assert Staff.objects.staying_heads().count() == 1
        assert Team.objects.count() == 0
    assert len(refused) == 1


@pytest.mark.parametrize("view", ["person", "edit", "roles", "leave", "return", "invite"])
def test_another_schools_person_is_not_there(sign_in, head, outsider, view):
    client, path = sign_in(head), url(head.school, f"staff:{view}", outsider.pk)

    assert {client.get(path).status_code, client.post(path).status_code} <= {404, 405}
    assert saved(outsider).roles == [Role.HEAD]


PERSON_QUERIES = 19


# --- a right taken away while a form is being saved -------------------------------------------
def test_saving_a_post_writes_only_what_is_on_its_form(school, head, teacher):
    with school_scope(school):
        form = StaffForm(fields(first_name="Tom"), instance=teacher, by=head)
        assert form.is_valid()
        Staff.objects.filter(pk=teacher.pk).update(ends_on=date(2026, 1, 1), user=None)

        form.save_or_refuse()

    now = saved(teacher)
    assert (now.first_name, now.ends_on, now.user) == ("Tom", date(2026, 1, 1), None)


def test_saving_ones_letters_gives_no_role_back(school, head):
    with school_scope(school):
        form = LettersForm({"wants_digest_only": "on"}, instance=head)
        assert form.is_valid()
        Staff.objects.filter(pk=head.pk).update(roles=[])

        form.save()

    now = saved(head)
    assert (now.wants_digest_only, now.roles) == (True, [])
