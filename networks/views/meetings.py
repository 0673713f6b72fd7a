"""Meetings of a network, and what somebody undertook at them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks.forms.meeting import ActionPointForm, MeetingForm
from networks.membership import Member, member_of, member_that_leads
from networks.models import ActionPoint, Meeting, Membership

PER_PAGE = 20


@require_GET
@requires(Permission.SEE_NETWORKS)
def meetings(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    found = Meeting.objects.filter(network=pk)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    left = ActionPoint.objects.unfinished().filter(network=pk).count()
    context = {"member": member, "network": member.network, "page": page, "left": left}
    return render(request, "networks/meetings.html", context)


def _schools(member: Member) -> list[tuple[int, str]]:
    members = Membership.objects.members().filter(network=member.network).select_related("school")
    return [(row.school_id, str(row.school)) for row in members.order_by("school__name")]


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
@once
def meeting(request: StaffRequest, pk: int, meeting: int) -> HttpResponse:
    """What it is about, what is left from before, what was said; who writes for a school adds
    what it undertakes."""
    member = member_of(request, pk)
    row = get_object_or_404(Meeting.objects.filter(network=pk), pk=meeting)
    blank = ActionPoint(network=member.network, school=request.school, meeting=row)
    form = ActionPointForm(request.POST or None, instance=blank) if member.works else None
    if request.method == "POST" and form and form.is_valid():
        form.save()
        messages.success(request, "Written down.")
        return redirect("networks:meeting", pk, row.pk)
    context = {
        "member": member, "network": member.network, "meeting": row, "form": form,
        "came": [name for key, name in _schools(member) if key in row.present],
        "carried": ActionPoint.objects.carried_to(row).select_related("meeting", "school"),
        "points": row.points.select_related("school"),
    }  # fmt: skip
    return render(request, "networks/meeting.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def meeting_new(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_that_leads(request, pk)
    return _written(request, member, Meeting(network=member.network, school=request.school))


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def meeting_change(request: StaffRequest, pk: int, meeting: int) -> HttpResponse:
    """Notes afterwards, who came; or called off while nobody has undertaken anything."""
    member = member_that_leads(request, pk)
    row = get_object_or_404(Meeting.objects.filter(network=pk), pk=meeting)
    if request.method == "POST" and "remove" in request.POST and not row.points.exists():
        row.delete()
        messages.success(request, "Taken off.")
        return redirect("networks:meetings", pk)
    return _written(request, member, row)


def _written(request: StaffRequest, member: Member, row: Meeting) -> HttpResponse:
    is_new = row.pk is None
    form = MeetingForm(request.POST or None, instance=row, schools=_schools(member))
    if is_new:
        del form.fields["notes"], form.fields["came"]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("networks:meeting", member.network.pk, row.pk)
    context = {
        "form": form, "member": member, "network": member.network,
        "meeting": None if is_new else row, "may_remove": not is_new and not row.points.exists(),
    }  # fmt: skip
    return render(request, "networks/meeting_write.html", context)


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
def point(request: StaffRequest, pk: int, point: int) -> HttpResponse:
    """Done, to do again, or taken off: by the school that undertook it, or one that leads."""
    member = member_of(request, pk)
    rows = ActionPoint.objects.filter(network=pk)
    if not member.leads:
        rows = rows.filter(school=request.school)
    row = get_object_or_404(rows, pk=point)
    if "remove" in request.POST:
        row.delete()
        messages.success(request, "Taken off.")
    else:
        row.done_on = None if row.done_on else clock.today()
        row.save(update_fields=["done_on"])
        messages.success(request, "Done." if row.done_on else "It is to do again.")
    return redirect("networks:meeting", pk, row.meeting_id)
