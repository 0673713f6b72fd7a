"""Whoever holds a dump of the database and every log, and knows who sent when, finds no author.

Tried here, on a real dump, whoever answers what in whatever order:

1. Rows: no row of any table holds an answer or a key of one beside a person, and no chain of keys
   leads from an answer to one.
2. Columns: an answer's rows differ from others' only by random keys and by what was said.
3. Few: whatever stands on an answer stands on five or more of those who answered; a dump does
   tell who answered. Below five, no answer is left.
4. Order: neither rows nor keys of answers follow any order in which the dump names the people
   (place in the file, every column of every table that names one), nor that of sending.
5. Transactions: what wrote the answers wrote nothing that names a person (`xmin`).
6. Logs at every level: no answer, and no key of one.
"""

import json
import logging
import re
import shutil
import subprocess
import uuid
from collections import Counter, defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import mean

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audits import rounds
from audits.models import Kind
from cpdhub import clock
from cpdhub.models import Staff, User
from cpdhub.walls import school_scope
from tests.audits.pages import path
from tests.factories import (
    InstrumentFactory,
    QuestionFactory,
    RoundFactory,
    SectionFactory,
    StaffFactory,
    TeamFactory,
    publish,
)
from trial import programs

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OF_ANSWERS = {"audits_response", "audits_answer"}
# What the transaction that closed the round wrote besides; none of them names who was asked.
OF_CLOSING = OF_ANSWERS | {"audits_round", "audits_result"}
ASKED = 12


# --- the dump ------------------------------------------------------------------------------------
def pg_dump():
    """The program that belongs to the server, or a later one: the machine's or the wheel's."""
    version = connection.cursor().connection.server_version // 10_000
    for found in (*programs._machine_postgres(), *programs._wheel_postgres()):
        if found.version >= version and found.beside("pg_dump").exists():
            return found.beside("pg_dump")
    program = shutil.which("pg_dump")
    assert program, "No pg_dump: both Debian's PostgreSQL and the wheel bring one."
    return Path(program)


def dump():
    """Every table as its rows in the order of the file, each a dictionary of texts."""
    to = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environ = {name: str(to[key]) for name, key in names.items() if to[key]}
    said = subprocess.run(
        [pg_dump(), "--data-only", to["NAME"]], env=environ, capture_output=True, check=True,
        text=True,
    ).stdout  # fmt: skip
    blocks = re.findall(
        r"^COPY public\.(\w+) \((.*?)\) FROM stdin;\n(.*?)^\\\.$", said, re.DOTALL | re.MULTILINE
    )
    return {
        table: [
            dict(zip(columns.replace('"', "").split(", "), line.split("\t"), strict=True))
            for line in lines.splitlines()
        ]
        for table, columns, lines in blocks
    }


# --- people who answer ---------------------------------------------------------------------------
@pytest.fixture
def people(transactional_db, school):
    """Teachers and assistants in two teams, in no order of anything."""
    teams = [TeamFactory(school=school, name=name) for name in ("Lower", "Upper")]
    return [
        StaffFactory(school=school, group="assistant" if n % 12 in (1, 3, 4, 8, 11) else "teacher",
                     team=teams[n % 2])
        for n in range(ASKED)
    ]  # fmt: skip


@pytest.fixture
def questions(school):
    made = InstrumentFactory(school=school)
    section = SectionFactory(school=school, instrument=made)
    for kind in (Kind.CONFIDENCE, Kind.TEXT):
        QuestionFactory(school=school, section=section, kind=kind, text=f"About {kind}")
    QuestionFactory(school=school, section=section, text="For teachers", groups=["teacher"])
    return publish(made)


def send(client, round_, person, level, words):
    """Through the pages, as a person does: the section, the check, the button."""
    client.force_login(person.user)
    here = path(round_)
    form = client.get(here).context["form"]
    typed = {}
    for name, field in form.fields.items():
        if name.startswith("q"):
            typed[name] = level if hasattr(field, "choices") else words
    carried = client.post(here, typed | {"carried": "{}"}).context["carried"]
    assert words in json.dumps(json.loads(carried))
    client.post(path(round_, view="answer_send"), {"carried": carried})


some = st.lists(
    st.tuples(st.integers(0, ASKED - 1), st.integers(1, 4)),
    min_size=1, max_size=ASKED, unique_by=lambda pair: pair[0],
)  # fmt: skip
everybody = st.tuples(
    st.permutations(range(ASKED)), st.lists(st.integers(1, 4), min_size=ASKED, max_size=ASKED)
).map(lambda both: list(zip(*both, strict=True)))
few_examples = settings(
    max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.django_db(transaction=True)
def test_dump_and_logs_join_no_answer_to_a_person(client, school, people, questions):
    found = defaultdict(list)

    def answer_and_close(who):
        with heard() as log:
            round_, words, keys = answered(client, school, people, questions, who)
        tables = dump()
        left = [row for row in tables["audits_response"] if row["round_id"] == str(round_.pk)]

        assert len(left) == (len(who) if len(who) >= 5 else 0)
        no_row_holds_both(tables, words)
        nothing_stands_on_fewer_than_five(tables, left)
        no_transaction_tells()
        no_log_tells(log.said, words, keys | ids(tables))
        return round_, words, tables

    @few_examples
    @example([(0, 1)])
    @example([(n, 4) for n in (0, 2, 5, 6, 1)])  # four teachers, one assistant
    @given(some)
    def some_answer(who):
        answer_and_close(who)

    @few_examples
    @given(everybody)
    def all_answer(who):
        round_, words, tables = answer_and_close(who)
        for names, rho in correlations(tables, round_, people, words, [n for n, _ in who]):
            found[names].append(rho)

    some_answer()
    all_answer()

    # By chance, a mean of 0.9 in four rounds of twelve people comes about once in 10^9.
    assert {len(each) for each in found.values()} == {4}
    assert ("audits_invitation", "in the file", "answers in the file") in found
    assert {names: mean(each) for names, each in found.items() if abs(mean(each)) > 0.9} == {}


def answered(client, school, people, questions, who):
    """A closed round, who said which words, and the keys answers had while it was open."""
    round_ = RoundFactory(
        school=school, instrument=questions, mode="anonymous", asks=people, open=True
    )
    words = {}
    for number, level in who:
        words[f"said {uuid.uuid4().hex}"] = number
        send(client, round_, people[number], level, list(words)[-1])
    with school_scope(school):
        responses = round_.responses.prefetch_related("answers")
        assert len(responses) == len(who)
        keys = {str(row.pk) for each in responses for row in (each, *each.answers.all())}
        rounds.close(round_, now=clock.now())
    return round_, words, keys


def ids(tables):
    return {row["id"] for table in OF_ANSWERS for row in tables[table]}


# --- rows and columns ----------------------------------------------------------------------------
def no_row_holds_both(tables, words):
    keys = ids(tables)
    for table, rows in tables.items():
        for row in rows if table not in OF_ANSWERS else ():
            text = json.dumps(row)
            assert not [said for said in words if said in text], (table, row)
            assert not set(UUID.findall(text)) & keys, (table, row)
    assert {row["invitation_id"] for row in tables["audits_response"]} <= {"\\N"}


def nothing_stands_on_fewer_than_five(tables, left):
    """What stands beside a random key stands beside five or more; so does having been asked."""
    alike = Counter(tuple(sorted((row | {"id": ""}).items())) for row in left)
    assert not alike or min(alike.values()) >= 5, alike
    groups = {row["id"]: row["group"] for row in left}
    for_teachers = {row["id"] for row in tables["audits_question"] if row["text"] == "For teachers"}
    of_teachers = [row for row in tables["audits_answer"] if row["question_id"] in for_teachers]
    assert {groups.get(row["response_id"], "teacher") for row in of_teachers} <= {"teacher"}
    told = {"id", "school_id", "response_id", "question_id", "value", "second", "ranking", "text"}
    assert all(row.keys() == told for row in tables["audits_answer"])


# --- transactions --------------------------------------------------------------------------------
def no_transaction_tells():
    wrote = defaultdict(set)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT DISTINCT xmin::text FROM "{table}"')
            for (xmin,) in cursor.fetchall():
                wrote[xmin].add(table)
    for tables in wrote.values():
        assert not tables & OF_ANSWERS or tables <= OF_CLOSING, tables


# --- logs ----------------------------------------------------------------------------------------
class Everything(logging.Handler):
    """Every record of every logger, with whatever hangs on it."""

    def __init__(self):
        super().__init__(level=1)
        self.said = []

    def emit(self, record):
        self.said.append(f"{record.name} {record.getMessage()} {vars(record)}")


@contextmanager
def heard():
    handler, root = Everything(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(1)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def no_log_tells(said, words, keys):
    for line in said:
        assert not [each for each in words if each in line], line
        assert not set(UUID.findall(line)) & keys, line


# --- order ---------------------------------------------------------------------------------------
def correlations(tables, round_, people, words, sent):
    """How much each order of the answers looks like each order of the people."""
    of_people = dict(orders_of_people(tables, round_, people))
    of_people["nowhere", "order of sending"] = sent
    for answers, by in orders_of_answers(tables, words):
        for (table, column), order in of_people.items():
            yield (table, column, answers), rank_correlation(order, by)


def orders_of_people(tables, round_, people):
    """Every table with a row for each of them, as it is in the file and by each of its columns."""
    for table, column, number_of in naming_columns(people):
        rows = [
            row
            for row in tables.get(table, [])
            if row[column] in number_of and row.get("round_id", str(round_.pk)) == str(round_.pk)
        ]
        if {number_of[row[column]] for row in rows} != set(range(ASKED)):
            continue
        keys = {"in the file": lambda row: 0} | {name: sorting(name) for name in rows[0]}
        for name, key in keys.items():
            last = {
                number_of[row[column]]: place for place, row in enumerate(sorted(rows, key=key))
            }
            yield (table, name), sorted(last, key=last.get)


def naming_columns(people):
    """Table, column and whom its values name."""
    numbers = {
        Staff: {str(person.pk): number for number, person in enumerate(people)},
        User: {str(person.user_id): number for number, person in enumerate(people)},
    }
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            named = (
                field.related_model if field.is_relation else model if field.primary_key else None
            )
            if named in numbers:
                yield model._meta.db_table, field.column, numbers[named]


def orders_of_answers(tables, words):
    said = [row for row in tables["audits_answer"] if row["text"] in words]
    author = {row["response_id"]: words[row["text"]] for row in said}
    levels = [
        row
        for row in tables["audits_answer"]
        if row["response_id"] in author and row["value"] != "\\N"
    ]
    responses = [row for row in tables["audits_response"] if row["id"] in author]
    for name, rows, key in (
        ("answers in the file", said, "response_id"),
        ("answers by key", sorted(said, key=sorting("id")), "response_id"),
        ("levels in the file", levels, "response_id"),
        ("levels by key", sorted(levels, key=sorting("id")), "response_id"),
        ("responses in the file", responses, "id"),
        ("responses by key", sorted(responses, key=sorting("id")), "id"),
    ):
        yield name, list(dict.fromkeys(author[row[key]] for row in rows))


def sorting(column):
    def key(row):
        value = row[column]
        return (0, int(value), "") if value.isdigit() else (1, 0, value)

    return key


def rank_correlation(one, other):
    places = {number: place for place, number in enumerate(other)}
    apart = sum((place - places[number]) ** 2 for place, number in enumerate(one))
    return 1 - 6 * apart / (len(one) * (len(one) ** 2 - 1))
