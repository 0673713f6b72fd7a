"""Walks every address × role × school. A page without an entry in `tests/access/` fails.

For each page of a school: the roles of its entry get in, the others are refused, somebody
from another school meets the same 404 as at a school that does not exist, another
school's row answers like a missing one, and a visitor is sent to sign in.
"""

import importlib
from functools import cache

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cpdhub import school_urls
from cpdhub.permissions import Role, permissions_of
from tests.access import CPD, DATA, GOVERNOR, HEAD, TEACHER, TEAM, Page
from tests.factories import SchoolFactory, StaffFactory
from tests.helpers import url

AREAS = [
    "roof", "plan", "staff", "school", "imports", "jobs", "activities", "reflections", "record",
    "impact", "needs", "observations", "portfolio", "recognition", "voice", "sharing",
    "innovations", "staffroom", "networks", "shared_days", "offers", "network_reviews",
    "network_board",
]  # fmt: skip
LEFT = {"left", "left_record", "left_links"}  # for whoever left lately: test_leavers.py
CHECKED = {"verify_ask", "verify", "badge_issuer"}  # by anybody: test_certificates.py
PAGES_OF: dict[str, list[Page]] = {
    area: importlib.import_module(f"tests.access.{area}").PAGES for area in AREAS
}
PAGES = [page for pages in PAGES_OF.values() for page in pages]
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
    known = {"entrance", "livez", "readyz", "shared_portfolio", *LEFT, *CHECKED}
    others = {
        name
        for name, entry in hub_patterns().items()
        if not getattr(entry.callback, "administrator_only", False)
        and not name.startswith(("account_", "usersessions_", "invitation:"))
    }

    assert others == known


@pytest.fixture
def walkers(school):
    """A signed-in client for one person of each role."""
    clients = {}
    for name, roles in ROLES.items():
        person = StaffFactory(
            school=school, roles=roles, group="" if name == GOVERNOR else "teacher"
        )
        clients[name] = Client()
        clients[name].force_login(person.user)
    return clients


def visit(client, page, path):
    return getattr(client, page.method)(path)


def each_page(pages, school):
    """Every page with its address; what happens to its row is undone before the next."""
    for page in pages:
        with transaction.atomic():
            arguments = page.make(school, StaffFactory(school=school)) if page.make else ()
            yield page, url(school, page.view, *arguments)
            transaction.set_rollback(True)


def has_row(page):
    """Whether the address names a row."""
    return page.has_row and bool(school_patterns()[page.view].pattern.converters)


by_area = pytest.mark.parametrize("pages", PAGES_OF.values(), ids=PAGES_OF.keys())


def refusal(page, name):
    """What its entry says; a role that lacks the page's permission meets 403 before any row."""
    permission = getattr(school_patterns()[page.view].callback, "permission", None)
    rights = permissions_of(ROLES[name], is_on_staff=name != GOVERNOR)
    return page.others if permission is None or permission in rights else 403


@pytest.fixture
def bare_refusals(monkeypatch):
    """What a refusal looks like is tested elsewhere: here are thousands of them."""
    monkeypatch.setattr(
        school_urls, "handler403", lambda request, exception: HttpResponse(status=403)
    )


@by_area
def test_everybody_meets_what_the_entry_says(
    school, quick_walk, walkers, outsider, bare_refusals, pages
):
    """Each page's row is made once, and everything is asked of it."""
    stranger, visitor = Client(), Client()
    stranger.force_login(outsider.user)
    missing = stranger.get("/s/no-such-school/")
    wrong = []

    for page, path in each_page(pages, school):
        met = {name: visit(client, page, path).status_code for name, client in walkers.items()}
        wrong += let_in_whom_its_entry_says(page, met)
        wrong += opened_to_writing_alone(page, path, walkers, met)
        wrong += there_for_another_school(page, path, stranger, missing)
        wrong += open_to_visitors(page, path, visitor)

    assert wrong == []


def let_in_whom_its_entry_says(page, met):
    for name, status in met.items():
        if (
            name in page.roles
            and status >= 400
            or name not in page.roles
            and status != refusal(page, name)
        ):
            yield f"{page.view}: {name} met {status}"


def opened_to_writing_alone(page, path, walkers, met):
    """Whoever may not read a page may not write to it either, whatever the method."""
    for name in set(walkers) - page.roles:
        # Methods nobody uses are answered alike, whoever sends them.
        for method in ("post", "put", "delete") if name == TEACHER else ("post",):
            is_asked = method == page.method
            status = met[name] if is_asked else getattr(walkers[name], method)(path).status_code
            if status not in {403, 404, 405}:
                yield f"{page.view}: {name} met {status} on {method}"


def there_for_another_school(page, path, stranger, missing):
    theirs = visit(stranger, page, path)
    if (theirs.status_code, theirs.content) != (404, missing.content):
        yield f"{page.view}: somebody of another school met {theirs.status_code}"


def open_to_visitors(page, path, visitor):
    """A visitor is sent to sign in."""
    response = visit(visitor, page, path)
    if not response.get("Location", "").startswith("/accounts/login/?next="):
        yield f"{page.view}: a visitor met {response.status_code}"


@by_area
def test_row_of_another_school_answers_like_a_missing_one(school, quick_walk, walkers, pages):
    other = SchoolFactory()
    wrong = []

    for page, foreign in each_page([page for page in pages if page.make], other):
        path = foreign.replace(f"/s/{other.slug}/", f"/s/{school.slug}/")
        if not has_row(page):
            continue
        role = HEAD if HEAD in page.roles else min(page.roles or {TEACHER})
        status = visit(walkers[role], page, path).status_code
        if status != 404 and not (status == 403 and not page.roles):
            wrong.append(f"{page.view}: {role} met {status}")

    assert wrong == []


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, entry in hub_patterns().items()
        if getattr(entry.callback, "administrator_only", False) and not entry.pattern.converters
    ],
)
def test_hub_is_for_the_administrator_only(walkers, name):
    path = reverse(name)

    for client in walkers.values():
        assert client.get(path).status_code in {404, 405}
        assert client.post(path).status_code in {404, 405}
