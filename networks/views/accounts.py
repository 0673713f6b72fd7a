"""Accounts of practice: found, read, written, shared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.permissions import Permission
from evaluation.models import Post
from evaluation.models.post import ACCOUNT_HEADINGS
from networks.forms.account import AccountForm
from networks.membership import Member, member_of
from networks.models import Account, Theme
from networks.models.board import named

PER_PAGE = 20
FIELDS_OF_HEADINGS = dict(
    zip(ACCOUNT_HEADINGS, ("wanted", "did", "changed", "went_well"), strict=True)
)


@require_GET
@requires(Permission.SEE_NETWORKS)
def accounts(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    words = request.GET.get("q", "").strip()[:100]
    theme = key_of(request.GET.get("theme", ""))
    found = _read(member).select_related("school", "theme")
    if words:
        found = found.search(words)
    if theme:
        found = found.filter(theme=theme)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    themes = [(str(row.pk), row.title) for row in Theme.objects.filter(network=pk)]
    context = {
        "member": member, "network": member.network, "page": page, "q": words, "themes": themes,
        "theme": str(theme or ""), "is_narrow": bool(words or theme),
    }  # fmt: skip
    return render(request, "networks/accounts.html", context)


def _read(member: Member) -> Any:
    rows = Account.objects.filter(network=member.network)
    return rows.read_by(member.staff.school, writes=member.works)


@require_GET
@requires(Permission.SEE_NETWORKS)
def account(request: StaffRequest, pk: int, account: int) -> HttpResponse:
    member = member_of(request, pk)
    row = get_object_or_404(_read(member).select_related("school", "theme"), pk=account)
    may_change = member.works and row.school_id == member.staff.school_id
    context = {
        "member": member,
        "network": member.network,
        "account": row,
        "may_change": may_change,
    }
    return render(request, "networks/account.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def account_new(request: StaffRequest, pk: int) -> HttpResponse:
    """From nothing, or from one a colleague told the staffroom and lets be passed on."""
    member = member_of(request, pk)
    posts = Post.objects.filter(
        kind=Post.Kind.ACCOUNT, posted_at__isnull=False, hidden_at=None
    ).exclude(licence=Post.Licence.SCHOOL)
    chosen = posts.filter(pk=key_of(request.GET.get("from", "")) or 0).first()
    row = Account(network=member.network, school=request.school, written_by=named(member.staff))
    return _written(
        request, member, row, initial=_begun_from(chosen) if chosen else {}, posts=list(posts[:10])
    )


def _begun_from(post: Post) -> dict[str, str]:
    """What was told in the school, under the headings the two have in common."""
    begun = {"title": post.title}
    for heading, text in post.parts:
        field = FIELDS_OF_HEADINGS.get(heading, "did")
        begun[field] = "\n\n".join(part for part in (begun.get(field), text) if part)
    return begun


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def account_change(request: StaffRequest, pk: int, account: int) -> HttpResponse:
    """In other words, shared, taken back, or thrown away: by its own school."""
    member = member_of(request, pk)
    own = Account.objects.filter(network=pk, school=request.school)
    row = get_object_or_404(own, pk=account)
    if request.method == "POST" and "remove" in request.POST:
        row.delete()
        messages.success(request, "Thrown away.")
        return redirect("networks:accounts", pk)
    return _written(request, member, row)


def _written(
    request: StaffRequest, member: Member, row: Account,
    *, initial: dict[str, str] | None = None, posts: list[Post] | None = None,
) -> HttpResponse:  # fmt: skip
    was_shared = row.is_shared
    form = AccountForm(
        request.POST or None, instance=row, shares="share" in request.POST, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(
            request,
            "Every school of the network reads it." if row.is_shared
            else "Kept. Only who writes for our school in networks reads it.",
        )  # fmt: skip
        return redirect("networks:account", member.network.pk, row.pk)
    context = {
        "form": form, "member": member, "network": member.network,
        "account": row if row.pk else None, "was_shared": was_shared, "posts": posts,
    }  # fmt: skip
    return render(request, "networks/account_write.html", context)
