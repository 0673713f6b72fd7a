"""The school's own settings: what it is called, its years, its teams."""

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Count, ProtectedError, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock, years
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, School, Staff, Team
from cpdhub.permissions import Permission, Role
from cpdhub.school_forms import YEARLY, SchoolForm, TeamForm, UrnForm, YearForm

P = Permission
YEARS_BACK, YEARS_AHEAD = 5, 2


# --- settings ----------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_SCHOOL)
def settings(request: StaffRequest) -> HttpResponse:
    school = School.objects.get(pk=request.school.pk)  # the frame goes on showing the saved name
    form = SchoolForm(request.POST or None, instance=school)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "The settings are saved.")
        return redirect("school:settings")
    return render(request, "cpdhub/school_settings.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_SCHOOL)
def urn(request: StaffRequest) -> HttpResponse:
    school = School.objects.get(pk=request.school.pk)
    form = UrnForm(request.POST or None, school=school)
    if request.method == "POST" and form.is_valid() and form.save_or_refuse():
        messages.success(
            request, f"The URN is {school.urn} now. People, plan and records stay as they were."
        )
        return redirect("school:settings")
    return render(request, "cpdhub/school_urn.html", {"form": form})


# --- years -------------------------------------------------------------------------------------
@require_GET
@requires(P.MANAGE_SCHOOL)
def year_list(request: StaffRequest) -> HttpResponse:
    found = list(AcademicYear.objects.prefetch_related("half_terms").order_by("-starts_on"))
    today = clock.today()
    current = next((year for year in found if year.starts_on <= today <= year.ends_on), None)
    half_term = current and next(
        (term for term in current.half_terms.all() if term.starts_on <= today <= term.ends_on), None
    )
    context = {
        "years": found,
        "current": current,
        "half_term": half_term,
        "missing": _missing_years({year.starts_on.year for year in found}, today),
    }
    return render(request, "cpdhub/school_years.html", context)


def _missing_years(firsts: set[int], today: date) -> list[tuple[int, str]]:
    """Years that may be added: this one and the next, and up to the first the school has."""
    this = years.first_year_of(today)
    start = min(firsts | {this}) - 1
    wanted = range(max(start, this - YEARS_BACK), this + YEARS_AHEAD)
    return [(first, years.year_name(first)) for first in reversed(wanted) if first not in firsts]


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_SCHOOL)
def year(request: StaffRequest, first: int) -> HttpResponse:
    """Add a year or change its dates; a year that is not there comes with a proposal."""
    this = years.first_year_of(clock.today())
    known = {year.starts_on.year: year for year in AcademicYear.objects.all()}
    if first not in known and not this - YEARS_BACK <= first < this + YEARS_AHEAD:
        raise Http404
    proposal, source = propose(first, known)
    like = known.get(first) or AcademicYear()
    initial = YearForm.initial_of(proposal) | {name: getattr(like, name) for name in YEARLY}
    form = YearForm(request.POST or None, first=first, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = form.save(request.school)
        messages.success(request, f"The dates of {saved} are saved.")
        return redirect("school:years")
    context = {
        "form": form,
        "name": years.year_name(first),
        "is_new": first not in known,
        "source": source,
    }
    return render(request, "cpdhub/school_year.html", context)


def propose(first: int, known: dict[int, AcademicYear]) -> tuple[list[tuple], str]:
    """Half-terms to begin with, and where they come from.

    A year's own dates; else those of the nearest year, moved by whole weeks so that weekdays
    stay; else what most of England keeps.
    """
    by_nearness = sorted(known, key=lambda other: (abs(other - first), other))
    for other in by_nearness[:1]:
        terms = [(t.name, t.starts_on, t.ends_on) for t in known[other].half_terms.all()]
        if len(terms) == 6:
            days = (date(first, 9, 1) - date(other, 9, 1)).days
            moved = timedelta(weeks=round(days / 7))
            return [(n, s + moved, e + moved) for n, s, e in terms], str(known[other])
    return years.usual_half_terms(first), ""


# --- teams -------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_STAFF)
@once
def team_list(request: StaffRequest) -> HttpResponse:
    form = TeamForm(request.POST or None, school=request.school)
    if request.method == "POST" and form.is_valid() and form.save_or_refuse():
        messages.success(request, f"{form.instance} is there now.")
        _hint_at_role(request, form.instance.leader)
        return redirect("school:teams")
    teams = Team.objects.select_related("leader").annotate(people=_people_now())
    without = Staff.objects.live(clock.today()).on_staff().filter(team=None).count()
    context = {
        "form": form,
        "teams": teams,
        "without": without,
        "can_settings": request.staff.can(P.MANAGE_SCHOOL),
    }
    return render(request, "cpdhub/school_teams.html", context)


def _people_now() -> Count:
    today = clock.today()
    return Count("staff", filter=Q(staff__ends_on=None) | Q(staff__ends_on__gt=today))


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_STAFF)
def team(request: StaffRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team.objects.select_related("leader"), pk=pk)
    name = team.name
    form = TeamForm(request.POST or None, instance=team, school=request.school)
    if request.method == "POST" and form.is_valid() and form.save_or_refuse():
        messages.success(request, f"Saved: {team}.")
        _hint_at_role(request, team.leader)
        return redirect("school:teams")
    people = list(team.staff.live(clock.today()))
    context = {"form": form, "team": team, "name": name, "people": people}
    return render(request, "cpdhub/school_team.html", context)


def _hint_at_role(request: StaffRequest, leader: Staff | None) -> None:
    if leader and not leader.can(P.PLAN_ACTIVITIES):
        label = Role.TEAM_LEADER.label
        messages.warning(
            request,
            f"{leader.name} does not have the role of {label.lower()} yet, so they cannot plan"
            " activities for others. A head gives roles.",
        )


@require_POST
@requires(P.MANAGE_STAFF)
def team_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Only a team nobody is in goes; those who left long ago do not keep it."""
    team = get_object_or_404(Team.objects.select_for_update(), pk=pk)
    people = [person.name for person in team.staff.live(clock.today())]
    if people:
        shown = ", ".join(people[:5]) + (f" and {len(people) - 5} more" if people[5:] else "")
        messages.error(request, f"{team} is not empty: {shown}. Move them to another team first.")
        return redirect("school:team", pk)
    try:
        team.delete()
    except ProtectedError:
        messages.error(request, f"Needs of {team} are on record, so it stays. Rename it instead.")
        return redirect("school:team", pk)
    messages.success(request, f"{team} is deleted.")
    return redirect("school:teams")
