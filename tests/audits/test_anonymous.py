"""Anonymous: nothing before sending, and nothing that joins an answer to a person."""

import json
import re
from collections import Counter

import pghistory.models
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from audits import answering, labels, rounds
from audits.answers import Given
from audits.labels import Asked
from audits.models import Answer, Invitation, Kind, Response
from cpdhub import clock
from cpdhub.models import LogEntry, Submission
from cpdhub.walls import school_scope
from tests.audits.pages import asked, invitation, path, told
from tests.factories import RoundFactory, StaffFactory, TeamFactory
from tests.helpers import url


@pytest.fixture
def desk(sign_in, teacher):
    return sign_in(teacher)


def carried(response):
    return response.context["carried"]


def begin(desk, round_):
    """Both sections answered; what the check page carries."""
    second = desk.post(path(round_), {asked(round_, Kind.CONFIDENCE): 3, "carried": "{}"})
    page = desk.post(path(round_, 2), {asked(round_, Kind.TEXT): "Tea", "carried": carried(second)})
    return carried(page), page


def test_mode_is_said_before_the_first_question(desk, anonymous):
    text = desk.get(path(anonymous)).text

    assert text.index("Anonymous: nobody can find out which") < text.index("<fieldset")
    assert "hx-post" not in text
    assert "If you leave this page, your answers are gone" in text


def test_nothing_is_kept_before_sending(desk, anonymous):
    _, page = begin(desk, anonymous)

    assert (page.context["answered"], page.context["asked"]) == (2, 8)
    with school_scope(anonymous.school):
        assert not Response.objects.exists()
        assert not Invitation.objects.filter(spent=True).exists()
    draft = desk.post(path(anonymous, view="answer_draft"), {})
    assert draft.status_code == 404


def test_going_back_and_changing_keeps_the_other_answers(desk, anonymous):
    so_far, _ = begin(desk, anonymous)

    first = desk.post(path(anonymous, 1), {"do": "show", "carried": so_far})
    changed = desk.post(
        path(anonymous, 1), {asked(anonymous, Kind.CONFIDENCE): 1, "carried": carried(first)}
    )
    back = desk.post(path(anonymous, 2), {"do": "back", "carried": carried(changed),
                                          asked(anonymous, Kind.TEXT): "Tea"})  # fmt: skip

    assert {json.dumps(given) for given in json.loads(carried(back)).values()} == {
        '{"v": 1}', '{"t": "Tea"}'
    }  # fmt: skip


def test_sending_spends_the_invitation_and_writes_answers_without_a_person(
    desk, anonymous, teacher
):
    so_far, _ = begin(desk, anonymous)

    response = desk.post(path(anonymous, view="answer_send"), {"carried": so_far}, follow=True)

    assert "Nobody can tell which answers are yours" in response.text
    assert told(anonymous) == [
        ("About confidence", 3, None, [], ""), ("About text", None, None, [], "Tea")
    ]  # fmt: skip
    assert invitation(anonymous, teacher).spent
    with school_scope(anonymous.school):
        row = Response.objects.values().get()
    row.pop("id")
    assert row == {
        "school_id": anonymous.school_id, "round_id": anonymous.pk, "invitation_id": None,
        "group": "teacher", "team_id": None, "draft": {}, "draft_at": None, "sent_at": None,
        "is_late": False, "revision": 1,
    }  # fmt: skip


def test_second_answer_is_refused_and_the_first_stays(desk, anonymous):
    so_far, _ = begin(desk, anonymous)
    desk.post(path(anonymous, view="answer_send"), {"carried": so_far})
    first = told(anonymous)

    again = desk.post(path(anonymous, view="answer_send"), {"carried": so_far}, follow=True)

    assert "answered already" in again.text
    assert told(anonymous) == first
    for view in ("answer", "answer_check"):
        there = desk.get(path(anonymous, view=view))
        assert there.headers["Location"] == url(anonymous.school, "needs:mine")


def test_sent_after_the_end_is_refused_with_the_answers_on_the_page(desk, anonymous, teacher):
    so_far, _ = begin(desk, anonymous)
    with school_scope(anonymous.school):
        rounds.close(anonymous, now=clock.now())

    refused = desk.post(path(anonymous, view="answer_send"), {"carried": so_far})
    turned = desk.post(path(anonymous), {"carried": so_far})

    assert "nothing was sent" in refused.text
    assert "Tea" in refused.text
    assert "Tea" in turned.text
    assert ">Send</button>" not in refused.text
    assert told(anonymous) == []
    assert not invitation(anonymous, teacher).spent


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        '{"1": {"v": 99}}',
        '{"x": 1}',
        "[" * 5000,
        '{"1": {"r": "ab"}}',
    ],
)
def test_carried_answers_that_are_none_are_left_out(desk, anonymous, odd):
    response = desk.post(path(anonymous, view="answer_send"), {"carried": odd})

    assert "Nothing is answered yet" in response.text
    assert told(anonymous) == []


def test_forged_answers_to_other_questions_are_left_out(desk, anonymous, school):
    from tests.factories import QuestionFactory

    other = QuestionFactory(school=school)
    name = asked(anonymous, Kind.CONFIDENCE)[1:]
    forged = json.dumps({str(other.pk): {"v": 1}, name: {"v": True, "s": 3}})

    response = desk.post(path(anonymous, view="answer_send"), {"carried": forged})

    assert "Nothing is answered yet" in response.text


# --- nothing joins answer and person -------------------------------------------------------------
def everyone_sends(client, anonymous, crowd):
    for number, person in enumerate(crowd):
        client.force_login(person.user)
        text = asked(anonymous, Kind.TEXT)[1:]
        sheet = json.dumps({text: {"t": f"Answer {number}"}})
        client.post(path(anonymous, view="answer_send"), {"carried": sheet})


def texts(anonymous, order_by="pk"):
    with school_scope(anonymous.school):
        return list(
            Answer.objects.filter(response__round=anonymous)
            .order_by(order_by)
            .values_list("text", flat=True)
        )


def test_keys_do_not_follow_the_order_of_sending(client, anonymous, crowd):
    everyone_sends(client, anonymous, crowd)

    sent_in = [f"Answer {number}" for number in range(10)]
    assert sorted(texts(anonymous)) == sent_in
    # one chance in 10! for each
    assert texts(anonymous) != sent_in
    assert texts(anonymous, "response__pk") != sent_in


def test_no_log_history_or_submission_is_written(client, anonymous, crowd, caplog):
    with school_scope(anonymous.school):
        before = LogEntry.objects.count(), Submission.objects.count()
    contexts = pghistory.models.Context.objects.count()

    with caplog.at_level("DEBUG", "django.request"):
        everyone_sends(client, anonymous, crowd)

    with school_scope(anonymous.school):
        assert (LogEntry.objects.count(), Submission.objects.count()) == before
    assert pghistory.models.Context.objects.count() == contexts
    assert not [record for record in caplog.records if "Answer" in record.getMessage()]


def test_statements_of_sending_do_not_carry_the_senders_name(desk, anonymous, teacher):
    so_far, _ = begin(desk, anonymous)

    with CaptureQueriesContext(connection) as sent:
        desk.post(path(anonymous, view="answer_send"), {"carried": so_far})

    written = re.compile('(INSERT INTO|UPDATE) "audits_')
    about = [query["sql"] for query in sent if written.search(query["sql"])]
    assert len(about) == 3  # the invitation, the response, its answers
    assert not [sql for sql in about if "pghistory" in sql]


def rows_as_stored(table, columns):
    """As a dump would read them, with where and by which transaction each was written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text, ctid::text, {columns} FROM {table} ORDER BY ctid")
        return cursor.fetchall()


def test_closing_writes_every_row_anew_in_another_order(client, anonymous, crowd):
    everyone_sends(client, anonymous, crowd)
    with school_scope(anonymous.school):
        before = rows_as_stored("audits_answer", "id, text")
        rounds.close(anonymous, now=clock.now())
        after = rows_as_stored("audits_answer", "id, text")
        responses = rows_as_stored("audits_response", "id")

    assert sorted(row[3] for row in after) == sorted(row[3] for row in before)
    assert not {row[2] for row in after} & {row[2] for row in before}
    assert [row[3] for row in after] != [row[3] for row in before]
    assert len({row[0] for row in (*after, *responses)}) == 1  # one transaction wrote them all


def test_no_column_of_an_anonymous_answer_names_person_or_time(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_name IN ('audits_response', 'audits_answer')"
        )
        found = cursor.fetchall()

    kinds = {(column, kind) for _, column, kind in found}
    assert {column for column, kind in kinds if re.search("time|date", kind)} == {
        "draft_at", "sent_at"
    }  # fmt: skip
    assert {column for column, _ in kinds if column.endswith("_id")} == {
        "school_id", "round_id", "invitation_id", "team_id", "response_id", "question_id"
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"sent_at": "2026-11-23T09:00Z"},
        {"draft": {"given": {}}},
        {"draft_at": "2026-11-23T09:00Z"},
        {"revision": 2}, {"is_late": True},
    ],
)  # fmt: skip
def test_database_keeps_times_off_anonymous_answers(client, anonymous, crowd, change):
    everyone_sends(client, anonymous, crowd[:1])

    with school_scope(anonymous.school), pytest.raises(DatabaseError), transaction.atomic():
        Response.objects.update(**change)


def test_database_refuses_an_invitation_on_an_anonymous_answer(anonymous, confidential, teacher):
    with school_scope(anonymous.school):
        for round_, invited in (
            (anonymous, invitation(anonymous, teacher)),
            (confidential, None),
            (confidential, invitation(anonymous, teacher)),
        ):
            with pytest.raises(DatabaseError, match="hangs on its"), transaction.atomic():
                Response.objects.create(school=anonymous.school, round=round_, invitation=invited)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_the_same_moment_are_one(transactional_db, school, instrument, crowd):
    import threading

    round_ = RoundFactory(
        school=school, instrument=instrument, mode="anonymous", asks=crowd, open=True
    )
    spent = invitation(round_, crowd[0])
    question = int(asked(round_, Kind.CONFIDENCE)[1:])
    outcomes, ready = [], threading.Barrier(2)

    def answer(value):
        ready.wait()
        try:
            with school_scope(school):
                answering.send_anonymously(spent, {question: Given(value=value)})
            outcomes.append("sent")
        except answering.AlreadyAnswered:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(value,)) for value in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "sent"]
    assert len(told(round_)) == 1


# --- staff group and team ------------------------------------------------------------------------
people = st.lists(
    st.tuples(
        st.sampled_from(["teacher", "assistant", "support", ""]),
        st.sampled_from([None, 1, 2, 3]),
    ),
    min_size=10,
    max_size=80,
).map(lambda rows: [Asked(pk, group, team) for pk, (group, team) in enumerate(rows)])


@given(people)
def test_whatever_stands_on_answers_was_given_to_five_or_more(asked_people):
    found = labels.labels(asked_people)

    assert found.keys() == {person.pk for person in asked_people}
    pairs = Counter(found.values())
    assert min(pairs.values()) >= 5
    groups = Counter(group for group, _ in found.values())
    assert min(groups.values()) >= 5
    for person in asked_people:
        group, team = found[person.pk]
        assert group in ("", person.group)
        assert team in (None, person.team)


@given(people, people)
def test_latecomers_never_stand_alone(asked_people, late):
    known = Counter(labels.labels(asked_people).values())

    found = labels.labels_of_latecomers(late, known)

    if found:
        assert min((known + Counter(found.values())).values()) >= 5


def test_large_groups_are_kept_and_small_ones_are_not(school, instrument):
    team = TeamFactory(school=school)
    teachers = StaffFactory.create_batch(6, school=school, team=team)
    assistants = StaffFactory.create_batch(3, school=school, group="assistant", team=team)
    support = StaffFactory.create_batch(2, school=school, group="support")
    round_ = RoundFactory(
        school=school, instrument=instrument, mode="anonymous",
        asks=[*teachers, *assistants, *support], open=True,
    )  # fmt: skip

    with school_scope(school):
        kept = Counter(round_.invitations.values_list("group", "kept_group", "kept_team"))

    assert kept == {
        ("teacher", "teacher", team.pk): 6, ("assistant", "", None): 3, ("support", "", None): 2
    }  # fmt: skip


def test_rest_of_four_takes_the_smallest_group_with_it(school):
    rows = [Asked(pk, "teacher", None) for pk in range(9)]
    rows += [Asked(10 + pk, "assistant", None) for pk in range(6)]
    rows += [Asked(20, "support", None)]

    found = labels.labels(rows)

    assert Counter(found.values()) == {("teacher", None): 9, ("", None): 7}


def test_question_for_a_group_that_is_not_kept_is_not_asked(sign_in, school):
    from tests.factories import InstrumentFactory, QuestionFactory, SectionFactory, publish

    made = InstrumentFactory(school=school)
    section = SectionFactory(school=school, instrument=made)
    QuestionFactory(school=school, section=section, text="For all")
    QuestionFactory(school=school, section=section, text="For few", groups=["support"])
    publish(made)
    few = StaffFactory.create_batch(2, school=school, group="support")
    crowd = StaffFactory.create_batch(9, school=school)
    round_ = RoundFactory(
        school=school, instrument=made, mode="anonymous", asks=[*few, *crowd], open=True
    )

    text = sign_in(few[0]).get(path(round_)).text

    assert "For all" in text
    assert "For few" not in text


def test_single_latecomer_joins_a_large_group_or_nobody(school, anonymous):
    with school_scope(school):
        another = StaffFactory(school=school)
        assert rounds.invite(anonymous, [another.pk]) == 1

        alone = StaffFactory(school=school, group="support")
        with (
            pytest.raises(rounds.NotPossible, match="disappear among others"),
            transaction.atomic(),
        ):
            rounds.invite(anonymous, [alone.pk])
        assert not Invitation.objects.filter(staff=alone).exists()
