"""Charts: right numbers, readable by everyone, nothing the page's policy forbids."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

from cpdhub.charts import Point, figure, gap_chart, line_chart

SVG = "{http://www.w3.org/2000/svg}"


def points(*pairs):
    return [Point(date(2026, month, 5), Decimal(value)) for month, value in pairs]


def draw(rows, **options):
    return line_chart(rows, **{"title": "Talk", "key": "c1", "unit": "%", **options})


def test_chart_without_points_is_nothing():
    assert draw([]) == ""


def test_chart_names_and_describes_itself():
    root = ET.fromstring(draw(points((9, 41), (11, 63)), target=Decimal(60)))

    assert root.get("role") == "img"
    named = root.get("aria-labelledby").split()
    assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == named
    assert root.find(f"{SVG}title").text == "Talk"
    assert root.find(f"{SVG}desc").text == (
        "From 41 % on 5 September 2026 to 63 % on 5 November 2026, 2 points; target 60 %."
    )


def test_chart_puts_points_in_order_and_higher_values_higher():
    root = ET.fromstring(draw(points((11, 63), (9, 41), (10, 50))))
    spots = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")]

    assert [x for x, _ in spots] == sorted(x for x, _ in spots)
    assert [y for _, y in spots] == sorted((y for _, y in spots), reverse=True)


def test_chart_draws_the_target_only_where_there_is_one():
    assert 'class="target"' in draw(points((9, 41)), target=Decimal(0))
    assert 'class="target"' not in draw(points((9, 41)))


def test_chart_of_equal_values_stays_inside_its_frame():
    root = ET.fromstring(draw(points((9, 0), (10, 0)), target=Decimal(0)))

    assert all(0 <= float(c.get("cy")) <= 160 for c in root.iter(f"{SVG}circle"))


def test_two_readings_of_one_day_and_one_reading_draw():
    assert "NaN" not in draw(points((9, 1), (9, 2)))
    assert len(list(ET.fromstring(draw(points((9, 1)))).iter(f"{SVG}circle"))) == 1


def test_labels_of_value_and_target_never_overlap():
    root = ET.fromstring(draw(points((9, 41), (10, 60)), target=Decimal(60)))
    right = [float(t.get("y")) for t in root.iter(f"{SVG}text") if float(t.get("x")) >= 320]

    assert len(right) == 2
    assert abs(right[0] - right[1]) >= 14


def test_chart_escapes_what_people_typed_and_has_no_inline_style():
    chart = draw(points((9, 41)), title='<script>"&', unit="<b>")

    assert "<script>" not in chart
    assert "<b>" not in chart
    assert not re.search(r"\sstyle=|<style", chart)


def test_figures_have_no_needless_zeros():
    assert [figure(Decimal("63.00"), "%"), figure(Decimal("1234.50")), figure(Decimal(100))] == [
        "63 %",
        "1,234.5",
        "100",
    ]


def test_gap_chart_names_both_and_describes_every_row():
    root = ET.fromstring(
        gap_chart(
            [("Feedback & more", 3.1, 1.9), ("Same", 2.0, 2.0)], title="Leaders are surer",
            key="g", names=("Leaders", "Staff"), scale=(1, 4),
        )
    )  # fmt: skip

    assert root.find(f"{SVG}title").text == "Leaders are surer"
    assert root.find(f"{SVG}desc").text == (
        "Feedback & more: Leaders 3.1, Staff 1.9; Same: Leaders 2.0, Staff 2.0"
    )
    ring, dot = list(root.iter(f"{SVG}circle"))[2:4]
    assert float(ring.get("cx")) < float(dot.get("cx"))
    assert gap_chart([], title="", key="g", names=("a", "b"), scale=(1, 4)) == ""
