"""A private text appears nowhere but to its author (T10).

Everything of a reflection that could leak is filled with a marker; then every table of the database
is read, and only the reflection's own row may hold it. The pages are walked in
`test_private_pages.py`.
"""

from datetime import timedelta

import pytest
from django.db import connection

from cpdhub import clock, reminders
from cpdhub.models import Reminder
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.evaluation.pages import save
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url

MARKER = "zebrafinch"


@pytest.fixture
def author(school, client):
    """Somebody who reflected for themselves alone, who typed on, and who was at the activity."""
    manager = StaffFactory(school=school, last_name="Manager")
    author = StaffFactory(school=school, last_name="Author", line_manager=manager)
    reflect_in_private(client, author)
    return author


def reflect_in_private(client, author):
    school = author.school
    activity = ActivityFactory(school=school, state="planned", title="Talk")
    start = at_four(clock.today() - timedelta(days=8))
    session = SessionFactory(
        school=school, activity=activity, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    ParticipationFactory(school=school, activity=activity, staff=author)
    AttendanceFactory(school=school, session=session, staff=author)
    client.force_login(author.user)
    for path in (
        url(school, "reflections:for_activity", activity.pk),
        url(school, "reflections:write") + f"?about={MARKER}",
    ):
        page = client.get(path).context["form"]
        hidden = {"ticket": page.initial["ticket"], "revision": "1"}
        texts = {"will_try": MARKER, "learned": f"about {MARKER}"}
        client.post(url(school, "reflections:draft"), hidden | texts)
        save(client, path, **texts)
    client.logout()


@pytest.fixture
def others(school, author):
    """The head, who has every right there is, the author's line manager, and a governor."""
    head = StaffFactory(school=school, last_name="Head", roles=[Role.HEAD])
    governor = StaffFactory(school=school, last_name="Governor", roles=[Role.GOVERNOR], group="")
    with school_scope(school):
        return [head, author.line_manager, governor]


def test_author_finds_it(client, author, school):
    """The marker is really there to be found: without this the tests below would prove nothing."""
    client.force_login(author.user)

    for view in ("reflections:list", "record:csv", "record:json"):
        assert MARKER in client.get(url(school, view)).content.decode()
    assert client.get(url(school, "reflections:list") + f"?q={MARKER}").context["mine"]


def test_no_table_holds_it_but_its_own(client, school, author, others):
    for person in others:
        client.force_login(person.user)
        client.get(url(school, "record:person", author.pk))
        client.get(url(school, "reflections:list"))
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        due = list(Reminder.objects.values_list("pk", flat=True))
    for pk in due:
        reminders.deliver(school_id=school.pk, reminder_id=pk)

    assert due
    assert tables_with(MARKER) == ["evaluation_reflection"]


def test_nothing_is_left_of_what_was_deleted(client, school, author):
    client.force_login(author.user)
    for row in list(client.get(url(school, "reflections:list")).context["mine"]):
        client.post(url(school, "reflections:delete", row.uuid))

    assert tables_with(MARKER) == []


def tables_with(marker):
    """Every table with a row that has the marker anywhere, read as the owner: no wall hides one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                f'SELECT EXISTS (SELECT 1 FROM "{table}" t WHERE t::text ILIKE %s)',
                [f"%{marker}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found
