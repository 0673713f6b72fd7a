"""What is on: find it, book it, give it up; and the places of one activity for its leader."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import booking
from activities.forms import ExcuseForm, PeopleForm, PlacesForm, WordForm
from activities.models import Activity, Excuse, NotPossible, Places
from activities.places import Catalogue, line_of, still_to_come, with_standing
from activities.views.fetch import changeable_activity, visible_activity
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models import Staff
from cpdhub.permissions import Permission

PER_PAGE = 25


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def catalogue(request: StaffRequest) -> HttpResponse:
    """What is on, soonest first, each with the one thing this person can do about it."""
    chosen = Catalogue(request.staff, request.GET)
    now = clock.now()
    page = Paginator(chosen.rows(now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "page": page,
        "rows": [line_of(places, request.staff, now) for places in page],
        "may_plan": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "activities/on.html", context)


# --- one's own place -------------------------------------------------------------------------
def back(request: StaffRequest, pk: int) -> HttpResponse:
    """To the page they came from: the list, or the activity's own."""
    if request.POST.get("back") == "on":
        return redirect(f"{reverse('activities:on')}#activity-{pk}")
    return redirect("activities:activity", pk)


def own_deed(request: StaffRequest, pk: int, deed: Callable[[Activity], str]) -> HttpResponse:
    """Do it, or say why not; then back to where they were."""
    activity = visible_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    try:
        said = deed(activity)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return back(request, pk)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def book(request: StaffRequest, pk: int) -> HttpResponse:
    def deed(activity: Activity) -> str:
        made = booking.book(activity, staff=request.staff)
        if made.state == booking.State.WAITING:
            return (
                f"All places at {activity} are taken. You are on the waiting list: a place that"
                " comes free goes to whoever has waited longest, and you get a letter."
            )
        return f"You have a place at {activity}. Changed your mind? Give it up here."

    return own_deed(request, pk, deed)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def give_up(request: StaffRequest, pk: int) -> HttpResponse:
    def deed(activity: Activity) -> str:
        booking.give_up(
            activity,
            staff=request.staff,
            by=request.staff,
            because=request.POST.get("because", "").replace("\x00", ""),
        )
        return f"You have given up {activity}. Changed your mind? Book it again."

    return own_deed(request, pk, deed)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    def deed(activity: Activity) -> str:
        booking.decline(activity, staff=request.staff)
        return "You said no thank you. You can still book a place later."

    return own_deed(request, pk, deed)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def excuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask not to have to come to something compulsory."""
    activity = visible_activity(request, pk)
    asked = Excuse.objects.filter(activity=activity, staff=request.staff).first()
    if not activity.is_compulsory or activity.is_over or activity.is_own_learning:
        messages.error(request, "Nobody has to come to this, so there is nothing to ask.")
        return redirect("activities:activity", pk)
    if asked is not None:
        messages.success(request, "You have asked already. You get a letter with the answer.")
        return redirect("activities:activity", pk)
    new = Excuse(school=request.school, activity=activity, staff=request.staff)
    form = ExcuseForm(request.POST if request.method == "POST" else None, instance=new)
    if form.is_valid():
        Excuse.objects.get_or_create(
            school=request.school, activity=activity, staff=request.staff,
            defaults={"because": form.cleaned_data["because"]},
        )  # fmt: skip
        messages.success(request, "Asked. Whoever leads it decides, and you get a letter.")
        return redirect("activities:activity", pk)
    return render(request, "activities/excuse.html", {"form": form, "activity": activity})


# --- whoever leads it ------------------------------------------------------------------------
def kept_activity(request: StaffRequest, pk: int) -> Activity:
    """One whose places this person looks after: whoever may change it, and its lead."""
    activity = visible_activity(request, pk)
    if not activity.register_may_be_taken_by(request.staff) or activity.is_own_learning:
        raise PermissionDenied
    return activity


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def places(request: StaffRequest, pk: int) -> HttpResponse:
    """Booked, waiting, invited, and of something compulsory who still has to come."""
    activity = kept_activity(request, pk)
    standing: Any = with_standing(request.staff).filter(activity=activity).first()
    if standing is None:
        return redirect("activities:change_places", pk)
    now = clock.now()
    bookings = list(activity.bookings.select_related("staff", "by").order_by("asked_at", "pk"))
    by_state = {state: [b for b in bookings if b.state == state] for state in booking.State.values}
    excuses = list(activity.excuses.select_related("staff", "decided_by"))
    context = {
        "activity": activity,
        "places": standing,
        "line": line_of(standing, request.staff, now),
        "refusal": standing.why_not_now(clock.today(), now, standing.first_at),
        "people": list(activity.participations.select_related("staff")),
        "waiting": by_state["waiting"],
        "invited": by_state["invited"],
        "gone": by_state["cancelled"] + by_state["declined"],
        "excuses": excuses,
        "decided": [ask for ask in excuses if ask.decision],
        "due": still_to_come(standing, clock.today()) if activity.is_compulsory else [],
        "may_change": activity.may_be_changed_by(request.staff),
    }
    return render(request, "activities/places.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def change_places(request: StaffRequest, pk: int) -> HttpResponse:
    """Open it for booking, or change how."""
    activity = changeable_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    if activity.is_private:
        messages.error(request, booking.PRIVATE)
        return redirect("activities:activity", pk)
    now = Places.objects.filter(activity=activity).first()
    instance = now or Places(school=request.school, activity=activity)
    form = PlacesForm(request.POST if request.method == "POST" else None, instance=instance)
    if form.is_valid():
        try:
            booking.change_places(form.places(), teams=form.cleaned_data["teams"])
        except NotPossible as refusal:
            form.add_error("capacity", str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("activities:places", pk)
    context = {"form": form, "activity": activity, "is_new": now is None}
    return render(request, "activities/change_places.html", context)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def place_of(request: StaffRequest, pk: int, deed: str) -> HttpResponse:
    """One click beside a name: add, invite, take out."""
    activity = kept_activity(request, pk)
    key = key_of(request.POST.get("staff", ""))
    if deed not in {"add", "invite", "take-out"}:
        raise Http404
    if not key:
        messages.error(request, "Choose somebody first.")
        return redirect("activities:places", pk)
    person = get_object_or_404(Staff.objects.on_staff(), pk=key)
    try:
        if deed == "add":
            booking.add(activity, staff=person, by=request.staff)
            messages.success(request, f"{person} has a place.")
        elif deed == "invite":
            booking.invite(activity, people=[person], by=request.staff)
            messages.success(request, f"{person} is invited.")
        else:
            booking.give_up(
                activity, staff=person, by=request.staff, because="Taken out by whoever leads it"
            )
            messages.success(request, f"{person} has no place any more.")
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("activities:places", pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask certain people to come."""
    activity = kept_activity(request, pk)
    form = PeopleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = [one for one in form.staff if one.pk in form.cleaned_data["everybody"]]
        try:
            count = booking.invite(activity, people=chosen, by=request.staff)
        except NotPossible as refusal:
            form.add_error("people", str(refusal))
        else:
            people = "person" if count == 1 else "people"
            messages.success(request, f"{count} {people} invited. Each gets a letter.")
            return redirect("activities:places", pk)
    context = {"form": form, "people": form, "activity": activity}
    return render(request, "activities/invite.html", context)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def decide_excuse(request: StaffRequest, pk: int) -> HttpResponse:
    seen = Activity.objects.visible_to(request.staff)
    asked = get_object_or_404(
        Excuse.objects.select_related("activity", "staff").filter(activity__in=seen), pk=pk
    )
    if not asked.activity.may_be_changed_by(request.staff):
        raise PermissionDenied
    word = WordForm(request.POST)
    decision = request.POST.get("decision", "")
    if decision not in Excuse.Decision.values or not word.is_valid():
        messages.error(request, "Choose one of the two answers; a word to them has 300 letters.")
        return redirect("activities:places", asked.activity_id)
    try:
        booking.decide(
            asked, by=request.staff, decision=decision, answer=word.cleaned_data["answer"]
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{asked.staff} gets a letter with your answer.")
    return redirect("activities:places", asked.activity_id)
