"""Who learns with whom: groups proposed, moved by hand, and made."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from activities import groups as grouped
from activities.forms.groups import GroupsPage, to_begin_with
from activities.models import Activity, NotPossible
from activities.prefill import topic_asked
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

MAKES = ("make", "draft")


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def groups(request: StaffRequest) -> HttpResponse:
    """Choose, look, move, make. Nothing is stored before they are made."""
    if request.method == "GET":
        topic = topic_asked(request.GET, request.staff)
        page = GroupsPage(request.staff, None, to_begin_with(request.GET, topic, request.staff))
        return show(request, page)
    page, do = GroupsPage(request.staff, request.POST, {}), request.POST.get("do", "")
    if not page.is_ready():
        return show(request, page)
    if do in ("mix", "propose"):
        page.mix_them(again=do == "mix")
    else:
        page.take_as_moved()
    page.ask_what_for(is_bound=do in MAKES)
    if do in MAKES and (made := make(request, page, as_draft=do == "draft")):
        return redirect(made)
    return show(request, page)


def make(request: StaffRequest, page: GroupsPage, *, as_draft: bool) -> str:
    """Where to go when they are made; nothing when they are not, and the page says why."""
    plan = page.plan(as_draft=as_draft)
    if not page.groups:
        page.people.add_error("people", "Nobody is in a group.")
    if plan is None or not page.groups:
        return ""
    try:
        made = grouped.make_groups(page.groups, plan, by=request.staff)
    except NotPossible as refusal:
        page.layout.add_error("first", str(refusal))
        return ""
    number = len(made)
    state = "kept as drafts" if as_draft else "planned"
    messages.success(
        request, f"{number} {'group is' if number == 1 else 'groups are'} {state}: each is an"
        " activity of its own.",
    )  # fmt: skip
    return where(made)


def where(made: list[Activity]) -> str:
    """The one, or all of them in the list."""
    if len(made) == 1:
        return reverse("activities:activity", args=[made[0].pk])
    words = made[0].title.rpartition(", group")[0]
    return f"{reverse('activities:list')}?{urlencode({'q': words, 'term': 'all'})}"


def show(request: StaffRequest, page: GroupsPage) -> HttpResponse:
    context: dict[str, Any] = {"form": page, "people": page.people}
    if page.known.people:
        context |= shown_groups(page)
    return render(request, "activities/groups.html", context)


def shown_groups(page: GroupsPage) -> dict[str, Any]:
    """Each group as the page shows it, and what to think about."""
    known, mix = page.known, page.mix
    placed = {member.pk for group in page.groups for member in group}
    number = len(page.groups)
    choices = [
        ("0", "No group"),
        *((str(each), f"Group {each}") for each in range(1, number + 1)),
        (str(number + 1), "A new group"),
    ]
    rows = [
        {
            "number": number,
            "why": grouped.why(group, known, mix),
            "notes": grouped.to_think_about(group, known, mix),
            "people": [line_of(page, member.pk, str(number)) for member in group],
        }
        for number, group in enumerate(page.groups, start=1)
    ]
    everyone = page.people.staff
    return {
        "groups": rows,
        "left": [line_of(page, pk, "0") for pk in known.people if pk not in placed],
        "choices": choices,
        "seed": page.seed,
        "notes": grouped.few_ahead(page.groups, known, mix)
        + grouped.whom_it_leaves_out(known, grouped=placed, busy=page.busy, everyone=everyone),
        "met": len(known.met),
    }


def line_of(page: GroupsPage, pk: int, number: str) -> dict[str, Any]:
    person = page.known.people[pk]
    return {
        "pk": pk,
        "name": person.name,
        "detail": person.team.name if person.team else person.job_title,
        "words": page.known.words.get(pk, ("", ""))[0],
        "load": page.known.load.get(pk, 0),
        "group": number,
    }
