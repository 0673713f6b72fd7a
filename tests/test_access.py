"""Walks every address × role × school. A page without an entry in `tests/access/` fails.

For each page of a school: the roles of its entry get in, the others are refused, somebody
from another school meets the same 404 as at a school that does not exist, another
school's row answers like a missing one, and a visitor is sent to sign in.
"""

import importlib
from functools import cache

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from cpdhub.permissions import Role
from tests.access import CPD, DATA, EVERYONE, GOVERNOR, HEAD, TEACHER, TEAM, Page
from tests.factories import SchoolFactory, StaffFactory
from tests.helpers import url

AREAS = [
    "roof", "plan", "staff", "school", "imports", "jobs", "activities", "reflections", "record",
    "impact",
]  # fmt: skip
PAGES: list[Page] = [
    page for area in AREAS for page in importlib.import_module(f"tests.access.{area}").PAGES
]
ROLES = {
    HEAD: [Role.HEAD],
    CPD: [Role.CPD_LEADER],
    TEAM: [Role.TEAM_LEADER],
    TEACHER: [],
    DATA: [Role.DATA_MANAGER],
    GOVERNOR: [Role.GOVERNOR],
}


def named_patterns(urlconf, prefix=""):
    """Every (name, pattern) of a site map, with its namespace."""
    for entry in urlconf:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from named_patterns(entry.url_patterns, namespace)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry


@cache
def school_patterns():
    return dict(named_patterns(get_resolver("cpdhub.school_urls").url_patterns))


@cache
def hub_patterns():
    return dict(named_patterns(get_resolver("cpdhub.urls").url_patterns))


def is_open(view):
    return not getattr(view, "login_required", True)


def test_every_page_of_a_school_has_an_entry():
    signed_in_only = {
        name for name, entry in school_patterns().items() if not is_open(entry.callback)
    }

    assert signed_in_only == {page.view for page in PAGES}


def test_every_page_of_a_school_names_a_permission():
    without = {
        name
        for name, entry in school_patterns().items()
        if not hasattr(entry.callback, "permission") and not is_open(entry.callback)
    }

    assert without == set()


def test_every_page_outside_schools_is_for_the_administrator_or_known():
    known = {"entrance", "livez", "readyz"}
    others = {
        name
        for name, entry in hub_patterns().items()
        if not getattr(entry.callback, "administrator_only", False)
        and not name.startswith(("account_", "usersessions_", "invitation:"))
    }

    assert others == known


@pytest.fixture
def people(school):
    """One signed-in person of each role, and somebody outside the walk who owns the rows."""
    walkers = {
        name: StaffFactory(school=school, roles=roles, group="" if name == GOVERNOR else "teacher")
        for name, roles in ROLES.items()
    }
    return walkers


def visit(client, page, path):
    return getattr(client, page.method)(path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.view)
def test_page_lets_in_whom_its_entry_says(client, school, people, page):
    owner = StaffFactory(school=school)
    arguments = page.make(school, owner) if page.make else ()
    path = url(school, page.view, *arguments)

    got_in = set()
    for name, person in people.items():
        client.force_login(person.user)
        response = visit(client, page, path)
        if response.status_code < 400:
            got_in.add(name)
        else:
            permission = getattr(school_patterns()[page.view].callback, "permission", None)
            may = permission is None or person.can(permission)
            refused = page.others if may else 403
            assert response.status_code == refused, f"{name} met {response.status_code}"

    assert got_in == page.roles


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.view)
def test_page_does_not_exist_for_another_school(client, school, outsider, page):
    arguments = page.make(school, StaffFactory(school=school)) if page.make else ()
    client.force_login(outsider.user)

    theirs = visit(client, page, url(school, page.view, *arguments))
    missing = visit(client, page, f"/s/no-such-school/{page.view.replace(':', '/')}/")

    assert theirs.status_code == missing.status_code == 404
    assert theirs.content == missing.content


@pytest.mark.parametrize("page", [page for page in PAGES if page.make], ids=lambda page: page.view)
def test_row_of_another_school_answers_like_a_missing_one(client, people, school, page):
    other = SchoolFactory()
    foreign = page.make(other, StaffFactory(school=other))
    person = people[HEAD] if HEAD in page.roles else people[sorted(page.roles or EVERYONE)[0]]
    client.force_login(person.user)

    response = visit(client, page, url(school, page.view, *foreign))

    assert response.status_code in {403, 404}
    if HEAD in page.roles:
        assert response.status_code == 404


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.view)
def test_visitor_is_sent_to_sign_in(client, school, page):
    arguments = page.make(school, StaffFactory(school=school)) if page.make else ()
    path = url(school, page.view, *arguments)

    response = visit(client, page, path)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.view)
def test_no_method_opens_what_reading_does_not(client, school, people, page, method):
    """Whoever may not read a page may not write to it either, whatever the method."""
    arguments = page.make(school, StaffFactory(school=school)) if page.make else ()
    path = url(school, page.view, *arguments)

    for name in set(people) - page.roles:
        client.force_login(people[name].user)
        assert getattr(client, method)(path).status_code in {403, 404, 405}, name


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, entry in hub_patterns().items()
        if getattr(entry.callback, "administrator_only", False) and not entry.pattern.converters
    ],
)
def test_hub_is_for_the_administrator_only(client, school, people, name):
    from django.urls import reverse

    path = reverse(name)

    for person in people.values():
        client.force_login(person.user)
        assert client.get(path).status_code in {404, 405}
        assert client.post(path).status_code in {404, 405}
