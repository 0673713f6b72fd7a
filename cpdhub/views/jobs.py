"""Long work: how far it is, what it made. And which letters one gets."""

import uuid
from typing import Any
from zlib import crc32

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import files, jobs
from cpdhub.decorators import View, administrator_only, once, requires
from cpdhub.http import AdministratorRequest, StaffRequest
from cpdhub.letter_forms import LettersForm
from cpdhub.models import Job, LogEntry, StoredFile
from cpdhub.permissions import Permission
from cpdhub.sheets import Report

A_PAGE = 25
LONGEST_QUERY = 900


@require_GET
@requires(Permission.SEE_HOME)
def mine(request: StaffRequest) -> HttpResponse:
    """What I asked for."""
    asked = Job.objects.filter(requested_by=request.staff).select_related("result")
    page = Paginator(asked, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "cpdhub/jobs/mine.html", {"page": page, "lines": [_shown(job) for job in page]}
    )


def ask_for(report: Report) -> View:
    """The address that asks for a page as a PDF, as its own address shows it now."""

    @require_POST
    @requires(report.permission)
    @once
    def asked(request: StaffRequest) -> HttpResponse:
        query = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY]).urlencode()
        job = jobs.start(report.kind, by=request.staff, params={"query": query})
        LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what=report.kind)
        return redirect("jobs:job", job.uuid)

    return asked


@require_GET
@requires(Permission.SEE_HOME)
def job(request: StaffRequest, job_uuid: uuid.UUID) -> HttpResponse:
    found = _find(jobs.visible_to(request.staff), job_uuid)
    return _progress(request, found, may_have_file=jobs.may_have_file(request.staff, found))


@require_GET
@requires(Permission.SEE_HOME)
def file(request: StaffRequest, job_uuid: uuid.UUID) -> HttpResponse | FileResponse:
    found = _find(jobs.visible_to(request.staff), job_uuid)
    if not jobs.may_have_file(request.staff, found):
        raise PermissionDenied
    if not jobs.still_stands(found):
        raise Http404
    return _download(found)


@require_POST
@requires(Permission.SEE_HOME)
def again(request: StaffRequest, job_uuid: uuid.UUID) -> HttpResponse:
    found = _find(jobs.visible_to(request.staff), job_uuid)
    if not jobs.may_have_file(request.staff, found):
        raise PermissionDenied
    jobs.start_again(found, by=request.staff)
    return redirect("jobs:job", found.uuid)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_HOME)
def letters(request: StaffRequest) -> HttpResponse:
    """Which letters one gets: a switch for each kind of them."""
    form = LettersForm(request.POST or None, instance=request.staff)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved. This holds from the next letter on.")
        return redirect("jobs:letters")
    return render(request, "cpdhub/jobs/letters.html", {"form": form})


# --- the installation's own jobs -------------------------------------------------------------
@require_GET
@administrator_only
def hub_job(request: AdministratorRequest, job_uuid: uuid.UUID) -> HttpResponse:
    return _progress(request, _find(_of_installation(), job_uuid), may_have_file=True)


@require_GET
@administrator_only
def hub_file(request: AdministratorRequest, job_uuid: uuid.UUID) -> HttpResponse | FileResponse:
    return _download(_find(_of_installation(), job_uuid))


@require_POST
@administrator_only
def hub_again(request: AdministratorRequest, job_uuid: uuid.UUID) -> HttpResponse:
    found = _find(_of_installation(), job_uuid)
    jobs.start_again(found, by=None)
    return redirect("jobs:job", found.uuid)


def _of_installation() -> QuerySet[Job]:
    found: QuerySet[Job] = Job.across.filter(school=None)
    return found


# --- shared by both ----------------------------------------------------------------------------
def _find(visible: QuerySet[Job], job_uuid: uuid.UUID) -> Job:
    return get_object_or_404(visible.select_related("result", "requested_by"), uuid=job_uuid)


def _progress(request: Any, found: Job, *, may_have_file: bool) -> HttpResponse:
    seen = str(crc32(f"{found.state} {found.percent} {found.doing}".encode()))
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)  # nothing new: nothing is swapped, nothing read out again
    context = {**_shown(found), "may_have_file": may_have_file, "seen": seen}
    template = "cpdhub/jobs/_job.html" if request.htmx else "cpdhub/jobs/job.html"
    return render(request, template, context)


def _shown(found: Job) -> dict[str, Any]:
    """A job in words. A kind that is gone (an older release made it) keeps its file."""
    kind = jobs.KINDS.get(found.kind)
    is_done = found.state == Job.State.DONE
    return {
        "job": found,
        "file": found.result if found.result_id and jobs.still_stands(found) else None,
        "title": kind.title if kind else found.kind.replace("_", " ").capitalize(),
        "is_done": is_done,
        "has_failed": found.state == Job.State.FAILED,
        "is_waiting": found.state == Job.State.WAITING,
        "next_page": kind.next_page(found) if is_done and kind and kind.next_page else None,
    }


def _download(found: Job) -> FileResponse:
    stored: StoredFile | None = found.result
    if stored is None:
        raise Http404
    return files.download(stored)
