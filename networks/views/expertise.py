"""Who in the network could help with what; asking a school, and answering one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.permissions import Permission
from networks import expertise as known_in
from networks import letters
from networks.forms.enquiry import EnquiryForm, HelpedForm, ReplyForm
from networks.membership import member_of
from networks.models import Enquiry


@require_GET
@requires(Permission.SEE_NETWORKS)
def expertise(request: StaffRequest, pk: int) -> HttpResponse:
    """Topics and schools; what nobody offers; and, for who leads CPD, what was asked."""
    member = member_of(request, pk)
    words = request.GET.get("q", "").strip()[:100]
    known = known_in.directory(member.network, words=words)
    enquiries = Enquiry.objects.filter(network=pk).select_related("school", "asked")
    rows = list(enquiries[:50]) if member.works else []
    context = {
        "member": member,
        "network": member.network,
        "known": known,
        "words": words,
        "gaps": [] if words else known_in.gaps(member.network, known),
        "asked_of_us": [row for row in rows if row.asked_id == request.school.pk],
        "asked_by_us": [row for row in rows if row.school_id == request.school.pk],
    }
    return render(request, "networks/expertise.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    row = Enquiry(
        network=member.network, school=request.school, by=request.staff, name=request.staff.name,
        asked_on=clock.today(),
    )  # fmt: skip
    initial = {
        "topic": request.GET.get("topic", "")[:300],
        "asked": key_of(request.GET.get("of", "")),
    }
    form = EnquiryForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        letters.enquire(form.save())
        messages.success(request, f"Asked. {row.asked} gets a letter.")
        return redirect("networks:expertise", pk)
    context = {"form": form, "member": member, "network": member.network}
    return render(request, "networks/ask.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def enquiry(request: StaffRequest, pk: int, enquiry: int) -> HttpResponse:
    """Whoever was asked answers; whoever asked says what came of it."""
    member = member_of(request, pk)
    rows = Enquiry.objects.filter(network=pk).select_related("school", "asked")
    row = get_object_or_404(rows, pk=enquiry)
    is_ours = row.school_id == request.school.pk
    what: Any = HelpedForm if is_ours else ReplyForm
    form = what(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        if not is_ours:
            letters.reply(row)
        messages.success(request, "Saved." if is_ours else f"Answered. {row.school} gets a letter.")
        return redirect("networks:expertise", pk)
    context = {
        "form": form, "row": row, "is_ours": is_ours, "member": member, "network": member.network,
    }  # fmt: skip
    return render(request, "networks/enquiry.html", context)
