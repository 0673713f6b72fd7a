"""One's observations in a list, and asking for one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from activities.models import Activity, IntendedImpact
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from evaluation import observing
from evaluation.forms.observation import AskForm, colleagues, learning_of
from evaluation.models import Observation, OpenDoor
from evaluation.observation_words import Line

PER_PAGE = 25


@require_GET
@requires(Permission.OBSERVE)
def observations(request: StaffRequest) -> HttpResponse:
    """What waits for somebody, what was observed with me, what I watched, what others share."""
    me, words = request.staff, request.GET.get("q", "").strip()[:100]
    mine = Observation.objects.owned_by(me)
    found: Any = with_people(Observation.objects.visible_to(me))
    is_party = Q(pk__in=mine.values("pk")) | Q(
        pk__in=Observation.objects.watched_by(me).values("pk")
    )
    closed = with_people(mine.took_place()).filter(state=Observation.State.CLOSED)
    shared = with_people(Observation.objects.shared_with(me))
    if words:
        closed, shared = closed.search(words), shared.search(words)
    context: dict[str, Any] = {
        "q": words,
        "open": [] if words else [Line(row, me) for row in found.open().filter(is_party)],
        "mine": Paginator(closed, PER_PAGE).get_page(request.GET.get("page")),
        "shared": list(shared[:PER_PAGE]),
        "watched": [] if words else with_people(watched(me))[:PER_PAGE],
    }
    return render(request, "evaluation/observations.html", context)


def with_people(rows: Any) -> Any:
    """With the names a line says."""
    return rows.select_related("owner", "topic").prefetch_related("observers__staff")


def watched(staff: Staff) -> Any:
    """That one watched stays on one's own list, without a way in once it is closed."""
    return Observation.objects.watched_by(staff).filter(state=Observation.State.CLOSED)


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
@once
def ask(request: StaffRequest) -> HttpResponse:
    """I ask a colleague to come and watch. `?activity=` takes the focus from what it intends."""
    before = to_be_returned(request)
    observation = Observation(owner=request.staff, return_of=before)
    if before is not None:
        observation.kind = Observation.Kind.RECIPROCAL
        return _ask(request, observation, initial={"whom": before.owner_id})
    activity = activity_asked(request)
    if activity is not None:
        observation.activity = activity
    initial = {"focus": intended(activity)} if activity else {}
    return _ask(request, observation, initial=initial | whom(request))


@require_http_methods(["GET", "POST"])
@requires(Permission.OBSERVE)
@once
def offer(request: StaffRequest) -> HttpResponse:
    """I would like to come and watch a colleague, who says yes or no. `?door=`: an open one."""
    if before := to_be_returned(request):
        visit = Observation(return_of=before, kind=Observation.Kind.RECIPROCAL)
        first = before.observers.exclude(staff=request.staff).first()
        return _ask(request, visit, initial={"whom": first and first.staff_id})
    door = door_asked(request)
    initial = {"whom": door.staff, "place": door.place} if door else whom(request)
    return _ask(request, Observation(), initial=initial, door=door)


def to_be_returned(request: StaffRequest) -> Observation | None:
    """`?return=`: one watched the other, now it is the other way round."""
    try:
        wanted = UUID(request.GET.get("return", ""))
    except ValueError:
        return None
    me = request.staff
    mine = Observation.objects.owned_by(me) | Observation.objects.watched_by(me)
    found: Observation | None = mine.filter(
        uuid=wanted, kind=Observation.Kind.RECIPROCAL, returned_by=None
    ).first()
    return found


def door_asked(request: StaffRequest) -> OpenDoor | None:
    shown = OpenDoor.objects.open(today=clock.today()).exclude(staff=request.staff)
    wanted = key_of(request.GET.get("door", ""))
    found: OpenDoor | None = shown.filter(pk=wanted).select_related("staff").first()
    return found


def whom(request: StaffRequest) -> dict[str, Any]:
    """`?with=`: the colleague somebody came from."""
    wanted = key_of(request.GET.get("with", ""))
    found = colleagues(request.staff).filter(pk=wanted).first() if wanted else None
    return {"whom": found} if found else {}


def activity_asked(request: StaffRequest) -> Activity | None:
    wanted = key_of(request.GET.get("activity", ""))
    found: Activity | None = None
    if wanted:
        found = learning_of(request.staff).filter(pk=wanted).first()
    return found


def intended(activity: Activity) -> str:
    """What those who take part will do differently: the practice there is to look at."""
    impact = IntendedImpact.objects.filter(activity=activity).first()
    return impact.staff_will[:200] if impact else ""


def _ask(
    request: StaffRequest,
    observation: Observation,
    *,
    initial: dict[str, Any],
    door: OpenDoor | None = None,
) -> HttpResponse:
    is_owner = observation.owner_id == request.staff.pk
    is_return = observation.return_of_id is not None
    form = AskForm(
        request.POST if request.method == "POST" else None,
        instance=observation,
        by=request.staff,
        initial=initial,
    )
    if form.is_valid():
        try:
            found = observing.ask(
                form.save(commit=False),
                by=request.staff,
                observers=form.observers(),
                headings=form.headings(),
            )
        except NotPossible as why:
            form.add_error(None, str(why))
        else:
            names = " and ".join(person.name for person in observing.others(found, request.staff))
            messages.success(request, f"{names} will be asked, and can say yes or no.")
            return redirect("observations:observation", found.uuid)
    context: dict[str, Any] = {
        "form": form,
        "is_owner": is_owner,
        "is_return": is_return,
        "door": door,
    }
    if is_owner:
        load = observing.load_of(request.staff, day=clock.today())
        context["too_many"] = load if load >= request.school.observations_a_year else 0
    return render(request, "evaluation/observation_ask.html", context)
