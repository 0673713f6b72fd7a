"""What a network sees of its schools, and which needs they share."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from audits.models import Need, NeedSource, Topic
from cpdhub import clock, jobs
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.permissions import Permission
from cpdhub.views.jobs import ask_for
from networks import figures_job, publishing
from networks.figures import Figures
from networks.membership import Member, member_of, member_that_leads
from networks.models import Membership, Proposal, Publication
from networks.summary import SUMMARY

summary_pdf = ask_for(SUMMARY)


def _chosen(request: StaffRequest, terms: list[Publication]) -> Publication | None:
    """The term asked for, else the newest."""
    if wanted := request.GET.get("term"):
        for term in terms:
            if term.pk == key_of(wanted):
                return term
        raise Http404
    return terms[0] if terms else None


@require_GET
@requires(Permission.WORK_IN_NETWORKS)
def figures(request: StaffRequest, pk: int) -> HttpResponse:
    """The impact page of the network: frozen figures, our own beside them."""
    member = member_of(request, pk)
    all_terms = list(Publication.objects.filter(network=pk))
    terms = [term for term in all_terms if term.withdrawn_on is None]
    chosen = _chosen(request, terms)
    due = publishing.term_to_publish(member.network, today=clock.today()) if member.leads else None
    sharing = Membership.objects.members().filter(network=pk).exclude(figures="nothing")
    context = {
        "member": member,
        "network": member.network,
        "terms": terms,
        "withdrawn": [term for term in all_terms if term.withdrawn_on],
        "chosen": chosen,
        "chosen_key": str(chosen.pk) if chosen else "",
        "choices": [(term.pk, term.title) for term in terms],
        "figures": Figures(chosen, member.membership) if chosen else None,
        "due": due[0] if due else "",
        "sharing": sharing.count(),
    }
    return render(request, "networks/figures.html", context)


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
@once
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    member_that_leads(request, pk)
    job = jobs.start(figures_job.KIND, by=request.staff, params={"network": pk})
    return redirect("jobs:job", job.uuid)


@require_GET
@requires(Permission.SEE_NETWORKS)
def needs(request: StaffRequest, pk: int) -> HttpResponse:
    """What at least three schools need, and who prepares something."""
    member = member_of(request, pk)
    newest = Publication.objects.standing().filter(network=pk).first()
    rows = list(newest.figures["needs"]) if newest else []
    proposals: dict[str, list[Proposal]] = {}
    for one in Proposal.objects.filter(network=pk).select_related("school"):
        proposals.setdefault(one.key, []).append(one)
    for row in rows:
        row["proposals"] = proposals.get(row["key"], [])
        row["is_ours"] = any(one.school_id == request.school.pk for one in row["proposals"])
    context = {"member": member, "network": member.network, "rows": rows, "newest": newest}
    return render(request, "networks/needs.html", context)


def _shared(request: StaffRequest, pk: int) -> tuple[Member, dict[str, str]]:
    """The shared need that a form names, as it stands in the newest figures."""
    member = member_of(request, pk)
    newest = Publication.objects.standing().filter(network=pk).first()
    asked = request.POST.get("key", "")
    for row in newest.figures["needs"] if newest else ():
        if row["key"] == asked:
            return member, row
    raise Http404


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
@once
def propose(request: StaffRequest, pk: int) -> HttpResponse:
    """Our school prepares something for it: others see that, and we plan it from the need."""
    member, row = _shared(request, pk)
    Proposal.objects.get_or_create(
        network=member.network, school=request.school, key=row["key"],
        defaults={"title": row["title"], "said_on": clock.today()},
    )  # fmt: skip
    need = _own_need(request, member, row["title"])
    messages.success(
        request, "The network sees that your school prepares something. Now plan it, then open it"
        " to the network.",
    )  # fmt: skip
    return redirect(f"{reverse('activities:plan')}?need={need.pk}")


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
@once
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Make it a need of our own: a trust or an authority plans from what schools share."""
    member, row = _shared(request, pk)
    need = _own_need(request, member, row["title"])
    messages.success(request, "It stands among our needs now.")
    return redirect("needs:need", need.pk)


def _own_need(request: StaffRequest, member: Member, title: str) -> Need:
    """The school's own need of that topic; a new one when there is none."""
    topic = Topic.named(title, school_id=request.school.pk)
    need: Need | None = Need.objects.open().filter(topic=topic, whom=Need.Whom.SCHOOL).first()
    if need is None:
        need = Need.objects.create(
            school=request.school, title=title, whom=Need.Whom.SCHOOL, topic=topic,
            status=Need.Status.AGREED, written_by=request.staff,
        )  # fmt: skip
        NeedSource.objects.create(
            school=request.school, need=need, kind=NeedSource.Kind.OWN,
            note=f"Shared by several schools of {member.network}"[:200],
        )  # fmt: skip
    return need
