"""The catalogue of forms, planning with one, and what a later change of a form does not touch."""

from datetime import date, time

import pytest
from django.db import DatabaseError, connection, transaction

from activities import library
from activities.laying_out import lay_out
from activities.models import Activity, ActivityForm, FormSession, Session
from cpdhub import frameworks
from cpdhub.models import FrameworkItem, HalfTerm
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from tests.factories import (
    ActivityFactory,
    ActivityFormFactory,
    FormSessionFactory,
    ParticipationFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def weekly(school):
    """A form of the school's own: a visit every week, three times, a talk the same day."""
    form = ActivityFormFactory(
        school=school, title="Weekly", is_private=True, roles=["coach", "coachee"],
        evaluate_after=[6, 26],
    )  # fmt: skip
    for position, (name, after) in enumerate([("Visit", 0), ("Talk", 0), ("Visit", 7)], start=1):
        FormSessionFactory(
            school=school, form=form, position=position, name=name, days_after=after, minutes=30,
            planning_minutes=10, prompts=[f"{name}: what did you see?"],
        )  # fmt: skip
    return form


# --- what is shipped --------------------------------------------------------------------------


def test_every_type_of_the_menu_has_a_form(inside):
    types = FrameworkItem.objects.filter(framework__code="cpd-menu", items=None)

    assert types.count() == 33
    assert set(types) == {form.type for form in ActivityForm.objects.shipped()}


def test_shipped_forms_say_what_the_file_says(inside):
    data = {form["code"]: form for form in library.forms()}

    for form in ActivityForm.objects.shipped().with_sessions():
        said = library.sessions_of(data[form.code])
        assert [s.name for s in form.sessions.all()] == [s["name"] for s in said]
        assert all(s.prompts or form.kind != "direct" or s.planning_minutes
                   for s in form.sessions.all()), form  # fmt: skip
    assert frameworks  # the menu they hang on


def test_coaching_cycle_is_four_visits_each_with_a_meeting(inside):
    form = ActivityForm.objects.with_sessions().get(code="coaching-cycle")

    names = [session.name for session in form.sessions.all()]
    assert names[:3] == ["Visit 1", "Meeting 1", "Visit 2"]
    assert len(names) == 8
    assert form.is_private


def test_shipped_form_is_never_changed_by_a_school(inside):
    changed = ActivityForm.objects.shipped().update(title="Ours")

    assert changed == 0


# --- laying out -------------------------------------------------------------------------------


def test_sessions_skip_weekends_and_holidays_and_keep_their_weekday(inside, weekly):
    add_year(inside, 2026)  # the second week of the Christmas holidays ends on 1 January
    terms = list(HalfTerm.objects.all())
    before = max(term.ends_on for term in terms if term.ends_on < date(2027, 1, 1))
    first = date(2026, 12, 15)  # a Tuesday

    rows = lay_out(weekly, first=first, starts=time(15, 45), half_terms=terms)

    assert first <= before
    assert [row["day"].strftime("%a") for row in rows] == ["Tue", "Tue", "Tue"]
    assert rows[2]["day"] > before
    assert any(term.starts_on <= rows[2]["day"] <= term.ends_on for term in terms)
    assert (rows[1]["starts"], rows[1]["ends"]) == (time(16, 15), time(16, 45))


def test_daily_step_on_a_saturday_becomes_monday(inside):
    form = ActivityFormFactory(school=inside)
    for position, after in ((1, 0), (2, 1)):
        FormSessionFactory(school=inside, form=form, position=position, days_after=after)

    rows = lay_out(form, first=date(2028, 2, 25), starts=time(15, 45), half_terms=[])  # a Friday

    assert rows[1]["day"] == date(2028, 2, 28)


def test_leap_day_is_a_day_like_any_other(inside, weekly):
    rows = lay_out(weekly, first=date(2028, 2, 22), starts=time(9), half_terms=[])

    assert rows[2]["day"] == date(2028, 2, 29)


# --- planning with one ------------------------------------------------------------------------


def test_address_of_a_form_fills_in_the_plan(sign_in, cpd_leader, school, weekly):
    page = url(school, "activities:plan") + f"?form={weekly.pk}&first=2026-12-01&starts=12:15"

    shown = sign_in(cpd_leader).get(page).context["form"]

    assert shown.activity["title"].value() == "Weekly"
    assert [row["name"].value() for row in shown.sessions][:3] == ["Visit", "Talk", "Visit"]
    assert shown.sessions[2]["day"].value() == date(2026, 12, 8)
    assert shown.impact["look_again_on"].value() == date(2027, 1, 19)
    assert list(shown.roles.names.values()) == ["coach", "coachee"]


@pytest.mark.parametrize("wrong", ["0", "x", "99999999"])
def test_address_of_no_form_answers_like_a_missing_page(sign_in, cpd_leader, school, wrong):
    page = url(school, "activities:plan") + f"?form={wrong}"

    assert sign_in(cpd_leader).get(page).status_code == 404


NINES = "9" * 5000  # more than Python reads as a number


@pytest.mark.parametrize(("name", "status"), [("layout-form", 200), ("draft", 404)])
def test_number_without_end_names_nothing(sign_in, cpd_leader, school, plan_data, name, status):
    page = url(school, "activities:plan")

    answer = sign_in(cpd_leader).post(page, plan_data | {name: NINES})

    assert answer.status_code == status


def test_laying_out_keeps_what_was_typed(sign_in, cpd_leader, school, weekly, plan_data):
    data = plan_data | {"do": "layout", "layout-form": weekly.pk, "layout-first": "2026-12-01"}

    shown = sign_in(cpd_leader).post(url(school, "activities:plan"), data).context["form"]

    assert shown.activity["title"].value() == "Talk for reasoning"
    assert shown.impact["staff_will"].value() == "Ask two open questions"
    assert [row["name"].value() for row in shown.sessions][:3] == ["Visit", "Talk", "Visit"]


def test_laying_out_without_a_day_asks_for_it_and_loses_nothing(
    sign_in, cpd_leader, school, weekly, plan_data
):
    data = plan_data | {"do": "layout", "layout-form": weekly.pk, "layout-first": ""}

    response = sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    assert "From which day?" in response.text
    assert 'value="2026-12-01"' in response.text
    assert "Talk for reasoning" in response.text


def test_planning_copies_what_the_form_says(
    sign_in, cpd_leader, teacher, school, weekly, plan_data, only_activity
):
    steps = list(weekly.sessions.all())
    data = plan_data | {
        "layout-form": weekly.pk, "sessions-0-step": steps[0].pk, "sessions-0-name": "First visit",
        "roles-coach": cpd_leader.pk, "roles-coachee": teacher.pk,
    }  # fmt: skip

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    activity = only_activity()
    with school_scope(school):
        session = activity.sessions.get()
        roles = dict(activity.participations.values_list("staff", "role"))
    assert (activity.form_id, activity.is_private) == (weekly.pk, True)
    assert (activity.roles, activity.evaluate_after) == (["coach", "coachee"], [6, 26])
    assert (session.name, session.planning_minutes) == ("First visit", 10)
    assert session.prompts == ["Visit: what did you see?"]
    assert roles == {cpd_leader.pk: "coach", teacher.pk: "coachee"}


@pytest.mark.parametrize(("is_private", "said"), [(True, "those who"), (False, "everyone here")])
def test_once_planned_it_says_who_sees_it(sign_in, cpd_leader, school, is_private, said):
    draft = ActivityFactory(school=school, kind="indirect", is_private=is_private)
    SessionFactory(school=school, activity=draft)

    page = sign_in(cpd_leader).post(url(school, "activities:move", draft.pk, "plan"), follow=True)

    assert f"Planned: {said}" in page.text


@pytest.mark.parametrize("way", ["backwards", "plan"])
def test_without_a_form_nothing_of_an_earlier_one_stays(
    sign_in, cpd_leader, school, weekly, plan_data, only_activity, way
):
    draft = ActivityFactory(school=school, state="draft", owner=cpd_leader)
    with school_scope(school):
        draft.take_from(weekly)
        draft.save()
    page, sent = url(school, "activities:plan"), plan_data | {"draft": draft.pk, "revision": 1}
    if way == "backwards":
        page = url(school, "activities:step", draft.pk, "activity")
        sent = {"title": "Talk", "type": draft.type_id, "form": ""}

    assert sign_in(cpd_leader).post(page, sent).status_code == 302

    found = only_activity()
    assert (found.form, found.is_private, found.roles, found.evaluate_after) == (
        None,
        False,
        [],
        [],
    )


def test_one_person_has_one_role(sign_in, cpd_leader, teacher, school, weekly, plan_data):
    roles = {"roles-coach": teacher.pk, "roles-coachee": teacher.pk}

    response = sign_in(cpd_leader).post(
        url(school, "activities:plan"), plan_data | {"layout-form": weekly.pk} | roles
    )

    assert "This person has a role already." in response.text
    with school_scope(school):
        assert not Activity.objects.exists()


def test_row_with_only_a_name_left_is_no_session(
    sign_in, cpd_leader, school, weekly, plan_data, only_activity
):
    data = plan_data | {"sessions-1-name": "Talk", "sessions-1-step": weekly.sessions.last().pk}

    sign_in(cpd_leader).post(url(school, "activities:plan"), data | {"layout-form": weekly.pk})

    with school_scope(school):
        assert only_activity().sessions.count() == 1


def test_form_changed_later_changes_no_activity(inside, weekly):
    activity = ActivityFactory(school=inside, form=weekly, roles=["coach"], is_private=True)
    session = SessionFactory(school=inside, activity=activity, prompts=["Old?"], name="Visit")

    weekly.sessions.all().delete()
    weekly.is_private, weekly.roles = False, []
    weekly.save()

    activity.refresh_from_db()
    session.refresh_from_db()
    assert (activity.is_private, activity.roles) == (True, ["coach"])
    assert (session.name, session.prompts) == ("Visit", ["Old?"])


def test_activity_never_has_another_schools_form(inside):
    theirs = ActivityFormFactory(school=SchoolFactory())

    with pytest.raises(DatabaseError), transaction.atomic():
        ActivityFactory(school=inside, form=theirs)


# --- a school's own -----------------------------------------------------------------------------


def test_copy_is_the_schools_own_with_all_sessions(sign_in, cpd_leader, school, inside):
    shipped = ActivityForm.objects.get(code="lesson-study")
    client = sign_in(cpd_leader)

    for _ in range(2):
        response = client.post(url(school, "activities:form_copy", shipped.pk))

    copies = ActivityForm.objects.own().order_by("pk")
    assert [copy.title for copy in copies] == ["Lesson study, our own", "Lesson study, our own 2"]
    assert [copy.sessions.count() for copy in copies] == [7, 7]
    assert response.url == url(school, "activities:form_change", copies[1].pk)


def sent(form, **changes):
    """What the page of a form sends."""
    data = {
        "title": form.title, "hint": form.hint, "type": form.type_id, "groups": form.groups,
        "kind": "direct", "roles": "Coach, coachee", "look_again_after": "6",
        "evaluate_after": "6, 26", "revision": form.revision, "is_private": "on",
        "sessions-TOTAL_FORMS": "4", "sessions-INITIAL_FORMS": "3",
    }  # fmt: skip
    with school_scope(form.school):
        sessions = list(form.sessions.all())
    for number, session in enumerate(sessions):
        data |= {
            f"sessions-{number}-id": session.pk, f"sessions-{number}-name": session.name,
            f"sessions-{number}-days_after": session.days_after,
            f"sessions-{number}-minutes": session.minutes,
            f"sessions-{number}-planning_minutes": session.planning_minutes,
            f"sessions-{number}-prompts": "\n".join(session.prompts),
        }  # fmt: skip
    data |= {
        "sessions-3-days_after": "7", "sessions-3-minutes": "60", "sessions-3-planning_minutes": "0"
    }  # fmt: skip
    return data | changes


def test_own_form_is_changed(sign_in, cpd_leader, school, weekly):
    data = sent(
        weekly, **{"title": "Ours", "sessions-0-DELETE": "on", "sessions-3-name": "Looking back"}
    )

    sign_in(cpd_leader).post(url(school, "activities:form_change", weekly.pk), data)

    with school_scope(school):
        form = ActivityForm.objects.get(pk=weekly.pk)
        named = [(s.position, s.name) for s in form.sessions.all()]
    assert (form.title, form.roles, form.evaluate_after) == ("Ours", ["coach", "coachee"], [6, 26])
    assert named == [(1, "Talk"), (2, "Visit"), (3, "Looking back")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"roles": "coach, !!!"}, "is no name of a role"),
        ({"evaluate_after": "six"}, "numbers of weeks"),
        ({"evaluate_after": "6, 999"}, "numbers of weeks"),
        ({"sessions-0-planning_minutes": "45"}, "The session is not as long as that."),
        ({"sessions-0-prompts": "a?\n" * 13}, "At most 12 questions"),
        ({"sessions-3-name": "New", "sessions-3-minutes": "2"}, "greater than or equal to 5"),
    ],
)
def test_wrong_answers_are_said_beside_the_field(
    sign_in, cpd_leader, school, weekly, changes, said
):
    page = url(school, "activities:form_change", weekly.pk)

    response = sign_in(cpd_leader).post(page, sent(weekly, title="Typed", **changes))

    assert said in response.text
    assert "Typed" in response.text
    with school_scope(school):
        assert ActivityForm.objects.get(pk=weekly.pk).title == "Weekly"


def test_somebody_elses_change_is_not_overwritten_unknowingly(sign_in, cpd_leader, school, weekly):
    with school_scope(school):
        ActivityForm.objects.filter(pk=weekly.pk).update(title="Theirs", revision=2)

    response = sign_in(cpd_leader).post(
        url(school, "activities:form_change", weekly.pk), sent(weekly, title="Mine")
    )

    assert "changed this form while you were writing" in response.text
    assert "Theirs" in response.text


def test_withdrawn_form_is_offered_to_nobody_and_comes_back(sign_in, cpd_leader, school, weekly):
    client = sign_in(cpd_leader)
    withdraw = url(school, "activities:form_withdraw", weekly.pk)

    client.post(withdraw, follow=True)

    assert weekly.title not in client.get(url(school, "activities:plan")).text
    assert client.get(url(school, "activities:plan") + f"?form={weekly.pk}").status_code == 404
    client.post(withdraw, {"do": "back"})
    assert weekly.title in client.get(url(school, "activities:plan")).text


# --- the pages ----------------------------------------------------------------------------------


def test_catalogue_costs_the_same_for_one_and_three(
    sign_in, teacher, school, django_assert_num_queries
):
    client = sign_in(teacher)
    for rows in (1, 3):
        for form in ActivityFormFactory.create_batch(rows, school=school):
            FormSessionFactory(school=school, form=form)
        with django_assert_num_queries(15):
            client.get(url(school, "activities:forms"))


def test_catalogue_is_searched_and_narrowed(sign_in, teacher, school):
    client = sign_in(teacher)
    page = url(school, "activities:forms")

    found = client.get(page + "?q=research+lesson").text
    outside = client.get(page + "?group=external")

    assert "Lesson study" in found
    assert "Coaching cycle" not in found
    assert [label for label, _ in outside.context["sections"]] == ["Expertise from outside"]
    assert "Nothing fits" in client.get(page + "?q=zzz").text


def test_page_of_a_form_shows_who_reads(sign_in, teacher, school, weekly):
    text = sign_in(teacher).get(url(school, "activities:form", weekly.pk)).text

    assert "Those who take part and nobody else." in text
    assert "Visit: what did you see?" in text
    assert "Plan one" not in text


def test_activity_says_its_form_and_when_people_are_asked_again(
    sign_in, cpd_leader, school, weekly
):
    activity = ActivityFactory(school=school, form=weekly, state="planned", evaluate_after=[6])
    start = date(2026, 12, 1)
    SessionFactory(
        school=school, activity=activity, name="Visit", planning_minutes=10,
        starts_at=f"{start} 15:45Z", ends_at=f"{start} 16:45Z",
    )  # fmt: skip

    text = sign_in(cpd_leader).get(url(school, "activities:activity", activity.pk)).text

    assert "12 January 2027" in text
    assert "10 minutes of it to plan" in text


def test_roles_are_given_one_by_one(sign_in, cpd_leader, school, inside):
    activity = ActivityFactory(school=school, state="planned", roles=["step ahead"])
    one = ParticipationFactory(school=school, activity=activity)

    sign_in(cpd_leader).post(
        url(school, "activities:roles", activity.pk), {str(one.staff_id): "step ahead"}
    )

    one.refresh_from_db()
    assert one.role == "step ahead"


def test_session_keeps_its_name_and_questions_until_they_are_changed(
    sign_in, cpd_leader, school, inside
):
    activity = ActivityFactory(school=school, state="planned")
    session = SessionFactory(school=school, activity=activity, prompts=["One?"])
    data = {
        "day": "2026-12-01", "starts": "15:00", "ends": "16:00", "place": "", "name": "Visit",
        "planning_minutes": "20", "prompts": "One?\n\nTwo?",
    }  # fmt: skip
    client = sign_in(cpd_leader)

    client.post(url(school, "activities:change_session", session.pk), data)

    session.refresh_from_db()
    assert (session.name, session.planning_minutes) == ("Visit", 20)
    assert session.prompts == ["One?", "Two?"]
    too_long = client.post(
        url(school, "activities:change_session", session.pk), data | {"planning_minutes": "61"}
    )
    assert "The session is not as long as that." in too_long.text


def test_planning_is_part_of_a_form_session(inside, weekly):
    with pytest.raises(DatabaseError), transaction.atomic():
        FormSession.objects.filter(form=weekly).update(planning_minutes=31)
    assert connection.is_usable()
    assert Session.objects.count() == 0
    assert StaffFactory(school=inside).pk
