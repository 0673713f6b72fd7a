"""Walks every page as somebody who may see it: axe, light and dark, widths, no script."""

from importlib import import_module

import pytest
from django.core.management import call_command

from cpdhub.models import User
from cpdhub.permissions import Role
from tests.access import GOVERNOR, HEAD
from tests.browser.conftest import faults, overflow
from tests.factories import PASSWORD, SchoolFactory, StaffFactory
from tests.helpers import url
from tests.test_access import AREAS, ROLES

READ = [
    entry
    for area in AREAS
    for entry in import_module(f"tests.access.{area}").PAGES
    if entry.method == "get"
]
AT_ONCE = 20  # so that no process is left alone with a long walk


def examine(page, plain, path, status=200):
    """Everything wrong with one page; `plain` is a page of the same person without script."""
    return seen_by_day(page, path, status) or seen_by_night(page) + seen_plain(plain, path)


def seen_by_day(page, path, status=200):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    answer = page.goto(path)
    if answer.status != status:
        return [f"{path} answered {answer.status}"]
    wrong = [] if page.locator("h1").count() == 1 else [f"{path} has not one h1"]
    if not page.title().endswith("CPD Hub"):
        wrong.append(f"{path} is titled {page.title()!r}")
    return wrong + faults(page) + overflow(page, 320) + overflow(page, 390)


def seen_by_night(page):
    """The same page in other colours."""
    page.emulate_media(color_scheme="dark")
    return faults(page, only="color-contrast")


def seen_plain(plain, path):
    plain.goto(path)
    return [] if plain.locator("h1").is_visible() else [f"{path} shows nothing without script"]


def example_of(entry):
    """One page of the table in a school of its own: its path, and somebody who may see it."""
    school = SchoolFactory()
    owner = StaffFactory(school=school, roles=[] if entry.roles else [Role.HEAD])
    path = url(school, entry.view, *(entry.make(school, owner) if entry.make else ()))
    if not entry.roles:
        return path, owner
    role = HEAD if HEAD in entry.roles else sorted(entry.roles)[0]
    group = "" if role == GOVERNOR else "teacher"
    return path, StaffFactory(school=school, roles=ROLES[role], group=group)


@pytest.fixture
def is_first(tmp_path_factory, testrun_uid):
    """`is_first(template)`: whether no process of this run has looked at it yet."""
    folder = tmp_path_factory.getbasetemp().parent / f"seen-{testrun_uid}"
    folder.mkdir(exist_ok=True)

    def is_first(template):
        try:
            (folder / template.replace("/", "-")).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    return is_first


@pytest.mark.parametrize(
    "again", [False, pytest.param(True, marks=pytest.mark.faults)], ids=["once", "always"]
)
@pytest.mark.parametrize(
    "entries",
    [READ[n : n + AT_ONCE] for n in range(0, len(READ), AT_ONCE)],
    ids=lambda entries: entries[0].view,
)
def test_every_page_of_a_school(client, signed_in, page, new_page, is_first, entries, again):
    """Every template once, in every light, and sent with its heading. Pages drawn with one that was
    seen are seen by day, and all of them without script, in `make faults`."""
    wrong = []
    with new_page(java_script_enabled=False, width=390) as plain:
        for entry in entries:
            path, viewer = example_of(entry)
            client.force_login(viewer.user)
            answer = client.get(path)
            if entry.roles and answer.status_code not in {200, 302}:
                wrong.append(f"{path} answered {answer.status_code}")
            body = b"" if answer.streaming else answer.content
            if answer.status_code != 200 or b"<html" not in body[:200]:
                continue  # a file, a fragment, or the way to another page of the table
            if body.count(b"<h1") != 1:
                wrong.append(f"{path} is not sent with one h1")
            is_new = is_first(answer.templates[0].name)
            if is_new or again:
                page.goto("about:blank")  # a page that looks after its job asks as the next person
                signed_in(viewer)
                wrong += seen_by_day(page, path)
            if is_new:
                wrong += seen_by_night(page)
            if again:
                signed_in(viewer, on=plain)
                wrong += seen_plain(plain, path)

    assert wrong == []


VISITOR = ["login/", "password/reset/", "password/reset/done/", "password/reset/key/done/",
           "password/reset/key/1-no/", "signup/", "inactive/"]  # fmt: skip
PERSON = ["", "logout/", "password/change/", "sessions/", "reauthenticate/"]


def test_every_sign_in_page(new_page, signed_in, page, teacher):
    teacher.user.set_password(PASSWORD)
    teacher.user.save()
    wrong = []
    with new_page(java_script_enabled=False, width=390) as plain:
        for path in VISITOR:
            wrong += examine(page, plain, f"/accounts/{path}")
        for visitor in (page, plain):
            signed_in(teacher, on=visitor)
        for path in PERSON:
            wrong += examine(page, plain, f"/accounts/{path}")

    assert wrong == []


def test_every_error_page(new_page, signed_in, page, settings, school, teacher):
    settings.ROOT_URLCONF = "tests.browser.error_urls"
    wrong = []
    with new_page(java_script_enabled=False, width=390) as plain:
        for status in (400, 403, 405, 413, 429, 500, 503):
            wrong += examine(page, plain, f"/wrong/{status}/", status)
        for visitor in (page, plain):
            signed_in(teacher, on=visitor)
        wrong += examine(page, plain, "/s/no-such-school/", 404)
        wrong += examine(page, plain, f"/s/{school.slug}/no/such/page/", 404)

    assert wrong == []


def test_demo_fits_a_small_phone_whatever_is_on_its_pages(transactional_db, signed_in, page):
    """The walk above shows pages with a row or two; here they are as full as a school's."""
    call_command("seed_demo", verbosity=0)
    wrong, seen = [], set()
    for person in ("head", "teacher"):
        signed_in(User.objects.get(email=f"{person}@oakfield.example"))
        page.goto("/s/oakfield-primary/")
        wrong += overflow(page, 320)
        links = page.locator(".areas a, main a").evaluate_all("all => all.map(link => link.href)")
        inside = {link for link in links if "/s/oakfield-primary/" in link and "#" not in link}
        assert len(inside) > 8
        for link in sorted(inside - seen):
            page.goto(link)
            wrong += overflow(page, 320)
        seen |= inside

    assert wrong == []
