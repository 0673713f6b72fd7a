"""The installation's administrator: which schools are here, and the register they come from."""

from collections import Counter, defaultdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock, files, gias_job, openings
from cpdhub.decorators import administrator_only
from cpdhub.http import AdministratorRequest
from cpdhub.hub_forms import OpenSchoolForm, OpenTeamForm, RegisterSearchForm, RegisterUploadForm
from cpdhub.models import Establishment, School, Staff
from cpdhub.permissions import Role
from cpdhub.school_forms import UrnForm
from cpdhub.walls import school_scope, schools_scope

SCHOOLS, ESTABLISHMENTS = 25, 30


# --- schools ------------------------------------------------------------------------------------
@require_GET
@administrator_only
def home(request: AdministratorRequest) -> HttpResponse:
    """Every school opened here, with how many work and sign in there."""
    gone = Establishment.objects.filter(urn=OuterRef("urn"), status_name__iexact="closed")
    schools = School.objects.annotate(is_gone=Exists(gone)).order_by("name", "pk")
    page = Paginator(schools, SCHOOLS).get_page(request.GET.get("page"))
    counts = people_in([school.pk for school in page])
    context = {
        "page": page,
        "lines": [{"school": school, **counts[school.pk]} for school in page],
        "establishments": Establishment.objects.count(),
        "last_import": gias_job.last_import(),
    }
    return render(request, "cpdhub/hub_home.html", context)


def people_in(schools: list[int]) -> dict[int, dict[str, Any]]:
    """Numbers only: the administrator sees nobody's record."""
    staff: Counter[int] = Counter()
    signing_in: Counter[int] = Counter()
    heads: dict[int, str] = defaultdict(lambda: "none")
    with schools_scope(schools):
        rows = list(
            Staff.objects.live(clock.today()).values_list("school", "user", "roles", "invited_at")
        )
    for school, user, roles, invited_at in rows:
        staff[school] += 1
        signing_in[school] += user is not None
        if Role.HEAD in roles and heads[school] != "signs in":
            heads[school] = "signs in" if user else "invited" if invited_at else "not invited"
    return {
        pk: {"people": staff[pk], "signing_in": signing_in[pk], "head": heads[pk]} for pk in schools
    }


@require_GET
@administrator_only
def school(request: AdministratorRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(School, slug=slug)
    return render(request, "cpdhub/hub_school.html", _school_context(found))


def _school_context(found: School) -> dict[str, Any]:
    with school_scope(found):
        heads = list(Staff.objects.with_role(Role.HEAD).live(clock.today()))
    return {
        "found": found,
        "address": found.link("home"),
        "heads": heads,
        "can_invite": any(not head.user_id and head.email for head in heads),
        "establishment": Establishment.objects.filter(urn=found.urn).first(),
        **people_in([found.pk])[found.pk],
    }


@require_http_methods(["GET", "POST"])
@administrator_only
def school_urn(request: AdministratorRequest, slug: str) -> HttpResponse:
    """After conversion or a merger the school goes on under another number."""
    found = get_object_or_404(School, slug=slug)
    form = UrnForm(request.POST or None, school=found)
    if request.method == "POST" and form.is_valid() and form.save_or_refuse():
        messages.success(
            request,
            f"{found} has the URN {found.urn} now. Its people, plan and records stay as they were.",
        )
        return redirect("hub:school", found.slug)
    return render(request, "cpdhub/hub_school_urn.html", {"form": form, "found": found})


@require_POST
@administrator_only
def school_invite(request: AdministratorRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(School, slug=slug)
    try:
        person = openings.invite_head(found, by=request.user)
    except openings.NotInvitable as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"The invitation to {person.name} is on its way.")
    return redirect("hub:school", found.slug)


# --- the register -------------------------------------------------------------------------------
@require_GET
@administrator_only
def register(request: AdministratorRequest) -> HttpResponse:
    """The register, to find the school that is to be opened."""
    form = RegisterSearchForm(request.GET)
    form.is_valid()
    wanted = form.cleaned_data.get("q", "").strip()
    found = matching(wanted)
    if not form.cleaned_data.get("closed"):
        found = found.exclude(status_name__iexact="closed")
    page = Paginator(found, ESTABLISHMENTS).get_page(request.GET.get("page"))
    here = School.objects.filter(urn__in=[each.urn for each in page])
    context = {
        "search": form,
        "wanted": wanted,
        "page": page,
        "lines": _lines(list(page), {each.urn: each.slug for each in here}),
        "last_import": gias_job.last_import(),
        "is_empty": not page.paginator.count and not Establishment.objects.exists(),
    }
    return render(request, "cpdhub/hub_register.html", context)


def matching(wanted: str) -> QuerySet[Establishment]:
    """Every word somewhere in name, town, postcode or authority; numbers from their beginning."""
    found = Establishment.objects.all()
    for word in wanted.split()[:6]:
        bare = word.replace("/", "")
        fits = (
            Q(name__icontains=word) | Q(town__icontains=word) | Q(postcode__icontains=word)
            | Q(la_name__icontains=word)
        )  # fmt: skip
        if bare.isdecimal():
            fits |= Q(urn__startswith=bare) | Q(dfe_number__startswith=bare)
        found = found.filter(fits)
    return found


def _lines(establishments: list[Establishment], here: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "urn": each.urn,
            "name": each.name,
            "kind": " · ".join(w for w in (each.type_name, each.phase_name) if w),
            "place": ", ".join(w for w in (each.town, each.postcode, each.la_name) if w),
            "status": each.status_name,
            "slug": here.get(each.urn),
        }
        for each in establishments
    ]


@require_http_methods(["GET", "POST"])
@administrator_only
def register_upload(request: AdministratorRequest) -> HttpResponse:
    form = RegisterUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stored = files.store_upload(form.cleaned_data["file"], school=None)
        job = gias_job.start(stored, by=request.user)
        return redirect("jobs:job", job.uuid)
    return render(request, "cpdhub/hub_register_upload.html", {"form": form})


@require_http_methods(["GET", "POST"])
@administrator_only
def school_open(request: AdministratorRequest, urn: str) -> HttpResponse:
    """From an establishment to a school with a year and an invited head."""
    establishment = get_object_or_404(Establishment, urn=urn)
    if there := School.objects.filter(urn=urn).first():
        messages.info(request, f"{there} is open already.")
        return redirect("hub:school", there.slug)
    form = OpenSchoolForm(request.POST or None, establishment=establishment)
    if request.method == "POST" and form.is_valid() and (done := _opened(request, form)):
        return done
    return render(
        request, "cpdhub/hub_school_open.html", {"form": form, "establishment": establishment}
    )


@require_http_methods(["GET", "POST"])
@administrator_only
def team_open(request: AdministratorRequest) -> HttpResponse:
    """A trust's central team, an authority or a university: no school, and in no register."""
    form = OpenTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (done := _opened(request, form)):
        return done
    return render(request, "cpdhub/hub_team_open.html", {"form": form})


def _opened(request: AdministratorRequest, form: OpenSchoolForm) -> HttpResponse | None:
    """Nothing where the form must be looked at again."""
    data = form.cleaned_data
    try:
        opened = openings.open_school(
            form.establishment or openings.team_of(data["name"]),
            name=data["name"], slug=data["slug"], phase=data["phase"], head=form.head,
            by=request.user,
        )  # fmt: skip
    except openings.AlreadyOpen as found:
        messages.info(request, f"{found.school} is open already.")
        return redirect("hub:school", found.school.slug)
    except openings.SlugTaken:
        form.add_error("slug", "Another school has just taken this address.")
        return None
    messages.success(request, f"{opened} is open, and its head is invited.")
    return redirect("hub:school", opened.slug)
