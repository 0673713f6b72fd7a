"""Whether hours and money are shared fairly, and who had what."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.exports import csv_response, xlsx_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from evaluation import fairness
from evaluation.views.balance import year_and_period
from evaluation.views.impact import PAGE_SIZE

HEADER = ["Table", "Group", "People", "Full-time posts", "Hours for each", "Money for each (£)",
          "With nothing yet (%)"]  # fmt: skip
FILES = {"csv": csv_response, "xlsx": xlsx_response}


@require_GET
@requires(Permission.SEE_IMPACT_SUMMARY)
def fairness_page(request: StaffRequest) -> HttpResponse:
    """By group, stage, team and contract. Names only for those who may see them."""
    year, years, period = year_and_period(request)
    with_names = request.staff.can(Permission.SEE_EVERYONES_RECORD)
    found = fairness.people(period, today=clock.today())
    if make := FILES.get(form := request.GET.get("format", "")):
        LogEntry.objects.create(
            school=request.school, by=request.staff, kind=LogEntry.Kind.EXPORTED, what="fairness"
        )
        name = f"fairness-{year.name.replace('/', '-')}.{form}"
        return make(name, HEADER, file_rows(fairness.tables(found, hides_small=True)))
    context = {
        "year": year,
        "years": years,
        "period": period,
        "tables": fairness.tables(found, hides_small=not with_names),
        "with_names": with_names,
        "concentrated": fairness.concentrated(found) if with_names else [],
        "sentence": fairness.sentence_of(found, with_names=with_names),
        "note": fairness.EACH,
    }
    return render(request, "evaluation/fairness.html", context)


def file_rows(tables: list[fairness.Table]) -> list[list[Any]]:
    """A file goes further than the page: no group of fewer than five is in it."""
    return [
        [table.title, group.name, len(group.people), group.fte, round(group.hours_each, 1),
         round(group.money_each), "" if group.hides_none else group.share_with_none]
        for table in tables
        for group in table.groups
    ]  # fmt: skip


@require_GET
@requires(Permission.SEE_EVERYONES_RECORD)
def fairness_people(request: StaffRequest) -> HttpResponse:
    """The people of one group by name, those with least first."""
    year, _, period = year_and_period(request)
    kind, key = request.GET.get("kind", ""), request.GET.get("key", "")
    if kind and kind not in fairness.KINDS:
        raise Http404
    found = fairness.people(period, today=clock.today())
    if kind:
        found = [row for row in found if fairness.place_of(row.staff, kind)[0] == key]
    if request.GET.get("none"):
        found = [row for row in found if row.has_nothing]
    found.sort(key=lambda row: (row.time, row.money, row.staff.sort_name))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "evaluation/fairness_people.html", {"year": year, "page": page})
