"""The board: what colleagues of all schools tell each other, and how it is kept in order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.walls import school_scope
from evaluation import posts as keeping
from evaluation.forms.posts import ReasonForm
from networks.forms.board import ReplyForm, ThreadForm
from networks.membership import Member, member_of, member_that_leads
from networks.models import Reply, Theme, Thread
from networks.models.board import SaidAloud, named

PER_PAGE = 20
REPORT_HINT = (
    "Only heads and CPD leaders of a school that leads the network read this, with your name."
)
HIDE_HINT = "Its writer reads this, with your name. They can still change or delete it."


@require_GET
@requires(Permission.SEE_NETWORKS)
def board(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    words = request.GET.get("q", "").strip()[:100]
    chosen = {name: request.GET.get(name, "") for name in ("kind", "stage")}
    theme = key_of(request.GET.get("theme", ""))
    is_keeping = member.leads and request.GET.get("show") == "keep"
    found = _threads(member)
    found = _to_keep(found) if is_keeping else found.on_show(clock.today())
    if chosen["kind"] in Thread.Kind.values:
        found = found.filter(kind=chosen["kind"])
    if chosen["stage"] in Staff.Stage.values:
        found = found.filter(stage__in=["", chosen["stage"]])
    if theme:
        found = found.filter(theme=theme)
    if words:
        found = found.search(words)
    page = Paginator(found.listed(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "member": member, "network": member.network, "page": page, "q": words, "chosen": chosen,
        "themes": [(str(row.pk), row.title) for row in Theme.objects.filter(network=pk)],
        "theme": str(theme or ""), "kinds": Thread.Kind.choices, "stages": Staff.Stage.choices,
        "is_keeping": is_keeping, "is_narrow": bool(words or theme or any(chosen.values())),
        "to_keep": _to_keep(_threads(member)).count() if member.leads else 0,
    }  # fmt: skip
    return render(request, "networks/board.html", context)


def _threads(member: Member) -> Any:
    rows = Thread.objects.filter(network=member.network)
    return rows.visible_to(member.staff, leads=member.leads)


def _to_keep(threads: Any) -> Any:
    """In which something is reported."""
    reported = Reply.objects.filter(reported_at__isnull=False).values("thread")
    return threads.filter(reported_at__isnull=False) | threads.filter(pk__in=reported)


def _thread(request: StaffRequest, pk: int, thread: int) -> tuple[Member, Thread]:
    member = member_of(request, pk)
    rows = _threads(member).select_related("school", "theme")
    return member, get_object_or_404(rows, pk=thread)


def _reply(request: StaffRequest, pk: int, reply: int) -> tuple[Member, Reply]:
    member = member_of(request, pk)
    rows = Reply.objects.filter(network=pk, thread__in=_threads(member))
    rows = rows.visible_to(member.staff, leads=member.leads).select_related("school", "thread")
    return member, get_object_or_404(rows, pk=reply)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
@once
def thread(request: StaffRequest, pk: int, thread: int) -> HttpResponse:
    """What was said, and what is answered."""
    member, row = _thread(request, pk, thread)
    blank = Reply(network=member.network, thread=row)
    blank.take_from(member.staff)
    form = ReplyForm(request.POST or None, instance=blank)
    if request.method == "POST" and row.is_hidden:
        messages.error(request, "It is hidden: nobody can answer now.")
        return redirect("networks:thread", pk, row.pk)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Answered.")
        return redirect("networks:thread", pk, row.pk)
    replies = Reply.objects.filter(thread=row).select_related("school")
    replies = replies.visible_to(member.staff, leads=member.leads)
    context = {
        "member": member, "network": member.network, "thread": row, "replies": replies,
        "form": form, "is_own": row.staff_id == member.staff.pk,
    }  # fmt: skip
    return render(request, "networks/thread.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
@once
def thread_new(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    row = Thread(network=member.network)
    row.take_from(member.staff)
    return _written(request, member, row)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def thread_change(request: StaffRequest, pk: int, thread: int) -> HttpResponse:
    """In other words; or deleted while nobody else has answered."""
    member, row = _thread(request, pk, thread)
    if row.staff_id != member.staff.pk:
        raise PermissionDenied("Whoever wrote it changes it.")
    if request.method == "POST" and "remove" in request.POST and not row.replies.exists():
        row.delete()
        messages.success(request, "Deleted.")
        return redirect("networks:board", pk)
    return _written(request, member, row)


def _written(request: StaffRequest, member: Member, row: Thread) -> HttpResponse:
    is_new = row.pk is None
    form = ThreadForm(request.POST or None, instance=row, works=member.works)
    if request.method == "POST" and form.is_valid():
        row.changed_at = None if is_new else clock.now()
        form.save()
        messages.success(request, "Every school of the network reads it.")
        return redirect("networks:thread", member.network.pk, row.pk)
    context = {
        "form": form, "member": member, "network": member.network,
        "thread": None if is_new else row, "may_remove": not is_new and not row.replies.exists(),
    }  # fmt: skip
    return render(request, "networks/thread_write.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def reply(request: StaffRequest, pk: int, reply: int) -> HttpResponse:
    """One's own answer in other words, or taken back."""
    member, row = _reply(request, pk, reply)
    if row.staff_id != member.staff.pk:
        raise PermissionDenied("Whoever wrote it changes it.")
    if request.method == "POST" and "remove" in request.POST:
        row.delete()
        messages.success(request, "Deleted.")
        return redirect("networks:thread", pk, row.thread_id)
    form = ReplyForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        row.changed_at = clock.now()
        form.save()
        messages.success(request, "Saved.")
        return redirect("networks:thread", pk, row.thread_id)
    context = {"form": form, "member": member, "network": member.network, "thread": row.thread}
    return render(request, "networks/reply.html", context)


# --- kept in order ---
@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def thread_report(request: StaffRequest, pk: int, thread: int) -> HttpResponse:
    member, row = _thread(request, pk, thread)
    return _report(request, member, row, row)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def reply_report(request: StaffRequest, pk: int, reply: int) -> HttpResponse:
    member, row = _reply(request, pk, reply)
    return _report(request, member, row, row.thread)


SIGNED = 330  # characters of who hid or reported something


def _signed(member: Member) -> str:
    return f"{named(member.staff)}, {member.staff.school}"[:SIGNED]


def _report(request: StaffRequest, member: Member, row: SaidAloud, thread: Thread) -> HttpResponse:
    form = ReasonForm(request.POST or None, label="What is wrong?", help_text=REPORT_HINT)
    if request.method == "POST" and form.is_valid():
        with school_scope(row.school_id):  # the row is theirs, and this is all that is done to it
            keeping.report(row, because=form.cleaned_data["because"], by=_signed(member))
        messages.success(request, "Told. A school that leads the network looks at it.")
        return redirect("networks:thread", thread.network_id, thread.pk)
    return _reason(
        request, member, row, thread, form, question="Tell the network’s lead about this?",
        deed="Tell them",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def thread_hide(request: StaffRequest, pk: int, thread: int) -> HttpResponse:
    member_that_leads(request, pk)
    member, row = _thread(request, pk, thread)
    return _hide(request, member, row, row)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def reply_hide(request: StaffRequest, pk: int, reply: int) -> HttpResponse:
    member_that_leads(request, pk)
    member, row = _reply(request, pk, reply)
    return _hide(request, member, row, row.thread)


def _hide(request: StaffRequest, member: Member, row: SaidAloud, thread: Thread) -> HttpResponse:
    """Hidden with a reason; or, with `show`, shown again; or, with `leave`, left as it is."""
    form = ReasonForm(request.POST or None, label="Why is it hidden?", help_text=HIDE_HINT)
    if request.method == "POST" and "show" in request.POST:
        keeping.show_again(row)
        messages.success(request, "Colleagues read it again.")
    elif request.method == "POST" and "leave" in request.POST:
        keeping.settle(row)
        messages.success(request, "Left as it is; nothing is reported any more.")
    elif request.method == "POST" and form.is_valid():
        keeping.hide(row, because=form.cleaned_data["because"], by=_signed(member))
        messages.success(request, "Hidden. Its writer reads why.")
    else:
        return _reason(
            request, member, row, thread, form, question="Hide this from colleagues?",
            deed="Hide it",
        )  # fmt: skip
    return redirect("networks:thread", thread.network_id, thread.pk)


def _reason(
    request: StaffRequest, member: Member, row: SaidAloud, thread: Thread, form: ReasonForm,
    *, question: str, deed: str,
) -> HttpResponse:  # fmt: skip
    context = {
        "row": row, "form": form, "question": question, "deed": deed, "member": member,
        "network": member.network,
        "back": reverse("networks:thread", args=[member.network.pk, thread.pk]),
    }  # fmt: skip
    return render(request, "networks/reason.html", context)
