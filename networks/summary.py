"""The network's term as a PDF: for heads, an authority, a trust's board. Nothing is in it that the
page does not show to every member."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict

from cpdhub.jobs import JobFailed
from cpdhub.keys import key_of
from cpdhub.models import Job, Staff
from cpdhub.permissions import Permission
from cpdhub.sheets import Column, Report, Sheet, Table, day
from cpdhub.sheets import figures as numbers
from networks.figures import Figures, Line
from networks.models import Commitment, Membership, Publication


def gather(by: Staff, query: QueryDict) -> Sheet:
    """Of the publication whose number is in the address, for somebody of a member school."""
    publication = _asked(query).select_related("network").first()
    if publication is None:
        raise JobFailed("These figures are not published any more: a school took its part back.")
    network = publication.network
    own = Membership.objects.get(network=network, school=by.school)
    figures = Figures(publication, own)
    return Sheet(
        title=f"{network}: what learning together brings",
        period=f"{publication.title}: {day(publication.first_day)} to {day(publication.last_day)}",
        finding=figures.finding,
        tables=[
            _lines("What was done", figures.done),
            _lines("How far evaluation got", figures.steps),
            Table(
                "Who has had what",
                [Column("Staff group", 3), *numbers("People", "Hours each", "With none")],
                [[row["name"], row["people"], row["each"], row["none"]] for row in figures.groups],
                text=figures.fairness,
            ),
            Table(
                "Needs that several schools share",
                [Column("Need", 4), *numbers("Schools"), Column("People")],
                [[row["title"], str(row["schools"]), row["people"]] for row in figures.needs],
                none="None is shared by three schools and five people.",
            ),
            _named(figures),
            _who_comes(figures),
            _answered_for(network.pk),
        ],
        note="Totals are of schools that agreed to be counted, frozen on"
        f" {day(publication.published_on)}. Nothing about fewer than five people or from fewer than"
        " three schools is shown. Numbers of evaluation are of activities, not of people.",
    )


def _asked(query: QueryDict) -> QuerySet[Publication]:
    found: QuerySet[Publication] = Publication.objects.standing()
    return found.filter(pk=key_of(query.get("publication", "")) or 0)


def _still(job: Job) -> bool:
    """No school took its part back, and this one is in the network."""
    return _asked(QueryDict(job.params.get("query", ""))).exists()


def _lines(title: str, lines: list[Line]) -> Table:
    columns = [Column("What", 4), *numbers("Figure"), Column("That is", 2)]
    return Table(title, columns, [[line.what, line.figure, line.note] for line in lines])


def _named(figures: Figures) -> Table:
    columns = [
        Column("School", 3), *numbers("People", "Hours each", "With none", "Fees", "An hour"),
        *numbers("Judged", "Gained"),
    ]  # fmt: skip
    names = ("people", "each", "none", "cost", "an_hour", "judged", "gained")
    rows = [[str(row.school), *(row.shown[name] for name in names)] for row in figures.named]
    return Table("Schools that show their own", columns, rows, none="None shows its own.")


def _who_comes(figures: Figures) -> Table:
    columns = [
        Column("School", 3), Column("Colleagues with an open need", 3),
        Column("Colleagues who were at another school", 3),
    ]  # fmt: skip
    rows = [[str(row.school), row.shown["needing"], row.shown["learned"]] for row in figures.named]
    return Table("Who comes, beside who needs it", columns, rows, text=figures.left_out)


def _answered_for(network: int) -> Table:
    rows = Commitment.objects.filter(network=network)
    return Table(
        "What the network answers for",
        [Column("What should be different", 3), Column("At which level", 2), Column("Found", 4)],
        [[row.expected, row.level_word, row.found or "not yet"] for row in rows],
    )


SUMMARY = Report(
    "network_summary", "What learning together brings", Permission.WORK_IN_NETWORKS, gather, _still
)
