"""I1: what people type is shown as they typed it, and is markup nowhere.

Walks the access table as a head who owns what it shows, fills every text field of every form
with the strings of `tests/markup.py`, and reads the pages that follow with an HTML parser. In
`make test` each field gets what fits at once; in `make faults` every string.
"""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from cpdhub import reminders
from cpdhub.models import OutboxMessage, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.cpdhub.staff_files import confirm, preview
from tests.factories import (
    AcademicYearFactory,
    ActivityTypeFactory,
    EstablishmentFactory,
    StaffFactory,
    UserFactory,
)
from tests.helpers import url
from tests.markup import EMAIL, MARK, STRINGS, Reader
from tests.test_access import PAGES
from tests.test_odd_input import names_read

MOST_ROUNDS = 100
in_two_sizes = pytest.mark.parametrize(
    "rounds", [1, pytest.param(MOST_ROUNDS, marks=pytest.mark.faults)], ids=["some", "all"]
)


class Walker:
    """Somebody who types the strings into every field, each into each, and reads every page."""

    def __init__(self, client):
        self.client = client
        self.wrong, self.typed, self.emails = [], {}, 0
        self.taken, self.left = set(), set()  # forms that were saved, and that were refused
        self.pages = self.shown = 0

    def read(self, path, data=None):
        """A page's forms; what is wrong with it is noted."""
        return self._look(path, self.client.get(path, data or {}))

    def _look(self, path, answer):
        if answer.status_code >= 500:
            self.wrong.append(f"{path}: {answer.status_code}")
        if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
            return []
        reader = Reader(answer.content.decode())
        self.pages += 1
        self.shown += reader.is_shown
        self.wrong += [f"{path}: {markup}" for markup in reader.wrong]
        return reader.forms

    def fill_forms(self, view, path):
        """Every form of a page that somebody types into. False: its fields have had all strings."""
        is_new = False
        for number, form in enumerate(self.read(path)):
            data = self._fill(form, f"{view} {number}")
            is_new |= data is not None
            if data and form.method == "get":
                self.read(path, data)
            elif data:
                self._send(form, form.action if form.action.startswith("/") else path, data)
        return is_new

    def _send(self, form, path, data):
        """What a form refuses in one field (an address, a number) must not keep the others out."""
        answer = self.client.post(path, data)
        again = self._look(path, answer)
        refused = {name for each in again for name in each.refused} & form.typed.keys()
        if refused:
            data |= {name: form.plain[name] for name in refused}
            answer = self.client.post(path, data)
            self._look(path, answer)
        if answer.status_code == 302:
            self.taken.add((path, frozenset(form.typed)))
            self.read(answer.url)
        else:
            self.left.add((path, frozenset(form.typed)))

    def _fill(self, form, which):
        """None when there is nothing left to type."""
        data, is_new = dict(form.sent), False
        for name, room in form.typed.items():
            if room == "email":
                self.emails += 1
                data[name] = EMAIL.replace("@", f"@e{self.emails}.")
                is_new |= self.typed.setdefault((which, name), 0) == 0
                self.typed[which, name] = 1
                continue
            done = self.typed.get((which, name), 0)
            is_new |= done < len(STRINGS)
            data[name], after = fitting(done % len(STRINGS), room)
            self.typed[which, name] = max(done, after)
        return data if is_new else None


def fitting(first, room):
    """As many strings as a field has room for, from this one on, and which comes next."""
    text, after = STRINGS[first][:room], first + 1
    while after < len(STRINGS) and len(text) + len(STRINGS[after]) < room:
        text, after = f"{text} {STRINGS[after]}", after + 1
    return text, after


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_the_strings_are_markup_where_nobody_escapes_them():
    for string in STRINGS:
        page = f"<p>{string}</p><p title=\"{string}\"></p><p title='{string}'></p>"
        assert Reader(f'{page}<a href="{string.strip()}">x</a>').wrong, string
    assert Reader('<p title="&lt;img xss&gt;">&lt;img xss&gt;</p>').wrong == []
    assert len(STRINGS) >= 60


def walk(walker, paths, *, rounds, overviews=()):
    """Types into every form of these pages until all is typed, and reads what they show of it."""
    asked = dict.fromkeys(names_read(), " ".join(STRINGS))
    left = dict(paths)
    for number in range(rounds):
        left = {path: view for path, view in left.items() if walker.fill_forms(view, path)}
        if not left or number % 8 == 0:
            for path in {**paths, **dict.fromkeys(overviews)}:  # each once
                walker.read(path)
        if not left:
            break
    for path in paths:
        walker.read(path, asked)


def report(walker, capsys):
    never = walker.left - walker.taken
    with capsys.disabled():
        print(f"\n{len(walker.typed)} fields; {len(walker.taken)} forms saved, {len(never)} never;")
        print(f"{walker.pages} pages, {walker.shown} with a string in them")
        for path, names in never:
            print(f"  refused: {path} {sorted(names)}")


@in_two_sizes
@pytest.mark.parametrize("pages", [PAGES[::2], PAGES[1::2]], ids=range(2))
def test_text_of_every_form_is_never_markup(school, quick_walk, pages, rounds, capsys):
    head = StaffFactory(school=school, roles=[Role.HEAD])
    AcademicYearFactory(school=school)
    ActivityTypeFactory(school=school)
    walker = Walker(signed_in(head.user))
    paths = {}
    for page in pages:
        arguments = page.make(school, head) if page.make else ()
        if page.method == "get":
            paths[url(school, page.view, *arguments)] = page.view
    overviews = {url(school, each.view) for each in PAGES if each.method == "get" and not each.make}

    walk(walker, paths, rounds=rounds, overviews=overviews)

    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        for letter in OutboxMessage.objects.all():
            walker.wrong += Reader(letter.html).wrong
    assert walker.wrong == []
    if rounds > 1:
        report(walker, capsys)


@in_two_sizes
def test_text_of_forms_outside_schools_is_never_markup(school, quick_walk, rounds, capsys):
    hostile = EstablishmentFactory(
        **{name: fitting(n, 60)[0] for n, name in enumerate(OF_REGISTER)}
    )
    administrator = Walker(signed_in(UserFactory(is_administrator=True)))
    visitor = Walker(Client(raise_request_exception=False))
    hub = {reverse(f"hub:{name}"): name for name in ("home", "register", "register_upload")}
    hub[reverse("hub:school_open", args=[hostile.urn])] = "open"
    for name in ("school", "school_urn"):
        hub[reverse(f"hub:{name}", args=[school.slug])] = name
    accounts = ("login", "signup", "reset_password", "change_password", "reauthenticate")

    walk(administrator, hub, rounds=rounds)
    for walker in (visitor, administrator):
        walk(walker, {reverse(f"account_{name}"): name for name in accounts}, rounds=rounds)

    assert administrator.wrong + visitor.wrong == []
    assert administrator.shown
    if rounds > 1:
        report(administrator, capsys)


OF_REGISTER = ["name", "la_name", "type_name", "group_name", "phase_name", "trust_name", "town"]


def test_cells_columns_and_the_name_of_a_staff_file_are_never_markup(school):
    head = StaffFactory(school=school, roles=[Role.HEAD])
    walker = Walker(signed_in(head.user))
    text = io.StringIO()
    columns = ["First name", "Last name", "Staff code", "Job title", "Department", "Line manager"]
    csv.writer(text).writerow([*columns, *STRINGS[:40]])
    for number, string in enumerate(STRINGS):
        name = "Ada" if number % 3 else string
        row = [
            name,
            f"Ny{chr(97 + number % 26) * (number // 26 + 1)}",
            f"A{number}",
            string,
            string,
        ]
        csv.writer(text).writerow([*row, string])
    made = preview(head, text.getvalue(), name=f"{STRINGS[18]}.csv")
    pages = {
        url(school, f"imports:{view}", made.pk) for view in ("staff_import", "confirm", "undo")
    }
    pages |= {url(school, "imports:mapping", made.pk), url(school, "imports:list")}
    pages |= {url(school, view) for view in ("jobs:mine", "staff:list", "school:teams", "home")}
    tabs = ["new", "ask", "changed", "problems", "left_out"]

    for is_written in (False, True):
        if is_written:
            confirm(made, head)
        for path in pages:
            walker.read(path)
        for tab in tabs:
            walker.read(url(school, "imports:staff_import", made.pk), {"show": tab, "q": "<"})
            walker.read(url(school, "imports:staff_import", made.pk), {"show": tab})

    assert walker.wrong == []
    assert walker.shown > len(tabs)
    with school_scope(school):
        assert Staff.objects.filter(job_title__contains=MARK).exists()
