"""Nothing anybody sends breaks a page: it is refused politely or ignored, never a server error.

Walks the access table as head and the hub as administrator. What they send is odd in every
field of a page's forms and in every name a view reads, in the address and in the body.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cpdhub.permissions import Role
from tests.factories import StaffFactory, StaffImportFactory, UserFactory
from tests.helpers import url
from tests.test_access import PAGES_OF, hub_patterns

NUL = "a\x00b"  # PostgreSQL keeps no such character
HUGE = "99999999999999999999"  # beyond its largest number
ENDLESS = "9" * 5000  # more digits than Python reads as a number
LATE = "9999-12-31"  # a day with none after it
READ = re.compile(r'\b(?:GET|POST)\.get(?:list)?\(\s*"(\w+)"|"(\w+)" in request\.(?:GET|POST)')
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*? name="([^"]+)"[^>]*>')


@cache
def names_read():
    """Every name a view reads by itself."""
    files = [
        file
        for app in ("cpdhub", "audits", "activities", "evaluation", "networks")
        for file in Path(settings.BASE_DIR, app).rglob("*.py")
    ]
    found = [match for file in files for match in READ.findall(file.read_text())]
    return {form or alone for form, alone in found}


def far_away(response):
    """A value beyond the last for every name a page sends or its view reads."""
    values = dict.fromkeys(names_read(), HUGE)
    if not response.streaming and response["Content-Type"].startswith("text/html"):
        for tag in FIELD.finditer(response.content.decode()):
            values[tag[1]] = LATE if 'type="date"' in tag[0] else HUGE
    for ours in ("csrfmiddlewaretoken", "once"):
        values.pop(ours, None)
    return values


def mixed(far):
    """Every second field the one, the others the other; which is which differs by page."""
    odd = (NUL, ENDLESS)
    return {name: odd[(place + len(far)) % 2] for place, name in enumerate(far)}


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def answers(client, path):
    """What each odd thing sent to this address is answered with."""
    page = client.get(path)
    far = far_away(page)
    if page.status_code != 405:
        yield "values far away in the address", client.get(path, far)
    for what, sent in {
        "nothing": {},
        "values far away in the form": far,
        "NUL and digits without end in the form": mixed(far),
    }.items():
        with transaction.atomic():
            answer = client.post(path, sent)
            yield what, answer
            transaction.set_rollback(True)
        if answer.status_code == 405:
            return


def broken(view, found):
    return [f"{view}: {what}" for what, response in found if response.status_code >= 500]


def test_names_views_read_are_found():
    assert {"page", "q", "month", "revision", "all", "discard"} <= names_read()


@pytest.mark.parametrize("pages", PAGES_OF.values(), ids=PAGES_OF.keys())
def test_odd_input_breaks_no_page_of_a_school(school, quick_walk, pages):
    head = StaffFactory(school=school, roles=[Role.HEAD])
    client = signed_in(head.user)
    wrong = []

    for page in pages:
        with transaction.atomic():
            arguments = page.make(school, head) if page.make else ()
            path = url(school, page.view, *arguments)
            wrong += broken(page.view, answers(client, path))
            wrong += names_a_row(client, page, school, arguments)
            transaction.set_rollback(True)

    assert wrong == []


def names_a_row(client, page, school, arguments):
    """A number beyond the largest is nobody's."""
    huge = [HUGE if isinstance(argument, int) else argument for argument in arguments]
    if HUGE in huge:
        status = getattr(client, page.method)(url(school, page.view, *huge)).status_code
        if status != 404:
            yield f"{page.view}: {status} for a number beyond the largest"


@pytest.fixture
def administrator(db, quick_walk):
    return signed_in(UserFactory(is_administrator=True))


def outside_schools():
    """Every address outside schools, naming rows that are not there."""
    odd = {
        "pk": HUGE, "urn": HUGE, "slug": "no-such-school", "token": NUL, "code": NUL, "uidb36": "1",
        "job_uuid": "00000000-0000-4000-8000-000000000000", "key": "no-such-key",
    }  # fmt: skip
    for name, entry in hub_patterns().items():
        if name == "readyz":
            continue  # it answers 503 where something is not well
        names = {*entry.pattern.converters, *getattr(entry.pattern.regex, "groupindex", {})}
        yield name, {each: odd[each] for each in names}


def test_odd_input_breaks_no_page_outside_schools(administrator):
    wrong = []

    for name, arguments in outside_schools():
        with transaction.atomic():
            path = reverse(name, kwargs=arguments)
            wrong += broken(name, answers(administrator, path))
            transaction.set_rollback(True)

    assert wrong == []


def test_line_break_in_what_an_import_is_asked_to_go_back_to_is_no_header(sign_in, head, school):
    made = StaffImportFactory(school=school, created_by=head)

    response = sign_in(head).post(
        url(school, "imports:choose", made.pk), {"query": "?show=new\r\nSet-Cookie: a=b"}
    )

    there = url(school, "imports:staff_import", made.pk)
    assert response.headers["Location"] == f"{there}?show=new%0D%0ASet-Cookie:%20a=b"


def test_nul_in_an_address_is_a_bad_request(sign_in, teacher, school):
    client = sign_in(teacher)

    response = client.get(url(school, "reflections:list"), {"q": NUL})

    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers


def test_nul_in_a_draft_is_left_out(sign_in, teacher, school):
    page = sign_in(teacher).get(url(school, "reflections:write"))
    ticket = page.context["form"].initial["ticket"]

    response = sign_in(teacher).post(
        url(school, "reflections:draft"), {"ticket": ticket, "revision": "1", "learned": NUL}
    )

    assert response.status_code == 200
    assert response.context["reflection"].draft == {"learned": "ab"}
