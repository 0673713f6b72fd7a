"""Letters of a network, to people of another school: that school is opened for each, and for
nothing else."""

from __future__ import annotations

from cpdhub import clock, emails, outbox
from cpdhub.models import School, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.models import Enquiry, Membership


def tell(school: School, role: Role, template: str, context: dict[str, object]) -> None:
    """A letter to each who has this role in a school."""
    with school_scope(school):
        people = Staff.objects.live(clock.today()).with_role(role).select_related("user")
        for person in people:
            outbox.send(emails.letter(person, template, context), school=school)


def invite(membership: Membership, *, by: School) -> None:
    """Their head is told who asks, and where to answer."""
    network = membership.network
    tell(
        membership.school,
        Role.HEAD,
        "network_invitation",
        {
            "network": network.name,
            "purpose": network.purpose,
            "words": membership.invited_words,
            "by": by.name,
            "url": membership.school.link("networks:answer", network.pk),
        },
    )


def enquire(row: Enquiry) -> None:
    """Who leads CPD there is told what another school would like."""
    tell(
        row.asked,
        Role.CPD_LEADER,
        "network_enquiry",
        {
            "by": row.school.name,
            "name": row.name,
            "topic": row.topic,
            "words": row.words,
            "url": row.asked.link("networks:enquiry", row.network_id, row.pk),
        },
    )


def reply(row: Enquiry) -> None:
    tell(
        row.school,
        Role.CPD_LEADER,
        "network_reply",
        {
            "by": row.asked.name,
            "topic": row.topic,
            "answer": row.get_answer_display(),
            "reply": row.reply,
            "url": row.school.link("networks:enquiry", row.network_id, row.pk),
        },
    )
