"""What the reports of a plain school (`plain_school.py`) must say, counted by hand."""

from collections import Counter
from decimal import Decimal

from django.http import QueryDict

from cpdhub import clock
from cpdhub.sheets import printed
from cpdhub.templatetags.cpdhub import pounds
from evaluation import report, stories, terms
from evaluation.models import Verdict
from evaluation.narrowing import Narrowing
from tests.evaluation.plain_school import LAST, THIS, Asked

WHOLE = Asked()
LEAST = 5


def is_small(part, whole):
    return 0 < part < LEAST or 0 < whole - part < LEAST


def figures_for_governors(plain, priority):
    """Needs, activities, people, reflections, pupils: as reports without names print them."""
    told = plain.chain(priority, WHOLE)
    needs, meant = sum(told["needs"]), len(told["put_down"] | told["reached"])
    reached, among = len(told["reached"]), len(told["reached"] & told["sharers"])
    needing = {need.whose for need in plain.needs_of(priority, WHOLE) if need.whose[0] == "person"}
    hides = 0 < meant < LEAST or is_small(reached, meant)
    people = f"{reached} of {meant}" if meant else "0"
    if hides:
        people = "fewer than 5" if meant < LEAST else f"of {meant} meant"
    reflections = "not shown" if hides or is_small(among, reached) else str(among)
    return [
        "none" if not needs else "not shown" if 0 < len(needing) < LEAST else str(needs),
        str(told["planned"] + told["finished"]),
        people,
        reflections,
        pupils(plain, priority),
    ]


def pupils(plain, priority):
    read = [value for which, value in plain.readings if which == priority]
    return f"41 → {read[-1]} %" if read else "not yet known"


def sheet(plain, made, **query):
    asked = QueryDict(mutable=True)
    asked.update({"year": str(plain.rows["year"]), **query})
    return printed(made.gather(plain.rows["head"], asked), "School")


def told_of_all(plain):
    """What everybody may read of: neither private nor somebody's own, nor off."""
    return [each for each in plain.activities if each.counts and not each.is_private]


def check_reports(plain, strength):
    """`strength(priority)` is how sure we are of it."""
    check_annual(plain)
    check_evidence(plain, strength)
    check_story(plain, strength)
    check_premium(plain)
    check_impact(plain)


def check_annual(plain):
    first, second, groups, types, changed, kinds = sheet(plain, stories.ANNUAL)["tables"]
    for n, table in enumerate((first, second)):
        assert [row[1] for row in table["rows"]] == figures_for_governors(plain, n)
    check_groups(plain, groups["rows"])
    judged = [each for each in told_of_all(plain) if each.review]
    verdicts = Counter(each.review[0] for each in judged)
    number = [str(verdicts[word]) for word in ("met", "partly", "not_yet", "unknown")]
    fees = pounds(sum(each.fee for each in judged))
    assert [row[1:] for row in types["rows"]] == (
        [[str(len(judged)), *number, fees]] if judged else []
    )
    assert len(changed["rows"]) == sum(each.review[1] != "keep" for each in judged)
    gains = Counter(gain for each in judged for gain in each.gains)
    assert sorted(int(row[2]) for row in kinds["rows"]) == sorted(gains.values())


def check_groups(plain, shown):
    """Small ones are joined to the next; those that stand alone say what was counted."""
    names = {"Teachers": "teacher", "Teaching assistants": "assistant", "Other support": "support"}
    told = {name: plain.group(name, WHOLE) for name in names.values()}
    assert sum(int(row[1]) for row in shown) == len(plain.people)
    for name, people, each, before, none_yet in shown:
        assert int(people) >= LEAST
        if name in names:
            row = told[names[name]]
            size = row["people"]
            assert int(people) == size
            assert float(each) == round(row["this_year"] / size, 1)
            assert float(before) == round(row["last_year"] / size, 1)
            hides = is_small(row["none_yet"], size)
            assert none_yet == ("not shown" if hides else str(row["none_yet"]))


def check_evidence(plain, strength):
    tables = sheet(plain, stories.EVIDENCE)["tables"]
    for n, table in enumerate(tables):
        kinds = [each.kinds for each in told_of_all(plain) if n in each.serves]
        assert len(table["rows"]) == sum(map(len, kinds))
        assert table["text"] == f"Evidence: {strength(n).lower()}."


def check_story(plain, strength):
    for n, priority in enumerate(plain.rows["priorities"]):
        chain, measures, judged, _, unplanned = sheet(
            plain, stories.STORY, priority=str(priority.pk)
        )["tables"]
        assert [row[1] for row in chain["rows"]] == figures_for_governors(plain, n)
        assert chain["text"] == f"Evidence: {strength(n).lower()}."
        read = [str(value) for which, value in plain.readings if which == n]
        assert [part.split()[0] for part in measures["rows"][0][3].split("; ") if part] == read
        reviewed = [each for each in told_of_all(plain) if each.review and n in each.serves]
        assert sorted(row[2] for row in judged["rows"]) == sorted(
            Verdict(each.review[0]).label for each in reviewed
        )
        assert len(unplanned["rows"]) == sum(len(each.gains) for each in reviewed)


def check_premium(plain):
    made = sheet(plain, stories.PREMIUM)
    paid = [
        each
        for each in plain.activities
        if each.is_premium and each.fee and not each.is_private and each.state != "cancelled"
    ]
    number = f"{len(paid)} activit{'y' if len(paid) == 1 else 'ies'}"
    total = pounds(sum(each.fee for each in paid))
    assert made["finding"] == f"{total} of tier 1, teaching, for {number}."
    rows = made["tables"][0]["rows"]
    assert sorted(row[3] for row in rows) == sorted(pounds(each.fee) for each in paid)
    assert sum(row[4] == "Not judged yet" for row in rows) == sum(
        not each.review or each.is_own for each in paid
    )


def check_impact(plain):
    """The dashboard as a PDF, of the whole school and of one team."""
    rows = plain.rows
    stretch = terms.year_so_far(rows["year"], today=clock.today())
    for asked in (WHOLE, Asked(team=0, form=1)):
        chosen = (
            {"team": rows["teams"][0].pk, "form": rows["forms"][1].pk} if asked.team == 0 else {}
        )
        offered = any(each.form == 1 and each.counts for each in plain.activities)
        if asked.form is not None and not offered:
            continue  # a form nothing was done in is not on the list
        narrowing = Narrowing({k: str(v) for k, v in chosen.items()}, rows["head"], rows["year"])
        data = report.gather(rows["head"].school, stretch, for_governors=False, narrowing=narrowing)
        for n, found in enumerate(data["priorities"]):
            told = plain.chain(n, asked)
            meant = len(told["put_down"] | told["reached"])
            reached = len(told["reached"])
            assert [link["figure"] for link in found["links"]] == [
                str(sum(told["needs"])) if sum(told["needs"]) else "none",
                str(told["planned"] + told["finished"]),
                f"{reached} of {meant}" if meant else "0",
                str(len(told["sharers"])) if reached else "0",
                pupils(plain, n),
            ]
            assert found["money"].startswith(f"{pounds(told['cost'])} in fees")
        this, before = plain.in_year(asked, THIS), plain.in_year(asked, LAST)
        assert data["totals"][0].startswith(f"{len(this)} activit")
        assert data["totals"][0].endswith(f", {len(before)} in the same weeks last year")
        assert data["totals"][2].startswith(pounds(Decimal(sum(each.fee for each in this))))
