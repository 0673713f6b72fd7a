"""What can be taken away of activities as a PDF: calendar, budgets, entitlements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.http import QueryDict

from activities import budgets
from activities.calendar import days_between, inset_notes, kept_free
from activities.calendar_filter import CalendarFilter
from activities.entitled import OVERDUE, Cell
from activities.entitled_table import EntitledTable
from activities.models import Activity, Budget, Places
from activities.terms import term_named, terms_of
from cpdhub import clock
from cpdhub.jobs import JobFailed
from cpdhub.models import HalfTerm, Staff
from cpdhub.permissions import Permission
from cpdhub.sheets import Column, Report, Sheet, Table, day, figures, strong
from cpdhub.templatetags.cpdhub import pounds, pounds_whole

FEW = 5  # what fewer do together is not for the wall: it says who is supported, and in what
COMMITTED = (
    "Committed: expected by activities that are planned or held and whose bill is not in."
    " What serves two priorities counts in each. By team and staff group, a cost is shared"
    " equally by everyone who takes part, unless it is for one person."
)


# --- budgets ------------------------------------------------------------------------------------
def of_budgets(by: Staff, query: QueryDict) -> Sheet:
    """The page of budgets of a year, and every line behind it. No column of people, and no title
    of what is private."""
    year, _ = budgets.years_and(query.get("year"), today=clock.today())
    if year is None:
        raise JobFailed("The academic year of this report is not there any more.")
    found = list(Budget.objects.between(year.starts_on, year.ends_on).with_sums())
    lines = budgets.counting(year.starts_on, year.ends_on)
    return Sheet(
        title=f"What is left for CPD? {year}",
        period=f"{day(year.starts_on)} to {day(year.ends_on)}",
        finding=budgets.sentence_of(found),
        tables=[
            Table(
                "Budgets",
                [Column("Budget", 3), *figures("Amount", "Spent", "Committed", "Left")],
                [[row.name, *map(pounds, (row.has, row.spent, row.committed)), _left(row.left)]
                 for row in found],
                none="No budget has days in this year yet.",
            ),
            *(_split(name, rows) for name, rows in budgets.tables(lines)),
            _lines(lines),
        ],
        note=COMMITTED,
    )  # fmt: skip


def _left(left: Decimal) -> Any:
    return strong(f"{pounds(left)}, overspent") if left < 0 else pounds(left)


def _split(name: str, rows: list[budgets.Spend]) -> Table:
    return Table(
        f"By {name}",
        [Column(name.capitalize(), 3), *figures("Spent", "Committed", "Together")],
        [[row.name, *map(pounds_whole, (row.spent, row.committed, row.total))] for row in rows],
        none="Nothing spent or committed in this year.",
    )


def _lines(lines: Any) -> Table:
    """Whose bill is in is spent; of any other, what is expected is committed."""
    rows = lines.select_related("activity", "budget").order_by("falls_on", "pk")
    return Table(
        "Every line",
        [Column("Day", 1.8), Column("Activity", 3), Column("What for", 1.5), Column("Budget", 2),
         *figures("Spent", "Committed")],
        [
            [day(line.falls_on), line.activity.title_for_all, line.get_kind_display(),
             line.budget.name if line.budget else "",
             *((pounds(line.takes), "") if line.actual is not None else ("", pounds(line.takes)))]
            for line in rows
        ],
    )  # fmt: skip


# --- entitlements -------------------------------------------------------------------------------
def of_entitlements(by: Staff, query: QueryDict) -> Sheet:
    """The table of people and entitlements, narrowed and sorted as on the page."""
    table = EntitledTable(by, query, today=clock.today())
    short = [Column(each.entitlement.short, 1, "center") for each in table.columns]
    width = max(2.0, len(short) / 6)  # names have room beside many columns and beside few
    return Sheet(
        title="Has everyone had what they are entitled to?",
        period=f"As of {day(table.today)}",
        finding=table.sentence,
        tables=[
            Table(
                "People and entitlements",
                [Column("Name", width), Column("Team", 0.8 * width), *short],
                [[row.person.name, str(row.person.team or ""), *map(_state, row.cells)]
                 for row in table.rows],
                text="Each cell: the most pressing step, and how many of its steps have been"
                " received. Empty: not meant for them.",
                none="Nobody matches what was chosen." if table.is_narrow
                else "Nothing is promised yet.",
                is_dense=True,
            ),
            Table(
                "One by one",
                [Column("Entitlement"), Column("How its people stand", 2)],
                [[str(each.entitlement), each.counts] for each in table.columns],
            ),
        ],
        note="Received, planned and overdue follow from the registers of activities and from what"
        " was written down by hand; due means within 8 weeks.",
        is_landscape=True,
    )  # fmt: skip


def _state(cell: Cell | None) -> Any:
    if cell is None:
        return ""
    words = f"{cell.words} {cell.had}/{cell.size}"
    return strong(words) if cell.state == OVERDUE else words


# --- calendar -----------------------------------------------------------------------------------
def of_calendar(by: Staff, query: QueryDict) -> Sheet:
    """A term or, with `whole=1`, its year for the wall of a staffroom, half-term by half-term."""
    chosen, terms = term_named(query.get("term", ""), terms_of(), clock.today())
    if chosen is None:
        raise JobFailed("No term has dates yet.")
    is_whole = query.get("whole") == "1"
    shown = [one for one in terms if one.year == chosen.year] if is_whole else [chosen]
    halves = [half for one in shown for half in one.half_terms]
    first, last = shown[0].first, shown[-1].last
    which = CalendarFilter(by, query)
    sessions = for_the_wall(which.sessions(first, last))
    inset, blocked = days_between(first, last)
    lines: list[tuple[date, list[Any]]] = [
        *((on, [day_name(on), "", strong(words), ""]) for on, words in inset_notes(inset)),
        *((max(each.first_day, first), [_days(each, first), "", kept_free(each), ""])
          for each in blocked),
        *((clock.day_of(each.starts_at),
           [day_name(clock.day_of(each.starts_at)), each.times, each.activity.title, each.place])
          for each in sessions),
    ]  # fmt: skip
    lines.sort(key=lambda line: line[0])
    return Sheet(
        title=f"Our CPD, {chosen.year if is_whole else chosen.name}",
        period=f"{day(first)} to {day(last)}",
        finding=f"{len(sessions)} session{'' if len(sessions) == 1 else 's'}.",
        tables=[_half_term(half, lines) for half in halves],
        note="Drafts, own learning and what fewer than five people do together are not on it.",
    )


def _half_term(half: HalfTerm, lines: list[tuple[date, list[Any]]]) -> Table:
    return Table(
        f"{half.get_name_display()}, {half.starts_on.day} {half.starts_on:%B} to"
        f" {day(half.ends_on)}",
        [Column("Day", 1.6), Column("Time", 1.2), Column("What", 4), Column("Where", 1.5)],
        [cells for on, cells in lines if half.starts_on <= on <= half.ends_on],
        none="Nothing planned yet.",
    )


def day_name(on: date) -> str:
    return f"{on:%a} {on.day} {on:%B}"


def _days(each: Any, first: date) -> str:
    begins = max(each.first_day, first)
    if each.last_day <= begins:
        return day_name(begins)
    month = "" if begins.month == each.last_day.month else f" {begins:%b}"
    return f"{begins.day}{month} to {each.last_day.day} {each.last_day:%B}"


def for_the_wall(sessions: list[Any]) -> list[Any]:
    """What everybody may read in passing: held, settled, and not of a few people, unless places
    in it are offered to all."""
    keys = {session.activity_id for session in sessions}
    number = Count("participations")
    few = Activity.objects.filter(pk__in=keys).alias(n=number).filter(n__gt=0, n__lt=FEW)
    hidden = set(few.values_list("pk", flat=True))
    hidden -= set(Places.objects.filter(activity__in=hidden).values_list("activity", flat=True))
    return [
        session
        for session in sessions
        if session.cancelled_at is None
        and session.activity_id not in hidden
        and not session.activity.is_own_learning
        and not session.activity.is_private
        and not session.activity.was_logged
        and session.activity.state not in Activity.NOT_HAPPENING
    ]


BUDGETS = Report("budget_report", "Budgets", Permission.MANAGE_BUDGETS, of_budgets)
ENTITLEMENTS = Report(
    "entitlement_report", "Entitlements", Permission.SEE_ACTIVITIES, of_entitlements
)
CALENDAR = Report("calendar_report", "CPD calendar", Permission.SEE_ACTIVITIES, of_calendar)
