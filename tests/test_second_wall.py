"""Row-level security alone: with the first wall taken away, no page shows another school's rows."""

import threading
from collections import Counter

import pytest
from django.db import connection, models
from django.test import Client

from activities.models import Activity
from cpdhub.models import Staff, base
from cpdhub.walls import school_scope, schools_scope
from networks.models.base import NetworkManager
from tests.access import CPD, DATA, GOVERNOR, HEAD
from tests.factories import ActivityFactory, SchoolFactory, StaffFactory
from tests.helpers import url
from tests.test_access import PAGES, ROLES, each_page, has_row, visit

MARK = "Zzyzx"  # in every name of the other school, and nowhere else


@pytest.fixture
def no_first_wall(monkeypatch):
    """Scoped managers answer for all schools, as if every filter had been forgotten."""
    monkeypatch.setattr("django_scopes.manager.get_scope", lambda: {"_enabled": False})
    monkeypatch.setattr(base.SharedManager, "get_queryset", models.Manager.get_queryset)
    monkeypatch.setattr(NetworkManager, "get_queryset", models.Manager.get_queryset)


@pytest.fixture
def others(db):
    """Schools full of rows, one for each page that shows some: what its address would be."""
    found = {}
    for number, page in enumerate(PAGES):
        if page.make:
            school = SchoolFactory(name=f"{MARK} school", slug=f"other-{number}")
            owner = StaffFactory(school=school, first_name=MARK, last_name=MARK)
            found[page] = page.make(school, owner)
    return found


def test_activities_show_of_one_school_at_a_time_and_staff_of_several(db, no_first_wall):
    """Nothing but staff is counted in several schools at once."""
    schools = [ActivityFactory(school=SchoolFactory()).school_id for _ in range(2)]

    with schools_scope(schools):
        assert set(Staff.objects.values_list("school", flat=True)) == set(schools)
        assert not Activity.objects.exists()
    with school_scope(schools[0]):
        assert [one.school_id for one in Activity.objects.all()] == schools[:1]


@pytest.mark.django_db
def test_every_table_of_activities_is_behind_the_wall_of_one_school():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE policyname = 'of_open_school'"
            " AND tablename LIKE 'activities\\_%' AND qual LIKE '%ANY%'"
        )
        assert cursor.fetchall() == []


def test_the_first_wall_is_really_gone(no_first_wall, school):
    with school_scope(school):
        sql = str(Staff.objects.all().query)

    assert "WHERE" not in sql


def test_no_page_shows_another_schools_rows_and_none_answers(
    quick_walk, no_first_wall, school, others
):
    clients = {
        name: signed_in(
            StaffFactory(
                school=school, roles=ROLES[name], group="" if name == GOVERNOR else "teacher"
            )
        )
        for name in (HEAD, CPD, DATA, GOVERNOR)
    }
    leaks = []

    for page, path in each_page(PAGES, school):
        role = next((name for name in clients if name in page.roles), None)
        if role is None or page.method != "get":
            continue
        response = clients[role].get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if MARK.encode() in body:
            leaks.append(page.view)
    leaks += rows_that_answer(clients[HEAD], school, others)

    assert leaks == []


def signed_in(staff):
    client = Client()
    client.force_login(staff.user)
    return client


def rows_that_answer(client, school, others):
    """Pages at which the id of another school's row is not that of a missing one, for the head."""
    for page, foreign in others.items():
        if has_row(page) and HEAD in page.roles:
            status = visit(client, page, url(school, page.view, *foreign)).status_code
            if status != 404:
                yield f"{page.view}: {status}"


@pytest.mark.django_db(transaction=True)
def test_schools_never_mix_on_kept_connections():
    """Requests of two schools in turns on a few threads, a part of them failing."""
    # Names no token of a form holds by chance.
    schools = [SchoolFactory(name=name) for name in ("Aardwolf", "Bandicoot")]
    heads = [StaffFactory(school=one, roles=ROLES[HEAD], last_name=one.name) for one in schools]
    seen: Counter[str] = Counter()

    def walk(number):
        clients = [Client(raise_request_exception=False) for _ in heads]
        for client, head in zip(clients, heads, strict=True):
            client.force_login(head.user)
        for turn in range(40):
            mine = (turn + number) % 2
            path = (
                url(schools[mine], "staff:list")
                if turn % 4
                else url(schools[mine], "plan:priority", 0)
            )
            text = clients[mine].get(path).text
            seen["wrong"] += heads[1 - mine].last_name in text
            seen["right"] += heads[mine].last_name in text
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('app.school_ids', true)")
                seen["open"] += bool(cursor.fetchone()[0])
        connection.close()

    threads = [threading.Thread(target=walk, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (seen["wrong"], seen["open"], seen["right"]) == (0, 0, 4 * 40)
