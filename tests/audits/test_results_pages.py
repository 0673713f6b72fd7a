"""Results as a page, a file and a report, by team or by staff group."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from audits import report
from audits.models import Kind, Response, Round
from cpdhub import jobs, pdf
from cpdhub.models import Job, LogEntry
from cpdhub.walls import school_scope
from tests.audits.closing import answered, close, closed, questionnaire, told
from tests.factories import (
    RoundFactory,
    StaffFactory,
    TeamFactory,
)
from tests.helpers import FRAME, url

OWN_STATEMENTS = 10


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


# --- the page ------------------------------------------------------------------------------------
def test_page_says_the_finding_and_shows_both_tables(desk, school, people):
    def weaker(person, question):
        return {"value": 2 if person.group == "assistant" else 3}

    made = closed(school, people, given=weaker)

    page = desk.get(url(school, "needs:results", made.pk)).text
    groups = desk.get(url(school, "needs:results", made.pk) + "?by=group").text

    assert "22 of 22 answered (100 %), confidential" in page
    assert "Lowest: I can do 0 (2.5)." in page
    assert "Lower" in page
    assert "Teaching assistants" not in page
    assert "most of all: Teaching assistants (2.0)." in groups
    assert 'class="h2c">2.5 <small>n&nbsp;22' in page
    assert "Not shown" not in page


def test_hidden_is_said_in_words(desk, school, people):
    made = closed(school, people, who=people[:13])

    page = desk.get(url(school, "needs:results", made.pk)).text

    assert page.count('class="hidden-cell">not shown<') == 2
    assert "could be subtracted" in page


@pytest.mark.parametrize("who", [0, 4])
def test_too_few_answers_say_so(desk, school, people, who):
    made = closed(school, people, who=people[:who])

    page = desk.get(url(school, "needs:results", made.pk)).text

    assert "Too few answers to show" in page
    assert "Download" not in page


@pytest.mark.parametrize(("who", "left"), [(4, 0), (5, 5)])
def test_of_fewer_than_five_anonymous_answers_none_is_kept(desk, school, people, who, left):
    made = closed(school, people, who=people[:who], mode="anonymous")

    page = desk.get(url(school, "needs:results", made.pk)).text

    assert f"{who} of 22 answered" in page
    assert ("answered anonymously was destroyed" in page) == (left == 0)
    with school_scope(school):
        assert Response.objects.filter(round=made).count() == left


def test_open_round_has_no_results(desk, school, confidential):
    there = url(school, "needs:round", confidential.pk)

    assert desk.get(url(school, "needs:results", confidential.pk)).url == there
    assert desk.get(url(school, "needs:results_csv", confidential.pk)).url == there
    assert "See the results" not in desk.get(there).text


def test_closed_round_leads_to_its_results(desk, school, people):
    made = closed(school, people)

    page = desk.get(url(school, "needs:round", made.pk)).text

    assert url(school, "needs:results", made.pk) in page


def test_distributions_stand_below(desk, school, people, instrument):
    made = closed(
        school, people, instrument=instrument,
        given=lambda person, question: {"value": 1} if question.kind == Kind.CHOICE else None,
    )  # fmt: skip

    page = desk.get(url(school, "needs:results", made.pk)).text

    row = re.search(r'<tr><th scope="row">One: so</th>(.*?)</tr>', page, re.DOTALL)[1]
    assert re.findall(r">(\w+)<", row) == ["22", "11", "11"]
    assert "About text" not in page


def test_change_since_the_last_round_of_the_same_questionnaire(desk, school, people, at):
    first = closed(school, people, instrument=questionnaire(school, statements=2))
    at("2027-06-14 09:00")
    again = questionnaire(school, statements=2, version="2")
    second = closed(school, people, instrument=again, given=lambda *_: {"value": 2})
    at("2027-06-15 09:00")
    few = closed(school, people, instrument=again, who=people[:4])

    page = desk.get(url(school, "needs:results", second.pk)).text

    assert "the change since 23 November 2026" in page
    assert page.count("n&nbsp;22, −1.0") == 2
    assert "change since" not in desk.get(url(school, "needs:results", first.pk)).text
    assert "change since" not in desk.get(url(school, "needs:results", few.pk)).text


def test_questions_asked_in_other_words_are_not_compared(desk, school, people, at):
    closed(school, people, instrument=questionnaire(school, kind=Kind.FREQUENCY))
    at("2027-06-14 09:00")
    second = closed(school, people, instrument=questionnaire(school, version="2"))

    assert "change since" not in desk.get(url(school, "needs:results", second.pk)).text


def test_csv_is_the_same_table_and_the_log_says_who_took_it(desk, school, people, cpd_leader):
    made = closed(school, people, who=people[:13])

    response = desk.get(url(school, "needs:results_csv", made.pk))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert rows[1:] == [
        ["Teaching", "I can do 0", "", "Everyone", "13", "3.0",
         "Not yet: 0; A little: 0; Fairly: 13; Very: 0"],
        ["Teaching", "I can do 0", "", "Lower", "not shown", "", ""],
        ["Teaching", "I can do 0", "", "Other teams", "not shown", "", ""],
    ]  # fmt: skip
    with school_scope(school):
        entry = LogEntry.objects.get(kind="exported")
    assert (entry.by_id, entry.what, entry.object_id) == (cpd_leader.pk, "results", str(made.pk))


def test_workbook_holds_the_same_rows(desk, school, people):
    made = closed(school, people, who=people[:13])

    response = desk.get(url(school, "needs:results_xlsx", made.pk) + "?by=group")

    (sheet,) = load_workbook(io.BytesIO(response.content)).worksheets
    assert [row[3:6] for row in sheet.values] == [
        ("Who", "Answered", "Mean"), ("Everyone", 13, 3), ("Teachers", 8, 3),
        ("Teaching assistants", 5, 3),
    ]  # fmt: skip
    with school_scope(school):
        assert LogEntry.objects.get(kind="exported").note == "3 rows"


def test_page_tells_how_many_chose_each_answer(desk, school, people):
    made = closed(
        school, people, instrument=questionnaire(school, kind=Kind.IMPORTANCE),
        given=lambda person, question: {"value": 4, "second": 1 + (person.group == "teacher")},
    )  # fmt: skip

    page = desk.get(url(school, "needs:results", made.pk)).text

    below = page[page.index("How many chose each answer") :]
    rows = re.findall(r'<tr><th scope="row">I can do 0.*?</tr>', below, re.DOTALL)
    assert [re.findall(r">(\d+)<", row) for row in rows] == [
        ["0", "0", "0", "22", "22"], ["10", "12", "0", "0", "22"]
    ]  # fmt: skip


# --- the report ----------------------------------------------------------------------------------
def gathered(round_):
    with school_scope(round_.school):
        return report.gather(round_.school, Round.objects.with_rate().get(pk=round_.pk))


def test_report_holds_both_tables_and_says_what_is_hidden(school, people):
    data = gathered(closed(school, people, who=people[:13]))

    by_team, by_group = data["tables"]
    assert data["rate"] == "13 of 22 answered (59 %), confidential, closed 23 November 2026."
    assert [cell["note"] for cell in by_team["blocks"][0]["lines"][0]["cells"]] == [
        "n 13", "not shown", "not shown"
    ]  # fmt: skip
    assert by_group["columns"] == ["Everyone", "Teachers", "Teaching assistants"]
    assert data["spreads"][0]["rows"] == [["I can do 0", "0", "0", "13", "0", "13"]]
    assert "could be subtracted" in data["hidden"]


@pytest.mark.parametrize("who", [0, 13, 22])
def test_report_prints_whatever_is_told(school, people, instrument, who):
    data = gathered(
        closed(
            school, people, instrument=instrument, who=people[:who],
            given=lambda person, question: (
                {"text": "x"} if question.kind == Kind.TEXT else {"ranking": [1]}
                if question.kind == Kind.RANKING else {"value": 1, "second": 1}
            ),
        )
    )  # fmt: skip
    data["title"] = "#panic() 🎉"

    assert data["is_empty"] == (who == 0)
    assert pdf.render("audit", data).startswith(b"%PDF-")


def test_asking_for_the_report_starts_one_job_and_makes_one_file(desk, school, people):
    made = closed(school, people)
    there = url(school, "needs:results_report", made.pk)
    form = {"once": "9c0d7a3e-5d6c-4d38-9d8a-0d6f7f0d4c11"}

    assert desk.post(there, form).url == desk.post(there, form).url
    with school_scope(school):
        job = Job.objects.get(kind=report.KIND)
        job.state, job.attempts = Job.State.RUNNING, 1
        job.save()
    report.run(job, jobs.Progress(job))

    with school_scope(school):
        job.refresh_from_db()
        assert job.result.name == f"audit-oakfield-{made.pk}-made-2026-11-23.pdf"


def test_report_of_an_open_audit_is_not_made(desk, school, confidential, cpd_leader):
    desk.post(url(school, "needs:results_report", confidential.pk))

    with school_scope(school):
        assert not Job.objects.filter(kind=report.KIND).exists()
        job = jobs.start(report.KIND, by=cpd_leader, params={"round": confidential.pk})
    with pytest.raises(jobs.JobFailed, match="not there any more"):
        report.run(job, lambda *_: None)


def test_other_school_sees_nothing(sign_in, school, other_school, people):
    made = closed(school, people)
    theirs = sign_in(
        StaffFactory(school=other_school, roles=["cpd_leader"], user__email="x@y.example")
    )

    assert theirs.get(url(other_school, "needs:results", made.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_statements(
    desk, school, people, count, django_assert_num_queries
):
    made = closed(school, people, instrument=questionnaire(school, statements=count))
    there = url(school, "needs:results", made.pk)

    with django_assert_num_queries(18):
        response = desk.get(there)

    assert len(response.context["published"].lines) == count


def test_whole_school_fits_one_page(desk, school, django_assert_max_num_queries):
    teams = [TeamFactory(school=school, name=f"Key stage team {n}") for n in range(8)]
    everyone = [
        StaffFactory(school=school, team=teams[n % 8], group=("teacher", "assistant")[n // 8 % 2])
        for n in range(120)
    ]
    made = closed(school, everyone, instrument=questionnaire(school, statements=60))

    with django_assert_max_num_queries(20) as took:
        response = desk.get(url(school, "needs:results", made.pk))

    sent = [query["sql"].lstrip("( ") for query in took]
    reading = [sql for sql in sent if sql.startswith("SELECT") and "set_config" not in sql]
    assert len(reading) - FRAME <= OWN_STATEMENTS, reading
    assert len(response.content) < 250_000
    assert response.text.count('class="h3c">3.0') == 60 * 9


def test_own_page_shows_what_i_answered_last_time(sign_in, school, people, teacher, at):
    everyone = [teacher, *people]
    first = closed(school, everyone, instrument=questionnaire(school, statements=1))
    at("2027-06-14 09:00")
    again = questionnaire(school, statements=2, version="2")
    second = closed(school, everyone, instrument=again, given=lambda *_: {"value": 2})
    me = sign_in(teacher)

    page = me.get(url(school, "needs:answer_own", second.pk)).text

    assert page.count("Last time: Fairly") == 1  # the second statement is new
    assert page.count("<dd>A little") == 2
    assert "Last time" not in me.get(url(school, "needs:answer_own", first.pk)).text


def test_last_time_is_never_told_of_an_anonymous_audit(sign_in, school, people, teacher, at):
    everyone = [teacher, *people]
    closed(school, everyone, instrument=questionnaire(school), mode="anonymous")
    at("2027-06-14 09:00")
    second = closed(school, everyone, instrument=questionnaire(school, version="2"))

    page = sign_in(teacher).get(url(school, "needs:answer_own", second.pk)).text

    assert "Last time" not in page


# --- leaders beside other staff ------------------------------------------------------------------
@pytest.fixture
def with_leaders(school, people):
    """Three team leaders among the teachers of each team."""
    leaders = [*people[:3], *people[11:14]]
    for person in leaders:
        person.roles = ["team_leader"]
        with school_scope(school):
            person.save(update_fields=["roles"])
    return people


def higher(person, question):
    return {"value": 4 if person.roles else 2}


def test_leaders_beside_other_staff_with_a_title_that_says_something(desk, school, with_leaders):
    made = closed(
        school, with_leaders, given=higher, instrument=questionnaire(school, statements=3)
    )

    page = desk.get(url(school, "needs:results", made.pk)).text

    assert told(made)["rank", "Leaders"] == (6, [0, 0, 0, 6])
    assert told(made)["rank", "Other staff"] == (16, [0, 16, 0, 0])
    assert (
        "Leaders answer higher than other staff on 3 of 3 statements, most on “I can do 0”"
        " (4.0 against 2.0)"
    ) in page
    assert '<svg class="chart gaps"' in page
    with school_scope(school):
        data = report.gather(school, Round.objects.with_rate().get(pk=made.pk))
    assert data["gap"]["rows"][0] == ["I can do 0", "4.0 (n 6)", "2.0 (n 16)", "+2.0"]
    assert pdf.render("audit", data).startswith(b"%PDF-")


def test_role_counts_as_it_was_when_they_were_asked(school, with_leaders):
    made = RoundFactory(
        school=school, instrument=questionnaire(school), asks=with_leaders, open=True
    )
    with school_scope(school):
        type(with_leaders[0]).objects.update(roles=[])
    answered(made, with_leaders, given=higher)

    close(made)

    assert told(made)["rank", "Leaders"][0] == 6


def test_staff_higher_than_leaders_and_no_gap_are_said_too(desk, school, with_leaders):
    lower = closed(
        school, with_leaders, instrument=questionnaire(school),
        given=lambda person, _: {"value": 1 if person.roles else 2},
    )  # fmt: skip
    same = closed(school, with_leaders, instrument=questionnaire(school, code="same"))

    assert (
        "Other staff answer higher than leaders on 1 of 1 statement, most on “I can do 0”"
        " (2.0 against 1.0)"
    ) in desk.get(url(school, "needs:results", lower.pk)).text
    assert "say much the same" in desk.get(url(school, "needs:results", same.pk)).text


def test_few_leaders_are_not_told_and_the_reason_is_said(desk, school, with_leaders):
    made = closed(school, with_leaders, given=higher, who=with_leaders[2:])  # four of them

    page = desk.get(url(school, "needs:results", made.pk)).text

    assert told(made)["rank", "Leaders"] == (None, [])
    assert "fewer than five leaders answered" in page
    assert "chart gaps" not in page


def test_no_leader_asked_and_anonymous_say_why(desk, school, people, with_leaders):
    anonymous = closed(school, with_leaders, mode="anonymous")
    without = closed(
        school, [person for person in with_leaders if not person.roles],
        instrument=questionnaire(school, code="other"),
    )  # fmt: skip

    assert "nothing on an answer says who leads" in (
        desk.get(url(school, "needs:results", anonymous.pk)).text
    )
    assert not [at for at in told(anonymous) if at[0] == "rank"]
    assert "No leader was asked" in desk.get(url(school, "needs:results", without.pk)).text
