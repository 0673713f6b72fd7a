"""A network of forty schools with a hundred colleagues each, led by the demo's primary school; its
figures of a term, and five thousand offers."""

from __future__ import annotations

from datetime import date, timedelta

from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.walls import installation_scope, school_scope
from evaluation.school_year import Period
from networks import publishing
from networks.models import Membership, Network, Offer, Publication

NAME, SCHOOLS, PEOPLE, OFFERS = "Bench network", 40, 100, 5_000
SUBJECTS = ("Phonics", "Fractions", "Oracy", "Behaviour", "Early language")
GROUPS = [Staff.Group.TEACHER, Staff.Group.ASSISTANT, Staff.Group.SUPPORT]


def connect(lead: School) -> None:
    """Nothing when it is there."""
    with school_scope(lead):
        if Network.objects.filter(name=NAME).exists():
            return
        leader = Staff.objects.get(user__email="cpd@oakfield.example")
        network = Network.found(Network(name=NAME, purpose="To be measured"), by=leader)
        Membership.objects.filter(network=network).update(figures=Membership.Figures.NAME)
    for number in range(SCHOOLS - 1):
        _join(network, lead, number)
    for school in School.objects.filter(slug__startswith="bench-"):
        _open_offers(network, school, OFFERS // (SCHOOLS - 1) + 1)
    last = clock.today() - timedelta(days=60)
    publishing.publish(
        network.pk, lead=lead, title="A term", period=Period(last - timedelta(days=90), last)
    )


def _join(network: Network, lead: School, number: int) -> None:
    with installation_scope():
        school = School.objects.create(
            name=f"Bench school {number}", slug=f"bench-{number}", urn=f"{980000 + number}"
        )
    with school_scope(school):
        Staff.objects.bulk_create(
            Staff(
                school=school, first_name="Ada", last_name=f"B{place:03}", job_title="Teacher",
                sort_name=f"B{place:03} Ada", group=GROUPS[place % 3],
            )
            for place in range(PEOPLE)
        )  # fmt: skip
    with school_scope(lead):
        figures = Membership.Figures.NAME if number % 2 else Membership.Figures.TOTALS
        Membership.objects.create(
            network=network, school=school, state=Membership.State.MEMBER, figures=figures,
            since=date(2025, 9, 1),
        )  # fmt: skip


def _open_offers(network: Network, school: School, number: int) -> None:
    now = clock.now()
    with school_scope(school):
        Offer.objects.bulk_create(
            Offer(
                network=network, school=school, title=f"{SUBJECTS[place % 5]} {place}",
                about="What works, tried and talked about", audience="Teachers",
                starts_at=now + timedelta(days=place), ends_at=now + timedelta(days=place, hours=1),
            )
            for place in range(1, number + 1)
        )  # fmt: skip


def network_pk() -> int:
    """The school that leads it must be open."""
    return int(Publication.objects.get(network__name=NAME).network_id)
