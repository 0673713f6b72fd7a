"""Nobody finds a private text on any page: reflections (T10) and what is written of an observation.

A marker stands in everything of them that could leak. Rights add up, so a line manager who has all
there are sees whatever anybody else sees.
"""

import re

import pytest
from django.db import transaction
from django.test import Client

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.evaluation.test_observations_private import MARKER, observation, owner
from tests.evaluation.test_reflections_private import reflect_in_private
from tests.factories import StaffFactory
from tests.helpers import url
from tests.test_access import PAGES

__all__ = ["observation", "owner"]  # fixtures

SEARCHES = ("", f"?q={MARKER}&whose=shared&all=1", "?format=csv")
ECHO = re.compile(rf'q={MARKER}|value="{MARKER}"|“{MARKER}”')


@pytest.fixture
def private_words(client, owner):
    reflect_in_private(client, owner)
    client.logout()


@pytest.fixture
def readers(school, owner, private_words, quick_walk):
    """Who leads the owner and has every right there is, and a head who is nothing to them."""
    manager = owner.line_manager
    with school_scope(school):
        manager.roles = [Role.HEAD, Role.CPD_LEADER, Role.TEAM_LEADER]
        manager.save()
    head = StaffFactory(school=school, last_name="Head", roles=[Role.HEAD])
    clients = {"manager": (manager, Client()), "head": (head, Client())}
    for person, client in clients.values():
        client.force_login(person.user)
    return {name: client for name, (_, client) in clients.items()}


@pytest.mark.parametrize("observation", ["held"], indirect=True)
@pytest.mark.parametrize("pages", [PAGES[n::4] for n in range(4)], ids=range(4))
def test_no_page_shows_it_to_anybody_else(school, observation, owner, readers, pages):
    wrong = []

    for page in pages:
        if page.method != "get":
            continue
        with transaction.atomic():  # the rows of one page are not in the next one's way
            path = url(school, page.view, *(page.make(school, owner) if page.make else ()))
            for name, reader in readers.items():
                # Who has every right searches as well; the other looks.
                for search in SEARCHES[:1] if page.make or name == "head" else SEARCHES:
                    said = told(reader.get(path + search))
                    if MARKER in said or str(observation.uuid) in said:
                        wrong.append(f"{name} at {path}{search}")
            transaction.set_rollback(True)

    assert wrong == []


def told(response):
    """What a page or file says, without what somebody typed and gets back."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return ECHO.sub("", body.decode(errors="replace"))


@pytest.mark.parametrize("observation", ["held"], indirect=True)
def test_the_marker_is_there_to_be_found(client, school, observation, owner):
    reflect_in_private(client, owner)
    client.force_login(owner.user)

    for path in (url(school, "reflections:list"), url(school, "observations:list")):
        assert MARKER in client.get(path).text or str(observation.uuid) in client.get(path).text
