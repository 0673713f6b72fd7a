"""Pupils' voice for staff: ask a group, follow how many answered, read what the group said."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.views.asking import ask_first
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from evaluation import pupils_voice
from evaluation.forms.observation import learning_of
from evaluation.forms.voice import VoiceForm
from evaluation.models import Evidence, PupilVoice

PER_PAGE = 25


@require_GET
@requires(Permission.ASK_PUPILS)
def voices(request: StaffRequest) -> HttpResponse:
    """One's own. What colleagues asked is theirs, until it is evidence for an activity."""
    mine = PupilVoice.objects.owned_by(request.staff).select_related("instrument", "activity")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/voices.html", {"page": page, "now": clock.now()})


@require_http_methods(["GET", "POST"])
@requires(Permission.ASK_PUPILS)
@once
def ask(request: StaffRequest) -> HttpResponse:
    """`?activity=`: about this one. `?before=`: the same once more, to set beside it."""
    voice, initial = PupilVoice(), {}
    if before := asked_before(request):
        voice = PupilVoice(
            before=before, instrument=before.instrument, group=before.group, people=before.people,
            is_whole_class=before.is_whole_class, activity=before.activity,
        )  # fmt: skip
    elif wanted := key_of(request.GET.get("activity", "")):
        initial = {"activity": learning_of(request.staff).filter(pk=wanted).first()}
    form = VoiceForm(
        request.POST if request.method == "POST" else None,
        instance=voice,
        by=request.staff,
        initial=initial,
    )
    if form.is_valid():
        try:
            opened = pupils_voice.open_voice(
                form.save(commit=False),
                by=request.staff,
                now=clock.now(),
                days=form.cleaned_data["days"],
            )
        except NotPossible as why:
            form.add_error("people", str(why))
        else:
            return redirect("voice:voice", opened.uuid)
    return render(request, "evaluation/voice_ask.html", {"form": form, "before": before})


def asked_before(request: StaffRequest) -> PupilVoice | None:
    try:
        wanted = UUID(request.GET.get("before", ""))
    except ValueError:
        return None
    mine = PupilVoice.objects.owned_by(request.staff).exclude(closed_at=None)
    found: PupilVoice | None = (
        mine.filter(uuid=wanted, after=None).select_related("instrument", "activity").first()
    )
    return found


def own(request: StaffRequest, uuid: UUID) -> PupilVoice:
    found: PupilVoice = get_object_or_404(
        PupilVoice.objects.owned_by(request.staff).select_related(
            "instrument", "activity", "before", "school"
        ),
        uuid=uuid,
    )
    return found


@require_GET
@requires(Permission.ASK_PUPILS)
def voice(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The code while it works; then the table, beside what the group said before."""
    found = get_object_or_404(
        PupilVoice.objects.visible_to(request.staff).select_related(
            "instrument", "activity", "before", "owner"
        ),
        uuid=uuid,
    )
    is_mine = found.owner_id == request.staff.pk
    if not found.is_closed and not is_mine:
        raise Http404
    context: dict[str, Any] = {"voice": found, "is_mine": is_mine}
    if found.is_closed:
        context["lines"] = pupils_voice.beside(found)
        context["asked"] = found.questions()
        context["after"] = PupilVoice.objects.filter(before=found).first() if is_mine else None
    else:
        context["handed_in"] = found.sheets.count()
        context["is_over"] = found.closes_at <= clock.now()
        context["address"] = pupils_voice.address_for_pupils(request.school)
    return render(request, "evaluation/voice.html", context)


@require_POST
@requires(Permission.ASK_PUPILS)
def close(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = pupils_voice.close(own(request, uuid), now=clock.now())
    if found.answered is None:
        messages.warning(
            request, f"Fewer than {found.least} answered, so nothing is shown and nothing is kept."
        )
    else:
        messages.success(request, f"Closed: {found.answered} answered. Their sheets are destroyed.")
    return redirect("voice:voice", uuid)


@require_POST
@requires(Permission.ASK_PUPILS)
def evidence(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """One line of the table becomes evidence for the activity it is about."""
    found = own(request, uuid)
    place = key_of(request.POST.get("place", "") or "x")
    if request.POST.get("place", "") == "":
        messages.error(request, "Choose which line shows it.")
        return redirect("voice:voice", uuid)
    try:
        made: Evidence = pupils_voice.use_as_evidence(found, place=place, by=request.staff)
    except NotPossible as why:
        messages.error(request, str(why))
        return redirect("voice:voice", uuid)
    messages.success(request, f"It is evidence now: {made}.")
    return redirect("impact:what_changed", made.activity_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.ASK_PUPILS)
def delete(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = own(request, uuid)
    if found.is_evidence:
        raise Http404
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted. Nothing of it was kept.")
        return redirect("voice:list")
    return ask_first(
        request,
        question="Delete what they said?",
        text=f"{found}. Answers and table go for good.",
        deed="Delete it",
        back=reverse("voice:voice", args=[uuid]),
    )
