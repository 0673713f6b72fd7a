"""The staffroom: posts found, read, written and answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.views.asking import ask_first
from cpdhub import clock, files
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.permissions import Permission
from evaluation import posts as staffroom
from evaluation import uploads
from evaluation.forms.posts import CommentForm, PostForm
from evaluation.models import LONGEST_POST, Comment, Post

PER_PAGE = 20
RELATED = ("by", "owner", "activity__type", "priority", "file", "hidden_by", "reported_by")


@require_GET
@requires(Permission.SHARE_POSTS)
def posts(request: StaffRequest) -> HttpResponse:
    """What colleagues told each other; with words, what worked here as well."""
    filters = staffroom.PostFilter(request.GET, request.staff)
    found = filters.posts(clock.today())
    context = {
        "filters": filters,
        "by": filters.by(),
        "types": filters.types(),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "worked": staffroom.worked_here(filters.text, request.staff),
    }
    return render(request, "evaluation/posts.html", context)


def visible_post(request: StaffRequest, pk: int) -> Post:
    seen = Post.objects.visible_to(request.staff).select_related(*RELATED)
    post: Post = get_object_or_404(seen, pk=pk)
    return post


@require_GET
@requires(Permission.SHARE_POSTS)
def post(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_post(request, pk)
    if found.is_draft:
        return redirect("staffroom:edit", pk)
    return _page(request, found, CommentForm())


def _page(request: StaffRequest, found: Post, form: CommentForm) -> HttpResponse:
    me = request.staff
    comments = Comment.objects.visible_to(me).filter(post=found)
    context = {
        "post": found,
        "comments": comments.select_related("by", "hidden_by", "reported_by"),
        "form": form,
        "may_change": found.may_be_changed_by(me),
        "may_look": found.may_be_looked_at_by(me),
        "is_late": found.is_to_look_at(clock.today()),
        "has_ended": found.has_ended(clock.today()),
        "keeps": me.can(Permission.KEEP_STAFFROOM),
    }
    return render(request, "evaluation/post.html", context)


# --- writing ---
@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
@once
def new(request: StaffRequest) -> HttpResponse:
    """First its kind, then the page of that kind. `?activity=` says what it comes from."""
    kind = request.GET.get("kind", "")
    if kind not in staffroom.PROMPTS:
        kinds = [(Post.Kind(key), prompt) for key, prompt in staffroom.PROMPTS.items()]
        context = {"kinds": kinds, "drafts": Post.objects.of(request.staff).filter(posted_at=None)}
        return render(request, "evaluation/post_kinds.html", context)
    me = request.staff
    page = _page_key(request)
    if begun := Post.objects.of(me).filter(by=me, uuid=page).select_related(*RELATED).first():
        return _write(request, begun)
    activity = key_of(request.GET.get("activity", ""))
    blank = Post(school=request.school, by=me, uuid=page, kind=kind, begun_at=clock.now())
    blank.activity = staffroom.may_come_from(me).filter(pk=activity).first() if activity else None
    return _write(request, blank)


def _page_key(request: StaffRequest) -> UUID:
    """Which page this was written on; a new one where it says none."""
    try:
        return UUID(request.POST.get("uuid", ""))
    except ValueError:
        return uuid4()


@require_POST
@requires(Permission.SHARE_POSTS)
def draft(request: StaffRequest) -> HttpResponse:
    """While somebody types what is not posted yet. Theirs alone."""
    kind = request.POST.get("kind", "")
    title, text = (
        request.POST.get(name, "").replace("\r\n", "\n").replace("\x00", "")[:most]
        for name, most in (("title", 120), ("text", LONGEST_POST))
    )
    if kind not in staffroom.PROMPTS or not staffroom.is_written(kind, title, text):
        return HttpResponse(status=204)
    post = staffroom.keep_draft(
        request.staff, key=_page_key(request), kind=kind, title=title, text=text
    )
    context = {"is_draft": post.is_draft, "now": clock.now()}
    return render(request, "evaluation/_post_draft_kept.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_post(request, pk)
    if not found.may_be_changed_by(request.staff):
        raise PermissionDenied("Whoever wrote it changes it.")
    return _write(request, found)


def _write(request: StaffRequest, post: Post) -> HttpResponse:
    is_sent = request.method == "POST"
    was_draft, is_new = post.is_draft, post.pk is None
    form = PostForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, instance=post,
        editor=request.staff, keeps=was_draft and "keep" in request.POST,
    )  # fmt: skip
    if is_sent and form.is_valid():
        try:
            saved = form.keep_or_post()
        except uploads.Refused as refused:
            form.add_error("upload", str(refused))
        else:
            messages.success(request, _said(saved, was_draft))
            return redirect("staffroom:edit" if saved.is_draft else "staffroom:post", saved.pk)
    if form.errors and request.FILES and "upload" not in form.errors:
        form.add_error("upload", "Choose the file again: no page can keep it for you.")
    kind = Post.Kind(post.kind)
    context = {
        "form": form, "kind": kind, "prompt": staffroom.PROMPTS[kind], "post": post,
        "is_new": is_new, "was_draft": was_draft,
    }  # fmt: skip
    return render(request, "evaluation/post_write.html", context)


def _said(post: Post, was_draft: bool) -> str:
    if post.is_draft:
        return "Kept. Only you read it until you post it."
    return "Posted. Colleagues can read it." if was_draft else "Saved."


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first. Only its writer; what others said to it goes with it."""
    found = visible_post(request, pk)
    if found.by_id != request.staff.pk:
        raise PermissionDenied("Whoever wrote it deletes it.")
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted.")
        return redirect("staffroom:posts")
    text = f"“{found}” is gone for good, with its file and comments. What you picked into a"
    text += " portfolio stays there."
    return ask_first(
        request, question="Delete this post?", text=text, deed="Delete it",
        back=reverse("staffroom:post", args=[pk]),
    )  # fmt: skip


@require_GET
@requires(Permission.SHARE_POSTS)
def file(request: StaffRequest, pk: int) -> FileResponse:
    found = visible_post(request, pk)
    if found.file is None:
        raise Http404
    return files.download(found.file)


# --- comments ---
@require_POST
@requires(Permission.SHARE_POSTS)
@once
def comment(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_post(request, pk)
    if found.is_draft or found.is_hidden:
        raise PermissionDenied("Nobody else reads it now, so there is nothing to say to it.")
    blank = Comment(school=request.school, post=found, by=request.staff, written_at=clock.now())
    form = CommentForm(request.POST, instance=blank)
    if not form.is_valid():
        return _page(request, found, form)
    saved = form.save()
    messages.success(request, "Said. You can change or delete it at any time.")
    return redirect(f"{reverse('staffroom:post', args=[pk])}#comment-{saved.pk}")


def visible_comment(request: StaffRequest, pk: int) -> Comment:
    seen = Comment.objects.visible_to(request.staff).select_related("post", "by")
    found: Comment = get_object_or_404(seen, pk=pk)
    return found


def _own_comment(request: StaffRequest, pk: int) -> Comment:
    found = visible_comment(request, pk)
    if found.by_id != request.staff.pk:
        raise PermissionDenied("Whoever said it changes it.")
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
def comment_edit(request: StaffRequest, pk: int) -> HttpResponse:
    found = _own_comment(request, pk)
    form = CommentForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        saved.changed_at = clock.now()
        saved.save()
        messages.success(request, "Saved.")
        return redirect("staffroom:post", found.post_id)
    return render(request, "evaluation/comment_edit.html", {"form": form, "comment": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_POSTS)
def comment_delete(request: StaffRequest, pk: int) -> HttpResponse:
    found = _own_comment(request, pk)
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted.")
        return redirect("staffroom:post", found.post_id)
    back: Any = reverse("staffroom:post", args=[found.post_id])
    return ask_first(
        request, question="Delete this comment?", text=f"“{found}” is gone for good.",
        deed="Delete it", back=back,
    )  # fmt: skip
