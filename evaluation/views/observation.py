"""One observation: for its people, and whoever its owner chose."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.models.pairs import coaches_of
from activities.views.asking import ask_first
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission, Role
from evaluation import observing
from evaluation.forms.observation import ArrangeForm, ShareForm
from evaluation.models import Observation
from evaluation.observation_words import Line


def fetch(request: StaffRequest, uuid: UUID) -> Line:
    """One that may be read, or no page at all."""
    found = get_object_or_404(
        Observation.objects.visible_to(request.staff)
        .select_related("owner__school", "activity", "topic", "look_fors", "asked_by")
        .prefetch_related("observers__staff", "headings"),
        uuid=uuid,
    )
    return Line(found, request.staff)


def fetch_own(request: StaffRequest, uuid: UUID, *, owner_only: bool = False) -> Line:
    """For what only its people do, or only its owner: whoever else may read it finds no page."""
    line = fetch(request, uuid)
    if not (line.is_mine if owner_only else line.is_in_it):
        raise Http404
    return line


@require_GET
@requires(Permission.OBSERVE)
def observation(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """What is agreed, what was seen and said, and who has opened it."""
    line = fetch(request, uuid)
    found = line.observation
    observing.open_observation(found, by=request.staff)
    context: dict[str, Any] = {
        "line": line,
        "observation": found,
        "notes": line.notes_i_may_read() if found.has_notes else [],
        "may_be_held": found.may_be_held(now=clock.now()),
        "activity": activity_for(found, request.staff),
        "shows_video": bool(found.video_until and found.video_until >= clock.today()),
    }
    if found.is_open and line.is_in_it and not found.is_held:
        context["load"] = load_warning(found)
    if found.kind == Observation.Kind.RECIPROCAL and line.is_in_it and not found.return_of_id:
        returned = Observation.objects.filter(return_of=found).first()
        context |= {"may_return": found.state != Observation.State.ASKED, "returned": returned}
    if line.is_mine:
        context["readers"] = found.readers.select_related("staff").order_by("staff__sort_name")
        context["openings"] = found.openings.select_related("staff").order_by("first_at")
    return render(request, "evaluation/observation.html", context)


def activity_for(found: Observation, reader: Staff) -> str:
    """A private activity's title is nobody's but its people's."""
    if found.activity is None:
        return ""
    return found.activity.title if found.owner_id == reader.pk else found.activity.title_for_all


def load_warning(found: Observation) -> str:
    """Said to both sides while they ask and agree. Induction is a duty and not counted."""
    if found.purpose != Observation.Purpose.DEVELOPMENTAL:
        return ""
    day = found.day or clock.today()
    load = observing.load_of(found.owner, day=day) + (found.state == Observation.State.ASKED)
    limit = found.owner.school.observations_a_year
    if load <= limit:
        return ""
    return (
        f"With this one {found.owner.name} is observed {load} times this year. Our school means to"
        f" stay at {limit}: is this one worth it for both of you?"
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def arrange(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """What to look at and when. An owner who was asked says yes with the same form."""
    line = fetch_own(request, uuid)
    found = line.observation
    if not found.is_open or found.is_held:
        messages.error(request, "It took place or was called off: nothing is arranged any more.")
        return redirect("observations:observation", uuid)
    agrees = line.is_mine and not line.i_agreed
    form = ArrangeForm(
        request.POST if request.method == "POST" else None, instance=found, by=request.staff
    )
    if form.is_valid():
        try:
            asks = observing.arrange(form.instance, by=request.staff, headings=form.headings())
            if agrees:
                observing.agree(found, by=request.staff)
        except NotPossible as why:
            messages.error(request, str(why))
        else:
            said = "Saved, and you said yes." if agrees else "Saved."
            if asks:
                said += " What to look at is another, so the others are asked for their yes again."
            messages.success(request, said)
        return redirect("observations:observation", uuid)
    context = {"form": form, "line": line, "observation": found, "agrees": agrees}
    return render(request, "evaluation/observation_arrange.html", context)


def _move(request: StaffRequest, uuid: UUID, deed: Callable[[], Any], said: str) -> HttpResponse:
    try:
        deed()
    except NotPossible as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said)
    return redirect("observations:observation", uuid)


@require_POST
@requires(Permission.OBSERVE)
def agree(request: StaffRequest, uuid: UUID) -> HttpResponse:
    line = fetch_own(request, uuid)
    found = line.observation
    if line.is_mine and not (found.focus and found.starts_at):
        return redirect("observations:arrange", uuid)
    return _move(request, uuid, lambda: observing.agree(found, by=request.staff), "You said yes.")


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def withdraw(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """No, or not after all. Nobody is asked why."""
    line = fetch_own(request, uuid)
    if request.method == "POST":
        return _move(
            request,
            uuid,
            lambda: observing.withdraw(line.observation, by=request.staff),
            "It does not take place. The others are told, without a reason.",
        )
    return ask_first(
        request, question="Not this time?",
        text=f"{line.title}, {line.when}. It does not take place, and the others are told so."
        " Nobody gives a reason, and nobody else learns of it.",
        deed="It does not take place", back=reverse("observations:observation", args=[uuid]),
    )  # fmt: skip


@require_POST
@requires(Permission.OBSERVE)
def held(request: StaffRequest, uuid: UUID) -> HttpResponse:
    line = fetch_own(request, uuid)
    return _move(request, uuid, lambda: observing.hold(line.observation), "It took place.")


@require_POST
@requires(Permission.OBSERVE)
def close(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """I am done with it. After the last one observers read it no more."""
    line = fetch_own(request, uuid)
    try:
        found = observing.close(line.observation, by=request.staff)
    except NotPossible as why:
        messages.error(request, str(why))
        return redirect("observations:observation", uuid)
    if found.is_closed:
        whose = "yours alone" if line.is_mine else f"{found.owner}’s alone"
        messages.success(request, f"Closed by everyone: it is {whose}, unless shared.")
    else:
        messages.success(request, "You closed it. It is closed once everyone has.")
    is_left = found.is_closed and not line.is_mine
    return redirect("observations:list") if is_left else redirect("observations:observation", uuid)


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def share(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Its owner chooses who reads it, each by name."""
    line = fetch_own(request, uuid, owner_only=True)
    found = line.observation
    if not found.has_notes:
        raise Http404
    now = list(Staff.objects.filter(pk__in=found.readers.values("staff")).order_by("sort_name"))
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        people=may_be_chosen(line, now),
        initial={"readers": [person.pk for person in now]},
    )
    if form.is_valid():
        readers = list(form.cleaned_data["readers"])
        said = " and ".join(person.name for person in readers)
        told = f"You and {said} can read it." if said else "Nobody reads it but you."
        if found.is_held and not said:
            told = "Nobody else reads it once it is closed."
        return _move(request, uuid, lambda: observing.share(found, readers=readers), told)
    return render(
        request,
        "evaluation/observation_share.html",
        {"form": form, "line": line, "observation": found},
    )


def may_be_chosen(line: Line, now: list[Staff]) -> list[tuple[Staff, str]]:
    """Observers, line manager, coaches, CPD leader and head, and whoever reads it already."""
    owner, today = line.observation.owner, clock.today()
    here = Staff.objects.live(today)
    people: dict[int, tuple[Staff, str]] = {}

    def add(found: Any, why: str) -> None:
        for person in found:
            if person.pk != owner.pk:
                people.setdefault(person.pk, (person, why))

    add(here.filter(pk__in=[each.staff_id for each in line.observers]), "who watched")
    add(here.filter(line_managed=owner), "your line manager")
    add(coaches_of(owner).live(today), "your coach")
    add(here.with_role(Role.CPD_LEADER), "CPD leader")
    add(here.with_role(Role.HEAD), "head")
    add(now, "")
    return list(people.values())


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
def destroy(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Its owner takes every note away, for everyone. That it took place stays."""
    line = fetch_own(request, uuid, owner_only=True)
    if not line.observation.has_notes:
        raise Http404
    if request.method == "POST":
        return _move(
            request,
            uuid,
            lambda: observing.destroy_notes(line.observation),
            "The notes are gone for everyone. That you were observed stays on record.",
        )
    return ask_first(
        request, question="Take the notes away?",
        text=f"{line.title}, {line.when}. Every word of it is gone for good, also for whoever"
        " watched and whoever you shared it with. No copy is kept. That it took place stays.",
        deed="Take them away", back=reverse("observations:observation", args=[uuid]),
    )  # fmt: skip
