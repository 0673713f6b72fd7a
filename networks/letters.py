"""Letters of a network: to the head of a school that is invited."""

from __future__ import annotations

from cpdhub import clock, emails, outbox
from cpdhub.models import School, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.models import Membership


def tell_heads(school: School, template: str, context: dict[str, object]) -> None:
    """A letter to each head of a school, which is opened for it and for nothing else."""
    with school_scope(school):
        heads = Staff.objects.live(clock.today()).with_role(Role.HEAD).select_related("user")
        for head in heads:
            letter = emails.letter(head, template, context)
            if letter:
                outbox.send(letter, school=school)


def invite(membership: Membership, *, by: School) -> None:
    """Their head is told who asks, and where to answer."""
    network = membership.network
    tell_heads(
        membership.school,
        "network_invitation",
        {
            "network": network.name,
            "purpose": network.purpose,
            "words": membership.invited_words,
            "by": by.name,
            "url": membership.school.link("networks:answer", network.pk),
        },
    )
