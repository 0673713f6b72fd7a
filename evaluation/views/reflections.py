"""Writing, reading and finding reflections."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.models import Activity
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from evaluation import actions
from evaluation.forms.reflection import ReflectionForm, Ticket
from evaluation.models import LONGEST, Reflection, Sharing, in_words

PER_PAGE = 25
A_FEW = 5


@require_http_methods(["GET", "POST"])
@requires(Permission.REFLECT)
def write(request: StaffRequest) -> HttpResponse:
    """About anything. `?about=` says what it is about."""
    ticket = Ticket.read_or_new(request.POST.get("ticket", ""), owner=request.staff)
    reflection = Reflection.objects.owned_by(request.staff).filter(uuid=ticket.uuid).first()
    if reflection is None:
        reflection = blank(request.staff, uuid=ticket.uuid)
        reflection.title = request.GET.get("about", "")[:200]
    return _write(request, reflection)


@require_http_methods(["GET", "POST"])
@requires(Permission.REFLECT)
def for_activity(request: StaffRequest, pk: int) -> HttpResponse:
    """One reflection per person and activity: a second visit continues the first."""
    reflection = _own(request.staff).filter(activity=pk).first()
    if reflection is None:
        activity = get_object_or_404(
            Activity.objects.visible_to(request.staff)
            .happening()
            .exclude(is_own_learning=True, owner__in=_others(request.staff)),
            pk=pk,
        )
        reflection = blank(request.staff, activity=activity)
    return _write(request, reflection)


@require_http_methods(["GET", "POST"])
@requires(Permission.REFLECT)
def edit(request: StaffRequest, uuid: UUID) -> HttpResponse:
    return _write(request, get_object_or_404(_own(request.staff), uuid=uuid))


def blank(owner: Staff, *, activity: Activity | None = None, **fields: Any) -> Reflection:
    """A reflection nobody has begun yet."""
    return Reflection(
        school=owner.school, owner=owner, activity=activity, written_on=clock.today(), **fields
    )


def _own(staff: Staff) -> Any:
    return Reflection.objects.owned_by(staff).select_related("activity", "owner__school")


def _others(staff: Staff) -> Any:
    return Staff.objects.exclude(pk=staff.pk)


def _write(request: StaffRequest, reflection: Reflection) -> HttpResponse:
    """The page with the boxes. What is sent becomes the reflection, with the chosen readers."""
    activity = reflection.activity
    started_on, when = _beginning(activity) if activity else (None, "")
    is_sent = request.method == "POST"
    if "discard" in request.POST and reflection.pk:
        actions.discard_draft(reflection)
        return redirect(request.path)
    is_written = is_sent and any(request.POST.get(name, "").strip() for name in Reflection.TEXTS)
    if is_written and reflection.pk is None:
        reflection = actions.begin_reflection(
            request.staff, uuid=reflection.uuid, activity=activity
        )
    choices = Sharing.open_to(request.staff, today=clock.today())
    form = ReflectionForm(
        request.POST if is_sent else None,
        instance=reflection,
        choices=choices,
        sharing=Sharing.of(reflection, choices),
        asks_about_pupils=reflection.asks_about_pupils(today=clock.today(), started_on=started_on),
    )
    is_empty = is_sent and not is_written
    if is_empty and reflection.saved_at:
        return redirect("reflections:delete", reflection.uuid)
    if is_sent and not is_empty and form.is_valid():
        actions.save_reflection(form.save(commit=False), sharing=form.sharing)
        messages.success(request, _said(form.sharing, reflection))
        return redirect("reflections:reflection", reflection.uuid)
    if is_written:
        actions.keep_draft(reflection, texts=_typed(request.POST))
    context = {
        "form": form,
        "reflection": reflection,
        "activity": activity,
        "when": when,
        "is_empty": is_empty,
        "has_draft": not is_sent and bool(reflection.unsaved()),
    }
    return render(request, "evaluation/reflection_write.html", context)


def _said(sharing: Sharing, reflection: Reflection) -> str:
    """What the person is told after saving: never a word of the text, only who reads it."""
    if sharing.readers:
        return f"Saved. You and {in_words(sharing.readers)} can read it."
    if reflection.audience == Reflection.Audience.EVERYONE:
        return f"Saved. Everyone at {reflection.school} can read it."
    return "Saved. Only you can read it."


def _typed(data: QueryDict) -> dict[str, str]:
    """What was typed, as it can be kept: no form has looked at it, PostgreSQL refuses NUL."""
    return {
        name: data.get(name, "").replace("\r\n", "\n").replace("\x00", "")[:LONGEST]
        for name in ("title", *Reflection.TEXTS)
        if name in data
    }


def _beginning(activity: Activity) -> tuple[date | None, str]:
    """The day an activity began, and the same in words for the line under the title."""
    found = activity.sessions.aggregate(first=Min("starts_at"), number=Count("pk"))
    if found["first"] is None:
        return None, ""
    day = found["first"].astimezone(clock.LONDON).date()
    words = formats.date_format(day, "l j F")
    return day, f"{found['number']} sessions, from {words}" if found["number"] > 1 else words


@require_POST
@requires(Permission.REFLECT)
def draft(request: StaffRequest) -> HttpResponse:
    """While somebody types. Kept for them alone, whoever may read what they saved before."""
    typed = _typed(request.POST)
    if not any(text.strip() for text in typed.values()):
        return HttpResponse(status=204)
    ticket = Ticket.read(request.POST.get("ticket", ""), owner=request.staff)
    if ticket is None:
        raise Http404
    activity = Activity.objects.filter(pk=ticket.activity_id).first()
    reflection = actions.begin_reflection(request.staff, uuid=ticket.uuid, activity=activity)
    is_saved_elsewhere = request.POST.get("revision") != str(reflection.revision)
    if not is_saved_elsewhere:
        actions.keep_draft(reflection, texts=typed)
    context = {"is_saved_elsewhere": is_saved_elsewhere, "reflection": reflection}
    return render(request, "evaluation/_reflection_draft_kept.html", context)


@require_GET
@requires(Permission.REFLECT)
def reflection(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """One reflection, for its owner and the readers they chose; the owner sees who opened it."""
    found = get_object_or_404(
        Reflection.objects.visible_to(request.staff).select_related("activity", "owner"),
        uuid=uuid,
    )
    is_mine = found.owner_id == request.staff.pk
    if is_mine and found.is_only_a_draft:
        return redirect("reflections:edit", uuid)
    actions.open_reflection(found, by=request.staff)
    context: dict[str, Any] = {
        "reflection": found,
        "is_mine": is_mine,
        "parts": [
            (found._meta.get_field(name).verbose_name, getattr(found, name))
            for name in Reflection.TEXTS
        ],
    }
    if is_mine:
        context["readers"] = found.readers_now()
        context["openings"] = found.openings.select_related("staff").order_by("first_at")
    return render(request, "evaluation/reflection.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.REFLECT)
def delete(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Asks first, for nothing of it is kept."""
    found = get_object_or_404(_own(request.staff), uuid=uuid)
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted. Nothing of it was kept.")
        return redirect("reflections:list")
    return render(request, "evaluation/reflection_delete.html", {"reflection": found})


@require_GET
@requires(Permission.REFLECT)
def reflections(request: StaffRequest) -> HttpResponse:
    """What I wrote, and what others let me read. Both can be searched."""
    words = request.GET.get("q", "").strip()[:100]
    whose = request.GET.get("whose", "")
    mine = _own(request.staff)
    theirs = (
        Reflection.objects.visible_to(request.staff)
        .of_others(request.staff)
        .select_related("activity", "owner")
        .with_opening_by(request.staff)
        .order_by("-shared_at", "-pk")
    )
    if words:
        mine, theirs = mine.search(words), theirs.search(words)
    context: dict[str, Any] = {"q": words, "whose": whose}
    if whose != "shared":
        context["mine"] = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    if whose == "shared":
        context["theirs"] = Paginator(theirs, PER_PAGE).get_page(request.GET.get("page"))
    else:
        few = list(theirs[: A_FEW + 1])
        context |= {"theirs": few[:A_FEW], "has_more": len(few) > A_FEW}
    return render(request, "evaluation/reflections.html", context)
