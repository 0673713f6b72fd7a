"""The staff bulletin: put together, read, printed, sent once."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
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
from evaluation import bulletins as making
from evaluation.forms.bulletin import BulletinForm
from evaluation.models import Bulletin
from evaluation.views.portfolios import as_file

PER_PAGE = 20


def _visible(request: StaffRequest, pk: int) -> Bulletin:
    seen = Bulletin.objects.visible_to(request.staff, clock.now())
    found: Bulletin = get_object_or_404(seen.select_related("by", "school"), pk=pk)
    return found


def _unsent(request: StaffRequest, pk: int) -> Bulletin:
    found = _visible(request, pk)
    if found.leaves_at is not None:
        raise PermissionDenied("It is on its way or has left: it stays as it is.")
    return found


@require_GET
@requires(Permission.SHARE_POSTS)
def bulletins(request: StaffRequest) -> HttpResponse:
    now = clock.now()
    rows = Bulletin.objects.visible_to(request.staff, now)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, row.has_left(now)) for row in page],
        "keeps": request.staff.can(Permission.KEEP_STAFFROOM),
    }
    return render(request, "evaluation/bulletins.html", context)


@require_GET
@requires(Permission.SHARE_POSTS)
def bulletin(request: StaffRequest, pk: int) -> HttpResponse:
    """As colleagues read it; for who makes it with what may be ticked."""
    found = _visible(request, pk)
    keeps = request.staff.can(Permission.KEEP_STAFFROOM)
    offered = []
    if keeps and found.leaves_at is None:
        may_be = making.may_be_ticked(found.first, found.last)[: making.MOST_OFFERED]
        offered = [(post, post.pk in found.posts) for post in may_be]
    context = {
        "bulletin": found,
        "inside": making.contents(found),
        "offered": offered,
        "keeps": keeps,
        "has_left": found.has_left(clock.now()),
    }
    return render(request, "evaluation/bulletin.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_STAFFROOM)
@once
def bulletin_new(request: StaffRequest) -> HttpResponse:
    return _edit(request, Bulletin(school=request.school, by=request.staff))


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_STAFFROOM)
def bulletin_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _unsent(request, pk))


def _edit(request: StaffRequest, found: Bulletin) -> HttpResponse:
    is_new = found.pk is None
    form = BulletinForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, "Now tick what stands in it." if is_new else "Saved.")
        return redirect("staffroom:bulletin", saved.pk)
    context = {"form": form, "bulletin": found, "is_new": is_new}
    return render(request, "evaluation/bulletin_edit.html", context)


@require_POST
@requires(Permission.KEEP_STAFFROOM)
def bulletin_tick(request: StaffRequest, pk: int) -> HttpResponse:
    """Which posts stand in it; only those whose writers agreed can be ticked."""
    found = _unsent(request, pk)
    chosen = [key_of(key) for key in request.POST.getlist("post")]
    may_be = making.may_be_ticked(found.first, found.last).filter(pk__in=chosen)
    found.posts = list(may_be.values_list("pk", flat=True))
    found.save(update_fields=["posts"])
    messages.success(request, "Saved. Below is how colleagues will read it.")
    return redirect("staffroom:bulletin", pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_STAFFROOM)
def bulletin_send(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first; once. With `stop`, not after all, as long as it has not left."""
    found = _visible(request, pk)
    back = reverse("staffroom:bulletin", args=[pk])
    if request.method == "GET":
        text = (
            f"“{found}” goes as a letter to everybody on staff who can sign in and wants more than"
            " the weekly digest. It leaves in a quarter of an hour, within school hours; until then"
            " you can stop it. It can be sent once."
        )
        return ask_first(
            request, question="Send this bulletin?", text=text, deed="Send it", back=back
        )
    try:
        making.stop(found) if "stop" in request.POST else making.send(found)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Stopped." if "stop" in request.POST else "It is on its way.")
    return redirect(back)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_STAFFROOM)
def bulletin_delete(request: StaffRequest, pk: int) -> HttpResponse:
    found = _unsent(request, pk)
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted.")
        return redirect("staffroom:bulletins")
    return ask_first(
        request, question="Delete this bulletin?", text=f"“{found}” has not been sent.",
        deed="Delete it", back=reverse("staffroom:bulletin", args=[pk]),
    )  # fmt: skip


@require_GET
@requires(Permission.SHARE_POSTS)
def bulletin_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """On paper. Made at once and kept nowhere."""
    found = _visible(request, pk)
    return as_file(making.render(found), "application/pdf", f"bulletin {found.last}.pdf")
