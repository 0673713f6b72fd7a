"""What a leaver knows and runs, and who takes it on."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activities.forms.entitlement import HandoverForm
from activities.models import Activity, EarlyCareer, EntitledPerson, Handover
from activities.views.asking import ask_first
from audits.models import Expertise
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission

P = Permission
MOST = 30


def may_see(leaver: Staff, staff: Staff) -> bool:
    """The leaver, their line manager, and those who see everyone's record."""
    return staff.pk in {leaver.pk, leaver.line_manager_id} or staff.can(P.SEE_EVERYONES_RECORD)


@require_http_methods(["GET", "POST"])
@requires(P.SEE_ACTIVITIES)
@once
def handover(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything there is to hand on, and what has been. Who takes something on reads theirs."""
    leaver = get_object_or_404(Staff.objects.select_related("line_manager"), pk=pk)
    handed = Handover.objects.visible_to(request.staff).filter(leaver=leaver)
    writes = may_see(leaver, request.staff)
    if not writes and not handed.exists():
        raise Http404
    if not writes and request.method == "POST":
        raise PermissionDenied
    form = HandoverForm(
        request.POST or None,
        instance=Handover(school=request.school, leaver=leaver, written_by=request.staff),
        initial={"about": request.GET.get("about", "")[:200]},
    )
    if form.is_valid():
        row = form.save()
        messages.success(request, f"{row.to} reads this on the page of this handover.")
        return redirect("activities:handover", pk)
    context = {
        "leaver": leaver,
        "is_own": leaver.pk == request.staff.pk,
        "handed": handed.select_related("to", "written_by"),
        "writes": writes,
        "form": form,
        **(to_hand_on(leaver, by=request.staff) if writes else {}),
    }
    return render(request, "activities/handover.html", context)


def to_hand_on(leaver: Staff, *, by: Staff) -> dict:
    """What colleagues may know of it: offers they see, activities led, people looked after."""
    today = clock.today()
    offers = Expertise.objects.filter(staff=leaver).exclude(audience=Expertise.Audience.ONLY_ME)
    led = (
        Activity.objects.visible_to(by)
        .of_school()
        .happening()
        .filter(lead=leaver)
        .annotate(last_at=Max("sessions__starts_at"))
        .order_by("-last_at", "-pk")[:MOST]
    )
    early = EarlyCareer.objects.visible_to(by).filter(Q(tutor=leaver) | Q(mentor=leaver))
    buddies = EntitledPerson.objects.filter(supporter=leaver).select_related("staff")
    return {
        "offers": offers.select_related("topic").order_by("topic__title"),
        "led": led,
        "early": [row for row in early.select_related("staff") if row.staff.is_live(today)],
        "buddies": [row for row in buddies if row.staff.is_live(today)],
    }


@require_http_methods(["GET", "POST"])
@requires(P.SEE_ACTIVITIES)
def handover_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    seen = Handover.objects.visible_to(request.staff).select_related("leaver")
    row = get_object_or_404(seen, pk=pk)
    if not may_see(row.leaver, request.staff):
        raise PermissionDenied
    if request.method != "POST":
        return ask_first(
            request, question=f"Take back “{row.about}”?", deed="Take it back",
            text=f"{row.to} will not read the note any more.",
            back=reverse("activities:handover", args=[row.leaver_id]),
        )  # fmt: skip
    row.delete()
    messages.success(request, "Taken back.")
    return redirect("activities:handover", row.leaver_id)
