"""What is written of an observation appears nowhere but to its people.

A marker stands in everything that could leak; then head, CPD leader, data manager, governor, line
manager and team leader ask for each of its pages, and every table of the database is searched. All
other pages and files are walked in `test_private_pages.py`.
"""

from datetime import timedelta

import pytest
from django.test import Client

from cpdhub import clock, reminders
from cpdhub.models import Reminder
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation.models import Observation, Observer
from tests.access.observations import held
from tests.evaluation.test_reflections_private import tables_with
from tests.factories import ObservationFactory, ObserverFactory, StaffFactory
from tests.helpers import url
from tests.test_access import PAGES

MARKER = "zebrafinch"
ITS_OWN = ["evaluation_observation", "evaluation_observationfocus", "evaluation_observer"]


@pytest.fixture
def owner(school):
    manager = StaffFactory(school=school, last_name="Manager", roles=[Role.TEAM_LEADER])
    return StaffFactory(school=school, last_name="Owner", line_manager=manager)


@pytest.fixture(params=["held", "closed"])
def observation(school, owner, client, request):
    """Written through the pages by both of them, and left alone or closed."""
    observer = StaffFactory(school=school, last_name="Observer")
    observation = ObservationFactory(
        school=school, owner=owner, state="agreed", focus=f"How pupils {MARKER}",
        starts_at=clock.now() - timedelta(hours=2), place=f"Room {MARKER}",
    )  # fmt: skip
    ObserverFactory(school=school, observation=observation, staff=observer)
    boxes = {
        "notes": {"note-0": MARKER, "pupils_said": f"They {MARKER}"},
        "talk": {"talk": f"We {MARKER}", "next_step": f"Try {MARKER}"},
        "own_words": {
            "own_words": f"I {MARKER}", "video": f"https://v.example/{MARKER}",
            "video_until": clock.today().isoformat(), "everyone_agreed": "on",
        },
    }  # fmt: skip
    with school_scope(school):
        observation.headings.create(school=school, position=0, heading=f"About {MARKER}")
    for name, person in (("notes", observer), ("talk", observer), ("own_words", owner)):
        client.force_login(person.user)
        path = url(school, f"observations:{name}", observation.uuid)
        revision = client.get(path).context["form"]["revision"].value()
        assert client.post(path, {"revision": revision, **boxes[name]}).status_code == 302
    if request.param == "closed":
        for person in (observer, owner):
            client.force_login(person.user)
            client.post(url(school, "observations:close", observation.uuid))
    client.logout()
    return observation


@pytest.fixture
def others(school, owner):
    """Everybody with a role, some with several; none of them was chosen."""
    people = [
        StaffFactory(school=school, last_name="Head", roles=[Role.HEAD, Role.CPD_LEADER]),
        StaffFactory(school=school, last_name="Leader", roles=[Role.CPD_LEADER]),
        StaffFactory(school=school, last_name="Data", roles=[Role.DATA_MANAGER]),
        StaffFactory(school=school, last_name="Governor", roles=[Role.GOVERNOR], group=""),
    ]
    with school_scope(school):
        return [*people, owner.line_manager]


def test_the_two_find_it_and_after_closing_the_owner_alone(client, school, observation, owner):
    with school_scope(school):
        state = Observation.objects.get().state
        observer = Observer.objects.get().staff
    for person, reads in ((owner, True), (observer, state == "held")):
        client.force_login(person.user)
        response = client.get(url(school, "observations:observation", observation.uuid))
        assert (response.text.count(MARKER) > 6) == reads
    assert tables_with(MARKER) == ITS_OWN


@pytest.mark.parametrize("observation", ["held"], indirect=True)
def test_no_page_of_it_opens_to_anybody_else(school, observation, others):
    clients = {person: Client() for person in others}
    for person, client in clients.items():
        client.force_login(person.user)
    own = [url(school, page.view, observation.uuid) for page in PAGES if page.make is held]
    for person, client in clients.items():
        for path in own:
            for method in ("get", "post"):
                status = getattr(client, method)(path).status_code
                assert status in {403, 404, 405}, f"{person} at {path}"


def test_no_table_holds_it_but_its_own(client, school, observation, owner, others):
    for person in others:
        client.force_login(person.user)
        client.get(url(school, "observations:list"))
        client.get(url(school, "observations:observation", observation.uuid))
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        due = list(Reminder.objects.values_list("pk", flat=True))
    for pk in due:
        reminders.deliver(school_id=school.pk, reminder_id=pk)

    assert tables_with(MARKER) == ITS_OWN


def test_nothing_is_left_of_notes_that_were_taken_away(client, school, observation, owner):
    client.force_login(owner.user)
    client.post(url(school, "observations:destroy", observation.uuid))

    with school_scope(school):
        found = Observation.objects.get()
    assert MARKER in found.focus  # what was agreed beforehand stays: it says that it took place
    assert "evaluation_observer" not in tables_with(MARKER)
    assert found.talk == found.own_words == found.next_step == found.video == ""
