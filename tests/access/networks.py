from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import (
    CommitmentFactory,
    EnquiryFactory,
    MembershipFactory,
    NetworkFactory,
    PartnerFactory,
    PublicationFactory,
)

LEADERS = frozenset({HEAD, CPD})
HEADS = frozenset({HEAD})
NOBODY = frozenset()


def network(school, owner):
    return (NetworkFactory(school=school).pk,)


def invitation(school, owner):
    return (MembershipFactory(school=school, state="invited").network_id,)


def member(school, owner):
    row = MembershipFactory(network=NetworkFactory(school=school))
    return (row.network_id, row.pk)


def new_part(school, owner):
    return (NetworkFactory(school=school).pk, "theme")


def partner(school, owner):
    row = PartnerFactory(school=school)
    return (row.network_id, "partner", row.pk)


def commitment(school, owner):
    row = CommitmentFactory(school=school)
    return (row.network_id, row.pk)


def published(school, owner):
    return (PublicationFactory(school=school).network_id,)


def enquiry(school, owner):
    row = EnquiryFactory(school=school)
    return (row.network_id, row.pk)


PAGES: list[Page] = [
    Page("networks:list", ON_STAFF),
    Page("networks:found", LEADERS),
    Page("networks:network", ON_STAFF, network),
    Page("networks:change", LEADERS, network),
    Page("networks:schools", ON_STAFF, network),
    Page("networks:invite", LEADERS, network),
    Page("networks:lead", LEADERS, member, method="post"),
    Page("networks:part_add", LEADERS, new_part),
    Page("networks:part", LEADERS, partner),
    Page("networks:look", LEADERS, commitment),
    Page("networks:answer", HEADS, invitation),
    Page("networks:weigh", LEADERS, network),
    Page("networks:arriving", LEADERS, network),
    Page("networks:sharing", HEADS, network),
    Page("networks:contact", LEADERS, network),
    Page("networks:leave", HEADS, network),
    Page("networks:expertise", ON_STAFF, published),
    Page("networks:ask", LEADERS, network),
    Page("networks:enquiry", LEADERS, enquiry),
    Page("networks:figures", LEADERS, published),
    Page("networks:publish", LEADERS, network, method="post"),
    Page("networks:summary_pdf", LEADERS, method="post"),
    Page("networks:needs", ON_STAFF, published),
    Page("networks:propose", NOBODY, published, others=404, method="post"),
    Page("networks:take", NOBODY, published, others=404, method="post"),
]
