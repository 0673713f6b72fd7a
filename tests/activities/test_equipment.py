"""Things to borrow: one person at a time, for a term at most, with no strings."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from activities import equipment
from activities.models import Equipment, Loan, NotPossible
from cpdhub import clock, reminders
from cpdhub.models import LogEntry, Reminder
from cpdhub.walls import school_scope
from tests.factories import (
    EquipmentFactory,
    LoanFactory,
    NeedFactory,
    ReminderFactory,
    TopicFactory,
)
from tests.helpers import url

TODAY = date(2026, 11, 25)


@pytest.fixture
def now(at):
    at("2026-11-25 10:00")


@pytest.fixture
def camera(school):
    return EquipmentFactory(school=school, name="Camera", good_for="Filming a lesson")


def borrow(desk, thing, **sent):
    sent = {"due_on": TODAY + timedelta(weeks=2), **sent}
    return desk.post(url(thing.school, "activities:borrow", thing.pk), sent, follow=True)


def test_anybody_on_the_staff_borrows_in_two_clicks(sign_in, teacher, camera, now):
    desk = sign_in(teacher)
    listed = desk.get(url(camera.school, "activities:equipment_list"))
    page = desk.get(url(camera.school, "activities:equipment", camera.pk))

    taken = borrow(desk, camera, at_home="on")

    assertContains(listed, "Borrow")
    assertContains(page, 'value="2027-03-03"')  # a term from today
    assertContains(taken, "Yours until 9 December 2026")
    with school_scope(camera.school):
        loan = Loan.objects.get()
        assert (loan.staff, loan.lent_on, loan.at_home) == (teacher, TODAY, True)


def test_the_second_is_told_who_has_it(sign_in, teacher, camera, now):
    held = LoanFactory(school=camera.school, equipment=camera, staff__first_name="Ann")

    page = borrow(sign_in(teacher), camera)

    assertContains(page, f"{held.staff.name} has it until 9 December 2026.")


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        ("2026-11-24", "This day is over"),
        ("2027-03-04", "until 3 March 2027 at the latest"),
        ("", "This field is required"),
        ("31 February", "Enter a valid date"),
    ],
)
def test_days_that_cannot_be(sign_in, teacher, camera, now, due_on, said):
    assertContains(borrow(sign_in(teacher), camera, due_on=due_on), said)
    with school_scope(camera.school):
        assert not Loan.objects.exists()


def test_what_stays_in_school_does_not_go_home(sign_in, teacher, school, now):
    thing = EquipmentFactory(school=school, may_go_home=False)

    borrow(sign_in(teacher), thing, at_home="on")

    with school_scope(school):
        assert not Loan.objects.get().at_home
        with pytest.raises(NotPossible, match="stays in school"):
            EquipmentFactory(school=school, may_go_home=False).lend(
                to=teacher, until=TODAY, at_home=True, today=TODAY
            )


def test_withdrawn_is_not_lent(sign_in, teacher, school, now):
    thing = EquipmentFactory(school=school, is_withdrawn=True)

    assertContains(borrow(sign_in(teacher), thing), "is no longer lent")


def test_bringing_it_back_says_what_was_learned_if_one_likes(sign_in, teacher, camera, now):
    loan = LoanFactory(school=camera.school, equipment=camera, staff=teacher)
    path = url(camera.school, "activities:bring_back", loan.pk)

    page = sign_in(teacher).post(path, {"learned": "I talk too much"}, follow=True)

    assertContains(page, "I talk too much")
    assertContains(page, "Borrow it")
    with school_scope(loan.school):
        loan.refresh_from_db()
    assert loan.returned_on == TODAY


def test_a_planner_says_it_is_back_but_not_what_it_taught(sign_in, cpd_leader, camera, now):
    loan = LoanFactory(school=camera.school, equipment=camera)
    path = url(camera.school, "activities:bring_back", loan.pk)

    sign_in(cpd_leader).post(path, {"learned": "Not mine to say"})

    with school_scope(loan.school):
        loan.refresh_from_db()
    assert (loan.returned_on, loan.learned) == (TODAY, "")


def test_saying_it_twice_keeps_the_first_day(camera, at, now):
    loan = LoanFactory(school=camera.school, equipment=camera)
    with school_scope(camera.school):
        loan.give_back(learned="", today=TODAY)
        loan.give_back(learned="Late thought", today=TODAY + timedelta(days=3))

    assert (loan.returned_on, loan.learned) == (TODAY, "Late thought")


def test_database_lends_to_one_at_a_time(school, camera, now):
    LoanFactory(school=school, equipment=camera, lent_on=date(2026, 10, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        LoanFactory(school=school, equipment=camera)
    with pytest.raises(IntegrityError), transaction.atomic():
        LoanFactory(
            school=school, equipment=camera, lent_on=date(2026, 9, 1),
            returned_on=date(2026, 10, 2),
        )  # fmt: skip
    LoanFactory(school=school, equipment=camera, lent_on=date(2026, 9, 1),
                returned_on=date(2026, 10, 1))  # fmt: skip
    LoanFactory(school=school, equipment=EquipmentFactory(school=school))


def test_list_is_narrowed(sign_in, teacher, school, camera, now):
    mine = LoanFactory(school=school, staff=teacher, equipment__name="Tablet")
    late = LoanFactory(
        school=school, equipment__name="Robot", lent_on=date(2026, 9, 1), due_on=date(2026, 10, 1)
    )
    gone = EquipmentFactory(school=school, name="Slides", is_withdrawn=True)
    desk = sign_in(teacher)

    def shown(**asked):
        page = desk.get(url(school, "activities:equipment_list"), asked)
        return [row["thing"].name for row in page.context["rows"]]

    assert shown() == ["Camera", "Robot", "Tablet"]
    assert shown(state="free") == shown(state="idle") == shown(q="filming") == ["Camera"]
    assert shown(state="mine") == [mine.equipment.name]
    assert shown(state="overdue") == [late.equipment.name]
    assert shown(state="gone") == [gone.name]
    assert shown(state="nonsense") == shown()
    assert shown(q="nothing such") == []


def test_file_says_who_has_what_and_is_logged(sign_in, teacher, school, now):
    loan = LoanFactory(school=school, equipment__name="=Tablet")

    page = sign_in(teacher).get(url(school, "activities:equipment_list"), {"format": "csv"})

    assert f"'=Tablet,,,,14,yes,{loan.staff.name},2026-11-25,2026-12-09," in page.content.decode()
    with school_scope(school):
        assert LogEntry.objects.get().what == "equipment"


def test_who_could_use_it_is_for_planners_and_of_shared_needs(
    sign_in, cpd_leader, teacher, school, now
):
    topic = TopicFactory(school=school)
    thing = EquipmentFactory(school=school, topic=topic)
    NeedFactory(school=school, topic=topic, staff__last_name="Openly")
    NeedFactory(school=school, topic=topic, staff__last_name="Quietly", is_shared=False)
    path = url(school, "activities:equipment", thing.pk)

    planner, colleague = sign_in(cpd_leader).get(path), sign_in(teacher).get(path)

    assertContains(planner, "Openly")
    assertNotContains(planner, "Quietly")
    assertNotContains(colleague, "Openly")


def test_what_keeps_somebody_from_it_becomes_a_need_of_theirs(sign_in, teacher, camera, now):
    desk = sign_in(teacher)
    page = desk.get(url(camera.school, "activities:equipment", camera.pk))
    address = url(camera.school, "needs:need_own_new")

    assertContains(page, f"{address}?title=What%20keeps%20me%20from%20using%20it%3A%20Camera")


def test_overdue_is_reminded_the_morning_after_and_each_fortnight(school, camera, at):
    LoanFactory(
        school=school, equipment=camera, lent_on=date(2026, 11, 1), due_on=date(2026, 11, 10)
    )

    def keys(moment):
        at(moment)
        with school_scope(school):
            return [due.key.split()[-1] for due in equipment.loans_overdue(school, clock.now())]

    assert keys("2026-11-10 10:00") == []
    assert keys("2026-11-11 10:00") == keys("2026-11-24 10:00") == ["0"]
    assert keys("2026-11-25 10:00") == ["1"]


def test_sweeping_twice_reminds_once(school, camera, now):
    LoanFactory(
        school=school, equipment=camera, lent_on=date(2026, 11, 1), due_on=date(2026, 11, 10)
    )

    reminders.sweep(school_id=school.pk)
    reminders.sweep(school_id=school.pk)

    with school_scope(school):
        assert Reminder.objects.filter(kind=equipment.LOAN).count() == 1


def test_letter_is_not_written_once_it_is_back(school, camera, now):
    loan = LoanFactory(
        school=school, equipment=camera, lent_on=date(2026, 11, 1), due_on=date(2026, 11, 10)
    )
    reminder = ReminderFactory(
        school=school, staff=loan.staff, kind=equipment.LOAN, object_id=loan.pk
    )

    with school_scope(school):
        letter = equipment.ask_to_bring_back(reminder)
        loan.give_back(learned="", today=TODAY)
        nothing = equipment.ask_to_bring_back(reminder)

    assert letter.subject == "Is it still with you: Camera?"
    assert school.link("activities:equipment", camera.pk) in letter.text
    assert nothing is None


def test_planners_keep_the_list(sign_in, cpd_leader, school, now):
    desk = sign_in(cpd_leader)
    sent = {"name": "Visualiser", "weeks": "4", "may_go_home": "on"}

    too_long = desk.post(url(school, "activities:add_equipment"), {**sent, "weeks": "15"})
    desk.post(url(school, "activities:add_equipment"), sent)
    with school_scope(school):
        thing = Equipment.objects.get()
    path = url(school, "activities:change_equipment", thing.pk)
    desk.post(path, {**sent, "name": "Old visualiser", "revision": 1, "is_withdrawn": "on"})

    assertContains(too_long, "less than or equal to 14")
    with school_scope(school):
        thing.refresh_from_db()
    assert (thing.name, thing.is_withdrawn) == ("Old visualiser", True)


@pytest.mark.parametrize("number", [1, 3])
def test_statements_of_the_list(sign_in, teacher, school, number, now, django_assert_num_queries):
    for _ in range(number):
        LoanFactory(school=school)
        EquipmentFactory(school=school)
    desk = sign_in(teacher)
    path = url(school, "activities:equipment_list")
    desk.get(path)

    with django_assert_num_queries(16):
        desk.get(path)
