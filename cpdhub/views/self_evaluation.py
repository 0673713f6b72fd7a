"""What the school says of itself, area by area."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub import clock, history, plan_actions
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import (
    AreaComment,
    AreaForImprovement,
    Contributor,
    EvidencePointer,
    Framework,
    FrameworkItem,
    Judgement,
    Staff,
)
from cpdhub.models.framework import OWN_AREAS
from cpdhub.permissions import Permission
from cpdhub.plan_words import many, sentence
from cpdhub.self_evaluation_forms import (
    CommentForm,
    ContributionForm,
    FrameworkForm,
    JudgementForm,
    OwnAreaForm,
)
from cpdhub.views.plan import sub
from cpdhub.views.plan_parts import ask_before_removing, judgement_of, removed

# Beginnings that lead to evaluation rather than description.
STEMS = (
    "Most pupils … because …; the exception is …",
    "This is stronger than a year ago: … rose from … to …",
    "We know this because … and … agree.",
    "So what? It means that pupils …",
    "It is not yet good enough for … because …",
    "What we stopped doing, and what happened: …",
)


def _rows(framework: Framework | None, staff: Staff, *, full: bool = False) -> list[dict[str, Any]]:
    """The framework's areas, each with what is said of it; `full` with its words."""
    if framework is None:
        return []
    today = clock.today()
    judgements = (
        Judgement.objects.with_own(staff)
        .select_related("reviewed_by")
        .annotate(
            areas_count=Count("areas_for_improvement", distinct=True),
            open_count=Count(
                "areas_for_improvement",
                filter=Q(areas_for_improvement__priority=None),
                distinct=True,
            ),
        )
    )
    if full:
        judgements = judgements.prefetch_related(
            Prefetch(
                "areas_for_improvement",
                AreaForImprovement.objects.select_related("priority"),
            ),
            "evidence",
        )
    said = {row.item_id: row for row in judgements.filter(item__framework=framework)}
    return [
        {
            "item": item,
            "judgement": (row := said.get(item.pk)),
            "is_stale": row is not None and row.is_stale(today=today),
            "applies": row is None or row.applies,
        }
        for item in framework.items.all()
    ]


def _said(rows: list[dict[str, Any]]) -> str:
    judged = [row for row in rows if row["judgement"] and row["judgement"].grade]
    stale = sum(row["is_stale"] for row in rows)
    waiting = sum(row["judgement"].open_count for row in rows if row["judgement"])
    said = f"{len(judged)} of {len(rows)} areas judged"
    said += f"; {many(stale, 'review')} overdue" if stale else ""
    if waiting:
        said += (
            f"; {many(waiting, 'area for improvement', 'areas for improvement')} not yet a priority"
        )
    return sentence(said)


@require_GET
@requires(Permission.SEE_SELF_EVALUATION)
def overview(request: StaffRequest) -> HttpResponse:
    framework = plan_actions.framework_of(request.school)
    rows = _rows(framework, request.staff)
    ours = [row for row in rows if row["applies"]]
    return render(
        request,
        "cpdhub/self_evaluation.html",
        {
            "framework": framework,
            "rows": ours,
            "others": [row for row in rows if not row["applies"]],
            "earlier": _earlier(framework),
            "said": _said(ours),
            "may_change": request.staff.can(Permission.EDIT_PLAN),
            "sub_links": sub(request.staff, "plan:self_evaluation"),
        },
    )


def _earlier(framework: Framework | None) -> list[Judgement]:
    """What was judged by other frameworks: it stays as it was said."""
    return list(
        Judgement.objects.exclude(item__framework=framework)
        .exclude(grade="", statement="")
        .select_related("item__framework")
        .order_by("item__framework", "item__position")
    )


@require_GET
@requires(Permission.SEE_SELF_EVALUATION)
def two_sides(request: StaffRequest) -> HttpResponse:
    """The whole self-evaluation on two sides of paper."""
    framework = plan_actions.framework_of(request.school)
    rows = [row for row in _rows(framework, request.staff, full=True) if row["applies"]]
    context = {"framework": framework, "rows": rows, "said": _said(rows)}
    return render(request, "cpdhub/self_evaluation_print.html", context)


@require_GET
@requires(Permission.SEE_SELF_EVALUATION)
def area(request: StaffRequest, pk: int) -> HttpResponse:
    """One area: judgement, statement, strengths, what must get better, and the evidence."""
    today = clock.today()
    judgement = judgement_of(request.staff, pk)
    areas: list[AreaForImprovement] = []
    evidence: list[EvidencePointer] = []
    if judgement.pk:
        areas = list(judgement.areas_for_improvement.select_related("priority"))
        evidence = list(judgement.evidence.all())
    may_change = request.staff.can(Permission.EDIT_PLAN)
    return render(
        request,
        "cpdhub/judgement.html",
        {
            "item": judgement.item,
            "judgement": judgement,
            "before": list(Judgement.objects.before(judgement.item)),
            "is_stale": judgement.is_stale(today=today),
            "improvements": [
                (row, priority if priority and (may_change or not priority.is_draft) else None)
                for row in areas
                for priority in [getattr(row, "priority", None)]
            ],
            "evidence": [(row, row.is_old(today=today)) for row in evidence],
            **_hands(judgement, request.staff),
            "has_room": len(evidence) < Judgement.MOST_EVIDENCE,
            "most_evidence": Judgement.MOST_EVIDENCE,
            "may_change": may_change,
            "removed": removed(request),
            "sub_links": sub(request.staff, "plan:self_evaluation"),
        },
    )


def _hands(judgement: Judgement, staff: Staff) -> dict[str, Any]:
    """Who writes it together and, for them alone, what they say to each other."""
    named = list(judgement.contributors.select_related("staff")) if judgement.pk else []
    is_own = staff.pk in {row.staff_id for row in named}
    may_write = staff.can(Permission.EDIT_PLAN) or is_own
    comments: list[AreaComment] = []
    if may_write and judgement.pk:
        comments = list(judgement.comments.select_related("by"))
    return {
        "contributors": named,
        "is_own": is_own,
        "may_write": may_write,
        "comments": comments,
        "comment_form": CommentForm() if may_write else None,
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_SELF_EVALUATION)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Write one area: all of it, or a contributor's part of it."""
    judgement = judgement_of(request.staff, pk)
    if not judgement.may_be_written_by(request.staff):
        raise PermissionDenied
    if request.method == "POST" and judgement.pk is None:
        # Two who write the first words at the same moment meet on one row.
        judgement = Judgement.objects.get_or_create(school=request.school, item=judgement.item)[0]
    item = judgement.item
    judges = request.staff.can(Permission.EDIT_PLAN)
    data = _first_revision(request) or None
    if judges:
        form: ContributionForm = JudgementForm(
            data, instance=judgement, scale=item.scale or item.framework.scale
        )
    else:
        form = ContributionForm(data, instance=judgement)
    if request.method == "POST" and form.is_valid():
        if judges:
            form.instance.reviewed_by = request.staff
        form.save()
        messages.success(request, "Saved.")
        return redirect("plan:judgement", pk=pk)
    return render(
        request,
        "cpdhub/judgement_change.html",
        {
            "form": form,
            "item": item,
            "stems": STEMS,
            "judges": judges,
            "back": reverse("plan:judgement", args=[pk]),
        },
    )


def _first_revision(request: StaffRequest) -> Any:
    """A page made before there was anything to revise was made from the first revision."""
    data = request.POST.copy()
    if data and data.get("revision") == "":
        data["revision"] = "1"
    return data


@require_GET
@requires(Permission.EDIT_PLAN)
def changes(request: StaffRequest, pk: int) -> HttpResponse:
    """Who changed what in this area, and when."""
    judgement = judgement_of(request.staff, pk)
    parts = [AreaForImprovement, EvidencePointer, Contributor]
    return render(
        request,
        "cpdhub/plan_history.html",
        {
            "title": judgement.item.title,
            "back": reverse("plan:judgement", args=[pk]),
            "changes": history.changes(
                history.events(Judgement, pgh_obj_id=judgement.pk),
                *(history.events(part, judgement_id=judgement.pk) for part in parts),
            )
            if judgement.pk
            else [],
        },
    )


# --- what the school evaluates itself by -------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def framework(request: StaffRequest) -> HttpResponse:
    """Choose the framework; what was written for another stays with it."""
    plan_actions.own_framework(request.school)
    form = FrameworkForm(request.POST or None, instance=request.school)
    if request.method == "POST" and form.is_valid():
        request.school.save(update_fields=["evaluates_by"])
        messages.success(request, "Saved.")
        return redirect("plan:self_evaluation")
    return render(request, "cpdhub/framework.html", {"form": form})


def _own_areas() -> Any:
    return FrameworkItem.objects.filter(
        framework__code=OWN_AREAS, framework__school__isnull=False
    ).annotate(judged=Count("judgements"))


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def own_areas(request: StaffRequest) -> HttpResponse:
    """The school's own list of areas, and a form to add one."""
    form = OwnAreaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plan_actions.add_own_area(request.school, **form.cleaned_data)
        messages.success(request, "Added.")
        return redirect("plan:own_areas")
    return render(request, "cpdhub/own_areas.html", {"form": form, "own_areas": list(_own_areas())})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def own_area(request: StaffRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(_own_areas(), pk=pk)
    form = OwnAreaForm(request.POST or None, instance=item)
    back = reverse("plan:own_areas")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(back)
    context = {"form": form, "title": "Change this area", "of": item, "back": back}
    return render(request, "cpdhub/plan_part.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def own_area_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Only where nothing was said yet; otherwise the words would go with it."""
    item = get_object_or_404(_own_areas(), pk=pk)
    if item.judged:
        messages.error(request, "Something is written in this area, so it stays.")
    elif request.method == "GET":
        return ask_before_removing(request, item, noun="area", back=reverse("plan:own_areas"))
    else:
        item.delete()
        messages.success(request, f"“{item}” is removed.")
    return redirect("plan:own_areas")
