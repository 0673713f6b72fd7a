"""Having one's own work recognised: submissions as their owner, coach and verifier see them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.views.asking import ask_first
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from evaluation import recognition as rules
from evaluation.forms.recognition import DecisionForm, EntryForm, SendForm, SubmissionForm
from evaluation.models import Certificate, RecognitionScheme, Submission
from evaluation.portfolios import Candidate

RELATED = ("scheme", "stage", "owner__school", "coach", "verifier")


@require_GET
@requires(Permission.LOG_LEARNING)
def mine(request: StaffRequest) -> HttpResponse:
    """What I submitted, what I was given, what is offered, and what waits for me."""
    me = request.staff
    seen = Submission.objects.visible_to(me).select_related("scheme", "stage", "owner")
    rows = list(seen)
    context = {
        "own": [row for row in rows if row.owner_id == me.pk],
        "to_verify": [row for row in rows if row.verifier_id == me.pk and row.state == "sent"],
        "to_coach": [row for row in rows if row.coach_id == me.pk],
        "certificates": Certificate.objects.owned_by(me)[:10],
        "offered": RecognitionScheme.objects.offered(),
    }
    return render(request, "evaluation/recognition.html", context)


def _offered(request: StaffRequest, pk: int) -> RecognitionScheme:
    """One the school offers; whoever keeps recognition looks at the others too."""
    schemes = RecognitionScheme.objects.all()
    if not request.staff.can(Permission.KEEP_RECOGNITION):
        schemes = schemes.offered()
    return get_object_or_404(schemes, pk=pk)


@require_GET
@requires(Permission.LOG_LEARNING)
def scheme(request: StaffRequest, pk: int) -> HttpResponse:
    """What is asked, before anybody begins."""
    found = _offered(request, pk)
    context = {"scheme": found, "is_offered": found.uses.exists()}
    return render(request, "evaluation/scheme.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
@once
def begin(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(RecognitionScheme.objects.offered(), pk=pk)
    blank = Submission(school=request.school, owner=request.staff, scheme=found)
    form = SubmissionForm(request.POST or None, instance=blank)
    if request.method == "POST" and form.is_valid():
        return redirect("recognition:submission", form.save().uuid)
    return render(request, "evaluation/submission_begin.html", {"form": form, "scheme": found})


def _own(request: StaffRequest, uuid: UUID) -> Submission:
    mine = Submission.objects.owned_by(request.staff).select_related(*RELATED)
    return get_object_or_404(mine, uuid=uuid)


@require_GET
@requires(Permission.LOG_LEARNING)
def submission(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """As its owner writes it, its coach reads it or its verifier decides it."""
    seen = Submission.objects.visible_to(request.staff).select_related(*RELATED)
    return _show(request, get_object_or_404(seen, uuid=uuid))


def _show(request: StaffRequest, found: Submission, **more: Any) -> HttpResponse:
    me = request.staff
    is_own = found.owner_id == me.pk
    may_decide = found.verifier_id == me.pk and found.state == Submission.State.SENT
    rules.open_as_verifier(found, by=me)
    lines = rules.sides(found, reader=me)
    lacking = [line for line in lines if line.lacks]
    context: dict[str, Any] = {
        "submission": found,
        "lines": lines,
        "lacking": len(lacking),
        "is_own": is_own,
        "may_write": is_own and found.may_be_written,
        "may_decide": may_decide,
    }
    if is_own and found.may_be_written and not lacking:
        context["form"] = SendForm(submission=found)
    if may_decide:
        context["form"] = DecisionForm(submission=found)
    if is_own and found.state == Submission.State.RECOGNISED:
        context["certificate"] = Certificate.objects.valid().filter(submission=found).first()
    return render(request, "evaluation/submission.html", context | more)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def edit(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Its title, stage and coach."""
    found = _own(request, uuid)
    if not found.may_be_written:
        return redirect("recognition:submission", uuid)
    form = SubmissionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save(commit=False).save(update_fields=list(form.fields))
        return redirect("recognition:submission", uuid)
    context = {"form": form, "scheme": found.scheme, "submission": found}
    return render(request, "evaluation/submission_begin.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def entry(request: StaffRequest, uuid: UUID, pk: int) -> HttpResponse:
    """One dimension: the account, and what shows it."""
    found = _own(request, uuid)
    if request.method == "GET" and not found.may_be_written:
        return redirect("recognition:submission", uuid)
    dimension = get_object_or_404(found.scheme.dimensions.all(), pk=pk)
    row = found.entries.filter(dimension=dimension).first()
    offered = rules.may_be_evidence(request.staff)
    chosen = _chosen(row, offered)
    form = EntryForm(request.POST or None, instance=row, offered=offered, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            rules.write_entry(
                found, dimension, text=form.cleaned_data["text"], evidence=form.evidence
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("recognition:submission", uuid)
    context = {"form": form, "submission": found, "dimension": dimension}
    return render(request, "evaluation/submission_entry.html", context)


def _chosen(row: Any, offered: list[Candidate]) -> set[str]:
    """What is evidence of an entry already, by the names of its boxes."""
    if row is None:
        return set()
    keys = list(row.evidence.values("activity_id", "reflection_id"))
    there = {(name, value) for key in keys for name, value in key.items() if value}
    return {one.source for one in offered if there & set(one.keys.items())}


@require_POST
@requires(Permission.LOG_LEARNING)
def send(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = _own(request, uuid)
    form = SendForm(request.POST, submission=found)
    if not form.is_valid():
        return _show(request, found, form=form)
    try:
        rules.send(found, to=form.cleaned_data["verifier"])
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Sent. {found.verifier} can read it now.")
    return redirect("recognition:submission", uuid)


@require_POST
@requires(Permission.LOG_LEARNING)
def take_back(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = _own(request, uuid)
    try:
        found.take_back()
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Taken back. Nobody but you and your coach reads it now.")
    return redirect("recognition:submission", uuid)


@require_POST
@requires(Permission.LOG_LEARNING)
def decide(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The verifier says: recognised, or not yet and what to do."""
    sent = Submission.objects.exclude(state=Submission.State.DRAFT)
    to_me = sent.filter(verifier=request.staff).select_related(*RELATED)
    to_me = to_me.select_for_update(of=("self",))  # not taken back while it is decided
    found = get_object_or_404(to_me, uuid=uuid)
    form = DecisionForm(request.POST, submission=found)
    if not form.is_valid():
        return _show(request, found, form=form)
    is_recognised = form.cleaned_data["outcome"] == DecisionForm.RECOGNISED
    try:
        rules.decide(found, is_recognised=is_recognised, advice=form.cleaned_data["advice"])
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Said. {found.owner.first_name} sees it now.")
    return redirect("recognition:submission", uuid)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def delete(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Asks first. What was recognised stays: its certificate rests on it."""
    found = _own(request, uuid)
    if found.state in {Submission.State.SENT, Submission.State.RECOGNISED}:
        raise Http404
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted.")
        return redirect("recognition:mine")
    return ask_first(
        request, question="Delete this?",
        text=f"“{found.title}”: everything you wrote for it is gone for good. What you ticked as"
        " evidence stays on your record.",
        deed="Delete it", back=reverse("recognition:submission", args=[uuid]),
    )  # fmt: skip
