"""Fair access as a PDF: the governors' figures, whoever asks for it."""

from decimal import Decimal

from django.http import QueryDict

from cpdhub import pdf, sheets
from cpdhub.templatetags.cpdhub import hours, pounds_whole
from cpdhub.walls import school_scope
from evaluation.fairness_report import FAIRNESS
from tests.evaluation.test_fairness import attended, crew
from tests.helpers import url

__all__ = ["crew"]


def gathered(by):
    with school_scope(by.school_id):
        return FAIRNESS.gather(by, QueryDict(""))


def test_figures_are_those_of_the_governors_page(sign_in, school, crew, governor, head):
    attended(school, crew["teacher"], hours=3, actual=Decimal(300))
    page = sign_in(governor).get(url(school, "impact:fairness")).context

    sheet = gathered(head)

    assert sheet.finding == page["sentence"]
    assert [one.text for one in sheet.tables] == [one.sentence for one in page["tables"]]
    assert [one.rows for one in sheet.tables] == [
        [
            [
                group.name, str(len(group.people)), hours(group.hours_each),
                pounds_whole(group.money_each),
                "not shown" if group.hides_none else f"{group.share_with_none} %",
            ]
            for group in one.groups
        ]
        for one in page["tables"]
    ]  # fmt: skip
    assert pdf.render("tables", sheets.printed(sheet, "Oakfield")).startswith(b"%PDF-")


def test_nothing_tells_small_groups_or_names_anybody(school, crew, head):
    attended(school, crew["support"], actual=Decimal(700))

    sheet = gathered(head)

    by_group = sheet.tables[0]
    assert [row[0] for row in by_group.rows] == ["Teachers"]
    assert by_group.text.endswith("2 groups not shown: small numbers.")
    assert crew["support"][0].name not in str(sheet)


def test_link_is_beside_the_file(sign_in, school, crew, governor):
    page = sign_in(governor).get(url(school, "impact:fairness")).text

    assert url(school, "impact:fairness_pdf") in page
