"""The pages of the school day: does it fit, who is out, cover, own time, directed time."""

from datetime import date, time, timedelta

import icalendar
import pytest
from django.db import IntegrityError, transaction

from activities import actions
from activities.clashes import DoubleBooked
from activities.models import (
    AllowedSession,
    Cover,
    GivenTime,
    NotPossible,
    Participation,
    Session,
)
from cpdhub import clock
from cpdhub.models import HalfTerm
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.activities.test_rules import session_at, slot
from tests.factories import (
    AcademicYearFactory,
    ActivityPriorityFactory,
    AttendanceFactory,
    BlockedDatesFactory,
    CoverFactory,
    HalfTermFactory,
    InsetDayFactory,
    InsetTwilightFactory,
    ProtectedTimeFactory,
    StaffFactory,
)
from tests.helpers import url

WEDNESDAY = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def sunday(at):
    at("2026-11-22 12:00")


@pytest.fixture
def terms(school):
    year = AcademicYearFactory(school=school)
    return HalfTermFactory(
        school=school, year=year, name=HalfTerm.Name.AUTUMN_2,
        starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18),
    )  # fmt: skip


def sent(day, starts="10:00", ends="11:00", **more):
    return {"day": day.isoformat(), "starts": starts, "ends": ends, "place": ""} | more


# --- nobody is in two places ---------------------------------------------------------------------
def test_session_that_books_somebody_twice_is_refused_and_nothing_is_lost(
    sign_in, cpd_leader, teacher, school
):
    session_at(school, staff=[teacher])
    other = session_at(school, WEDNESDAY + timedelta(days=1), staff=[teacher], title="Maths")
    page = url(school, "activities:change_session", other.pk)

    response = sign_in(cpd_leader).post(page, sent(WEDNESDAY, "10:30", "11:30", name="Anew"))

    assert "Tom Teacher is already at Phonics then" in response.context["form"].errors["day"][0]
    assert 'value="10:30"' in response.text
    with school_scope(school):
        other.refresh_from_db()
        assert clock.day_of(other.starts_at) == WEDNESDAY + timedelta(days=1)
        assert other.name == ""


@pytest.mark.parametrize("deed", ["plan", "reopen", "restore", "people", "add", "lead"])
def test_every_way_to_book_somebody_is_refused(deed, school, teacher):
    session_at(school, staff=[teacher])
    state = {"plan": "draft"}.get(deed, "planned")
    second = session_at(school, title="Maths", state=state).activity
    with school_scope(school):
        session = second.sessions.get()
        if deed in {"plan", "reopen", "restore"}:
            if deed == "reopen":
                second.sessions.update(register_taken_at=clock.now())
                second.cancel("Snow")
            if deed == "restore":
                session.cancel()
            Participation.objects.create(school=school, activity=second, staff=teacher)
        if deed == "add":
            session.delete()
            Participation.objects.create(school=school, activity=second, staff=teacher)
        deeds = {
            "plan": lambda: actions.plan_draft(second),
            "reopen": lambda: actions.reopen(second),
            "restore": lambda: actions.restore(session),
            "people": lambda: actions.choose_people(second, people=[teacher.pk]),
            "add": lambda: actions.add_sessions(
                second, [Session(starts_at=slot().starts_at, ends_at=slot().ends_at)]
            ),
            "lead": lambda: lead(second, teacher),
        }
        if deed == "plan":
            from tests.factories import IntendedImpactFactory

            IntendedImpactFactory(school=school, activity=second)
        with pytest.raises(DoubleBooked, match="Tom Teacher is already at Phonics"):
            deeds[deed]()


def lead(activity, person):
    from activities.clashes import nobody_twice

    with nobody_twice(activity):
        activity.lead = person
        activity.save()


def test_what_is_over_is_not_questioned_again(school, teacher):
    session_at(school, date(2026, 11, 18), staff=[teacher])
    second = session_at(school, date(2026, 11, 18), title="Maths").activity
    with school_scope(school):
        actions.choose_people(second, people=[teacher.pk])

        assert second.participations.count() == 1


# --- does it fit? --------------------------------------------------------------------------------
def test_check_answers_beside_the_form_and_on_submit_without_script(
    sign_in, cpd_leader, teacher, school, terms
):
    ProtectedTimeFactory(school=school, staff=teacher, starts_at=time(10))
    activity = session_at(school, date(2026, 11, 30), staff=[teacher]).activity
    client = sign_in(cpd_leader)

    live = client.get(url(school, "activities:check", activity.pk), sent(WEDNESDAY))
    half = client.get(url(school, "activities:check", activity.pk), {"day": "2026-12-02"})
    page = url(school, "activities:add_session", activity.pk)
    submitted = client.post(page, sent(WEDNESDAY) | {"do": "check"})

    assert "Tom Teacher has PPA time then" in live.text
    assert "Thursday 3 December 2026" in live.text  # a better day
    assert half.context["fit"] is None
    assert "Tom Teacher has PPA time then" in submitted.text
    with school_scope(school):
        assert activity.sessions.count() == 1


def test_saved_session_warns_and_one_click_moves_it(sign_in, cpd_leader, teacher, school, terms):
    BlockedDatesFactory(school=school, first_day=WEDNESDAY, last_day=WEDNESDAY, reason="Reports")
    session = session_at(school, staff=[teacher])
    client = sign_in(cpd_leader)
    page = url(school, "activities:session_fit", session.pk)

    first = client.get(page).context["fit"].offers[0]
    client.post(url(school, "activities:move_session", session.pk), {"day": first.day.isoformat()})
    after = client.get(page)

    with school_scope(school):
        session.refresh_from_db()
    assert (clock.day_of(session.starts_at), session.sequence) == (date(2026, 12, 3), 1)
    assert (session.times, after.context["fit"].findings) == ("10:00–11:00", [])


def test_session_does_not_move_once_attendance_is_taken(sign_in, cpd_leader, school, terms):
    session = session_at(school, date(2026, 11, 20))
    with school_scope(school):
        Session.objects.filter(pk=session.pk).update(register_taken_at=clock.now())
        session.refresh_from_db()
        with pytest.raises(NotPossible, match="register has been taken"):
            actions.move_session(session, starts_at=slot().starts_at, ends_at=slot().ends_at)

    page = url(school, "activities:move_session", session.pk)
    response = sign_in(cpd_leader).post(page, {"day": "2026-12-03"}, follow=True)

    assert "its register has been taken: it stays" in response.text
    with school_scope(school):
        session.refresh_from_db()
    assert clock.day_of(session.starts_at) == date(2026, 11, 20)


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "2020-01-01", "9999-12-31"])
def test_session_moves_to_no_odd_day(sign_in, cpd_leader, school, day):
    session = session_at(school)

    sign_in(cpd_leader).post(url(school, "activities:move_session", session.pk), {"day": day})

    with school_scope(school):
        session.refresh_from_db()
    assert session.sequence == 0


def test_people_alone_choose_to_use_their_own_time(sign_in, teacher, cpd_leader, school, terms):
    ProtectedTimeFactory(school=school, staff=teacher, starts_at=time(10))
    session = session_at(school, staff=[teacher])
    page = url(school, "activities:session_fit", session.pk)
    deed = url(school, "activities:give_time", session.pk)

    assert sign_in(cpd_leader).post(deed, {"staff": teacher.pk}).status_code == 404
    client = sign_in(teacher)
    assert client.get(page).context["is_in_my_time"]
    client.post(deed)

    with school_scope(school):
        assert GivenTime.objects.get().staff == teacher
    assert client.get(page).context["has_given"]
    client.post(deed, {"do": "back"})
    with school_scope(school):
        assert not GivenTime.objects.exists()


def test_head_and_cpd_leader_allow_a_session_on_dates_kept_free(sign_in, cpd_leader, school):
    blocked = BlockedDatesFactory(school=school, first_day=WEDNESDAY)
    session = session_at(school, staff=[cpd_leader])
    client = sign_in(cpd_leader)
    page = url(school, "activities:allow", session.pk, blocked.pk)

    client.post(page, {"because": " "})
    client.post(page, {"because": "The speaker has no other day"})

    with school_scope(school):
        assert (AllowedSession.objects.get().by, blocked.allowed.count()) == (cpd_leader, 1)
    shown = client.get(url(school, "activities:session_fit", session.pk))
    assert shown.context["fit"].findings == []
    assert "Carla Leader: The speaker has no other day" in shown.text


# --- cover ---------------------------------------------------------------------------------------
def test_cover_is_noted_changed_and_taken_back(sign_in, cpd_leader, teacher, school, terms):
    session = session_at(school, staff=[teacher])
    client = sign_in(cpd_leader)
    page = url(school, "activities:cover", session.pk, teacher.pk)

    for source, note in (("supply", "Agency"), ("swap", "With Year 6")):
        client.post(page, {"source": source, "note": note})
    with school_scope(school):
        assert str(Cover.objects.get()) == "Swap by agreement: With Year 6"
    client.post(page, {"source": "", "note": ""})

    with school_scope(school):
        assert not Cover.objects.exists()


def test_no_colleagues_free_time_covers_planned_cpd(sign_in, cpd_leader, teacher, school):
    session = session_at(school, staff=[teacher])
    page = url(school, "activities:cover", session.pk, teacher.pk)

    sign_in(cpd_leader).post(page, {"source": "colleague", "note": ""})

    with school_scope(school):
        assert not Cover.objects.exists()
        for odd in ("colleague", "free", ""):
            with pytest.raises(IntegrityError), transaction.atomic():
                Cover.objects.create(school=school, session=session, staff=teacher, source=odd)


@pytest.mark.parametrize("rows", [1, 3])
def test_day_shows_who_is_out_in_constant_queries(
    sign_in, cpd_leader, school, terms, rows, django_assert_max_num_queries
):
    people = StaffFactory.create_batch(rows, school=school)
    for person in people:
        session_at(school, staff=[person])
    CoverFactory(school=school, session=session_at(school, staff=[cpd_leader]), staff=cpd_leader)
    client = sign_in(cpd_leader)
    page = url(school, "activities:day")

    with django_assert_max_num_queries(45):
        response = client.get(page, {"day": "2026-12-02"})

    assert response.context["count"] == rows + 1
    assert response.context["uncovered"] == rows
    assert any(row["findings"] for row in response.context["sessions"]) == (rows == 3)


def test_day_on_which_nobody_is_out(sign_in, cpd_leader, school):
    response = sign_in(cpd_leader).get(url(school, "activities:day"), {"day": "odd"})

    assert "Nobody is out of the school day." in response.text


# --- directed time -------------------------------------------------------------------------------
def test_everybody_sees_their_own_hours_and_leaders_all(
    sign_in, teacher, cpd_leader, school, terms
):
    before = session_at(
        school, date(2026, 11, 18), ends=time(13), staff=[teacher], state="finished"
    )
    AttendanceFactory(school=school, session=before, staff=teacher)
    session_at(school, staff=[teacher])
    session_at(school, date(2026, 12, 3), staff=[teacher], is_own_time=True)
    page = url(school, "activities:directed")

    mine = sign_in(teacher).get(page)
    client = sign_in(cpd_leader)
    everybody = client.get(page)
    file = client.get(page, {"format": "csv"})

    assert (mine.context["mine"].used, mine.context["mine"].budget) == (timedelta(hours=4), 1265)
    assert mine.context["rows"] == []
    names = [str(person) for person, _ in everybody.context["rows"]]
    assert {"Carla Leader", "Tom Teacher"} < set(names)
    assert "Tom Teacher,,1.00,3.0,1.0,1265.0,1261.0" in file.content.decode("utf-8-sig")


def test_directed_time_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, terms, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    counts = set()
    for rows in (1, 3):
        StaffFactory.create_batch(rows, school=school)
        with django_assert_num_queries(18) as asked:
            client.get(url(school, "activities:directed"))
        counts.add(len(asked))

    assert len(counts) == 1


def test_directed_time_without_a_year_says_so(sign_in, teacher, school):
    assert "has no dates yet" in sign_in(teacher).get(url(school, "activities:directed")).text


# --- the calendar --------------------------------------------------------------------------------
def test_calendar_shows_inset_twilights_and_what_is_kept_free(sign_in, teacher, school):
    inset = InsetDayFactory(school=school, day=date(2026, 12, 18), theme="Talk")
    InsetTwilightFactory(school=school, inset=inset, day=date(2026, 12, 1))
    BlockedDatesFactory(school=school, first_day=date(2026, 12, 7), last_day=date(2026, 12, 8))

    response = sign_in(teacher).get(url(school, "activities:calendar"), {"month": "2026-12"})

    notes = {
        day.date.day: day.notes
        for week in response.context["weeks"]
        for day in week
        if day.notes
    }  # fmt: skip
    assert notes == {
        1: ["INSET twilight 15:30: Talk"],
        7: ["Kept free: Key stage 2 tests"],
        8: ["Kept free: Key stage 2 tests"],
        18: ["Off for twilights: Talk"],
    }


def test_calendar_by_team_and_by_priority(sign_in, cpd_leader, teacher, school, priority):
    from tests.factories import TeamFactory

    team = TeamFactory(school=school)
    theirs = session_at(school, staff=[StaffFactory(school=school, team=team)], title="Theirs")
    serving = session_at(school, title="Serving")
    ActivityPriorityFactory(school=school, activity=serving.activity, priority=priority)
    client = sign_in(cpd_leader)

    def shown(**which):
        response = client.get(url(school, "activities:term"), which)
        return [
            line["session"].pk
            for week in response.context["weeks"]
            for line in week.lines
            if "session" in line
        ]

    with school_scope(school):
        year = priority.plan.year
    HalfTermFactory(school=school, year=year, name="autumn_2", starts_on=date(2026, 11, 2),
                    ends_on=date(2026, 12, 18))  # fmt: skip
    assert shown() == [theirs.pk, serving.pk]
    assert shown(team=team.pk) == [theirs.pk]
    assert shown(priority=priority.pk) == [serving.pk]
    assert shown(team="x", priority="9" * 30) == [theirs.pk, serving.pk]
    assert shown(mine="1") == []


def test_term_page_without_terms_and_with_all_hours_in_one(sign_in, cpd_leader, school, at):
    client = sign_in(cpd_leader)
    page = url(school, "activities:term")
    assert "No term has dates yet" in client.get(page).text

    year = AcademicYearFactory(school=school)
    HalfTermFactory(school=school, year=year, name="autumn_2", starts_on=date(2026, 11, 2),
                    ends_on=date(2026, 12, 18))  # fmt: skip
    session_at(school, ends=time(14))

    response = client.get(page)
    assert response.context["is_lumpy"]
    assert response.context["term"].name == "Autumn term 2026/27"


def test_whole_school_feed_ends_with_the_private_address(client, teacher, school):
    session_at(school, title="Not mine")
    session_at(school, title="A draft", state="draft")
    InsetDayFactory(school=school, day=date(2026, 12, 18), theme="Talk")
    page = url(school, "activities:school_feed", teacher.feed_token)

    events = icalendar.Calendar.from_ical(client.get(page).content).walk("VEVENT")

    assert {str(event["summary"]) for event in events} == {"Not mine", "INSET: Talk"}
    with school_scope(school):
        teacher.ends_on = clock.today()
        teacher.save(update_fields=["ends_on"])
    assert client.get(page).status_code == 404


def test_inset_file_has_each_twilight(sign_in, teacher, school):
    inset = InsetDayFactory(school=school, day=date(2026, 12, 18))
    sign = sign_in(teacher)
    page = url(school, "activities:inset_ics", inset.pk)

    (whole,) = icalendar.Calendar.from_ical(sign.get(page).content).walk("VEVENT")
    for day in (1, 8):
        InsetTwilightFactory(school=school, inset=inset, day=date(2026, 12, day))
    parts = icalendar.Calendar.from_ical(sign.get(page).content).walk("VEVENT")

    assert whole["dtstart"].dt == date(2026, 12, 18)
    assert [part["dtstart"].dt.day for part in parts] == [1, 8]


def test_team_leader_plans_and_sees_the_day_but_teacher_does_not(sign_in, teacher, school):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])

    assert sign_in(leader).get(url(school, "activities:day")).status_code == 200
    assert sign_in(teacher).get(url(school, "activities:day")).status_code == 403
