"""The staffroom kept in order: reported, hidden with a reason, looked at again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from evaluation import posts as staffroom
from evaluation.forms.posts import LookAgainForm, ReasonForm
from evaluation.models import Comment, Post
from evaluation.views.posts import visible_comment, visible_post

REPORT_HINT = (
    "Only who keeps the staffroom reads this, with your name: the CPD leader and the head."
)
HIDE_HINT = "Its writer reads this, with your name. They can still change or delete it."


def _posted(request: StaffRequest, pk: int) -> Post:
    post = visible_post(request, pk)
    if post.is_draft:
        raise PermissionDenied("Nobody else reads it yet.")
    return post


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    post = _posted(request, pk)
    return _report(request, post, post)


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
def comment_report(request: StaffRequest, pk: int) -> HttpResponse:
    said = visible_comment(request, pk)
    return _report(request, said, said.post)


def _report(request: StaffRequest, row: Post | Comment, post: Post) -> HttpResponse:
    form = ReasonForm(request.POST or None, label="What is wrong?", help_text=REPORT_HINT)
    if request.method == "POST" and form.is_valid():
        staffroom.report(row, because=form.cleaned_data["because"], by=request.staff)
        messages.success(request, "Told. Whoever keeps the staffroom looks at it.")
        return redirect("staffroom:post", post.pk)
    return _reason(
        request, row, post, form, question="Tell the CPD leader about this?", deed="Tell them"
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_STAFFROOM)
def hide(request: StaffRequest, pk: int) -> HttpResponse:
    post = _posted(request, pk)
    return _hide(request, post, post)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_STAFFROOM)
def comment_hide(request: StaffRequest, pk: int) -> HttpResponse:
    said = visible_comment(request, pk)
    return _hide(request, said, said.post)


def _hide(request: StaffRequest, row: Post | Comment, post: Post) -> HttpResponse:
    """Hidden with a reason; or, with `show`, shown again; or, with `leave`, left as it is."""
    if request.method == "POST" and "show" in request.POST:
        staffroom.show_again(row)
        messages.success(request, "Colleagues read it again.")
        return redirect("staffroom:post", post.pk)
    if request.method == "POST" and "leave" in request.POST:
        staffroom.settle(row)
        messages.success(request, "Left as it is; nothing is reported any more.")
        return redirect("staffroom:post", post.pk)
    form = ReasonForm(request.POST or None, label="Why is it hidden?", help_text=HIDE_HINT)
    if request.method == "POST" and form.is_valid():
        staffroom.hide(row, because=form.cleaned_data["because"], by=request.staff)
        messages.success(request, f"Hidden. {row.by} reads why.")
        return redirect("staffroom:post", post.pk)
    return _reason(request, row, post, form, question="Hide this from colleagues?", deed="Hide it")


def _reason(
    request: StaffRequest, row: Post | Comment, post: Post, form: ReasonForm,
    *, question: str, deed: str,
) -> HttpResponse:  # fmt: skip
    context = {
        "row": row, "form": form, "question": question, "deed": deed,
        "back": reverse("staffroom:post", args=[post.pk]),
    }  # fmt: skip
    return render(request, "evaluation/post_reason.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
def look_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Still right until a day, changed, or taken down."""
    post = visible_post(request, pk)
    if not post.may_be_looked_at_by(request.staff):
        raise PermissionDenied("Whoever looks after it says whether it is still right.")
    if request.method == "POST" and "down" in request.POST:
        staffroom.hide(post, because="Taken down: it is not right any more.", by=request.staff)
        messages.success(request, "Taken down. It can be shown again from its page.")
        return redirect("staffroom:post", pk)
    if request.method == "POST" and "up" in request.POST:
        if post.hidden_by_id != request.staff.pk:
            raise PermissionDenied("Whoever hid it shows it again.")
        staffroom.show_again(post)
        messages.success(request, "Colleagues read it again.")
        return redirect("staffroom:post", pk)
    form = LookAgainForm(request.POST or None, instance=post)
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        saved.looked_at_on = clock.today()
        saved.save(update_fields=["review_on", "owner", "looked_at_on"])
        messages.success(request, "Noted: it is still right.")
        return redirect("staffroom:post", pk)
    return render(request, "evaluation/post_look_again.html", {"form": form, "post": post})
