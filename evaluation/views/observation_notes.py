"""What is written of an observation: notes by focus, the talk, the owner's own words."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from evaluation import observing
from evaluation.forms.observation import NotesForm, OwnWordsForm, TalkForm
from evaluation.views.observation import fetch_own


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def notes(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Whoever watches writes what pupils did and said; the owner reads it as it is saved."""
    line = fetch_own(request, uuid)
    part, found = line.my_part, line.observation
    if part is None or not found.is_open or (found.is_held and not found.has_notes):
        raise Http404
    if not (found.is_held or found.may_be_held(now=clock.now())):
        messages.error(request, "Notes are written on the day or after it.")
        return redirect("observations:observation", uuid)
    if request.method == "POST":
        part = observing.take_turn(part)
    form = NotesForm(
        request.POST if request.method == "POST" else None,
        observer=part,
        headings=[row.heading for row in found.headings.all()],
        apart=found.is_joint,
    )
    if form.is_valid():
        try:
            observing.save_notes(
                part,
                notes=form.notes(),
                pupils_said=form.cleaned_data["pupils_said"],
                are_done=form.cleaned_data.get("are_done", False),
            )
        except NotPossible as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"Saved. {found.owner} can read it.")
            return redirect("observations:observation", uuid)
    context = {"form": form, "line": line, "observation": found}
    return render(request, "evaluation/observation_notes.html", context)


@require_POST
@requires(Permission.OBSERVE)
def notes_draft(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """While somebody types at the back of the room: nothing is lost when the phone sleeps."""
    line = fetch_own(request, uuid)
    part, found = line.my_part, line.observation
    may_write = (found.is_held and found.has_notes) or found.may_be_held(now=clock.now())
    if part is None or not may_write:
        raise Http404
    part = observing.take_turn(part)
    headings = [row.heading for row in found.headings.all()]
    form = NotesForm(request.POST, observer=part, headings=headings, apart=found.is_joint)
    is_kept = form.is_valid()
    if is_kept:
        try:
            observing.save_notes(
                part,
                notes=form.notes(),
                pupils_said=form.cleaned_data["pupils_said"],
                while_typing=True,
            )
        except NotPossible:
            is_kept = False
    context = {"is_kept": is_kept, "now": clock.now()}
    return render(request, "evaluation/_notes_kept.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def talk(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """What they talked about and the one next step: everyone in it writes here."""
    line = fetch_own(request, uuid)
    found = line.observation
    if not (found.is_held and found.has_notes):
        raise Http404
    form = TalkForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        form.save()
        if form.has_changed():
            observing.unclose(found)
        messages.success(request, "Saved.")
        return redirect("observations:observation", uuid)
    context = {"form": form, "line": line, "observation": found, "part": "talk"}
    return render(request, "evaluation/observation_talk.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def own_words(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The owner's, whom nobody writes for."""
    line = fetch_own(request, uuid, owner_only=True)
    found = line.observation
    if not (found.is_held and found.has_notes):
        raise Http404
    form = OwnWordsForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("observations:observation", uuid)
    context = {"form": form, "line": line, "observation": found, "part": "own_words"}
    return render(request, "evaluation/observation_talk.html", context)
