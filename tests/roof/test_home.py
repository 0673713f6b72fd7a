"""Home: what needs you, per role, and what is coming."""

from datetime import timedelta

import pytest

from cpdhub import clock
from cpdhub.models import Reminder
from cpdhub.permissions import Role
from cpdhub.roof import digest, todo
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    AttendanceFactory,
    MembershipFactory,
    MilestoneFactory,
    NeedFactory,
    NetworkFactory,
    ParticipationFactory,
    PlanFactory,
    PolicyFactory,
    PolicyReaderFactory,
    PostFactory,
    PriorityFactory,
    RecognitionSubmissionFactory,
    ReflectionFactory,
    ReminderFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    VerifierTrainingFactory,
    at_four,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def on_a_monday(at):
    return at("2026-11-23 08:00")


@pytest.fixture
def year(school):
    return AcademicYearFactory(school=school)


def held(school, *people, days_ago=1, register_taken=False, **fields):
    activity = ActivityFactory(school=school, **({"state": "under_way"} | fields))
    start = at_four(clock.today() - timedelta(days=days_ago))
    session = SessionFactory(
        school=school,
        activity=activity,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        register_taken_at=start if register_taken else None,
    )
    for person in people:
        ParticipationFactory(school=school, activity=activity, staff=person)
        AttendanceFactory(school=school, session=session, staff=person)
    return activity


def lines(staff):
    with school_scope(staff.school):
        return [(line.text, line.deed) for line in todo.lines_for(staff, now=clock.now())]


def test_teacher_is_asked_to_reflect_on_what_they_took_part_in(school, teacher):
    held(school, teacher, title="Talk")
    held(school, title="Somebody else's")

    assert lines(teacher) == [("How did “Talk” go?", "Reflect")]


def test_reflecting_clears_the_line_and_a_week_later_pupils_are_asked_about(school, teacher, at):
    activity = held(school, teacher, title="Talk")
    ReflectionFactory(school=school, owner=teacher, activity=activity)
    assert lines(teacher) == []

    at("2026-12-01 08:00")

    assert lines(teacher) == [("What did you see in pupils since “Talk”?", "Reflect")]


def test_lead_is_asked_for_the_register(school, teacher):
    held(school, title="Trio", lead=teacher)

    assert lines(teacher) == [("Attendance for Trio", "Take attendance")]


def test_cpd_leader_sees_the_broken_links_of_the_chain(school, year, cpd_leader):
    plan = PlanFactory(school=school, year=year)
    PriorityFactory(school=school, plan=plan, title="Reading", live=True)
    lead = PriorityFactory(school=school, plan=plan, title="Maths", live=True)
    MilestoneFactory(
        school=school,
        priority=lead,
        expected="Stems seen",
        due_on=clock.today() - timedelta(days=1),
    )

    assert lines(cpd_leader)[:3] == [
        ("Stems seen", "Say where we are"),
        ("Nothing serves “Reading” yet", "Plan one"),
        ("Nothing serves “Maths” yet", "Plan one"),
    ]


def test_decision_is_late_after_two_weeks(school, head, at):
    NeedFactory(school=school)

    def is_late(moment):
        with school_scope(school):
            rows = todo.lines_for(head, now=at(moment))
        return [row.is_late for row in rows if row.deed == "Decide"]

    assert is_late("2026-12-07 08:00") == [False]
    assert is_late("2026-12-08 08:00") == [True]


def test_never_more_than_seven_lines(school, year, cpd_leader):
    plan = PlanFactory(school=school, year=year)
    PriorityFactory.create_batch(9, school=school, plan=plan, live=True)

    assert len(lines(cpd_leader)) == 7


def test_own_reflection_is_never_crowded_out(school, year, cpd_leader):
    plan = PlanFactory(school=school, year=year)
    PriorityFactory.create_batch(9, school=school, plan=plan, live=True)
    held(school, cpd_leader, title="Talk", lead=cpd_leader)

    assert lines(cpd_leader)[-1] == ("How did “Talk” go?", "Reflect")


def test_lead_is_asked_to_look_again_on_the_day_they_chose(school, teacher, at):
    held(school, title="Trio", lead=teacher, register_taken=True)
    at("2027-01-05 08:00")

    assert ("Look again at “Trio”", "Look") in lines(teacher)
    at("2027-02-05 08:00")
    assert lines(teacher) == []


def test_head_without_the_cpd_role_chases_their_own_registers_only(school, head, teacher):
    held(school, title="Trio", lead=teacher)

    assert "Attendance for Trio" not in [text for text, _ in lines(head)]


def test_data_manager_is_told_of_the_uninvited(school):
    manager = StaffFactory(school=school, roles=[Role.DATA_MANAGER])
    StaffFactory(school=school, user=None, email="new@school.example")
    StaffFactory(school=school, user=None)  # no address: cannot be invited

    assert lines(manager) == [("1 colleague has not been invited", "Invite")]


def test_everyone_on_staff_is_asked_to_read_the_policy_until_they_say_so(school, teacher, governor):
    PolicyFactory(school=school, version=1, published=True)
    in_force = PolicyFactory(school=school, version=2, published=True)
    PolicyFactory(school=school, version=3)

    assert lines(teacher) == [("Read our CPD policy", "Read")]
    assert lines(governor) == []
    PolicyReaderFactory(school=school, policy=in_force, staff=teacher)
    assert lines(teacher) == []


def test_leader_is_told_when_the_policy_is_due_for_review(school, cpd_leader, teacher):
    yesterday = clock.today() - timedelta(days=1)
    policy = PolicyFactory(school=school, review_on=yesterday, published=True)
    for person in (cpd_leader, teacher):
        PolicyReaderFactory(school=school, policy=policy, staff=person)

    assert ("The CPD policy is due for review", "Review") in lines(cpd_leader)
    assert lines(teacher) == []


def test_a_verifier_is_told_what_waits(sign_in, school, teacher):
    verifier = StaffFactory(school=school)
    VerifierTrainingFactory(school=school, staff=verifier)
    row = RecognitionSubmissionFactory(
        school=school, owner=teacher, title="Talk in maths", sent_to=verifier
    )
    with school_scope(school):
        [line] = todo.lines_for(verifier, now=clock.now())
        link = line.link(school)
        assert todo.lines_for(teacher, now=clock.now()) == []

    assert line.text == "Tom asks you to verify their work"
    assert link == school.link("recognition:submission", row.uuid)


def test_governor_has_nothing_to_do_but_read(sign_in, school, governor):
    response = sign_in(governor).get(url(school, "home"))

    assert url(school, "impact:summary") in response.text
    assert "Log" not in response.text


@pytest.mark.parametrize("size", [1, 3])
def test_home_costs_the_same_for_one_and_three_of_everything(
    sign_in, school, year, cpd_leader, size, django_assert_num_queries
):
    plan = PlanFactory(school=school, year=year)
    for _ in range(size):
        PriorityFactory(school=school, plan=plan, live=True)
        held(school, cpd_leader, lead=cpd_leader)
        PostFactory(school=school)
        ParticipationFactory(
            school=school,
            staff=cpd_leader,
            activity=SessionFactory(
                school=school, activity=ActivityFactory(school=school, state="planned")
            ).activity,
        )
    client = sign_in(cpd_leader)

    # session, user, post; six of our own; settings that open the walls and savepoints
    # With three of everything the lines leave the staffroom no room.
    with django_assert_num_queries(20 if size == 1 else 19):
        response = client.get(url(school, "home"))

    assert len(response.context["sessions"]) == size
    assert len(response.context["posts"]) == (1 if size == 1 else 0)


# --- the weekly digest ---------------------------------------------------------------------------
def test_digest_is_found_once_a_week_for_who_wants_it(school, teacher, at):
    StaffFactory(school=school, wants_digest=False)
    StaffFactory(school=school, user=None)

    with school_scope(school):
        (due,) = digest.find(school, clock.now())
        at("2026-11-26 08:00")
        (again,) = digest.find(school, clock.now())
        at("2026-11-28 08:00")
        assert list(digest.find(school, clock.now())) == []

    assert (due.staff, due.key) == (teacher, "2026-W48")
    assert (again.key, again.due_at) == (due.key, due.due_at)


def test_digest_says_what_needs_them_and_what_comes(school, teacher):
    held(school, teacher, title="Talk")
    session = SessionFactory(
        school=school,
        activity=ActivityFactory(school=school, state="planned", title="Trio", lead=teacher),
        starts_at=at_four(clock.today() + timedelta(days=1)),
    )
    reminder = ReminderFactory(school=school, staff=teacher, kind="digest")

    with school_scope(school):
        letter = digest.letter(Reminder.objects.get(pk=reminder.pk))

    assert letter.subject == f"Your week at {school}"
    assert "How did “Talk” go?" in letter.text
    assert school.link("activities:activity", session.activity_id) in letter.html


def test_digest_with_nothing_to_say_is_not_written(school, teacher):
    reminder = ReminderFactory(school=school, staff=teacher, kind="digest")

    with school_scope(school):
        assert digest.letter(Reminder.objects.get(pk=reminder.pk)) is None


def test_leader_is_told_of_needs_that_wait_for_a_decision(school, cpd_leader):
    NeedFactory(school=school)
    NeedFactory(school=school, is_shared=False)

    assert ("1 need waits for your decision", "Decide") in lines(cpd_leader)


def test_needs_that_wait_are_never_crowded_out(school, year, cpd_leader):
    plan = PlanFactory(school=school, year=year)
    PriorityFactory.create_batch(9, school=school, plan=plan, live=True)
    NeedFactory(school=school)

    assert lines(cpd_leader)[-1] == ("1 need waits for your decision", "Decide")


def test_head_is_told_of_a_network_that_invites_the_school_until_they_answer(
    sign_in, school, head, cpd_leader
):
    other = SchoolFactory()
    network = NetworkFactory(school=other, name="Talk cluster")
    row = MembershipFactory(network=network, school=school, state="invited")

    page = sign_in(head).get(url(school, "home"))
    assert "Talk cluster invites our school" in page.text
    assert url(school, "networks:answer", network.pk) in page.text
    assert not any("invites" in text for text, _ in lines(cpd_leader))  # the head decides
    with school_scope(school):
        row.decline()

    assert not any("invites" in text for text, _ in lines(head))
