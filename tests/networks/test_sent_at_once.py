"""The same form sent by two people at the same moment: one is taken, the other is told why not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection
from django.test import Client

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import offering
from networks.forms import shared_day
from networks.forms.shared_day import SiteForm, SlotForm
from networks.models import NetworkRole
from tests.factories import NetworkFactory, NetworkRoleFactory, SchoolFactory, StaffFactory
from tests.helpers import url
from tests.networks.offering import planned
from tests.networks.shared import Conference, page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today(at):
    at("2026-11-23 09:00")


@pytest.fixture
def school():
    return SchoolFactory()


def met_at_once(monkeypatch, school, owner, name, forms):
    """How two CPD leaders are answered who both come as far as `owner.name` before either goes on,
    if nothing keeps one of them back."""
    gate = threading.Barrier(2)
    real = getattr(owner, name)

    def both_are_here(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            gate.wait(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, both_are_here)
    leaders = [StaffFactory(school=school, roles=[Role.CPD_LEADER]) for _ in forms]

    def sends(leader, form):
        client = Client()
        client.force_login(leader.user)
        answer = client.post(*form)
        connection.close()
        return answer

    with ThreadPoolExecutor(len(forms)) as pool:
        answers = list(pool.map(sends, leaders, forms))
    return sorted(answers, key=lambda answer: answer.status_code)


def test_last_day_of_a_lead_practitioner_is_opened_once(monkeypatch, school):
    network = NetworkFactory(school=school)
    role = NetworkRoleFactory(
        school=school, network=network, staff=StaffFactory(school=school), part="specialist", days=1
    )
    there = url(school, "networks:offer_open", network.pk)
    sent = {"what": "day", "places": 1, "price": 0, "credits": 0, "practitioner": role.pk}
    forms = [(there, sent | {"activity": planned(school).pk}) for _ in range(2)]

    refused, taken = met_at_once(monkeypatch, school, offering, "publish", forms)

    assert (refused.status_code, taken.status_code) == (200, 302)
    assert "all are spoken for" in refused.text
    with school_scope(school):
        assert NetworkRole.objects.get().to_come == 1


@pytest.mark.parametrize(
    ("kind", "form", "sent", "said"),
    [
        ("slot", SlotForm, {"name": "New", "starts_at": "14:00", "ends_at": "15:00"}, "slot of"),
        ("site", SiteForm, {"name": "Town hall"}, "site of"),
    ],
)
def test_part_of_a_shared_day_is_added_once(monkeypatch, school, kind, form, sent, said):
    there = page(school, "day_part_add", Conference(school).day, kind)

    refused, taken = met_at_once(monkeypatch, school, form, "refuse_name", [(there, sent)] * 2)

    assert (refused.status_code, taken.status_code) == (200, 302)
    assert f"There is a {said} this name" in refused.text


def test_room_of_a_shared_day_is_taken_once(monkeypatch, school):
    conference = Conference(school)
    held = conference.workshop("Stems")
    sent = {
        "slot": conference.second.pk, "site": held.site_id, "room": "Hall", "most": 20, "fewest": 0
    }  # fmt: skip
    forms = [
        (page(school, "workshop_add", conference.day), sent | {"title": title})
        for title in ("Maths", "Art")
    ]

    refused, taken = met_at_once(monkeypatch, school, shared_day, "refuse_taken_room", forms)

    assert (refused.status_code, taken.status_code) == (200, 302)
    assert "Hall at" in refused.text
