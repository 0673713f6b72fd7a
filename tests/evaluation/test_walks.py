"""Learning walks, open doors and what a school agreed to look for."""

from datetime import timedelta

import pytest

from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation.models import LearningWalk, LookFors, Observation, OpenDoor
from tests.factories import (
    LearningWalkFactory,
    LookForFactory,
    LookForsFactory,
    OpenDoorFactory,
    StaffFactory,
)
from tests.helpers import url


def written(**other):
    return {
        "walked_on": clock.today().isoformat(), "rooms": "3, 7 12", "focus": "How pupils begin",
        "patterns": "Many began with talk", "audience": "everyone", **other,
    }  # fmt: skip


def test_walk_holds_rooms_as_numbers_and_is_read_by_whom_it_is_for(school, sign_in, teacher):
    response = sign_in(teacher).post(url(school, "observations:walk_write"), written(), follow=True)

    assert "rooms 3, 7, 12" in response.text
    with school_scope(school):
        walk = LearningWalk.objects.get()
    other = sign_in(StaffFactory(school=school))
    assert "Many began with talk" in other.get(url(school, "observations:walk", walk.uuid)).text
    assert other.get(url(school, "observations:walk_change", walk.uuid)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("rooms", "Ms Roe's room", "Only numbers"),
        ("rooms", "3, 1000", "Only numbers"),
        ("focus", "Quality of teaching, graded", "“graded” judges"),
        ("walked_on", "2019-01-01", "last twelve months"),
    ],
)
def test_walk_that_is_none_says_why(school, sign_in, teacher, field, value, says):
    response = sign_in(teacher).post(
        url(school, "observations:walk_write"), written(**{field: value})
    )

    assert says in " ".join(response.context["form"].errors[field])


def test_name_of_a_colleague_is_asked_about_and_may_be_meant_otherwise(school, sign_in, teacher):
    StaffFactory(school=school, first_name="Will", last_name="Field")
    client = sign_in(teacher)
    path = url(school, "observations:walk_write")

    for text in ("In Field’s room they talked", "They asked Will first"):
        response = client.post(path, written(patterns=text))
        assert "names of colleagues" in response.text
    response = client.post(path, written(patterns="A Field trip was planned", names_nobody="on"))
    assert response.status_code == 302
    assert client.post(path, written(patterns="Will they talk? Fields")).status_code == 302


def test_private_walk_is_nobody_elses_and_leaves_no_trace_in_the_lists(school, sign_in, head):
    private = LearningWalkFactory(school=school, patterns="zebrafinch")
    LearningWalkFactory(school=school, audience="leaders")

    page = sign_in(head).get(url(school, "observations:walks"))

    assert len(page.context["page"].object_list) == 1
    assert sign_in(head).get(url(school, "observations:walk", private.uuid)).status_code == 404


def test_author_changes_and_deletes_a_walk(school, sign_in, teacher):
    walk = LearningWalkFactory(school=school, author=teacher)
    client = sign_in(teacher)
    path = url(school, "observations:walk_change", walk.uuid)

    client.post(path, written(revision=1, patterns="Other", rooms="1"))
    stale = client.post(path, written(revision=1, patterns="Third", rooms="1"))
    assert "another window" in stale.text
    client.post(url(school, "observations:walk_delete", walk.uuid))

    with school_scope(school):
        assert not LearningWalk.objects.exists()


# --- open doors ---------------------------------------------------------------------------------


def test_door_is_opened_asked_through_and_taken_off(school, sign_in, teacher):
    host = StaffFactory(school=school, first_name="Ola", last_name="Roe")
    until = (clock.today() + timedelta(days=20)).isoformat()
    sign_in(host).post(
        url(school, "observations:door_open"),
        {"doing": "Talk partners", "when": "Tuesdays", "place": "Room 4", "until": until},
    )
    with school_scope(school):
        door = OpenDoor.objects.get()

    client = sign_in(teacher)
    assert "Talk partners" in client.get(url(school, "observations:doors")).text
    page = client.get(url(school, "observations:offer") + f"?door={door.pk}")
    assert page.context["form"]["whom"].value() == host.pk
    assert "is happy to be watched" in page.text
    sent = {"whom": host.pk, "kind": "one", "purpose": "developmental", "place": "Room 4"}
    client.post(url(school, "observations:offer"), sent)
    with school_scope(school):
        assert Observation.objects.get().owner_id == host.pk

    assert client.post(url(school, "observations:door_close", door.pk)).status_code == 404
    sign_in(host).post(url(school, "observations:door_close", door.pk))
    assert "No door is open yet" in sign_in(teacher).get(url(school, "observations:doors")).text


def test_board_shows_no_door_that_is_over_or_of_who_left(school, sign_in, teacher):
    OpenDoorFactory(school=school, until=clock.today() - timedelta(days=1))
    OpenDoorFactory(school=school, staff=StaffFactory(school=school, ends_on=clock.today()))

    assert "No door is open yet" in sign_in(teacher).get(url(school, "observations:doors")).text


# --- look-fors ----------------------------------------------------------------------------------


def test_agreed_look_fors_are_versions_and_offered_as_headings(
    school, sign_in, cpd_leader, teacher
):
    client = sign_in(cpd_leader)
    path = url(school, "observations:look_fors_change")
    client.post(path, {"version": 0, "lines": "Pupils explain: in sentences\nPupils ask"})
    client.post(path, {"version": 1, "lines": "Pupils explain"})

    with school_scope(school):
        versions = LookFors.objects.with_items()
        assert [[str(item) for item in version.items.all()] for version in versions] == [
            ["Pupils explain"],
            ["Pupils explain", "Pupils ask"],
        ]
    observer = StaffFactory(school=school)
    client = sign_in(teacher)
    client.post(
        url(school, "observations:ask"),
        {
            "whom": observer.pk, "kind": "one", "purpose": "developmental", "focus": "Talk",
            "day": clock.today().isoformat(), "starts": "09:00", "agreed": ["Pupils explain"],
            "lines": "Who waits",
        },
    )  # fmt: skip
    with school_scope(school):
        found = Observation.objects.get()
        assert found.look_fors.version == 2
        assert [str(row) for row in found.headings.all()] == ["Pupils explain", "Who waits"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("Pupils talk\nOutstanding pace", "“Outstanding” judges"),
        ("Pupils talk: always, sometimes, never", "steps of a scale"),
        ("Pupils talk: 1-4", "no numbers"),
        ("\n".join(f"Pupils {chr(97 + n)}" for n in range(11)), "Ten are plenty"),
    ],
)
def test_template_that_grades_is_refused_with_the_reason(school, sign_in, head, lines, says):
    response = sign_in(head).post(
        url(school, "observations:look_fors_change"), {"version": 0, "lines": lines}
    )

    assert says in " ".join(response.context["form"].errors["lines"])
    with school_scope(school):
        assert not LookFors.objects.exists()


def test_two_who_agree_at_once_see_each_other(school, sign_in, head):
    LookForFactory(school=school, look_fors=LookForsFactory(school=school, version=1))

    response = sign_in(head).post(
        url(school, "observations:look_fors_change"), {"version": 0, "lines": "Pupils ask"}
    )

    assert "Somebody agreed a new version" in response.text
    assert response.context["form"]["lines"].value() == "Pupils ask"


@pytest.mark.parametrize("count", [1, 3])
def test_boards_in_constant_queries(school, sign_in, teacher, django_assert_num_queries, count):
    for number in range(count):
        OpenDoorFactory(school=school)
        LearningWalkFactory(school=school, audience="everyone")
        LookForFactory(school=school, look_fors=LookForsFactory(school=school, version=number + 1))
    client = sign_in(teacher)

    for view in ("doors", "walks", "look_fors"):
        with django_assert_num_queries(15):  # 13 of the frame
            client.get(url(school, f"observations:{view}"))
