"""Who gets what: equal to a plain recount, and nothing about fewer than five for governors."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation import fairness
from evaluation.school_year import Period
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    AttendanceFactory,
    CostFactory,
    ParticipationFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url

GROUPS = list(Staff.Group)


def attended(school, people, *, hours=1, activity=None, **costs):
    """Everybody was there yesterday."""
    activity = activity or ActivityFactory(school=school, state="finished")
    start = at_four(clock.today() - timedelta(days=1))
    session = SessionFactory(
        school=school, activity=activity, starts_at=start,
        ends_at=start + timedelta(hours=hours), register_taken_at=start,
    )  # fmt: skip
    for person in people:
        ParticipationFactory(school=school, activity=activity, staff=person)
        AttendanceFactory(school=school, session=session, staff=person, was_present=True)
    if costs:
        CostFactory(school=school, activity=activity, **costs)
    return activity


def this_year():
    today = clock.today()
    return Period(today - timedelta(days=30), today)


PERSON = st.tuples(st.sampled_from(GROUPS), st.sampled_from(["1.00", "0.60", "0.20"]))
EVENT = st.tuples(
    st.sets(st.integers(0, 5)), st.integers(1, 6), st.decimals(0, 900, places=2),
    st.one_of(st.none(), st.integers(0, 5)),
)  # fmt: skip


@pytest.mark.django_db
@given(st.lists(PERSON, min_size=1, max_size=6), st.lists(EVENT, max_size=4))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None
)
def test_figures_equal_a_plain_recount(posts, events):
    school = SchoolFactory()
    crew = [StaffFactory(school=school, group=group, fte=Decimal(fte)) for group, fte in posts]
    hours = dict.fromkeys((person.pk for person in crew), Decimal(0))
    money = dict.fromkeys(hours, Decimal(0))
    for numbers, length, sum_, only in events:
        there = [crew[n] for n in numbers if n < len(crew)]
        one = crew[only] if only is not None and only < len(crew) else None
        activity = ActivityFactory(school=school, state="finished", owner=crew[0])
        attended(school, there, hours=length, activity=activity, actual=sum_, staff=one)
        for person in there:
            hours[person.pk] += length
        for person in [one] if one else there:
            money[person.pk] += sum_ / (1 if one else len(there))

    with school_scope(school):
        found = fairness.people(this_year(), today=clock.today())
    tables = {table.kind: table for table in fairness.tables(found, hides_small=False)}

    each = []
    for group in tables["group"].groups:
        people = [person for person in crew if person.group == group.key]
        fte = sum(person.fte for person in people)
        each.append(sum(money[person.pk] for person in people) / fte)
        assert abs(group.hours_each - sum(hours[p.pk] for p in people) / fte) < Decimal("0.001")
        assert abs(group.money_each - each[-1]) < Decimal("0.001")
        assert group.share_with_none == round(
            100 * sum(hours[person.pk] == 0 for person in people) / len(people)
        )
    middle = median(each)
    ratio = tables["group"].money_ratio
    assert (ratio is None) == (middle == 0)
    assert ratio is None or abs(ratio - max(each) / middle) <= Decimal("0.051")


@pytest.fixture
def crew(school):
    """Six teachers, five assistants, two in the office: a small group."""
    AcademicYearFactory(school=school)
    sizes = {"teacher": 6, "assistant": 5, "support": 2}
    return {
        group: StaffFactory.create_batch(size, school=school, group=group)
        for group, size in sizes.items()
    }


def names(response, kind):
    table = next(t for t in response.context["tables"] if t.kind == kind)
    return {group.key for group in table.groups}, table.hidden


def test_small_groups_and_what_would_tell_them_are_hidden_from_governors(
    sign_in, school, crew, governor, head
):
    page = url(school, "impact:fairness")

    seen, hidden = names(sign_in(governor).get(page), "group")
    assert (seen, hidden) == ({"teacher"}, 2)
    seen, hidden = names(sign_in(head).get(page), "group")
    assert seen == {"teacher", "assistant", "support"}
    assert hidden == 0


def crowd(groups):
    """(group, full-time?, how many, of them with nothing yet) each."""
    found = []
    for group, is_full, size, none in groups:
        for n in range(size):
            staff = Staff(group=group, fte=Decimal(1) if is_full else Decimal("0.5"))
            found.append(fairness.Person(staff, timedelta(hours=n >= none)))
    return found


def nothing(people):
    return sum(person.has_nothing for person in people)


def hidden_numbers(found, kind, table):
    """The groups whose number is not said, with all their people."""
    said = {group.key for group in table.groups if not group.hides_none}
    groups = {}
    for person in found:
        groups.setdefault(fairness.place_of(person.staff, kind)[0], []).append(person)
    return [people for key, people in groups.items() if key not in said]


CROWD = st.lists(
    st.tuples(
        st.sampled_from(GROUPS), st.booleans(), st.integers(1, 12), st.integers(0, 12)
    ).map(lambda row: (*row[:3], min(row[2:]))),
    min_size=1, max_size=6,
)  # fmt: skip


@given(CROWD)
@settings(max_examples=300, deadline=None)
def test_no_hidden_number_can_be_worked_out(groups):
    """Not even by who knows the sizes of all groups and reckons with whole people."""
    found = crowd(groups)
    tables = fairness.tables(found, hides_small=True)
    hidden = {table.kind: hidden_numbers(found, table.kind, table) for table in tables}
    is_told = "had nothing" in fairness.sentence_of(found, with_names=False)
    if nothing(found) in {0, len(found)} or not (is_told or not all(hidden.values())):
        return
    for left in filter(None, hidden.values()):
        together = sum(nothing(people) for people in left)
        size = sum(len(people) for people in left)
        assert together >= 5
        assert size - together >= 5
        for people in left:
            others = size - len(people)
            assert max(0, together - others) < min(len(people), together)


def test_one_hidden_number_hides_the_smallest_other():
    found = crowd([("teacher", True, 20, 7), ("assistant", True, 6, 2), ("support", True, 12, 6)])

    table = fairness.tables(found, hides_small=True)[0]

    assert fairness.sentence_of(found, with_names=False).endswith("39 % have had nothing yet.")
    assert {group.key: group.hides_none for group in table.groups} == {
        "teacher": False, "assistant": True, "support": True,
    }  # fmt: skip
    assert not any(
        group.is_withheld for group in fairness.tables(found, hides_small=False)[0].groups
    )


def test_file_holds_no_small_group(sign_in, school, crew, head):
    response = sign_in(head).get(url(school, "impact:fairness") + "?format=csv")

    rows = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert all(int(row["People"]) >= 5 for row in rows)


def test_concentration_is_named_to_leaders_only(sign_in, school, crew, head, governor):
    leader = StaffFactory(school=school, first_name="Zelda", roles=[Role.CPD_LEADER])
    attended(school, [leader], actual=Decimal(700))
    attended(school, crew["teacher"], actual=Decimal(300))
    page = url(school, "impact:fairness")

    text = sign_in(head).get(page).text
    assert "70 % of the money, £700, is for Zelda" in text
    assert "who leads CPD" in text
    assert "Zelda" not in sign_in(governor).get(page).text


def test_nobody_is_concentrated_in_a_small_school():
    people = [fairness.Person(Staff(pk=n), money=Decimal(n)) for n in range(3)]

    assert fairness.concentrated(people) == []


def test_people_of_a_group_least_first(sign_in, school, crew, head):
    attended(school, crew["teacher"][:2], hours=3)
    page = url(school, "impact:fairness_people")

    client = sign_in(head)
    shown = list(client.get(f"{page}?kind=group&key=teacher").context["page"])
    assert {row.staff for row in shown[-2:]} == set(crew["teacher"][:2])
    none = client.get(f"{page}?kind=group&key=teacher&none=1").context["page"]
    assert [row.staff for row in none] == [row.staff for row in shown[:-2]]
    assert client.get(f"{page}?kind=x").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, crew, head, count, django_assert_num_queries
):
    for _ in range(count):
        attended(school, crew["teacher"], actual=Decimal(5))
    client = sign_in(head)
    for page, statements in (("impact:fairness", 18), ("impact:fairness_people", 18)):
        client.get(url(school, page))
        with django_assert_num_queries(statements):
            client.get(url(school, page))
