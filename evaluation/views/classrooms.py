"""What a school looks for, whose door is open, and learning walks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.views.asking import ask_first
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import HalfTerm, School
from cpdhub.permissions import Permission
from evaluation import observing
from evaluation.forms.walk import LookForsForm, OpenDoorForm, WalkForm
from evaluation.models import LearningWalk, LookFors, OpenDoor

PER_PAGE = 25


# --- what the school agreed to look for -----------------------------------------------------


@require_GET
@requires(Permission.OBSERVE)
def look_fors(request: StaffRequest) -> HttpResponse:
    """The newest, and those before: what was observed by an older one keeps it."""
    versions = list(LookFors.objects.with_items()[:PER_PAGE])
    context = {"newest": versions[0] if versions else None, "older": versions[1:]}
    return render(request, "evaluation/look_fors.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_OBSERVATIONS)
@once
def look_fors_change(request: StaffRequest) -> HttpResponse:
    """A new version. Two who agree one at once take turns on the school's row."""
    if request.method == "POST":
        School.objects.select_for_update(no_key=True).get(pk=request.school.pk)
    newest = LookFors.objects.with_items().first()
    number = newest.version if newest else 0
    lines = "\n".join(
        f"{item.heading}: {item.hint}" if item.hint else item.heading
        for item in (newest.items.all() if newest else [])
    )
    form = LookForsForm(
        request.POST if request.method == "POST" else None,
        newest=number,
        initial={"version": number, "lines": lines},
    )
    if form.is_valid():
        agreed = observing.agree_look_fors(number + 1, form.cleaned_data["lines"], by=request.staff)
        messages.success(request, f"This is {agreed} now. Observations before it keep theirs.")
        return redirect("observations:look_fors")
    context = {"form": form, "newest": newest}
    return render(request, "evaluation/look_fors_change.html", context)


# --- open doors ------------------------------------------------------------------------------


@require_GET
@requires(Permission.OBSERVE)
def doors(request: StaffRequest) -> HttpResponse:
    """Who is happy to be watched, doing what and when."""
    shown = OpenDoor.objects.open(today=clock.today()).select_related("staff__team")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/open_doors.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
@once
def door_open(request: StaffRequest) -> HttpResponse:
    today = clock.today()
    term = HalfTerm.objects.filter(ends_on__gte=today).order_by("ends_on").first()
    until = term.ends_on if term else today + timedelta(weeks=6)
    form = OpenDoorForm(
        request.POST if request.method == "POST" else None,
        instance=OpenDoor(school=request.school, staff=request.staff, opened_on=today),
        initial={"until": min(until, today + timedelta(weeks=12))},
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Your door is open. You may still say no to each who asks.")
        return redirect("observations:doors")
    return render(request, "evaluation/open_door.html", {"form": form})


@require_POST
@requires(Permission.OBSERVE)
def door_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Taken off the board: what was agreed because of it stays agreed."""
    get_object_or_404(OpenDoor.objects.filter(staff=request.staff), pk=pk).delete()
    messages.success(request, "Taken off the board.")
    return redirect("observations:doors")


# --- learning walks --------------------------------------------------------------------------


@require_GET
@requires(Permission.OBSERVE)
def walks(request: StaffRequest) -> HttpResponse:
    """One's own, and those others let one read."""
    shown = LearningWalk.objects.visible_to(request.staff).select_related("author", "topic")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/walks.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
@once
def walk_write(request: StaffRequest) -> HttpResponse:
    walk = LearningWalk(
        school=request.school, author=request.staff, walked_on=clock.today(), rooms=[]
    )
    return _write(request, walk)


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def walk_change(request: StaffRequest, uuid: UUID) -> HttpResponse:
    return _write(request, _own(request, uuid))


def _own(request: StaffRequest, uuid: UUID) -> LearningWalk:
    found: LearningWalk = get_object_or_404(LearningWalk.objects.owned_by(request.staff), uuid=uuid)
    return found


def _write(request: StaffRequest, walk: LearningWalk) -> HttpResponse:
    form = WalkForm(
        request.POST if request.method == "POST" else None, instance=walk, by=request.staff
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("observations:walk", walk.uuid)
    context = {"form": form, "walk": walk, "is_new": walk._state.adding}
    return render(request, "evaluation/walk_write.html", context)


@require_GET
@requires(Permission.OBSERVE)
def walk(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(
        LearningWalk.objects.visible_to(request.staff).select_related("author", "topic"),
        uuid=uuid,
    )
    context: dict[str, Any] = {
        "walk": found,
        "is_mine": found.author_id == request.staff.pk,
        "parts": [
            (found._meta.get_field(name).verbose_name, getattr(found, name))
            for name in ("patterns", "pupil_talk", "wonderings")
        ],
    }
    return render(request, "evaluation/walk.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def walk_delete(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = _own(request, uuid)
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted. Nothing of it was kept.")
        return redirect("observations:walks")
    return ask_first(
        request, question="Delete this walk?",
        text=f"“{found.focus}” is gone for good, also for those who could read it.",
        deed="Delete it", back=reverse("observations:walk", args=[uuid]),
    )  # fmt: skip
