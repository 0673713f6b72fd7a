"""What schools of a network made and let each other use."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from activities.views.asking import ask_first
from cpdhub import files
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.walls import school_scope
from evaluation import uploads
from networks.forms.resource import ResourceForm, VersionForm
from networks.membership import Member, member_of
from networks.models import Resource, ResourceVersion, Theme

PER_PAGE = 20


@require_GET
@requires(Permission.SEE_NETWORKS)
def resources(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    words = request.GET.get("q", "").strip()[:100]
    theme, stage = key_of(request.GET.get("theme", "")), request.GET.get("stage", "")
    everything = Resource.objects.filter(network=pk)
    found = everything.select_related("school", "theme")
    if words:
        found = found.search(words)
    if theme:
        found = found.filter(theme=theme)
    if stage in Staff.Stage.values:
        found = found.filter(stage__in=["", stage])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "member": member, "network": member.network, "page": page, "q": words, "stage": stage,
        "theme": str(theme or ""), "stages": Staff.Stage.choices,
        "themes": [(str(row.pk), row.title) for row in Theme.objects.filter(network=pk)],
        "is_narrow": bool(words or theme or stage), "credited": everything.credited(),
    }  # fmt: skip
    return render(request, "networks/resources.html", context)


def _resource(pk: int, resource: int) -> Resource:
    rows = Resource.objects.filter(network=pk).select_related("school", "theme")
    found: Resource = get_object_or_404(rows, pk=resource)
    return found


def _own(request: StaffRequest, pk: int, resource: int) -> tuple[Member, Resource]:
    member, row = member_of(request, pk), _resource(pk, resource)
    if row.school_id != member.staff.school_id:
        raise PermissionDenied("The school that made it changes it.")
    return member, row


@require_GET
@requires(Permission.SEE_NETWORKS)
def resource(request: StaffRequest, pk: int, resource: int) -> HttpResponse:
    """What it is for, its newest version, and the earlier ones."""
    member, row = member_of(request, pk), _resource(pk, resource)
    context = {
        "member": member, "network": member.network, "resource": row,
        "versions": list(row.versions.all()),
        "is_own": member.works and row.school_id == member.staff.school_id,
    }  # fmt: skip
    return render(request, "networks/resource.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def resource_new(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    row = Resource(network=member.network, school=request.school)
    first = ResourceVersion(network=member.network, school=request.school)
    form = ResourceForm(request.POST or None, instance=row)
    version = VersionForm(request.POST or None, request.FILES or None, instance=first)
    is_right = request.method == "POST" and form.is_valid() and version.is_valid()
    if is_right and _kept(form, version):
        messages.success(request, "Every school of the network can use it.")
        return redirect("networks:resource", pk, row.pk)
    context = {"form": form, "version": version, "member": member, "network": member.network}
    return render(request, "networks/resource_write.html", context)


def _kept(form: ResourceForm, version: VersionForm) -> bool:
    """Both, or neither with a word beside the field."""
    try:
        with transaction.atomic():
            version.instance.resource = form.save()
            version.keep()
    except IntegrityError:
        form.add_error("title", "Our school has given one of this name. Add a version to it.")
    except uploads.Refused as refused:
        version.add_error("upload", str(refused))
    else:
        return True
    return False


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def resource_change(request: StaffRequest, pk: int, resource: int) -> HttpResponse:
    """What it is for, and when it is looked at again."""
    member, row = _own(request, pk, resource)
    form = ResourceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error("title", "Our school has given another one of this name.")
        else:
            messages.success(request, "Saved.")
            return redirect("networks:resource", pk, row.pk)
    context = {"form": form, "resource": row, "member": member, "network": member.network}
    return render(request, "networks/resource_write.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def version_new(request: StaffRequest, pk: int, resource: int) -> HttpResponse:
    member, row = _own(request, pk, resource)
    blank = ResourceVersion(network=member.network, school=request.school, resource=row)
    form = VersionForm(request.POST or None, request.FILES or None, instance=blank)
    if request.method == "POST" and form.is_valid():
        try:
            form.keep()
        except uploads.Refused as refused:
            form.add_error("upload", str(refused))
        else:
            messages.success(request, "Added. Earlier versions stay.")
            return redirect("networks:resource", pk, row.pk)
    context = {"form": form, "resource": row, "member": member, "network": member.network}
    return render(request, "networks/version.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def resource_remove(request: StaffRequest, pk: int, resource: int) -> HttpResponse:
    """By the school that made it; or by one that leads, as somebody must be able to."""
    member, row = member_of(request, pk), _resource(pk, resource)
    if not member.leads and row.school_id != member.staff.school_id:
        raise PermissionDenied("The school that made it, or one that leads, takes it off.")
    if request.method == "POST":
        with school_scope(row.school_id):  # its file is theirs, and nothing else is done there
            row.delete()
        messages.success(request, "Taken off.")
        return redirect("networks:resources", pk)
    return ask_first(
        request, question=f"Take “{row}” off?", deed="Take it off",
        text="All its versions go with it. What schools have downloaded stays theirs.",
        back=reverse("networks:resource", args=[pk, row.pk]),
    )  # fmt: skip


@require_GET
@requires(Permission.SEE_NETWORKS)
def version_file(request: StaffRequest, pk: int, version: int) -> FileResponse:
    """A copy for the own school."""
    member_of(request, pk)
    rows = ResourceVersion.objects.filter(network=pk, file__isnull=False)
    row = get_object_or_404(rows, pk=version)
    with school_scope(row.school_id):  # the file lies with the school that made it
        if row.file is None:
            raise Http404
        return files.download(row.file)
