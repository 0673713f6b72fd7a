"""What the school invested in one person in a year: a statement of thanks, from the figures
their own record holds."""

from __future__ import annotations

from decimal import Decimal

from django.http import QueryDict

from activities.entitled_facts import facts
from activities.models import EntitlementStep
from cpdhub import clock
from cpdhub.jobs import JobFailed
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.sheets import Column, Report, Sheet, Table, day, figures
from cpdhub.templatetags.cpdhub import hours as in_hours
from cpdhub.templatetags.cpdhub import pounds_whole
from evaluation.record import Record, Years, between, with_share
from evaluation.school_year import Period


def of_person(by: Staff, query: QueryDict) -> Sheet:
    """Their own, of the year chosen or of this one. What they did alone stands apart."""
    years = Years.known(today=clock.today())
    period = years.named(query.get("year", "")) or years.this
    if period is None:
        raise JobFailed("The school has not entered an academic year yet.")
    record = Record(by, by)
    dated = record.activities().filter(period.of("last_at"))
    shared = with_share(dated.select_related("type"), by)
    activities = record.with_hours(shared)
    schools = [row for row in activities if not row.is_own_learning]
    own = [row for row in activities if row.is_own_learning]
    spent = sum((row.share for row in schools), Decimal(0))
    time = sum((row.my_time.total_seconds() / 3600 for row in schools if row.my_time), 0.0)
    return Sheet(
        title=f"What we invested in you, {by.name}",
        period=f"{day(period.first)} to {day(period.last)}",
        finding=f"{in_hours(time)} hours of learning, and {pounds_whole(spent)} of the school’s"
        " money. Thank you for what you made of it.",
        tables=[
            _table("With the school", schools, with_money=True),
            _table("What you did by yourself", own, with_money=False),
            received(by, period),
        ],
        note="Hours are those of the registers. Of what several took part in, the cost is shared"
        " equally. Nobody else is given this page.",
    )


def _table(title: str, rows: list, *, with_money: bool) -> Table:
    columns = [Column("What", 4), Column("When", 2.4), *figures("Hours")]
    cells = [[row.title, between(row.began_at, row.last_at), in_hours(row.my_time)] for row in rows]
    if with_money:
        columns += figures("Your share")
        cells = [[*cell, pounds_whole(row.share)] for cell, row in zip(cells, rows, strict=True)]
    return Table(title, columns, cells, none="Nothing in this year.")


def received(person: Staff, period: Period) -> Table:
    """Entitlements written down or attended within the year."""
    got = {
        (fact.entitlement, fact.step): fact.on
        for fact in facts([], today=clock.today(), of=person.pk)
        if fact.is_receipt and period.first <= fact.on <= period.last
    }
    codes = {step for _, step in got}
    steps = EntitlementStep.objects.filter(code__in=codes).select_related("entitlement")
    found = {(row.entitlement.code, row.code): row for row in steps}
    return Table(
        "Entitlements received",
        [Column("What", 4), Column("When", 2.4)],
        [[found[key].title, day(on)] for key, on in got.items() if key in found],
        none="Nothing written down in this year.",
    )


INVESTED = Report("invested", "What we invested in you", Permission.LOG_LEARNING, of_person)
