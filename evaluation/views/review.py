"""What an activity changed: asked, shown, judged, decided."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from activities.models import Activity
from activities.views.asking import ask_first
from activities.views.fetch import visible_activity
from cpdhub import clock, files
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from evaluation import judgements, reviewing, uploads
from evaluation.forms.review import EvidenceForm, ReviewForm, UnplannedForm
from evaluation.models import Evidence, ImpactReview, UnplannedGain, known_to
from evaluation.pupil_names import looks_like_a_pupil
from evaluation.review_list import ReviewFilter

PER_PAGE = 25
FIRST = 5  # of those that wait, where judged ones are shown too
STANDS = (
    "It was judged on this evidence: ask whoever leads the activity to take it away, or add what is"
    " truer."
)
NAMED = (
    "Does it name a pupil? If so, take it away and add it again without: a pupil in Year 4, pupil A"
)


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def what_changed(request: StaffRequest, pk: int) -> HttpResponse:
    """Intended against actual, how we know, what else happened, who was asked, what is decided."""
    activity = visible_activity(request, pk)
    reviews = list(ImpactReview.objects.visible_to(request.staff).filter(activity=activity))
    closed = [review for review in reviews if review.is_closed]
    review = closed[0] if closed else None
    knows = known_to(request.staff).filter(pk=pk).exists()
    if not knows and review is None:
        raise Http404
    today = clock.today()
    asked = reviewing.asked(activity, today=today) if knows else []
    evidence = list(
        Evidence.objects.visible_to(request.staff)
        .filter(activity=activity)
        .select_related("by", "file")
    )
    context = {
        "activity": activity,
        "impact": getattr(activity, "intended_impact", None),
        "review": review,
        "draft": next((review for review in reviews if not review.is_closed), None),
        "outcomes": reviewing.outcomes(activity, review, evidence, asked),
        "asked": asked,
        "unplanned": UnplannedGain.objects.visible_to(request.staff)
        .filter(activity=activity)
        .select_related("noted_by"),
        "knows": knows,
        "may_judge": knows and reviewing.may_judge(activity, request.staff),
        "may_read_results": request.staff.can(Permission.RUN_AUDITS),
        "earlier": closed[1:],
    }
    return render(request, "evaluation/what_changed.html", context)


def known_activity(request: StaffRequest, pk: int) -> Activity:
    """One whose impact this person reads all about; of another 403, of one not seen 404."""
    activity = visible_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    if not known_to(request.staff).filter(pk=pk).exists():
        raise PermissionDenied
    return activity


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def judge(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep it half done, or close it for good."""
    activity = known_activity(request, pk)
    if not reviewing.may_judge(activity, request.staff):
        raise PermissionDenied
    if request.method == "POST":
        Activity.objects.select_for_update(of=("self",)).get(pk=pk)  # two at once take turns
    closes = request.POST.get("do") == "close"
    closed = ImpactReview.objects.closed().filter(activity=activity).select_related("by")
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        instance=reviewing.begin(activity, request.staff),
        activity=activity,
        standing=closed.order_by("-closed_on", "-pk").first(),
        closes=closes,
    )
    if request.method == "POST" and form.is_valid():
        review = form.save()
        if closes:
            reviewing.close(review, today=clock.today())
        messages.success(
            request, "Judged and decided." if closes else "Kept as a draft; nobody is told yet."
        )
        return redirect("impact:what_changed", pk)
    return render(request, "evaluation/judge.html", {"form": form, "activity": activity})


# --- how we know --------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def evidence_add(request: StaffRequest, pk: int) -> HttpResponse:
    activity = known_activity(request, pk)
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        activity=activity,
        initial={"outcome": request.GET.get("outcome", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            evidence = form.save_for(request.staff)
        except uploads.Refused as refused:
            form.add_error("upload" if form.cleaned_data.get("upload") else None, str(refused))
        else:
            messages.success(request, "Added.")
            if looks_like_a_pupil(evidence.claim):
                messages.warning(request, f"{NAMED}.")
            return redirect("impact:what_changed", pk)
    return render(request, "evaluation/evidence_add.html", {"form": form, "activity": activity})


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def evidence_remove(request: StaffRequest, evidence_uuid: uuid.UUID) -> HttpResponse:
    evidence = visible_evidence(request, evidence_uuid)
    if not may_take_away(evidence.activity, evidence.by_id, request):
        raise PermissionDenied
    page = reverse("impact:what_changed", args=[evidence.activity_id])
    if stands_on_it(evidence.activity, request):
        messages.error(request, STANDS)
        return redirect(page)
    if request.method == "GET":
        return ask_first(
            request,
            question="Take this evidence away?",
            text=f"“{evidence}”. Its file is destroyed with it.",
            deed="Take it away",
            back=page,
        )
    LogEntry.write(
        LogEntry.Kind.UNDID, by=request.staff, what="evidence", object_id=str(evidence.activity_id)
    )
    evidence.delete()
    messages.success(request, "Taken away.")
    return redirect(page)


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def evidence_file(request: StaffRequest, evidence_uuid: uuid.UUID) -> FileResponse:
    evidence = visible_evidence(request, evidence_uuid)
    if evidence.file is None:
        raise Http404
    return files.download(evidence.file)


def visible_evidence(request: StaffRequest, evidence_uuid: uuid.UUID) -> Evidence:
    found = Evidence.objects.visible_to(request.staff).select_related("activity", "file")
    evidence: Evidence = get_object_or_404(found, uuid=evidence_uuid)
    return evidence


def stands_on_it(activity: Activity, request: StaffRequest) -> bool:
    """A judgement stands on it, and this person is not among those who judge."""
    judges = may_take_away(activity, None, request)
    return not judges and ImpactReview.objects.closed().filter(activity=activity).exists()


def may_take_away(activity: Activity, author: int | None, request: StaffRequest) -> bool:
    return author == request.staff.pk or (
        known_to(request.staff).filter(pk=activity.pk).exists()
        and reviewing.may_judge(activity, request.staff)
    )


# --- what nobody had planned --------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def unplanned_add(request: StaffRequest, pk: int) -> HttpResponse:
    activity = known_activity(request, pk)
    gain = UnplannedGain(school=request.school, activity=activity, noted_by=request.staff)
    form = UnplannedForm(request.POST or None, instance=gain)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Noted.")
        if looks_like_a_pupil(gain.text):
            messages.warning(request, f"{NAMED}.")
        return redirect("impact:what_changed", pk)
    return render(request, "evaluation/unplanned_add.html", {"form": form, "activity": activity})


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def unplanned_remove(request: StaffRequest, pk: int) -> HttpResponse:
    gain = get_object_or_404(
        UnplannedGain.objects.visible_to(request.staff).select_related("activity"), pk=pk
    )
    if not may_take_away(gain.activity, gain.noted_by_id, request):
        raise PermissionDenied
    page = reverse("impact:what_changed", args=[gain.activity_id])
    if request.method == "GET":
        return ask_first(
            request, question="Take this note away?", text=f"“{gain}”", deed="Take it away",
            back=page,
        )  # fmt: skip
    gain.delete()
    messages.success(request, "Taken away.")
    return redirect(page)


# --- what was decided in the school -------------------------------------------------------------
@require_GET
@requires(Permission.SEE_ACTIVITIES)
def reviews(request: StaffRequest) -> HttpResponse:
    """What worked here and what did not: every judged activity, and for leaders what waits."""
    filters = ReviewFilter(request.GET, request.staff)
    leads = request.staff.can(Permission.SEE_EVERYONES_RECORD)
    shown = filters.reviews(request.staff)
    waiting: Any = filters.waiting(today=clock.today()) if leads else ()
    if leads and filters.waits:
        shown = waiting
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "waits": leads and filters.waits,
        "to_judge": len(waiting) if leads and not filters.is_narrow else 0,
        "waiting": waiting[:FIRST],
        "leads": leads,
    }
    return render(request, "evaluation/reviews.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def types(request: StaffRequest) -> HttpResponse:
    """Which types of activity work here, with what they cost and what was decided."""
    found = judgements.by_type(judgements.judged())
    context = {"types": found, "finding": judgements.finding(found), "least": judgements.LEAST}
    return render(request, "evaluation/types.html", context)
