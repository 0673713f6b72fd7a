"""What whoever leads CPD keeps: schemes on offer, trained verifiers, certificates given."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.views.asking import ask_first
from cpdhub import clock, jobs
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from cpdhub.queries import holding
from evaluation import certificates
from evaluation.forms.recognition import EveryoneForm, SchemeForm, TrainingForm, WithdrawForm
from evaluation.models import (
    Certificate,
    RecognitionScheme,
    SchemeDimension,
    SchemeStage,
    SchemeUse,
    Submission,
    VerifierTraining,
)

PER_PAGE = 25


@require_GET
@requires(Permission.KEEP_RECOGNITION)
def keep(request: StaffRequest) -> HttpResponse:
    return _show(request, TrainingForm())


def _show(request: StaffRequest, form: TrainingForm) -> HttpResponse:
    offered = SchemeUse.objects.filter(scheme=OuterRef("pk"))
    schemes = RecognitionScheme.objects.annotate(
        is_offered=Exists(offered), asks=Count("dimensions")
    )
    words = request.GET.get("q", "").strip()[:100]
    given = Certificate.objects.filter(holding(words, "name"))
    context: dict[str, Any] = {
        "form": form,
        "everyone": EveryoneForm(),
        "schemes": schemes,
        "trained": VerifierTraining.objects.select_related("staff"),
        "q": words,
        "page": Paginator(given, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "evaluation/recognition_keep.html", context)


@require_POST
@requires(Permission.KEEP_RECOGNITION)
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer a scheme, or stop offering it: what is begun goes on."""
    scheme = get_object_or_404(RecognitionScheme.objects.all(), pk=pk)
    if "stop" in request.POST:
        SchemeUse.objects.filter(scheme=scheme).delete()
        messages.success(request, f"“{scheme}” is not offered any more. What is begun goes on.")
    else:
        SchemeUse.objects.get_or_create(scheme=scheme, school=request.school)
        messages.success(request, f"“{scheme}” is offered to everyone on staff.")
    return redirect("recognition:keep")


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_RECOGNITION)
@once
def scheme_new(request: StaffRequest) -> HttpResponse:
    """One of our own. It is not changed later: whoever began relies on it."""
    form = SchemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        scheme = _save_scheme(request, form)
        messages.success(request, "Made. Look it over, then offer it.")
        return redirect("recognition:scheme", scheme.pk)
    return render(request, "evaluation/scheme_new.html", {"form": form})


@transaction.atomic
def _save_scheme(request: StaffRequest, form: SchemeForm) -> RecognitionScheme:
    scheme = form.save(commit=False)
    scheme.school, scheme.version = request.school, clock.now().strftime("%Y-%m-%d %H:%M:%S")
    scheme.code = slugify(scheme.title)[:60] or "own"
    scheme.save()
    least = form.cleaned_data["evidence"]
    SchemeStage.objects.bulk_create(
        SchemeStage(school=request.school, scheme=scheme, position=n, title=title, text=text)
        for n, (title, text) in enumerate(form.cleaned_data["stages"], start=1)
    )
    SchemeDimension.objects.bulk_create(
        SchemeDimension(
            school=request.school, scheme=scheme, position=n, title=title, text=text,
            evidence_least=least,
        )
        for n, (title, text) in enumerate(form.cleaned_data["dimensions"], start=1)
    )  # fmt: skip
    return scheme


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_RECOGNITION)
def scheme_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """One of our own that nobody has begun. Asks first."""
    own = RecognitionScheme.objects.filter(school=request.school)
    scheme = get_object_or_404(own, pk=pk)
    if Submission.objects.filter(scheme=scheme).exists():
        messages.error(
            request,
            f"Somebody has begun under “{scheme}”, so it stays. You can stop offering it: what is"
            " begun goes on, and nobody new begins.",
        )
        return redirect("recognition:keep")
    if request.method == "POST":
        SchemeUse.objects.filter(scheme=scheme).delete()
        scheme.delete()
        messages.success(request, "Deleted.")
        return redirect("recognition:keep")
    return ask_first(
        request, question="Delete this scheme?", text=f"{scheme}. Nobody has begun under it.",
        deed="Delete it", back=reverse("recognition:keep"),
    )  # fmt: skip


# --- verifiers ------------------------------------------------------------------------------------
@require_POST
@requires(Permission.KEEP_RECOGNITION)
@once
def train(request: StaffRequest) -> HttpResponse:
    """Somebody was trained."""
    form = TrainingForm(request.POST, instance=VerifierTraining(school=request.school))
    if not form.is_valid():
        return _show(request, form)
    row = form.save()
    messages.success(request, f"{row.staff} can be chosen as a verifier.")
    return redirect("recognition:keep")


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_RECOGNITION)
def untrain(request: StaffRequest, pk: int) -> HttpResponse:
    """They verify nothing new; what they verified stays. Asks first."""
    row = get_object_or_404(VerifierTraining.objects.select_related("staff"), pk=pk)
    if Submission.objects.waiting_for(row.staff).exists():
        messages.error(
            request,
            f"{row.staff} stays on the list: a submission waits for them. Ask them to decide first,"
            " or its owner to take it back.",
        )
        return redirect("recognition:keep")
    if request.method == "POST":
        row.delete()
        messages.success(request, f"{row.staff} is not offered as a verifier any more.")
        return redirect("recognition:keep")
    return ask_first(
        request, question=f"Take {row.staff} off the list?",
        text="Nobody can choose them from now on. What they verified stays recognised.",
        deed="Take them off", back=reverse("recognition:keep"),
    )  # fmt: skip


# --- certificates ---------------------------------------------------------------------------------
@require_POST
@requires(Permission.KEEP_RECOGNITION)
@once
def print_all(request: StaffRequest) -> HttpResponse:
    """For everyone who was at an activity, in one file to hand out."""
    form = EveryoneForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose an activity first.")
        return redirect("recognition:keep")
    activity = form.cleaned_data["activity"]
    job = jobs.start(certificates.EVERYONE, by=request.staff, params={"activity": activity.pk})
    return redirect("jobs:job", job.uuid)


@require_POST
@requires(Permission.KEEP_RECOGNITION)
def allow_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Of what was withdrawn, its owner may make a new one."""
    certificate = get_object_or_404(Certificate.objects.exclude(withdrawn_at=None), pk=pk)
    certificates.allow_again(certificate)
    LogEntry.write(LogEntry.Kind.UNDID, by=request.staff, what="certificate", object_id=pk)
    messages.success(request, f"{certificate.name} can make a new one.")
    return redirect("recognition:keep")


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_RECOGNITION)
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """With a reason, which whoever checks the code does not read."""
    certificate = get_object_or_404(Certificate.objects.valid(), pk=pk)
    form = WithdrawForm(request.POST or None, instance=certificate)
    if request.method == "POST" and form.is_valid():
        certificates.withdraw(certificate, because=form.cleaned_data["withdrawn_because"])
        LogEntry.write(
            LogEntry.Kind.UNDID, by=request.staff, what="certificate", object_id=certificate.pk
        )
        messages.success(request, "Withdrawn. Whoever checks its code is told.")
        return redirect("recognition:keep")
    context = {"form": form, "certificate": certificate}
    return render(request, "evaluation/certificate_withdraw.html", context)
