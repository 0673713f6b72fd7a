"""All activities: found, narrowed, sorted, counted, taken away; and one activity's page."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest

from activities.models import Activity
from cpdhub.models import LogEntry
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    ActivityPriorityFactory,
    AttendanceFactory,
    HalfTermFactory,
    ParticipationFactory,
    PriorityFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def sunday(at):
    at("2026-11-22 12:00")


def held(school, title, day, *, people=(), hours=1, **fields):
    """An activity with one session, attended by these people."""
    activity = ActivityFactory(school=school, title=title, **{"state": "finished"} | fields)
    start = at_four(day)
    session = SessionFactory(
        school=school, activity=activity, starts_at=start,
        ends_at=start + timedelta(hours=hours), register_taken_at=start,
    )  # fmt: skip
    for staff in people:
        ParticipationFactory(school=school, activity=activity, staff=staff)
        AttendanceFactory(school=school, session=session, staff=staff)
    return activity


def titles(response):
    return [row["title"] for row in response.context["rows"]]


def test_list_shows_our_school_only_in_constant_queries(
    sign_in, cpd_leader, school, other_school, year, priority, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    held(other_school, "Theirs", date(2026, 11, 9))
    for count in (1, 3):
        for number in range(count):
            activity = held(
                school, f"Ours {count}{number}", date(2026, 11, 10 - number),
                people=[StaffFactory(school=school)],
            )  # fmt: skip
            ActivityPriorityFactory(school=school, activity=activity, priority=priority)
        with django_assert_num_queries(18):
            response = client.get(url(school, "activities:list"))

    assert len(titles(response)) == 4
    assert "Theirs" not in response.text


def test_sentence_adds_up(sign_in, head, teacher, school, year):
    both = [teacher, StaffFactory(school=school)]
    held(school, "A", date(2026, 11, 3), people=both, hours=2, cost=Decimal(120))
    held(school, "B", date(2026, 11, 4), people=[teacher], expected_cost=Decimal(30))
    held(school, "Own", date(2026, 11, 5), people=[teacher], owner=teacher, was_logged=True,
         is_own_learning=True, hours=9)  # fmt: skip

    response = sign_in(head).get(url(school, "activities:list"))

    assert response.context["sentence"] == (
        "2 activities, 5 hours of learning by 2 people, £150 spent or expected."
    )
    colleague = sign_in(teacher).get(url(school, "activities:list"))
    assert colleague.context["sentence"] == "2 activities, 5 hours of learning by 2 people."


def test_filters(sign_in, head, teacher, school, year, priority):
    term = HalfTermFactory(school=school, year=year, name="autumn_2",
                           starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18))  # fmt: skip
    last_year = AcademicYearFactory(school=school, starts_on=date(2025, 9, 1))
    talk = held(school, "Talk", date(2026, 11, 3), people=[teacher])
    ActivityPriorityFactory(school=school, activity=talk, priority=priority)
    held(school, "Fire drill", date(2026, 9, 3), kind="statutory", purpose="Know the way out")
    held(school, "Old", date(2026, 3, 3))
    held(school, "Book", date(2026, 11, 5), people=[teacher], owner=teacher, was_logged=True,
         is_own_learning=True)  # fmt: skip
    draft = ActivityFactory(school=school, title="Idea", lead=head)
    client = sign_in(head)

    def found(**query):
        return set(titles(client.get(url(school, "activities:list"), query)))

    assert found() == {"Talk", "Fire drill", "Idea"}
    assert found(q="WAY OUT") == {"Fire drill"}
    assert found(priority=priority.pk) == {"Talk"}
    assert found(type=draft.type_id) == {"Idea"}
    assert found(state="draft") == {"Idea"}
    assert found(kind="statutory") == {"Fire drill"}
    assert found(kind="own") == {"Book"}
    assert found(term=f"half-{term.pk}") == {"Talk", "Idea"}  # entered in it, no date yet
    assert found(term=f"year-{last_year.pk}") == {"Old"}
    assert found(term="all") == {"Talk", "Fire drill", "Idea", "Old"}
    assert found(person=teacher.pk) == {"Talk", "Book"}
    assert found(mine="1") == {"Idea"}
    assert found(missing="follow_up") == {"Talk"}


def test_missing_filters_are_the_leaders_list(sign_in, cpd_leader, school, year):
    held(school, "Logged", date(2026, 11, 3), was_logged=True)
    late = ActivityFactory(school=school, title="Nobody counted", state="planned")
    SessionFactory(school=school, activity=late, starts_at=at_four(date(2026, 11, 17)))
    client = sign_in(cpd_leader)
    page = url(school, "activities:list")

    assert titles(client.get(page, {"missing": "impact"})) == ["Logged"]
    assert titles(client.get(page, {"missing": "register"})) == ["Nobody counted"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["No date", "B", "A"]),
        ("date", ["A", "B", "No date"]),
        ("title", ["A", "B", "No date"]),
        ("-title", ["No date", "B", "A"]),
        ("people", ["No date", "B", "A"]),
        ("-hours", ["A", "B", "No date"]),
        ("nonsense", ["No date", "B", "A"]),
    ],
)
def test_sorting(sign_in, cpd_leader, teacher, school, year, sort, expected):
    held(school, "A", date(2026, 11, 3), people=[teacher, cpd_leader], hours=2)
    held(school, "B", date(2026, 11, 4), people=[teacher])
    ActivityFactory(school=school, title="No date")

    response = sign_in(cpd_leader).get(url(school, "activities:list"), {"sort": sort})

    assert titles(response) == expected


def test_paging_keeps_the_rest_of_the_address(sign_in, cpd_leader, school):
    kind = ActivityFactory(school=school)
    ActivityFactory.create_batch(29, school=school, type=kind.type, owner=cpd_leader)

    first = sign_in(cpd_leader).get(url(school, "activities:list"), {"q": "activity"})
    second = sign_in(cpd_leader).get(url(school, "activities:list"), {"q": "activity", "page": 2})

    assert (len(titles(first)), len(titles(second))) == (25, 5)
    assert "?q=activity&amp;page=2" in first.text


@pytest.mark.parametrize("name", ["priority", "type", "person", "term", "state", "kind"])
def test_filter_by_what_is_not_ours_does_not_exist(sign_in, head, school, name):
    foreign = PriorityFactory(school=SchoolFactory(), live=True)

    # Another school's priority; of the others a number that is nobody's.
    value = foreign.pk if name == "priority" else 2_000_000_000
    response = sign_in(head).get(url(school, "activities:list"), {name: value})

    assert response.status_code == 404


def test_colleagues_do_not_look_up_each_other(sign_in, teacher, school, year):
    managed = StaffFactory(school=school, line_manager=teacher)
    held(school, "Own book", date(2026, 11, 5), people=[managed], owner=managed,
         was_logged=True, is_own_learning=True)  # fmt: skip
    other = StaffFactory(school=school)
    client = sign_in(teacher)
    page = url(school, "activities:list")

    assert titles(client.get(page, {"person": managed.pk})) == ["Own book"]
    assert client.get(page, {"person": other.pk}).status_code == 404


def test_words_are_found_in_any_order_and_field_all_of_them(sign_in, cpd_leader, school, year):
    held(school, "Talk in mathematics", date(2026, 11, 5), led_by="Ada North")
    held(school, "Talk in science", date(2026, 11, 6), led_by="Ben South")
    client = sign_in(cpd_leader)

    for words in ("mathematics talk", "  NORTH   talk ", "ada"):
        found = client.get(url(school, "activities:list"), {"q": words})
        assert titles(found) == ["Talk in mathematics"], words
    assert titles(client.get(url(school, "activities:list"), {"q": "north science"})) == []


def test_empty_school_and_empty_search_say_what_to_do(sign_in, cpd_leader, school):
    client = sign_in(cpd_leader)

    empty = client.get(url(school, "activities:list"))
    nothing = client.get(url(school, "activities:list"), {"q": "zzz"})

    assert "Nothing planned or logged yet" in empty.text
    assert "Nothing fits" in nothing.text


def test_csv_is_the_whole_filtered_list_and_is_logged(sign_in, head, teacher, school, year):
    held(school, "=cmd|'x'", date(2026, 11, 3), people=[teacher], cost=Decimal(80))
    held(school, "Fire drill", date(2026, 11, 4), kind="statutory")
    client = sign_in(head)

    response = client.get(url(school, "activities:list"), {"kind": "direct", "format": "csv"})

    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["Title"], row["Hours"], row["Cost"]) for row in rows] == [
        ("'=cmd|'x'", "1", "80.00")
    ]
    with school_scope(school):
        entry = LogEntry.objects.get()
        assert (entry.by, entry.kind, entry.what) == (head, "exported", "activities")
    theirs = sign_in(teacher).get(url(school, "activities:list"), {"format": "csv"})
    assert "Cost" not in theirs.content.decode()


# --- one activity ---------------------------------------------------------------------------


def test_page_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    priority = PriorityFactory(school=school)
    for count in (1, 3):
        activity = held(
            school,
            "Talk",
            date(2026, 11, 3),
            people=StaffFactory.create_batch(count, school=school),
        )
        SessionFactory.create_batch(count, school=school, activity=activity)
        for _ in range(count):
            ActivityPriorityFactory(
                school=school, activity=activity,
                priority=PriorityFactory(school=school, plan=priority.plan),
            )  # fmt: skip
        with django_assert_num_queries(22):
            response = client.get(url(school, "activities:activity", activity.pk))

    assert len(response.context["people"]) == 3
    assert len(response.context["sessions"]) == 4


def test_colleague_reads_and_changes_nothing(sign_in, teacher, cpd_leader, school):
    activity = held(school, "Talk", date(2026, 11, 3), people=[StaffFactory(school=school)],
                    cost=Decimal(77_777))  # fmt: skip
    page = url(school, "activities:activity", activity.pk)
    assert "77,777" in sign_in(cpd_leader).get(page).text

    response = sign_in(teacher).get(page)

    assert response.context["may_change"] is False
    assert response.context["missing"] == []
    assert "77,777" not in response.text
    for form in ("move", "cancel", "undo", "edit"):
        assert f"/{form}/" not in response.text


def test_draft_and_own_learning_of_others_do_not_exist(sign_in, teacher, school):
    draft = ActivityFactory(school=school)
    own = ActivityFactory(school=school, is_own_learning=True, was_logged=True, state="finished")
    client = sign_in(teacher)

    for activity in (draft, own):
        assert client.get(url(school, "activities:activity", activity.pk)).status_code == 404


def test_hours_by_name_are_for_those_who_keep_the_register(sign_in, teacher, school):
    activity = held(school, "Talk", date(2026, 11, 3), people=[teacher], hours=2)
    leader = StaffFactory(school=school, roles=[Role.CPD_LEADER])
    page = url(school, "activities:activity", activity.pk)

    assert "2 hours</span>" in sign_in(leader).get(page).text
    assert "2 hours</span>" not in sign_in(teacher).get(page).text


def test_moves_by_the_wrong_word_or_person_do_nothing(sign_in, cpd_leader, teacher, school):
    activity = ActivityFactory(school=school, state="planned")

    assert (
        sign_in(cpd_leader).post(url(school, "activities:move", activity.pk, "delete")).status_code
        == 404
    )
    assert (
        sign_in(teacher).post(url(school, "activities:move", activity.pk, "finish")).status_code
        == 403
    )


def test_move_that_is_refused_says_why(sign_in, cpd_leader, school):
    activity = ActivityFactory(school=school)

    response = sign_in(cpd_leader).post(
        url(school, "activities:move", activity.pk, "plan"), follow=True
    )

    assert "direct CPD needs its intended impact" in response.text
    with school_scope(school):
        assert Activity.objects.get().is_draft
