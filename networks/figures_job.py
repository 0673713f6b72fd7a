"""Publishing a network's term: asked for by a school that leads it, or by itself once a term."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from cpdhub import clock, jobs, sweeps
from cpdhub.models import Job, School
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from networks import publishing
from networks.models import Membership, Network

KIND = "network_figures"
A_DAY = 24 * 60 * 60


def register() -> None:
    jobs.register(
        KIND,
        title="Figures of a network",
        permission=Permission.WORK_IN_NETWORKS,
        run=run,
        is_shared=True,
        next_page=lambda job: (_page(job), "Look at the figures"),
    )
    sweeps.register("network_figures", publish_what_is_over)


def _page(job: Job) -> str:
    assert job.school
    return job.school.link("networks:figures", job.params["network"])


def run(job: Job, progress: jobs.Progress) -> None:
    """Counted school by school, frozen in one transaction."""
    assert job.school
    with job.scope():
        led = Membership.objects.leads().filter(school=job.school_id)
        network = Network.objects.filter(
            pk__in=led.values("network"), pk=job.params.get("network")
        ).first()
        if network is None:
            raise jobs.JobFailed("Your school does not lead this network any more.")
        due = publishing.term_to_publish(network, today=clock.today())
    if due is None:
        return  # somebody, or an earlier attempt, has done it
    title, period = due
    try:
        publishing.publish(network.pk, lead=job.school, title=title, period=period, tell=progress)
    except NotPossible as refusal:
        raise jobs.JobFailed(str(refusal)) from refusal


def publish_what_is_over(school: School, now: datetime) -> None:
    """Once a term is over and enough schools share, its figures stand there without a click."""
    led = Membership.objects.leads().filter(school=school)
    for network in Network.objects.filter(pk__in=led.values("network")):
        today = clock.day_of(now)
        if due := publishing.term_to_publish(network, today=today):
            title, period = due
            if not cache.add(f"figures-{network.pk}-{period.first}-{today}", 1, A_DAY):
                continue  # it was tried today, and too few schools share
            try:
                publishing.publish(network.pk, lead=school, title=title, period=period)
            except NotPossible:
                continue
