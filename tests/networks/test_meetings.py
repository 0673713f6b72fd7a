"""Meetings, what is undertaken at them, and what schools let each other use."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cpdhub.models import StoredFile
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation import uploads
from networks import leaving
from networks.models import ActionPoint, Meeting, Membership, Resource, ResourceVersion
from tests.factories import (
    ActionPointFactory,
    MeetingFactory,
    MembershipFactory,
    ResourceFactory,
    ResourceVersionFactory,
    SchoolFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def other(network):
    made = SchoolFactory(name="Birch Primary")
    MembershipFactory(network=network, school=made)
    return made


@pytest.fixture
def their_head(other):
    return StaffFactory(school=other, roles=[Role.HEAD])


MEETING = {"title": "CPD leaders", "held_on": "2026-11-20", "agenda": "The guide"}


def test_lead_plans_a_meeting_and_says_afterwards_who_came(
    sign_in, school, head, teacher, network, other, their_head
):
    client = sign_in(head)
    client.post(url(school, "networks:meeting_new", network.pk), MEETING)
    with school_scope(school):
        row = Meeting.objects.get()
    change = url(school, "networks:meeting_change", network.pk, row.pk)
    sent = MEETING | {"notes": "Second edition", "came": [str(other.pk)], "revision": row.revision}
    assert "Select a valid choice" in client.post(change, sent | {"came": ["99999"]}).text
    client.post(change, sent)

    seen = sign_in(teacher).get(url(school, "networks:meeting", network.pk, row.pk)).text
    assert "Second edition" in seen
    assert "Birch Primary" in seen
    theirs = url(other, "networks:meeting_change", network.pk, row.pk)
    assert sign_in(their_head).get(theirs).status_code == 403


def test_what_is_not_done_comes_up_at_the_next_meeting(
    sign_in, school, head, network, other, their_head
):
    last = MeetingFactory(school=school, network=network, held_on=date(2026, 10, 1))
    now = MeetingFactory(school=school, network=network, held_on=date(2026, 11, 21))
    page = url(other, "networks:meeting", network.pk, last.pk)
    client = sign_in(their_head)
    client.post(page, {"text": "Ask the university", "by_when": "2026-11-01"})
    with school_scope(other):
        row = ActionPoint.objects.get()
    assert row.school_id == other.pk

    lead = sign_in(head)
    seen = lead.get(url(school, "networks:meeting", network.pk, now.pk)).text
    assert "Left from earlier meetings" in seen
    assert "from 1 October 2026" in seen
    lead.post(url(school, "networks:point", network.pk, row.pk))
    assert "Left from" not in lead.get(url(school, "networks:meeting", network.pk, now.pk)).text
    lead.post(url(school, "networks:point", network.pk, row.pk))
    with school_scope(other):
        assert ActionPoint.objects.get().done_on is None


def test_another_school_ticks_off_nothing_of_ours(sign_in, school, network, other, their_head):
    row = ActionPointFactory(school=school, meeting=MeetingFactory(school=school, network=network))

    answer = sign_in(their_head).post(url(other, "networks:point", network.pk, row.pk))

    assert answer.status_code == 404


def test_teacher_reads_and_undertakes_nothing(sign_in, school, teacher, network):
    row = MeetingFactory(school=school, network=network)

    sign_in(teacher).post(url(school, "networks:meeting", network.pk, row.pk), {"text": "I"})

    with school_scope(school):
        assert not ActionPoint.objects.exists()


def test_two_who_take_notes_lose_nothing(sign_in, school, head, network):
    row = MeetingFactory(school=school, network=network)
    client, change = sign_in(head), url(school, "networks:meeting_change", network.pk, row.pk)
    client.post(change, MEETING | {"notes": "First", "revision": 1})

    answer = client.post(change, MEETING | {"notes": "Second", "revision": 1})

    assert "changed this while you were writing" in answer.text
    assert "Second" in answer.text


def test_meeting_of_a_lead_that_leaves_stays_and_its_undertakings_go(school, network, other):
    row = MeetingFactory(school=school, network=network, present=[school.pk, other.pk])
    ActionPointFactory(school=school, meeting=row)
    ActionPointFactory(school=other, meeting=row)
    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    with school_scope(other):
        assert Meeting.objects.get().school_id == other.pk
        assert [one.school_id for one in ActionPoint.objects.all()] == [other.pk]


# --- what others may use ---
GIVEN = {"title": "Newcomers’ pack", "what_for": "The first week", "review_on": "2027-11-21"}


def text_file(words="Welcome"):
    return SimpleUploadedFile("pack.txt", words.encode())


def test_school_gives_a_file_and_another_downloads_it(
    sign_in, school, head, teacher, network, other, their_head
):
    client = sign_in(their_head)
    new = url(other, "networks:resource_new", network.pk)
    assert "Give a link, or add a file." in client.post(new, GIVEN).text
    client.post(new, GIVEN | {"upload": text_file()})
    assert "has given one of this name" in client.post(
        new, GIVEN | {"url": "https://example.org"}
    ).text  # fmt: skip
    with school_scope(school):
        row, version = Resource.objects.get(), ResourceVersion.objects.get()
        assert not StoredFile.objects.exists()

    download = sign_in(teacher).get(url(school, "networks:version_file", network.pk, version.pk))
    assert b"".join(download.streaming_content) == b"Welcome"
    assert download["Content-Disposition"].startswith("attachment")
    seen = sign_in(teacher).get(url(school, "networks:resources", network.pk)).text
    assert "Birch Primary: 1" in seen
    ours = url(school, "networks:resource_change", network.pk, row.pk)
    assert sign_in(head).get(ours).status_code == 403


def test_earlier_versions_stay(sign_in, school, head, network):
    row = ResourceFactory(school=school, network=network)
    client, new = sign_in(head), url(school, "networks:version_new", network.pk, row.pk)
    client.post(new, {"url": "https://example.org/1"})
    client.post(new, {"url": "https://example.org/2", "note": "Shorter"})

    seen = client.get(url(school, "networks:resource", network.pk, row.pk)).text

    assert seen.index("Version 2") < seen.index("Version 1")
    assert "Shorter" in seen
    assert "https://example.org/1" in seen


def test_files_of_the_network_take_of_the_schools_room(
    sign_in, school, head, network, other, their_head, monkeypatch
):
    sign_in(their_head).post(
        url(other, "networks:resource_new", network.pk), GIVEN | {"upload": text_file()}
    )
    with school_scope(school):
        assert uploads.room_used() == 0
    with school_scope(other):
        assert uploads.room_used() == len("Welcome")
    monkeypatch.setattr(uploads, "ROOM", 10)

    answer = sign_in(their_head).post(
        url(other, "networks:resource_new", network.pk),
        GIVEN | {"title": "Another", "upload": text_file()},
    )

    assert "room for files is full" in answer.text
    with school_scope(other):
        assert Resource.objects.count() == 1


def test_lead_takes_off_what_should_not_be_there_with_its_file(
    sign_in, school, head, network, other, their_head
):
    third = MembershipFactory(network=network).school
    client = sign_in(their_head)
    client.post(url(other, "networks:resource_new", network.pk), GIVEN | {"upload": text_file()})
    with school_scope(other):
        row = Resource.objects.get()
    reader = StaffFactory(school=third, roles=[Role.HEAD])
    theirs = url(third, "networks:resource_remove", network.pk, row.pk)
    assert sign_in(reader).post(theirs).status_code == 403

    sign_in(head).post(url(school, "networks:resource_remove", network.pk, row.pk))

    with school_scope(other):
        assert not Resource.objects.exists()
        assert not StoredFile.objects.exists()


def test_leaver_takes_its_resources_and_their_files(sign_in, network, other, their_head):
    sign_in(their_head).post(
        url(other, "networks:resource_new", network.pk), GIVEN | {"upload": text_file()}
    )
    with school_scope(other):
        leaving.leave(Membership.objects.get(school=other))
        assert not ResourceVersion.objects.exists()
        assert not StoredFile.objects.exists()


def test_stranger_downloads_nothing(sign_in, school, network, outsider, other_school):
    row = ResourceVersionFactory(
        school=school, resource=ResourceFactory(school=school, network=network)
    )

    page = url(other_school, "networks:version_file", network.pk, row.pk)

    assert sign_in(outsider).get(page).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, head, network, size, django_assert_num_queries
):
    meeting = MeetingFactory(school=school, network=network)
    earlier = MeetingFactory(school=school, network=network, held_on=date(2026, 10, 1))
    resource = ResourceFactory(school=school, network=network)
    for number in range(size):
        ActionPointFactory(school=school, meeting=meeting)
        ActionPointFactory(school=school, meeting=earlier)
        ResourceVersionFactory(school=school, resource=resource)
        if number:
            MeetingFactory(school=school, network=network)
            ResourceFactory(school=school, network=network)
    client = sign_in(head)

    for path, queries in (
        (url(school, "networks:meetings", network.pk), 17),
        (url(school, "networks:meeting", network.pk, meeting.pk), 18),
        (url(school, "networks:resources", network.pk), 18),
        (url(school, "networks:resource", network.pk, resource.pk), 16),
    ):
        with django_assert_num_queries(queries):
            answer = client.get(path)
        assert answer.status_code == 200
