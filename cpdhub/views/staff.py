"""Colleagues: the directory, one person, and what may be done to a post."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import actions, clock, exports, history
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry, Staff
from cpdhub.permissions import Permission
from cpdhub.staff_forms import DirectoryFilter, LeavingForm, RolesForm, StaffForm

P = Permission
PAGE = 50
SORTS = {
    "name": ("sort_name",),
    "job": ("job_title", "sort_name"),
    "team": ("team__name", "sort_name"),
    "start": ("starts_on", "sort_name"),
}
COLUMNS = [
    "First name", "Last name", "Work e-mail", "Staff code", "Job title", "Staff group", "Team",
    "Line manager", "Roles", "Career stage", "FTE", "First day", "Last day", "Sign-in",
]  # fmt: skip


# --- the directory -----------------------------------------------------------------------------
@require_GET
@requires(P.SEE_STAFF)
def staff_list(request: StaffRequest) -> HttpResponse:
    manages = request.staff.can(P.MANAGE_STAFF)
    asked = DirectoryFilter(request.GET, by=request.staff)
    people, sort = _in_order(asked.people(), request, manages=manages)
    page = Paginator(people.select_related("team"), PAGE).get_page(request.GET.get("page"))
    counts = Staff.objects.live(clock.today()).aggregate(
        people=Count("pk"),
        not_invited=Count("pk", filter=Q(user=None, invited_at=None)),
    )
    context = {
        "filter": asked,
        "page": page,
        "rows": [Row.of(person, manages=manages) for person in page],
        "sort": sort,
        "manages": manages,
        "summary": summary(counts, manages=manages),
        "not_invited": counts["not_invited"] if manages else 0,
        "imports": request.staff.can(P.IMPORT_STAFF),
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "cpdhub/_staff_rows.html" if is_swap else "cpdhub/staff_list.html"
    response = render(request, template, context)
    response.headers["Vary"] = "HX-Request"
    return response


@require_GET
@requires(P.MANAGE_STAFF)
def staff_export(request: StaffRequest) -> HttpResponse:
    """What the directory shows just now, as a file."""
    people, _ = _in_order(DirectoryFilter(request.GET, by=request.staff).people(), request)
    rows = [_columns(person) for person in people.select_related("team", "line_manager")]
    LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="staff", note=f"{len(rows)} rows")
    name = f"Staff {request.school} {clock.today():%Y-%m-%d}.csv"
    return exports.csv_response(name, COLUMNS, rows)


def _in_order(people: Any, request: HttpRequest, *, manages: bool = True) -> tuple[Any, str]:
    sort = request.GET.get("sort", "name")
    key = sort.removeprefix("-")
    if key not in SORTS or (key == "start" and not manages):
        sort = key = "name"
    first, *rest = SORTS[key]
    sign = "-" if sort.startswith("-") else ""
    return people.order_by(sign + first, *rest, "pk"), sort


def summary(counts: dict[str, int], *, manages: bool) -> str:
    """60 people, 3 not yet invited."""
    people = counts["people"]
    words = "1 person" if people == 1 else f"{people} people"
    if manages and counts["not_invited"]:
        words += f", {counts['not_invited']} not yet invited"
    return f"{words}."


@dataclass(frozen=True)
class Row:
    """One line of the directory, ready to print."""

    pk: int
    name: str
    job: str
    team: str
    email: str
    group: str
    roles: str
    start: str
    standing: str

    @classmethod
    def of(cls, person: Staff, *, manages: bool) -> "Row":
        team = person.team.name if person.team else ""
        known = (person.pk, person.name, person.job_title, team, person.email)
        if not manages:
            return cls(*known, group="", roles="", start="", standing="")
        return cls(
            *known,
            group=person.get_group_display(),
            roles=", ".join(person.role_names),
            start=f"{person.starts_on:%-d %b %Y}" if person.starts_on else "",
            standing=standing(person),
        )


def standing(person: Staff) -> str:
    """Whether they work here and can sign in, in a few words."""
    if person.ends_on:
        verb = "Leaves" if person.is_live(clock.today()) else "Left"
        return f"{verb} {person.ends_on:%-d %b %Y}"
    if person.user_id:
        return "Signs in"
    if person.invited_at:
        return f"Invited {person.invited_at.astimezone(clock.LONDON):%-d %b %Y}"
    return "Not invited" if person.email else "No e-mail"


def _columns(person: Staff) -> list[Any]:
    return [
        person.first_name, person.last_name, person.email, person.staff_code, person.job_title,
        person.get_group_display(), person.team, person.line_manager,
        ", ".join(person.role_names), person.get_career_stage_display(), person.fte,
        person.starts_on, person.ends_on, standing(person),
    ]  # fmt: skip


# --- one person --------------------------------------------------------------------------------
@require_GET
@requires(P.SEE_STAFF)
def staff_person(request: StaffRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    manages = request.staff.can(P.MANAGE_STAFF)
    is_own = person.pk == request.staff.pk
    today = clock.today()
    context: dict[str, Any] = {
        "person": person,
        "is_own": is_own,
        "manages": manages,
        "facts": _facts(person, in_full=manages or is_own),
        "gives_roles": request.staff.can(P.GIVE_ROLES),
        "has_left": not person.is_live(today),
        "standing": standing(person) if manages else "",
        "sees_record": not is_own and _sees_record(request, person),
    }
    if manages:
        context |= {
            "may_be_invited": not person.user_id and person.email and person.is_live(today),
            "manages_people": list(Staff.objects.live(today).managed_by(person)),
            "teams_led": list(person.teams_led.all()),
            "changes": _history(person),
        }
    return render(request, "cpdhub/staff_person.html", context)


def _sees_record(request: StaffRequest, person: Staff) -> bool:
    return request.staff.pk == person.line_manager_id or request.staff.can(P.SEE_EVERYONES_RECORD)


def _person(request: StaffRequest, pk: int) -> Staff:
    people = Staff.objects.visible_to(request.staff, today=clock.today())
    return get_object_or_404(people.select_related("team", "line_manager"), pk=pk)


def _facts(person: Staff, *, in_full: bool) -> list[tuple[str, Any]]:
    """What the reader may know: everybody what a staffroom notice would say, no more."""
    facts: list[tuple[str, Any]] = [("Job title", person.job_title), ("Team", person.team)]
    if in_full:
        facts += [
            ("Line manager", person.line_manager),
            ("Staff group", person.get_group_display()),
            ("Roles", ", ".join(person.role_names) or "None"),
            ("Career stage", person.get_career_stage_display()),
            ("Full-time equivalent", f"{person.fte.normalize():f}"),
            ("Staff code", person.staff_code),
            ("First day", person.starts_on and f"{person.starts_on:%-d %B %Y}"),
            ("Last day", person.ends_on and f"{person.ends_on:%-d %B %Y}"),
        ]
    return [(label, value) for label, value in facts if value]


def _history(person: Staff) -> list[history.Change]:
    """Who changed this post and when, without the person's own choices about letters."""
    return history.changes(history.events(Staff, pgh_obj_id=person.pk))


# --- add and change ----------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_STAFF)
@once
def staff_add(request: StaffRequest) -> HttpResponse:
    form = StaffForm(request.POST or None, by=request.staff)
    if request.method == "POST" and form.is_valid() and form.save_or_refuse():
        person = form.instance
        messages.success(request, f"{person.name} is in the list. They are not invited yet.")
        return redirect("staff:person", person.pk)
    return render(request, "cpdhub/staff_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_STAFF)
def staff_edit(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Staff.objects, pk=pk)
    name = person.name
    form = StaffForm(request.POST or None, instance=person, by=request.staff)
    if request.method == "POST" and form.is_valid() and form.save_or_refuse():
        messages.success(request, f"Saved: {person.name}.")
        return redirect("staff:person", pk)
    return render(request, "cpdhub/staff_form.html", {"form": form, "person": person, "name": name})


@require_http_methods(["GET", "POST"])
@requires(P.GIVE_ROLES)
def staff_roles(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Staff.objects, pk=pk)
    form = RolesForm(request.POST or None, initial={"roles": person.roles})
    # A form without any box ticked sends nothing: it is bound by the method, not by its data.
    if request.method == "POST":
        form = RolesForm(request.POST)
        if form.is_valid():
            try:
                actions.give_roles(person, form.cleaned_data["roles"], by=request.staff)
            except actions.LastHead:
                form.add_error("roles", last_head_sentence(person, "lose the role of headteacher"))
            else:
                messages.success(request, f"The roles of {person.name} are saved and hold at once.")
                return redirect("staff:person", pk)
    return render(request, "cpdhub/staff_roles.html", {"form": form, "person": person})


def last_head_sentence(person: Staff, deed: str) -> str:
    return (
        f"{person.name} is the only head who can sign in, so they cannot {deed}. Give the role to"
        " somebody else who signs in first."
    )


# --- leaving and coming back -------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_STAFF)
def staff_leave(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Staff.objects, pk=pk)
    if person.pk == request.staff.pk:
        messages.error(
            request, "Ask a colleague to mark you as leaving: nobody locks themselves out."
        )
        return redirect("staff:person", pk)
    today = clock.today()
    initial = {"on": person.ends_on or today}
    form = LeavingForm(request.POST or None, initial=initial, person=person)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["on"]
        try:
            actions.mark_as_leaving(person, on=day, by=request.staff)
        except actions.LastHead:
            form.add_error("on", last_head_sentence(person, "leave"))
        else:
            when = "has no access any more" if day <= today else f"has access until {day:%-d %B %Y}"
            messages.success(request, f"{person.name} {when}. Their records stay.")
            return redirect("staff:person", pk)
    context = {
        "form": form,
        "person": person,
        "manages_people": Staff.objects.live(today).managed_by(person).count(),
        "teams_led": list(person.teams_led.all()),
        "sees_record": _sees_record(request, person),
    }
    return render(request, "cpdhub/staff_leave.html", context)


@require_POST
@requires(P.MANAGE_STAFF)
def staff_return(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Staff.objects, pk=pk)
    if person.ends_on:
        keeps_roles = actions.bring_back(person, by=request.staff)
        words = f"{person.name} is back."
        if not keeps_roles:
            words += " Their roles are not: a head gives them again."
        messages.success(request, words)
    return redirect("staff:person", pk)


# --- invitations -------------------------------------------------------------------------------
@require_POST
@requires(P.MANAGE_STAFF)
@once
def staff_invite(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Staff.objects, pk=pk)
    try:
        actions.invite(person, by=request.staff)
    except actions.NotInvitable as reason:
        messages.error(request, str(reason))
    else:
        messages.success(
            request,
            f"An invitation is on its way to {person.email}. It works for"
            f" {actions.INVITATION_DAYS} days.",
        )
    return redirect("staff:person", pk)


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_STAFF)
@once
def staff_invite_all(request: StaffRequest) -> HttpResponse:
    """Shows who would get a letter; sends when the number is still the one that was shown."""
    not_invited = Staff.objects.live(clock.today()).not_invited().select_related("team")
    people = [person for person in not_invited if person.email]
    has_changed = False
    if request.method == "POST" and people:
        has_changed = request.POST.get("count") != str(len(people))
        if not has_changed:
            sent = actions.invite_all(by=request.staff)
            letters = "1 invitation is" if sent == 1 else f"{sent} invitations are"
            messages.success(request, f"{letters} on the way.")
            return redirect("staff:list")
    context = {
        "people": people,
        "without_email": [person for person in not_invited if not person.email],
        "has_changed": has_changed,
        "days": actions.INVITATION_DAYS,
    }
    return render(request, "cpdhub/staff_invite_all.html", context)
