"""INSET days, dates kept free, and the times of a person in which nothing else is directed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub import clock
from cpdhub.calendar_forms import BlockedForm, InsetForm, ProtectedTimeForm, Twilights
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.inset import account_of, parts_of
from cpdhub.keys import key_of
from cpdhub.models import AcademicYear, BlockedDates, InsetDay, ProtectedTime, Staff
from cpdhub.permissions import Permission

P = Permission


@require_GET
@requires(P.KEEP_CALENDAR)
def calendar(request: StaffRequest) -> HttpResponse:
    """Every year's INSET account, its days, and what is kept free."""
    today = clock.today()
    days = list(InsetDay.objects.select_related("priority").prefetch_related("twilights"))
    years = [
        {
            "year": year,
            "account": account_of(year, days, today=today),
            "days": [day for day in days if any(year.holds(part) for part, _ in parts_of(day))],
        }
        for year in AcademicYear.objects.order_by("-starts_on")
        if year.ends_on >= today or any(year.holds(day.day) for day in days)
    ]
    context = {
        "years": years,
        "blocked": BlockedDates.objects.select_related("team").order_by("-first_day"),
        "can_settings": request.staff.can(P.MANAGE_SCHOOL),
    }
    return render(request, "cpdhub/school_calendar.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.KEEP_CALENDAR)
@once
def inset_add(request: StaffRequest) -> HttpResponse:
    return _inset(request, InsetDay(school=request.school))


@require_http_methods(["GET", "POST"])
@requires(P.KEEP_CALENDAR)
def inset(request: StaffRequest, pk: int) -> HttpResponse:
    day = get_object_or_404(InsetDay, pk=pk)
    if request.POST.get("do") == "delete":
        day.delete()
        messages.success(request, f"{day} is no INSET day any more.")
        return redirect("school:calendar")
    return _inset(request, day)


def _inset(request: StaffRequest, day: InsetDay) -> HttpResponse:
    """The day and its twilights, on one page."""
    data = request.POST if request.method == "POST" else None
    kept = day.twilights.values("day", "starts_at", "ends_at") if day.pk else []
    form = InsetForm(data, instance=day)
    twilights: Any = Twilights(data, prefix="twilights", initial=list(kept))
    if data is not None and form.is_valid() & twilights.is_valid() and form.save_or_refuse():
        twilights.save(form.instance)
        messages.success(request, f"Saved: {form.instance}.")
        return redirect("school:calendar")
    context = {"form": [form, *twilights], "inset_form": form, "twilights": twilights, "day": day}
    return render(request, "cpdhub/school_inset.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.KEEP_CALENDAR)
@once
def blocked_add(request: StaffRequest) -> HttpResponse:
    return _blocked(request, BlockedDates(school=request.school))


@require_http_methods(["GET", "POST"])
@requires(P.KEEP_CALENDAR)
def blocked(request: StaffRequest, pk: int) -> HttpResponse:
    dates = get_object_or_404(BlockedDates, pk=pk)
    if request.POST.get("do") == "delete":
        dates.delete()
        messages.success(request, "These dates are open for CPD again.")
        return redirect("school:calendar")
    return _blocked(request, dates)


def _blocked(request: StaffRequest, dates: BlockedDates) -> HttpResponse:
    form = BlockedForm(request.POST if request.method == "POST" else None, instance=dates)
    if form.is_valid():
        form.save()
        messages.success(request, "These dates are kept free.")
        return redirect("school:calendar")
    return render(request, "cpdhub/school_blocked.html", {"form": form, "dates": dates})


# --- a person's protected times ------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(P.SEE_STAFF)
@once
def protected(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own PPA and ECT time, or, for whoever looks after the records, a colleague's."""
    person = get_object_or_404(Staff.objects.visible_to(request.staff, today=clock.today()), pk=pk)
    if person != request.staff and not request.staff.can(P.MANAGE_STAFF):
        raise PermissionDenied
    if gone := request.POST.get("remove"):
        person.protected_times.filter(pk=key_of(gone)).delete()
        messages.success(request, "That time is not protected any more.")
        return redirect("staff:protected", pk)
    form = ProtectedTimeForm(
        request.POST if request.method == "POST" else None,
        instance=ProtectedTime(school=request.school, staff=person),
    )
    if form.is_valid():
        form.save()
        messages.success(request, f"Added: {form.instance}.")
        return redirect("staff:protected", pk)
    context = {"form": form, "person": person, "times": person.protected_times.all()}
    return render(request, "cpdhub/staff_protected.html", context)
