"""What must get better, from a report: pasted, looked through, taken, weighed."""

import pytest
from django.db import IntegrityError, transaction

from cpdhub import report_lines
from cpdhub.models import AreaForImprovement, FrameworkItem, Priority
from cpdhub.walls import school_scope
from tests.factories import AreaForImprovementFactory, JudgementFactory, PriorityFactory
from tests.helpers import url

PASTED = """What does the school need to do to improve?
• Pupils rarely explain their
reasoning in mathematics.
• Leaders should check attendance more often.
<b>Not a list</b>
"""


@pytest.fixture
def item(school):
    with school_scope(school):
        return FrameworkItem.objects.get(code="inclusion", framework__version="November 2025")


def taken(item, *lines, **fields):
    """The second step's form: each line ticked, in this area."""
    rows = {}
    for number, text in enumerate(lines):
        rows |= {
            f"lines-{number}-keep": "on", f"lines-{number}-text": text,
            f"lines-{number}-area": str(item.pk),
        }  # fmt: skip
    return {
        "do": "take", "text": "\n".join(lines) or "x", "source": "inspection",
        "lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0", **rows, **fields,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        ("One\nTwo\n\nThree", ["One", "Two", "Three"]),
        ("1. One\n(2) Two\n3) Three", ["One", "Two", "Three"]),
        ("a) One\nb) Two\n\n   iv. Three", ["One", "Two", "Three"]),
        ("- One that\nGoes on\n- Two", ["One that Goes on", "Two"]),
        ("•\nOne\n•\nTwo", ["One", "Two"]),
        ("One that\nis broken\nTwo", ["One that is broken", "Two"]),
        ("To improve:\nOne\nONE", ["To improve:", "One"]),
        ("e.g. this stays\n2026 too", ["e.g. this stays", "2026 too"]),
        (" \n\t\n", []),
    ],
)
def test_lines_are_read_however_they_are_marked(pasted, lines):
    assert [line.text for line in report_lines.read(pasted)] == lines


def test_pasted_text_is_looked_through_before_anything_is_saved(sign_in, school, cpd_leader):
    response = sign_in(cpd_leader).post(
        url(school, "plan:report"), {"do": "look", "text": PASTED, "source": "inspection"}
    )

    rows = [(row["text"].value(), bool(row["keep"].value())) for row in response.context["lines"]]
    assert rows == [
        ("What does the school need to do to improve?", False),
        ("Pupils rarely explain their reasoning in mathematics.", True),
        ("Leaders should check attendance more often. <b>Not a list</b>", True),
    ]
    assert "&lt;b&gt;Not a list" in response.text
    assert "<b>Not a list" not in response.text
    assert 'href="/s/oakfield/plan/" aria-current' in response.text  # the areas of every page
    chosen = response.context["lines"].forms[2]["area"].value()
    with school_scope(school):
        assert FrameworkItem.objects.get(pk=chosen).code == "attendance-and-behaviour"
        assert AreaForImprovement.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste at least one line."),
        (" \n\n ", "Paste at least one line."),
        ("•\n•", "Paste at least one line."),
        ("\n".join(f"Thing {n}" for n in range(500)), "These are 500 lines; 60 at most."),
        ("x" * 50_001, "That is 50,001 characters; 50,000 at most."),
    ],
)
def test_text_that_is_no_list_says_so_and_is_kept(sign_in, school, cpd_leader, text, sentence):
    response = sign_in(cpd_leader).post(
        url(school, "plan:report"), {"do": "look", "text": text, "source": "inspection"}
    )

    assert sentence in response.text
    assert response.context["form"]["text"].value() == text
    assert response.context["form"].errors.keys() == {"text"}


def test_line_that_is_too_long_says_so_at_once_and_is_kept(sign_in, school, cpd_leader, item):
    long = "Long " * 100 + "line"
    client = sign_in(cpd_leader)

    looked = client.post(url(school, "plan:report"), {"do": "look", "text": long, "source": "data"})
    refused = client.post(url(school, "plan:report"), taken(item, long))

    for page in (looked, refused):
        assert "It has 504 characters; 400 at most." in page.text
        assert long in page.text


def test_ticked_lines_are_taken_with_their_source(sign_in, school, cpd_leader, item):
    data = taken(item, "One", "Two", "Three", **{"lines-2-keep": "", "lines-2-area": ""})

    response = sign_in(cpd_leader).post(url(school, "plan:report"), data)

    assert response.url == url(school, "plan:candidates")
    with school_scope(school):
        made = AreaForImprovement.objects.all()
        assert [(row.text, row.source) for row in made] == [
            ("One", "inspection"),
            ("Two", "inspection"),
        ]
        assert {row.judgement.item for row in made} == {item}


def test_same_words_are_not_taken_twice(sign_in, school, cpd_leader, item):
    client = sign_in(cpd_leader)
    client.post(url(school, "plan:report"), taken(item, "One"))
    client.post(url(school, "plan:report"), taken(item, "One", "Two"))

    with school_scope(school):
        assert AreaForImprovement.objects.count() == 2


def test_line_without_area_or_words_and_nothing_ticked_are_said(sign_in, school, cpd_leader, item):
    path = url(school, "plan:report")
    client = sign_in(cpd_leader)

    nowhere = client.post(path, taken(item, "My line", **{"lines-0-area": ""}))
    empty = client.post(path, taken(item, "My line", **{"lines-0-text": " "}))
    nothing = client.post(path, taken(item, "My line", **{"lines-0-keep": ""}))

    assert "Choose where it belongs.</" in nowhere.text
    assert "My line" in nowhere.text
    assert "Say it in a few words" in empty.text
    assert "Take at least one line." in nothing.text
    with school_scope(school):
        assert AreaForImprovement.objects.count() == 0


def test_area_of_another_list_is_refused(sign_in, school, cpd_leader, item, other_school):
    foreign = JudgementFactory(school=other_school).item_id

    response = sign_in(cpd_leader).post(
        url(school, "plan:report"), taken(item, "My line", **{"lines-0-area": str(foreign)})
    )

    assert response.status_code == 200
    with school_scope(school):
        assert AreaForImprovement.objects.count() == 0


def test_going_back_keeps_what_was_pasted(sign_in, school, cpd_leader, item):
    response = sign_in(cpd_leader).post(
        url(school, "plan:report"), taken(item, "My line", do="again")
    )

    assert ">\nMy line</textarea>" in response.text
    assert "There is a problem" not in response.text


# --- weighing -------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_candidates_are_shown_in_constant_queries(
    sign_in, school, cpd_leader, other_school, count, django_assert_num_queries
):
    for number in range(count):
        AreaForImprovementFactory(school=school, text=f"Thing {number}")
    AreaForImprovementFactory(school=other_school, text="Theirs")
    taken_up = AreaForImprovementFactory(school=school, text="A priority already")
    PriorityFactory(school=school, area=taken_up)
    client = sign_in(cpd_leader)

    with django_assert_num_queries(14):  # frame, candidates with their areas
        response = client.get(url(school, "plan:candidates"))

    assert len(response.context["rows"]) == count
    assert "Theirs" not in response.text
    assert "A priority already" not in response.text


def test_the_most_pressing_comes_first_and_what_is_not_weighed_last(sign_in, school, cpd_leader):
    first, second, third = (
        AreaForImprovementFactory(school=school, text=text) for text in ("A", "B", "C")
    )
    path = url(school, "plan:candidates")
    weighed = {
        f"impact-{second.pk}": "1", f"urgency-{second.pk}": "1", f"effort-{second.pk}": "3",
        f"impact-{third.pk}": "3", f"urgency-{third.pk}": "3", f"effort-{third.pk}": "1",
        f"impact-{first.pk}": "3",
    }  # fmt: skip
    client = sign_in(cpd_leader)

    client.post(path, weighed)

    rows = [area for area, _ in client.get(path).context["rows"]]
    assert [(row.text, row.pressing) for row in rows] == [("C", 5), ("B", -1), ("A", None)]


def test_what_a_colleague_weighed_meanwhile_stays(sign_in, school, cpd_leader):
    mine, theirs = AreaForImprovementFactory.create_batch(2, school=school)
    client = sign_in(cpd_leader)
    page = client.get(url(school, "plan:candidates"))
    data = {
        f"{before}{name}-{area.pk}": ""
        for area in (mine, theirs)
        for name in ("impact", "urgency", "effort")
        for before in ("", "initial-")
    }
    assert all(f'name="{name}"' in page.text for name in data)
    with school_scope(school):
        AreaForImprovement.objects.filter(pk=theirs.pk).update(impact=3)

    client.post(url(school, "plan:candidates"), data | {f"impact-{mine.pk}": "2"})

    with school_scope(school):
        weights = dict(AreaForImprovement.objects.values_list("pk", "impact"))
    assert weights == {mine.pk: 2, theirs.pk: 3}


def test_weights_are_one_to_three_in_form_and_database(sign_in, school, cpd_leader):
    area = AreaForImprovementFactory(school=school)

    refused = sign_in(cpd_leader).post(
        url(school, "plan:candidates"), {f"impact-{area.pk}": "4", f"effort-{area.pk}": "1"}
    )

    assert "There is a problem" in refused.text
    with school_scope(school):
        assert AreaForImprovement.objects.get().effort is None
        with pytest.raises(IntegrityError, match="one_to_three"), transaction.atomic():
            AreaForImprovement.objects.update(impact=4)


def test_candidate_becomes_a_priority_and_keeps_its_source_and_the_weights(
    sign_in, school, cpd_leader
):
    area = AreaForImprovementFactory(school=school, source="inspection", text="Talk more")
    other = AreaForImprovementFactory(school=school)
    client = sign_in(cpd_leader)

    response = client.post(
        url(school, "plan:candidates"), {f"impact-{other.pk}": "2", "priority": area.pk}
    )

    with school_scope(school):
        made = Priority.objects.get()
        assert (made.title, made.source, made.area) == ("Talk more", "inspection", area)
        assert AreaForImprovement.objects.get(pk=other.pk).impact == 2
    assert response.url == url(school, "plan:priority_change", made.pk)
    assert "(from: inspection)" in client.get(url(school, "plan:priority", made.pk)).text


def test_nothing_to_weigh_says_where_to_start(sign_in, school, cpd_leader):
    page = sign_in(cpd_leader).get(url(school, "plan:candidates")).text

    assert "Nothing is waiting" in page
