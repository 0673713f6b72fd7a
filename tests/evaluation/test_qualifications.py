"""Qualifications, statuses and awards: written down by whom they are of."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from cpdhub.models import LogEntry, Staff, StoredFile
from cpdhub.walls import school_scope
from evaluation.models import Qualification
from evaluation.portfolios import candidates
from tests.evaluation.test_record import attended
from tests.factories import (
    ActivityFactory,
    QualificationFactory,
    QualificationStepFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


def written(school):
    with school_scope(school):
        return Qualification.objects.select_related("file").get()


PAPER = {"kind": "course", "title": "Phonics online", "state": "held", "awarded_on": "2026-06-01"}


def pdf(text=b"paper"):
    return SimpleUploadedFile("paper.pdf", b"%PDF-1.7 " + text)


def test_what_somebody_holds_is_written_down_with_its_paper(sign_in, teacher, school):
    client = sign_in(teacher)
    assert (
        "What you hold, and what you work towards"
        in client.get(url(school, "record:qualifications")).text
    )

    client.post(url(school, "record:qualification_add"), PAPER | {"upload": pdf()})

    row = written(school)
    assert (row.owner_id, row.awarded_on, row.file.name) == (
        teacher.pk, date(2026, 6, 1), "paper.pdf"
    )  # fmt: skip
    assert "Phonics online" in client.get(url(school, "record:qualifications")).text
    paper = client.get(url(school, "record:qualification_file", row.uuid))
    assert b"".join(paper.streaming_content).endswith(b"paper")


def test_new_paper_takes_the_place_of_the_old_and_goes_with_the_row(sign_in, teacher, school):
    client = sign_in(teacher)
    client.post(url(school, "record:qualification_add"), PAPER | {"upload": pdf()})
    row = written(school)

    client.post(
        url(school, "record:qualification_change", row.uuid), PAPER | {"upload": pdf(b"new")}
    )

    with school_scope(school):
        assert StoredFile.objects.get().pk == written(school).file_id != row.file_id

    client.post(url(school, "record:qualification_remove", row.uuid))

    with school_scope(school):
        assert not StoredFile.objects.exists()
        assert not Qualification.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "applied"}, "Only what you hold was awarded"),
        ({"awarded_on": "2027-01-01"}, "This day has not come yet."),
        ({"begun_on": "2026-07-01"}, "It was awarded before it began."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(sign_in, teacher, school, fields, said):
    answer = sign_in(teacher).post(url(school, "record:qualification_add"), PAPER | fields)

    assert said in answer.text
    with school_scope(school):
        assert not Qualification.objects.exists()


def test_database_knows_no_award_of_what_is_not_held(school):
    for fields in (
        {"state": "applied", "awarded_on": date(2026, 6, 1)},
        {"state": "held", "begun_on": date(2026, 7, 1), "awarded_on": date(2026, 6, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            QualificationFactory(school=school, **fields)


def test_application_gathers_what_it_asks_for(sign_in, teacher, school):
    row = QualificationFactory(school=school, owner=teacher, kind="status", state="applied")
    client, page = sign_in(teacher), url(school, "record:qualification", row.uuid)

    client.post(page, {"asked": "A lesson seen by the assessor", "shown_by": "", "met_on": ""})
    assert "0 of 1 met" in client.get(page).text
    with school_scope(school):
        step = row.steps.get()
    client.post(
        url(school, "record:qualification_step", step.pk),
        {"asked": step.asked, "shown_by": "Year 4, fractions", "met_on": "2026-11-20"},
    )

    assert "1 of 1 met" in client.get(page).text
    assert "1 of 1 met" in client.get(url(school, "record:qualifications")).text
    client.post(url(school, "record:qualification_step", step.pk), {"remove": "1"})
    assert "Nothing yet." in client.get(page).text


def test_only_an_activity_of_ones_own_can_have_led_to_it(sign_in, teacher, school):
    mine, others = (attended(who, title="Online") for who in (teacher, StaffFactory(school=school)))
    client, page = sign_in(teacher), url(school, "record:qualification_add")

    answer = client.post(page, PAPER | {"activity": others.pk})
    assert "Select a valid choice" in answer.text
    client.post(page, PAPER | {"activity": mine.pk})

    with school_scope(school):
        assert Qualification.objects.get().activity_id == mine.pk


def test_private_support_it_came_from_is_not_named_to_the_line_manager(sign_in, teacher, school):
    manager = StaffFactory(school=school)
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(line_manager=manager)
    private = ActivityFactory(school=school, title="Support plan", is_private=True)
    row = QualificationFactory(school=school, owner=teacher, activity=private)
    page = url(school, "record:qualification", row.uuid)

    assert "Support plan" in sign_in(teacher).get(page).text
    answer = sign_in(manager).get(page)

    assert answer.status_code == 200
    assert "Support plan" not in answer.text
    with school_scope(school):
        looked = LogEntry.objects.get(what="record", kind="opened")
    assert (looked.by_id, looked.object_id) == (manager.pk, str(teacher.pk))
    assert sign_in(StaffFactory(school=school)).get(page).status_code == 404
    assert sign_in(manager).post(page, {"asked": "x"}).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    sign_in, school, head, teacher, size, django_assert_num_queries
):
    for _ in range(size):
        row = QualificationFactory(school=school, owner=teacher)
        QualificationStepFactory(school=school, qualification=row)

    for staff, view, queries, arguments in (
        (teacher, "record:qualifications", 14, []),
        (head, "impact:qualifications", 16, []),
        (teacher, "record:qualification", 15, [row.uuid]),
    ):
        client = sign_in(staff)
        with django_assert_num_queries(queries):
            answer = client.get(url(school, view, *arguments))
        assert answer.text.count(">Diploma") >= 1


@pytest.mark.parametrize(
    ("state", "said"),
    [("held", ""), ("not_yet", ""), ("under_way", " since 1 September 2019")],
)
def test_day_it_began_is_not_the_day_it_was_awarded(sign_in, teacher, school, state, said):
    row = QualificationFactory(school=school, owner=teacher, state=state, begun_on=date(2019, 9, 1))

    page = sign_in(teacher).get(url(school, "record:qualifications")).text

    word = row.get_state_display().lower()
    assert f"{word}{said}</span>" in page
    with school_scope(school):
        (offered,) = candidates(teacher, "qualifications") or [None]
    assert offered is None or ("2019" in offered.facts) == bool(said)


def test_activity_it_came_from_stays_whatever_became_of_it(sign_in, teacher, school):
    gone = ActivityFactory(school=school, title="Not there after all", state="finished")
    row = QualificationFactory(school=school, owner=teacher, activity=gone)
    client, page = sign_in(teacher), url(school, "record:qualification_change", row.uuid)

    assert "Not there after all" in client.get(page).text
    client.post(page, PAPER | {"activity": gone.pk})

    with school_scope(school):
        assert Qualification.objects.get().activity_id == gone.pk


def test_leaders_find_who_holds_what_and_take_it_away(sign_in, school, head, teacher):
    QualificationFactory(school=school, owner=teacher, title="HLTA status", kind="status")
    QualificationFactory(school=school, title="MA", state="held", put_forward_by="Gwen North")
    left = StaffFactory(school=school, ends_on=date(2026, 1, 1))
    QualificationFactory(school=school, owner=left, title="Left with them")
    client, page = sign_in(head), url(school, "impact:qualifications")

    assert {"HLTA status", "MA"} <= set(client.get(page).text.replace("<", ">").split(">"))
    assert "Left with them" not in client.get(page).text
    assert "HLTA status" not in client.get(page, {"q": "gwen"}).text
    for query in ({"q": "hlta"}, {"kind": "status"}, {"state": "under_way"}):
        found = client.get(page, query).text
        assert "HLTA status" in found
        assert ">MA<" not in found
    assert "Nothing matches." in client.get(page, {"q": "violin"}).text
    table = client.get(page, {"format": "csv", "kind": "status"}).content.decode()
    assert f"{teacher},Professional status,HLTA status" in table
    assert "MA" not in table
    with school_scope(school):
        assert LogEntry.objects.filter(what="qualifications", kind="exported").count() == 1


def test_it_stands_on_the_record_in_the_download_and_in_a_portfolio(sign_in, school, head, teacher):
    row = QualificationFactory(school=school, owner=teacher, title="Diploma of drama", credits=1)
    QualificationStepFactory(school=school, qualification=row, asked="A play")
    QualificationFactory(school=school, owner=teacher, title="Lost", state="not_yet")

    assert "Diploma of drama" in sign_in(head).get(url(school, "record:person", teacher.pk)).text
    document = sign_in(teacher).get(url(school, "record:json")).json()
    assert [each["title"] for each in document["qualifications"]] == ["Lost", "Diploma of drama"]
    assert document["qualifications"][1]["steps"][0]["asked"] == "A play"

    with school_scope(school):
        offered = candidates(teacher, "qualifications")
    assert [each.title for each in offered] == ["Diploma of drama"]
    assert "1 credit ·" in offered[0].facts
