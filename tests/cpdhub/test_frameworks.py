"""A framework as pages, as a file and back: nothing is lost, and nothing wrong is taken."""

import io
import time
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from activities.forms.activity import activity_types
from cpdhub import framework_files
from cpdhub.exports import csv_response
from cpdhub.models import Framework, FrameworkItem, Judgement, LogEntry
from cpdhub.models.framework import as_tree
from cpdhub.tables import TableRefused
from cpdhub.tables.cells import settled
from cpdhub.tables.named import FileRefused
from cpdhub.walls import school_scope
from tests.factories import FrameworkFactory, FrameworkItemFactory, JudgementFactory, SchoolFactory
from tests.helpers import url

HEADER = "row,code,title,text,parent,kind\n"
GOOD = "framework,ours,Our list,,,quality\nitem,a,First,,,\n"


def written(framework):
    rows = framework_files.rows(framework, framework.items_in_order())
    return csv_response("x.csv", framework_files.HEADER, rows).content


def told(framework):
    """All of it but the version, as plain values."""
    return (
        framework.kind, framework.code, framework.title, framework.owner, framework.source,
        framework.licence, framework.valid_from, framework.valid_to, framework.scale,
        [
            (
                item.code, item.title, item.text, item.scale, item.follows,
                item.parent and item.parent.code,
            )
            for item in framework.items_in_order()
        ],
    )  # fmt: skip


def read(school, content):
    return framework_files.read(io.BytesIO(content), school=school)


def sent(content, name="ours.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return {"file": SimpleUploadedFile(name, data)}


# --- pages ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_shipped_and_own_in_constant_queries(
    sign_in, school, other_school, teacher, count, django_assert_num_queries
):
    for number in range(count):
        FrameworkItemFactory(school=school, framework__title=f"Ours {number}")
    FrameworkFactory(school=other_school, title="Theirs")
    client = sign_in(teacher)

    with django_assert_num_queries(15):
        response = client.get(url(school, "plan:frameworks"))

    assert response.text.count("Ours ") == count
    assert "School inspection: report card" in response.text
    assert "not in force today" in response.text  # 2019's
    assert "Theirs" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_page_shows_items_as_a_tree_in_constant_queries(
    sign_in, school, teacher, count, django_assert_num_queries
):
    top = FrameworkItemFactory(school=school, title="Top")
    for _ in range(count):
        FrameworkItemFactory(school=school, framework=top.framework, parent=top)
    client = sign_in(teacher)

    with django_assert_num_queries(16):
        response = client.get(url(school, "plan:framework_shown", top.framework_id))

    assert [depth for _, depth in response.context["branches"]] == [0] + [1] * count


def test_framework_of_another_school_is_not_there(sign_in, school, other_school, head):
    theirs = FrameworkItemFactory(school=other_school).framework
    client = sign_in(head)

    for view in ("framework_shown", "framework_csv", "framework_remove"):
        assert client.get(url(school, f"plan:{view}", theirs.pk)).status_code == 404


def test_shipped_framework_is_not_removed(sign_in, school, head):
    with school_scope(school):
        shipped = Framework.objects.get(code="cpd-menu")

    response = sign_in(head).post(url(school, "plan:framework_remove", shipped.pk))

    assert response.status_code == 404


def test_own_version_is_removed_unless_something_was_written_for_it(sign_in, school, head):
    unused, used = FrameworkItemFactory.create_batch(2, school=school)
    JudgementFactory(school=school, item=used)
    client = sign_in(head)

    for item in (unused, used):
        client.post(url(school, "plan:framework_remove", item.framework_id))

    with school_scope(school):
        assert list(Framework.objects.filter(school=school)) == [used.framework]
        assert Judgement.objects.count() == 1


def test_what_the_school_evaluates_by_is_not_removed(sign_in, school, head):
    framework = FrameworkFactory(school=school)
    school.evaluates_by = framework
    with school_scope(school):
        school.save()

    response = sign_in(head).post(url(school, "plan:framework_remove", framework.pk), follow=True)

    assert "Choose another first" in response.text


# --- from a file, step by step -------------------------------------------------------------------
def test_file_is_shown_first_and_taken_when_confirmed(sign_in, school, head):
    client = sign_in(head)

    preview = client.post(url(school, "plan:framework_import"), sent(HEADER + GOOD))
    with school_scope(school):
        assert not Framework.objects.filter(school=school).exists()
    client.post(url(school, "plan:framework_confirm"), {"kept": preview.context["kept"]})

    with school_scope(school):
        made = Framework.objects.get(school=school)
        assert (str(made), made.kind) == ("Our list (1)", "quality")
        assert [item.title for item in made.items.all()] == ["First"]
        assert LogEntry.objects.filter(kind="imported", what="framework").count() == 1


def test_same_code_again_is_a_new_version_and_judgements_keep_theirs(sign_in, school, head):
    item = FrameworkItemFactory(school=school, title="Reading", framework__code="ours")
    judgement = JudgementFactory(school=school, item=item, grade="Strong")
    client = sign_in(head)
    with school_scope(school):
        file = written(item.framework).replace(b"Reading", b"Reading aloud")

    preview = client.post(url(school, "plan:framework_import"), sent(file))
    client.post(url(school, "plan:framework_confirm"), {"kept": preview.context["kept"]})

    assert "version 2, beside version 1" in preview.text
    with school_scope(school):
        old, new = Framework.objects.filter(code="ours").order_by("pk")
        assert (old.version, new.version) == ("1", "2")
        assert new.items.get().title == "Reading aloud"
        judgement.refresh_from_db()
        assert judgement.item == item == old.items.get()
        assert list(Framework.objects.filter(school=school).in_force(date(2026, 1, 1))) == [new]


def test_new_version_of_a_menu_replaces_the_old_one_where_types_are_chosen(school):
    old = FrameworkItemFactory(school=school, framework__kind="menu", framework__code="ours")
    with school_scope(school):
        reading = read(school, written(old.framework))
        new = framework_files.save(reading).items.get()

        assert new in activity_types()
        assert old not in activity_types()


def test_confirming_something_else_takes_nothing(sign_in, school, head):
    client = sign_in(head)

    for kept in ("", "row,title\nitem,x\n", "\x00", HEADER + "item,a,A,,a,\n"):
        response = client.post(url(school, "plan:framework_confirm"), {"kept": kept}, follow=True)
        assert "choose it once more" in response.text

    with school_scope(school):
        assert not Framework.objects.filter(school=school).exists()


def test_confirming_twice_takes_it_once(sign_in, school, head):
    client = sign_in(head)
    data = {"kept": HEADER + GOOD, "once": "6f1c5a3e-59a5-4a0b-8a3c-1f3c0b0d6a11"}

    for _ in range(2):
        client.post(url(school, "plan:framework_confirm"), data)

    with school_scope(school):
        assert Framework.objects.filter(school=school).count() == 1


def test_html_stays_text(sign_in, school, head):
    file = HEADER + "framework,ours,<b>Ours</b>,,,quality\nitem,a,<script>alert(1)</script>,,,\n"

    response = sign_in(head).post(url(school, "plan:framework_import"), sent(file))

    assert "&lt;script&gt;alert(1)" in response.text
    assert "<script>alert" not in response.text


def test_download_is_logged_and_reads_in_again(sign_in, school, head):
    framework = FrameworkItemFactory(school=school).framework

    response = sign_in(head).get(url(school, "plan:framework_csv", framework.pk))

    with school_scope(school):
        assert read(school, response.content).framework.version == "2"
        assert LogEntry.objects.filter(kind="exported", what="framework").count() == 1


# --- out and in again ----------------------------------------------------------------------------
def test_every_shipped_framework_comes_back_the_same(school):
    with school_scope(school):
        for shipped in Framework.objects.filter(school=None):
            made = framework_files.save(read(school, written(shipped)))

            assert told(made) == told(shipped)
            assert made.school == school
            assert made.version != shipped.version


def line(longest=60):
    """Any text that can be kept: it has been through a file's own tidying."""
    return st.text(max_size=longest).map(settled).filter(lambda text: len(text) <= longest)


def filled(longest=60):
    return line(longest).filter(bool)


def scales():
    return st.lists(filled(20), max_size=10, unique=True)


@st.composite
def frameworks(draw):
    items = []
    for number in range(draw(st.integers(1, 8))):
        above = [place for place, item in enumerate(items) if item["depth"] < 5]
        parent = draw(st.sampled_from([None, *above]))
        items.append(
            {
                "title": draw(filled()), "text": draw(line(200)), "scale": draw(scales()),
                "follows": draw(st.lists(st.sampled_from(["old-one", "TS4", "2c"]), unique=True)),
                "code": f"i{number}", "parent": parent,
                "depth": 0 if parent is None else items[parent]["depth"] + 1,
            }
        )  # fmt: skip
    first = draw(st.none() | st.dates(date(1940, 1, 1), date(2050, 1, 1)))
    last = draw(st.none() | st.dates(date(2050, 1, 1), date(2100, 12, 31)))
    return (
        {
            "kind": draw(st.sampled_from(Framework.Kind.values)), "title": draw(filled()),
            "version": draw(filled(40)), "owner": draw(line()), "licence": draw(line()),
            "source": draw(st.sampled_from(["", "https://school.example/list?a=1,2"])),
            "scale": draw(scales()), "valid_from": first, "valid_to": last,
        },
        items,
    )  # fmt: skip


class RoundTrip(TestCase):
    """Whatever can be kept comes back from its file the same."""

    def setUp(self):
        self.school = SchoolFactory()

    @settings(max_examples=60, deadline=None)
    @given(frameworks())
    def test_round_trip_loses_nothing(self, made):
        with transaction.atomic():
            with school_scope(self.school):
                self.come_back(*made)
            transaction.set_rollback(True)

    def come_back(self, fields, items):
        framework = Framework.objects.create(school=self.school, code="made", **fields)
        saved = []
        for place, item in enumerate(items):
            parent = None if item["parent"] is None else saved[item["parent"]]
            saved.append(
                FrameworkItem.objects.create(
                    school=self.school,
                    framework=framework,
                    position=place,
                    parent=parent,
                    **{name: item[name] for name in ("code", "title", "text", "scale", "follows")},
                )  # fmt: skip
            )
        reading = read(self.school, written(framework))
        again = read(self.school, framework_files.as_text(reading).encode())
        copy = framework_files.save(again)

        assert told(copy) == told(framework)
        assert [(b.item.code, b.depth) for b in as_tree(copy.items_in_order())] == [
            (b.item.code, b.depth) for b in as_tree(framework.items_in_order())
        ]


# --- bad files -----------------------------------------------------------------------------------
HEAD = "framework,ours,Our list,,,quality\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "is missing"),
        ("item,a,First,,,\n", "a row that says framework is missing"),
        (HEAD, "at least one row that says item"),
        (HEAD + "thing,,,,,\n", "Row 3, column “row”: write framework or item here"),
        (GOOD + GOOD, "Row 4, column “row”: a file holds one framework only"),
        (GOOD + "item,a,Again,,,\n", "Row 4, column “code”: “a” is there already"),
        (GOOD + "item,b,Below,,zzz,\n", "Row 4, column “parent”: no item here has the code “zzz”"),
        (GOOD + "item,b,Below,,b,\n", "Row 4, column “parent”: goes round in a circle: b → b"),
        (HEAD + "item,a,A,,b,\nitem,b,B,,a,\n", "Row 3, column “parent”: goes round in a circle"),
        (GOOD + "item,a b,Two,,,\n", "Row 4, column “code”: Enter a valid"),
        (GOOD + "item,b,,,,\n", "Row 4, column “title”: This field cannot be blank"),
        (GOOD + "item,b,=1+1,,,\n", "Row 4, column “title”: holds a formula"),
        (GOOD + f"item,b,{'x' * 201},,,\n", "Row 4, column “title”: Ensure this value has at"),
        (GOOD + f"item,b,B,{'x' * 4001},,\n", "Row 4, column “text”: is longer than 4,000"),
        ("framework,ours,Our list,,,guess\n", "Row 2, column “kind”: write one of inspection"),
        ("framework,own-areas,Ours,,,inspection\nitem,a,A,,,\n", "page “Our own areas”"),
        ("framework,inspection,Ours,,,menu\nitem,a,A,,,\n", "are of another kind"),
        (
            GOOD + "".join(f"item,d{n},D,,{f'd{n - 1}' if n else 'a'},\n" for n in range(6)),
            "6 deep",
        ),
    ],
)
def test_bad_file_names_row_column_and_reason_and_nothing_is_taken(
    sign_in, head, school, lines, said
):
    response = sign_in(head).post(url(school, "plan:framework_import"), sent(HEADER + lines))

    assert any(said in error for error in response.context["form"].errors["file"])
    with school_scope(school):
        assert not Framework.objects.filter(school=school).exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,age\nPriya,4\n", "column “row”: is missing"),
        (b"", "The file is empty"),
        (b"<html><p>No table</p></html>", "web page"),
        (b"\x00\x01\x02\x03", "not a CSV or Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Excel file"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_what_is_no_framework_is_refused_in_a_sentence(sign_in, head, school, content, said):
    response = sign_in(head).post(url(school, "plan:framework_import"), sent(content))

    assert said in " ".join(response.context["form"].errors["file"])


def test_days_and_levels_that_cannot_be_are_named(school):
    header = "row,code,title,kind,valid from,valid to,level 1,level 2\n"
    row = "framework,ours,Ours,quality,31/02/2026,soon,Good,Good\nitem,a,A,,,,,\n"

    with school_scope(school), pytest.raises(FileRefused) as refused:
        read(school, (header + row).encode())

    columns = [problem.column for problem in refused.value.problems]
    assert columns == ["level 1", "valid from", "valid to"]


def test_codes_that_cannot_be_followed_are_named(school):
    rows = 'row,code,title,kind,follows\nframework,ours,Ours,quality,\nitem,a,A,,"b, c d"\n'

    with school_scope(school), pytest.raises(FileRefused) as refused:
        read(school, rows.encode())

    assert [str(problem)[:27] for problem in refused.value.problems] == [
        "Row 3, column “follows”: It"
    ]


def test_windows_1252_is_read_and_a_day_may_come_first(school):
    header = "row;code;title;kind;valid from;valid to\n"
    rows = "framework;ours;Café;quality;10/11/2025;09/11/2025\nitem;a;A;;;\n"

    with school_scope(school), pytest.raises(FileRefused) as refused:
        read(school, (header + rows).encode("cp1252"))
    with school_scope(school):
        reading = read(school, (header + rows).replace("09/11/2025", "").encode("cp1252"))

    assert "before the first" in str(refused.value.problems[0])
    assert (reading.framework.title, reading.framework.valid_from) == ("Café", date(2025, 11, 10))


def many(number, parent=""):
    return HEAD + "".join(f"item,c{n},Item {n},,{parent},\n" for n in range(number))


def test_2000_items_are_taken_fast_and_10000_refused_politely(sign_in, school, head):
    client = sign_in(head)
    began = time.monotonic()

    preview = client.post(url(school, "plan:framework_import"), sent(HEADER + many(2_000)))
    client.post(url(school, "plan:framework_confirm"), {"kept": preview.context["kept"]})
    response = client.post(url(school, "plan:framework_import"), sent(HEADER + many(10_000)))

    assert time.monotonic() - began < 10
    assert "2,000 items at most" in response.context["form"].errors["file"][0]
    with school_scope(school):
        assert FrameworkItem.objects.filter(school=school).count() == 2_000


def test_a_circle_of_2000_is_told_at_once(school):
    rows = "".join(f"item,c{n},C,,c{(n + 1) % 2_000},\n" for n in range(2_000))

    with school_scope(school), pytest.raises(FileRefused) as refused:
        read(school, (HEADER + HEAD + rows).encode())

    assert "circle" in refused.value.problems[0].reason
    assert len(refused.value.problems) == 20


def test_refusals_of_tables_reach_the_reader(school):
    with school_scope(school), pytest.raises(TableRefused):
        read(school, b"")


# --- what comes with CPD Hub ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "kind", "tops", "below"),
    [
        ("dfe-cpd-standard", "quality", 5, 21),
        ("eef-mechanisms", "quality", 4, 14),
        ("ten-cpd-factors", "quality", 10, 0),
        ("eppi-features", "quality", 6, 0),
        ("teachers-standards", "role", 2, 8),
        ("assistant-standards", "role", 4, 0),
        ("headteachers-standards", "role", 2, 10),
        ("cpd-leader", "role", 7, 0),
        ("subjects", "subject", 11, 53),
    ],
)
def test_shipped_framework_is_whole_and_says_whose_words_it_is(school, code, kind, tops, below):
    with school_scope(school):
        framework = Framework.objects.get(code=code, school=None)
        depths = [branch.depth for branch in as_tree(framework.items_in_order())]

    assert framework.kind == kind
    assert (depths.count(0), depths.count(1), len(depths)) == (tops, below, tops + below)
    assert framework.owner
    assert framework.licence
