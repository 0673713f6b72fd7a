"""Needs that are alike, gathered by topic; and what an audit suggests as needs."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from audits import needs, proposals
from audits.forms import RuleForm, TopicForm
from audits.helpers import known_topics, people_for
from audits.models import Need, Round, Topic
from audits.models.need import LEVELS
from audits.proposals import Rule
from audits.views.fetch import sub, visible_round
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission

PER_PAGE = 25


@require_GET
@requires(Permission.SEE_NEEDS)
def topics(request: StaffRequest) -> HttpResponse:
    """What is needed most, and by how many at which level."""
    words = request.GET.get("q", "").strip()[:100]
    found = needs.counted_by_topic(_counted(request))
    if words:
        found = found.filter(topic__in=Topic.objects.filter(title__icontains=words))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    named = Topic.objects.in_bulk([row["topic"] for row in page])
    context = {
        "page": page,
        "rows": [(named[row["topic"]], row, _levels(row)) for row in page],
        "levels": [word for _, word in LEVELS],
        "q": words,
        "sub_links": sub(request, "needs:topics"),
    }
    return render(request, "audits/topics.html", context)


def _counted(request: StaffRequest) -> Any:
    return Need.objects.visible_to(request.staff).shared().here().open()


def _levels(row: dict[str, Any]) -> list[int]:
    return [row[f"level_{level}"] for level, _ in LEVELS]


@require_GET
@requires(Permission.SEE_NEEDS)
def topic(request: StaffRequest, pk: int) -> HttpResponse:
    """Who needs it, split by where they stand: three levels are three groups."""
    found = get_object_or_404(known_topics(request.staff), pk=pk)
    rows = list(
        Need.objects.visible_to(request.staff)
        .shared()
        .here()
        .filter(topic=found)
        .with_whom()
        .order_by("level_now", "staff__sort_name", "pk")
    )
    still_open = [need for need in rows if need.is_open]
    context = {
        "topic": found,
        "groups": _by_level(still_open),
        "number": len(still_open),
        "people": len({need.staff_id for need in still_open if need.staff_id}),
        "helpers": people_for(found, reader=request.staff, today=clock.today()),
        "over": [need for need in rows if not need.is_open],
        "may_decide": request.staff.can(Permission.DECIDE_NEEDS),
        "may_plan": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "audits/topic.html", context)


def _by_level(rows: list[Need]) -> list[tuple[int, str, list[Need]]]:
    """By where they stand now; those of which nobody said it come last."""
    words = dict(LEVELS)
    ordered = sorted(rows, key=lambda need: need.level_now or 9)
    return [
        (level or 0, words.get(level or 0, "Not said where they stand"), list(group))
        for level, group in groupby(ordered, key=lambda need: need.level_now)
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.DECIDE_NEEDS)
def topic_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Another name; the name of one that is there makes the two one, after asking."""
    known = known_topics(request.staff)
    found = get_object_or_404(known, pk=pk)
    form = TopicForm(request.POST or None, instance=found)
    same = None
    if request.method == "POST" and form.is_valid():
        same = form.same
        if same and not known.filter(pk=same.pk).exists():
            # Of a private one nobody is told: it goes on under the same name.
            return _renamed(request, Topic.objects.get(pk=pk), form.cleaned_data["title"], same)
        if same and "join" in request.POST:
            return _joined(request, Topic.objects.get(pk=pk), same)
        if not same:
            form.save()
            messages.success(request, "Saved.")
            return redirect("needs:topic", pk)
    titles = known.exclude(pk=pk).values_list("title", flat=True)
    context = {"form": form, "topic": found, "same": same, "topics": titles, "pk": pk}
    return render(request, "audits/topic_change.html", context)


def _renamed(request: StaffRequest, topic: Topic, title: str, private: Topic) -> HttpResponse:
    try:
        needs.merge_topics(private, topic)
    except NotPossible as why:
        messages.error(request, str(why))
        return redirect("needs:topic", topic.pk)
    topic.title = title
    topic.save(update_fields=["title"])
    messages.success(request, "Saved.")
    return redirect("needs:topic", topic.pk)


def _joined(request: StaffRequest, topic: Topic, into: Topic) -> HttpResponse:
    try:
        needs.merge_topics(topic, into)
    except NotPossible as why:
        messages.error(request, str(why))
        return redirect("needs:topic", topic.pk)
    messages.success(request, f"Joined with “{into}”.")
    return redirect("needs:topic", into.pk)


# --- from an audit ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(Permission.DECIDE_NEEDS)
@once
def round_needs(request: StaffRequest, pk: int) -> HttpResponse:
    """What a closed audit suggests: ticked and agreed to, or not now. Nothing by itself."""
    found = visible_round(request, pk)
    if not found.is_closed:
        messages.error(request, "It suggests needs when it has closed.")
        return redirect("needs:round", pk)
    rule = Rule.of(request.school)
    if request.method == "POST":
        return _decided(request, found, rule)
    suggested = proposals.of_round(found, rule)
    context = {
        "round": found,
        "rule": rule,
        "questions": _by_question([p for p in suggested if p.need is None]),
        "decided": [p for p in suggested if p.need],
        "is_named": found.mode == Round.Mode.NAMED,
    }
    return render(request, "audits/round_needs.html", context)


def _by_question(suggested: list[proposals.Proposal]) -> list[tuple[Any, list[Any]]]:
    by_question: dict[Any, list[Any]] = {}
    for proposal in suggested:
        by_question.setdefault(proposal.question, []).append(proposal)
    return list(by_question.items())


def _decided(request: StaffRequest, round_: Round, rule: Rule) -> HttpResponse:
    agree = request.POST.get("do") != "aside"
    chosen = request.POST.getlist("need")
    if not chosen:
        messages.error(request, "Nothing was ticked, so nothing was decided.")
        return redirect("needs:round_needs", round_.pk)
    number = needs.decide(round_, chosen, by=request.staff, rule=rule, agree=agree)
    things = "1 need" if number == 1 else f"{number} needs"
    messages.success(
        request, f"{things} agreed." if agree else f"{things} set aside: not suggested again."
    )
    if agree and number:
        return redirect("needs:topics")
    return redirect("needs:round_needs", round_.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECIDE_NEEDS)
def rule(request: StaffRequest) -> HttpResponse:
    """From which answers on a need is suggested. `?round=` says where to go back to."""
    form = RuleForm(request.POST or None, instance=request.school)
    back = _back(request)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved. It counts for every audit from now on.")
        return HttpResponseRedirect(back)
    return render(request, "audits/rule.html", {"form": form, "back": back})


def _back(request: StaffRequest) -> str:
    pk = key_of(request.GET.get("round", ""))
    if pk and Round.objects.visible_to(request.staff).filter(pk=pk).exists():
        return reverse("needs:round_needs", args=[pk])
    return reverse("needs:topics")
