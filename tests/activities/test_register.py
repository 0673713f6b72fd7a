"""Who was there: one screen, and two people at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from activities import actions
from activities.models import Activity, Attendance, NotPossible, Participation, Session
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    IntendedImpactFactory,
    ParticipationFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url


@pytest.fixture
def session(school, cpd_leader):
    """Yesterday's, of a planned activity, with three people in it."""
    activity = ActivityFactory(school=school, owner=cpd_leader, state="planned", title="Phonics")
    for name in ("Ann", "Bob", "Cat"):
        staff = StaffFactory(school=school, first_name=name)
        ParticipationFactory(school=school, activity=activity, staff=staff)
    return SessionFactory(
        school=school, activity=activity, starts_at=at_four(clock.today() - timedelta(days=1))
    )


@pytest.fixture
def people(session):
    with school_scope(session.school_id):
        return [row.staff for row in session.activity.participations.select_related("staff")]


def pks(staff):
    return [person.pk for person in staff]


def there(session):
    with school_scope(session.school_id):
        return {
            row.staff.first_name: row.was_present
            for row in session.attendances.select_related("staff")
        }


def test_everyone_is_present_until_somebody_says_otherwise(
    sign_in, cpd_leader, school, session, people
):
    page = url(school, "activities:register", session.pk)
    client = sign_in(cpd_leader)

    shown = client.get(page)
    client.post(page, {"listed": pks(people), "present": pks(people[:2])})

    assert [was_there for _, was_there in shown.context["form"].rows()] == [True, True, True]
    assert there(session) == {"Ann": True, "Bob": True, "Cat": False}
    with school_scope(school):
        assert Attendance.objects.counted().total_time() == timedelta(hours=2)
        assert Session.objects.get().register_taken_by == cpd_leader


def test_somebody_else_came(sign_in, cpd_leader, teacher, school, session, people):
    sign_in(cpd_leader).post(
        url(school, "activities:register", session.pk),
        {"listed": pks(people), "present": pks(people), "added": [teacher.pk]},
    )

    assert there(session)["Tom"] is True
    with school_scope(school):
        assert session.activity.participations.filter(staff=teacher).exists()


def test_taken_again_it_corrects(sign_in, cpd_leader, school, session, people):
    page = url(school, "activities:register", session.pk)
    client = sign_in(cpd_leader)
    client.post(page, {"listed": pks(people), "present": pks(people)})

    client.post(page, {"listed": pks(people), "present": pks(people[1:])})

    assert there(session) == {"Ann": False, "Bob": True, "Cat": True}
    ticks = [was_there for _, was_there in client.get(page).context["form"].rows()]
    assert ticks == [False, True, True]


def test_somebody_added_while_the_page_was_open_is_left_alone(
    sign_in, cpd_leader, teacher, school, session, people
):
    ParticipationFactory(school=school, activity=session.activity, staff=teacher)

    sign_in(cpd_leader).post(
        url(school, "activities:register", session.pk),
        {"listed": pks(people), "present": pks(people)},
    )

    assert "Tom" not in there(session)


def state_after(client, session, people):
    """The state once this register is taken, and what the page said."""
    response = client.post(
        url(session.school, "activities:register", session.pk),
        {"listed": pks(people), "present": pks(people)},
        follow=True,
    )
    with school_scope(session.school_id):
        return Activity.objects.get().state, "the activity is finished" in response.text


def test_last_register_finishes_the_activity_and_one_before_it_does_not(
    sign_in, cpd_leader, school, session, people
):
    second = SessionFactory(
        school=school, activity=session.activity, starts_at=at_four(clock.today())
    )
    off = SessionFactory(school=school, activity=session.activity, cancelled_at=clock.now())
    client = sign_in(cpd_leader)

    states = [state_after(client, one, people) for one in (session, second)]

    assert off.register_taken_at is None
    assert states == [("under_way", False), ("finished", True)]


def test_correcting_a_register_leaves_a_reopened_activity_open(
    sign_in, cpd_leader, session, people
):
    client = sign_in(cpd_leader)
    state_after(client, session, people)
    client.post(url(session.school, "activities:move", session.activity_id, "reopen"))

    assert state_after(client, session, people) == ("under_way", False)


@pytest.mark.parametrize(("was_logged", "expected"), [(False, "under_way"), (True, "finished")])
def test_one_more_session_takes_a_finished_activity_up_again(
    sign_in, cpd_leader, school, session, was_logged, expected
):
    with school_scope(school):
        Activity.objects.update(state="finished", was_logged=was_logged)
    day = clock.today() + timedelta(days=7)

    response = sign_in(cpd_leader).post(
        url(school, "activities:add_session", session.activity_id),
        {"day": f"{day:%Y-%m-%d}", "starts": "16:00", "ends": "17:00"},
    )

    with school_scope(school):
        assert (response.status_code, Session.objects.count()) == (302, 2)
        assert Activity.objects.get().state == expected


def test_session_brought_back_takes_a_finished_activity_up_again(
    sign_in, cpd_leader, school, session
):
    with school_scope(school):
        Activity.objects.update(state="finished")
        Session.objects.update(cancelled_at=clock.now())

    sign_in(cpd_leader).post(url(school, "activities:restore_session", session.pk))

    with school_scope(school):
        assert Activity.objects.get().state == "under_way"


@pytest.mark.parametrize(
    ("state", "taken", "deed"),
    [
        ("draft", False, "Plan it"),
        ("planned", False, "Take attendance"),
        ("planned", True, "Finish"),
        ("finished", True, None),
    ],
)
def test_activity_has_one_next_step_at_most(
    sign_in, cpd_leader, school, session, state, taken, deed
):
    with school_scope(school):
        Activity.objects.update(state=state)
        Session.objects.update(register_taken_at=clock.now() if taken else None)

    page = sign_in(cpd_leader).get(url(school, "activities:activity", session.activity_id)).text

    assert re.findall(r'btn-primary"[^>]*>([^<]+)<', page) == ([deed] if deed else [])


def test_lead_who_plans_nothing_else_takes_it(sign_in, teacher, school, session, people):
    with school_scope(school):
        Activity.objects.update(lead=teacher)
    page = url(school, "activities:register", session.pk)

    response = sign_in(teacher).post(page, {"listed": pks(people), "present": pks(people)})

    assert response.status_code == 302
    assert len(there(session)) == 3


def test_participant_does_not(sign_in, school, session, people):
    page = url(school, "activities:register", session.pk)

    assert sign_in(people[0]).get(page).status_code == 403
    assert sign_in(people[0]).post(page, {"present": pks(people)}).status_code == 403


@pytest.mark.parametrize("why", ["to come", "cancelled", "still a draft", "closed"])
def test_register_that_cannot_be_taken_says_why(sign_in, cpd_leader, school, session, people, why):
    with school_scope(school):
        if why == "to come":
            later = session.starts_at + timedelta(days=9)
            session.move(starts_at=later, ends_at=later + timedelta(hours=1), place="")
        elif why == "cancelled":
            session.cancel()
        elif why == "still a draft":
            Activity.objects.update(state="draft")
        else:
            Activity.objects.update(state="closed")

    response = sign_in(cpd_leader).post(
        url(school, "activities:register", session.pk),
        {"listed": pks(people), "present": pks(people)},
        follow=True,
    )

    assert "cannot be taken" in response.text
    assert why in response.text
    assert there(session) == {}


def test_another_schools_person_is_refused(sign_in, cpd_leader, school, session, people):
    foreign = StaffFactory(school=SchoolFactory())

    response = sign_in(cpd_leader).post(
        url(school, "activities:register", session.pk),
        {"listed": pks(people), "present": pks(people), "added": [foreign.pk]},
    )

    assert set(response.context["form"].errors) == {"added"}
    assert there(session) == {}


def test_register_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, session, people, django_assert_num_queries
):
    page = url(school, "activities:register", session.pk)
    client = sign_in(cpd_leader)
    for count in (1, 3):
        with django_assert_num_queries(15):
            client.get(page)
        with django_assert_num_queries(27 if count == 1 else 22):
            client.post(page, {"listed": pks(people[:count]), "present": pks(people[:count])})


# --- many at once ---------------------------------------------------------------------------


def at_once(work, times):
    """The same deed from several connections at the same moment."""

    def in_thread(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(in_thread, range(times)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_two_people_with_one_register_both_get_through(school, cpd_leader, session, people, round_):
    page = url(school, "activities:register", session.pk)
    newcomer = StaffFactory(school=school, first_name="Dee")

    def take(number):
        client = Client()
        client.force_login(cpd_leader.user)
        return client.post(
            page, {"listed": pks(people), "present": pks(people), "added": [newcomer.pk]}
        ).status_code

    assert at_once(take, 4) == [302] * 4
    assert there(session) == {"Ann": True, "Bob": True, "Cat": True, "Dee": True}
    with school_scope(school):
        assert Participation.objects.count() == 4
        assert Activity.objects.get().state == Activity.State.FINISHED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_nobody_is_taken_out_while_they_are_marked_present(
    school, cpd_leader, session, people, round_
):
    """Whichever comes first: whoever has an attendance is in the activity."""

    def either(number):
        with school_scope(school):
            if number % 2:
                own = Session.objects.select_related("activity").get(pk=session.pk)
                actions.take_register(own, by=cpd_leader, listed=pks(people), present=pks(people))
            else:
                try:
                    actions.choose_people(session.activity, people=[])
                except NotPossible:
                    return "refused"
        return "done"

    at_once(either, 4)

    with school_scope(school):
        taking_part = set(Participation.objects.values_list("staff", flat=True))
        attended = set(Attendance.objects.values_list("staff", flat=True))
        assert attended == set(pks(people))
        assert attended <= taking_part


@pytest.mark.django_db(transaction=True)
def test_many_planning_one_draft_plan_it_once(school):
    activity = ActivityFactory(school=school)
    IntendedImpactFactory(school=school, activity=activity)

    def plan(number):
        with school_scope(school):
            try:
                Activity.objects.get(pk=activity.pk).plan()
            except NotPossible:
                return "refused"
        return "planned"

    assert sorted(at_once(plan, 6)) == ["planned", *["refused"] * 5]


def test_attendance_is_one_row_a_person_and_session(session, people):
    from django.db import IntegrityError

    AttendanceFactory(school=session.school, session=session, staff=people[0])

    with pytest.raises(IntegrityError):
        AttendanceFactory(school=session.school, session=session, staff=people[0])
