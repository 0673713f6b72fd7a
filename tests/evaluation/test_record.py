"""My record, and a colleague's."""

import csv
import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import LogEntry
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    ActivityTypeFactory,
    AttendanceFactory,
    ExpertiseFactory,
    HelpRequestFactory,
    NeedFactory,
    ParticipationFactory,
    ReflectionFactory,
    ReflectionReaderFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(at):
    at("2026-11-21 09:00")


@pytest.fixture
def years(school):
    return [
        AcademicYearFactory(school=school, starts_on=date(first, 9, 1)) for first in (2025, 2026)
    ]


def attended(staff, day=TODAY - timedelta(days=3), hours=1, was_present=True, **fields):
    """An activity with one session this person was at."""
    fields = {"state": "planned"} | fields
    activity = ActivityFactory(school=staff.school, **fields)
    start = at_four(day)
    session = SessionFactory(
        school=staff.school,
        activity=activity,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
    )
    ParticipationFactory(school=staff.school, activity=activity, staff=staff)
    if was_present is not None:
        AttendanceFactory(
            school=staff.school, session=session, staff=staff, was_present=was_present
        )
    return activity


def titles(response):
    return [entry.title for entry in response.context["entries"]]


# --- mine ---------------------------------------------------------------------------------------
def test_record_is_newest_first_with_hours_of_this_year_and_last(sign_in, teacher, school, years):
    coaching = ActivityTypeFactory(school=school, title="Coaching")
    attended(teacher, date(2026, 11, 2), 2.5, title="Talk", type=coaching)
    attended(teacher, date(2025, 11, 3), 4, title="Last year", type=coaching)
    attended(teacher, date(2026, 3, 3), 8, title="Later last year", type=coaching)
    attended(
        teacher, date(2026, 9, 10), 1, title="A book", owner=teacher, is_own_learning=True,
        was_logged=True, state="finished",
    )  # fmt: skip
    ReflectionFactory(school=school, owner=teacher, title="Pace", written_on=date(2026, 10, 1))

    response = sign_in(teacher).get(url(school, "record:mine"))

    assert titles(response) == ["Talk", "Pace", "A book", "Later last year", "Last year"]
    assert response.context["sentence"] == (
        "3.5 hours so far in 2026/27, 1 of them own learning; 4 hours by this time last year."
    )


def test_absence_cancellation_and_the_future_are_not_learning(sign_in, teacher, school, years):
    attended(teacher, title="Was not there", was_present=False)
    attended(teacher, TODAY + timedelta(days=3), title="To come", was_present=None)
    cancelled = attended(teacher, title="Called off")
    with school_scope(school):
        Activity.objects.filter(pk=cancelled.pk).update(state="cancelled", cancelled_because="Snow")
    attended(teacher, title="No register yet", was_present=None)
    attended(StaffFactory(school=school), title="Somebody else")

    response = sign_in(teacher).get(url(school, "record:mine"))

    assert titles(response) == ["No register yet"]
    assert "register not taken yet" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_record_costs_the_same_for_one_and_three(
    sign_in, teacher, school, years, count, django_assert_num_queries
):
    for _ in range(count):
        activity = attended(teacher)
        ReflectionFactory(school=school, owner=teacher, activity=activity)
        ReflectionFactory(school=school, owner=teacher)
    client = sign_in(teacher)

    with django_assert_num_queries(20):  # 13 of the frame
        response = client.get(url(school, "record:mine"))

    assert len(response.context["entries"]) == 3 * count


def test_search_and_filters(sign_in, teacher, school, years):
    coaching = ActivityTypeFactory(school=school, title="Coaching")
    attended(teacher, date(2026, 11, 2), title="Talk", type=coaching)
    reading = ActivityTypeFactory(school=school, title="Reading")
    attended(teacher, date(2025, 11, 3), title="Phonics", type=reading)
    ReflectionFactory(school=school, owner=teacher, title="Quiet", learned="about phonics too")
    client, path = sign_in(teacher), url(school, "record:mine")

    assert titles(client.get(path, {"q": "phonics"})) == ["Quiet", "Phonics"]
    assert titles(client.get(path, {"q": "coach"})) == ["Talk"]
    assert titles(client.get(path, {"year": "2025/26"})) == ["Phonics"]
    assert titles(client.get(path, {"show": "reflections"})) == ["Quiet"]
    assert titles(client.get(path, {"show": "own"})) == []
    assert titles(client.get(path, {"show": f"type-{coaching.pk}"})) == ["Talk"]
    assert len(titles(client.get(path, {"show": "type-x", "year": "soon", "page": "9"}))) == 2


def test_record_is_paged_and_printed_whole(sign_in, teacher, school, years):
    ReflectionFactory.create_batch(26, school=school, owner=teacher)
    client, path = sign_in(teacher), url(school, "record:mine")

    assert len(titles(client.get(path, {"page": 2}))) == 1
    assert len(titles(client.get(path, {"all": 1}))) == 26


def test_empty_record_offers_the_first_step(sign_in, teacher, school):
    response = sign_in(teacher).get(url(school, "record:mine"))

    assert "Your learning will gather here" in response.text
    assert url(school, "activities:log") in response.text


def test_drafts_are_not_on_the_record(sign_in, teacher, school, years):
    ReflectionFactory(
        school=school, owner=teacher, saved_at=None, draft_at=clock.now(), title="Half"
    )

    assert titles(sign_in(teacher).get(url(school, "record:mine"))) == []


# --- taking it away -----------------------------------------------------------------------------
def test_csv_holds_activities_and_reflections(sign_in, teacher, school, years):
    attended(teacher, date(2026, 11, 2), 2.5, title="=Talk")
    shared = ReflectionFactory(
        school=school, owner=teacher, title="Pace", learned="Wait\nlonger", audience="line_manager"
    )
    ReflectionReaderFactory(
        school=school,
        reflection=shared,
        staff=StaffFactory(school=school, first_name="Priya", last_name="Shah"),
    )

    response = sign_in(teacher).get(url(school, "record:csv"))

    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["What"], row["Title"], row["Hours"]) for row in rows] == [
        ("Activity", "'=Talk", "2.5"),
        ("Reflection", "Pace", ""),
    ]
    assert rows[1]["What I learned"] == "Wait\nlonger"
    assert rows[1]["Shared with"] == "Priya Shah"
    with school_scope(school):
        assert LogEntry.objects.get().kind == "exported"


def test_json_holds_everything_in_documented_keys(sign_in, teacher, school, years):
    activity = attended(teacher, date(2026, 11, 2), 2.5, title="Talk")
    ReflectionFactory(school=school, owner=teacher, activity=activity, learned="Ça marche")
    ReflectionFactory(
        school=school, owner=teacher, will_try="", saved_at=None,
        draft={"learned": "Half"}, draft_at=clock.now(),
    )  # fmt: skip
    ReflectionFactory(school=school, title="Somebody else's", audience="everyone")

    response = sign_in(teacher).get(url(school, "record:json"))

    record = json.loads(response.content)
    assert (record["format"], record["version"]) == ("cpdhub-record", 1)
    assert record["person"]["name"] == teacher.name
    [talk] = record["activities"]
    assert (talk["title"], talk["hours"], talk["began_on"]) == ("Talk", 2.5, "2026-11-02")
    assert talk["sessions"] == [
        {
            "starts_at": "2026-11-02T16:00:00+00:00",
            "ends_at": "2026-11-02T18:30:00+00:00",
            "place": "",
            "was_present": True,
        }
    ]
    assert [(row["learned"], row["draft"]) for row in record["reflections"]] == [
        ("", {"learned": "Half"}),
        ("Ça marche", None),
    ]


def test_json_holds_own_needs_private_ones_too(sign_in, teacher, school):
    NeedFactory(school=school, staff=teacher, title="Lead phonics", is_shared=False, level_now=2)
    NeedFactory(school=school, title="A colleague's")

    record = sign_in(teacher).get(url(school, "record:json")).json()

    [need] = record["needs"]
    assert (need["title"], need["is_shared"], need["level_now"], need["known_by"]) == (
        "Lead phonics",
        False,
        "A little",
        [],
    )


def test_json_holds_offers_asks_and_thanks(sign_in, teacher, school):
    mine = ExpertiseFactory(school=school, staff=teacher, topic__title="Chess", audience="me")
    ExpertiseFactory(school=school, topic__title="Somebody else's")
    HelpRequestFactory(school=school, asker=teacher, topic__title="Knitting", message="How?")
    HelpRequestFactory(
        school=school, helper=teacher, topic=mine.topic, state="done", thanks="Splendid",
        answered_on=clock.today(), ended_on=clock.today(), message="Theirs",
    )  # fmt: skip

    record = json.loads(sign_in(teacher).get(url(school, "record:json")).content)

    assert [(row["topic"], row["audience"]) for row in record["offers"]] == [("Chess", "me")]
    assert [(row["topic"], row["message"]) for row in record["asked"]] == [("Knitting", "How?")]
    assert [row["words"] for row in record["thanks"]] == ["Splendid"]


@pytest.mark.parametrize("name", ["csv", "json"])
@pytest.mark.parametrize("count", [1, 3])
def test_files_cost_the_same_for_one_and_three(
    sign_in, teacher, school, years, name, count, django_assert_max_num_queries
):
    for _ in range(count):
        attended(teacher)
        ReflectionFactory(school=school, owner=teacher)
    client = sign_in(teacher)

    with django_assert_max_num_queries({"csv": 21, "json": 26}[name]):  # needs, offers, asks
        client.get(url(school, f"record:{name}"))


# --- a colleague's ------------------------------------------------------------------------------
@pytest.fixture
def managed(school, teacher):
    """Somebody the teacher is line manager of."""
    return StaffFactory(school=school, first_name="Mona", last_name="Reid", line_manager=teacher)


def test_line_manager_sees_what_happened_and_what_is_shared_with_them(
    sign_in, teacher, managed, school, years
):
    attended(managed, title="Talk", cost=Decimal(100))
    shared = ReflectionFactory(
        school=school, owner=managed, title="For my manager", audience="line_manager"
    )
    ReflectionReaderFactory(school=school, reflection=shared, staff=teacher)
    ReflectionFactory(school=school, owner=managed, title="For nobody")
    other = ReflectionFactory(
        school=school, owner=managed, title="For the CPD leader", audience="cpd_leader"
    )
    ReflectionReaderFactory(school=school, reflection=other, staff=StaffFactory(school=school))

    response = sign_in(teacher).get(url(school, "record:person", managed.pk))

    assert titles(response) == ["For my manager", "Talk"]
    assert "£100 of what the school spent" in response.text
    assert "For nobody" not in response.text
    assert "For the CPD leader" not in response.text


def test_cost_is_shared_among_all_who_took_part(sign_in, head, teacher, school, years):
    activity = attended(teacher, cost=Decimal(300))
    for _ in range(2):
        ParticipationFactory(school=school, activity=activity)

    response = sign_in(head).get(url(school, "record:person", teacher.pk))

    assert "£100 of its cost" in response.text


def test_record_of_somebody_who_wrote_privately_is_that_of_somebody_who_did_not(
    sign_in, head, school, years
):
    writer, silent = (
        StaffFactory(school=school, first_name="Same", last_name="Name") for _ in range(2)
    )
    for person in (writer, silent):
        attended(person, title="Talk")
    ReflectionFactory.create_batch(3, school=school, owner=writer)
    client = sign_in(head)

    pages = [
        client.get(url(school, "record:person", person.pk)).text for person in (writer, silent)
    ]

    # But for numbers of rows in addresses, which may be one digit longer.
    same, other = (len(re.sub(r"/\d+/", "/N/", page)) for page in pages)
    assert same == other
    assert pages[0].count("Talk") == pages[1].count("Talk") == 1
    assert "1 in all" in pages[0]
    assert "1 in all" in pages[1]


def test_colleague_without_that_right_meets_404(sign_in, teacher, school):
    colleague = StaffFactory(school=school)

    assert sign_in(teacher).get(url(school, "record:person", colleague.pk)).status_code == 404


def test_looking_is_logged_without_text(sign_in, head, teacher, school):
    sign_in(head).get(url(school, "record:person", teacher.pk))

    with school_scope(school):
        entry = LogEntry.objects.get()
    assert (entry.by_id, entry.kind, entry.what, entry.object_id, entry.note) == (
        head.pk, "opened", "record", str(teacher.pk), ""
    )  # fmt: skip


def test_own_record_under_ones_number_is_mine(sign_in, teacher, school):
    response = sign_in(teacher).get(url(school, "record:person", teacher.pk))

    assert response.url == url(school, "record:mine")


@pytest.mark.parametrize("count", [1, 3])
def test_colleagues_record_costs_the_same_for_one_and_three(
    sign_in, head, teacher, school, years, count, django_assert_num_queries
):
    for _ in range(count):
        attended(teacher, cost=Decimal(10))
        ReflectionFactory(school=school, owner=teacher, audience="everyone")
    client = sign_in(head)

    with django_assert_num_queries(24):  # 13 of the frame, the log entry
        response = client.get(url(school, "record:person", teacher.pk))

    assert len(response.context["entries"]) == 2 * count
