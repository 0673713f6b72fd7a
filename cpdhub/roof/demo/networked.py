"""Six schools that learn together, in their second year; and one invitation that waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F

from activities.models import Session
from audits.models import Expertise, HelpRequest, Need, NeedSource, Topic
from cpdhub.models import AcademicYear, School, Staff
from cpdhub.permissions import Role
from cpdhub.roof.demo import network_days, network_offers, network_reviews
from cpdhub.walls import school_scope
from evaluation import terms
from networks import publishing
from networks.models import (
    Commitment,
    Enquiry,
    Joining,
    Membership,
    Network,
    NetworkRole,
    Partner,
    Proposal,
    Publication,
    Theme,
)

LEAD = "oakfield-primary"
# What each school shares: by its name, in totals, or nothing yet.
SHARES = {
    LEAD: "name", "riverside-secondary": "totals", "birch-grove": "name", "st-hildas": "totals",
    "hillside": "totals", "millbrook": "nothing",
}  # fmt: skip
SHARED_NEEDS = {
    "Open questions that make pupils think": [
        "riverside-secondary",
        "birch-grove",
        "st-hildas",
        "hillside",
    ],
    "Adapting lessons for pupils who find words hard": [LEAD, "birch-grove", "hillside"],
    "Using what the tables check tells us": ["st-hildas", "hillside"],
}

# What colleagues of a school can help others with.
KNOWN = {
    "riverside-secondary": ["Debate and structured talk", "Reading in every subject"],
    "birch-grove": ["Open questions that make pupils think", "Early language, Reception"],
    "hillside": ["Mastery teaching in mathematics", "Debate and structured talk"],
    "millbrook": ["Signs and symbols beside words"],
    LEAD: ["Sentence stems in mathematics"],
}


def connect(schools: dict[str, School], *, now: datetime, today: date) -> Network:
    """The Exampleton network; every school is opened by itself to say its part."""
    network = _found(schools[LEAD], today)
    for slug, school in schools.items():
        if slug != LEAD:
            _join(network, schools[LEAD], school, slug, today)
        _needs(school, slug, today)
        _can_help(school, slug)
    _describe(network, schools, today)
    _weigh(network, schools["millbrook"], today)
    _publish(network, schools[LEAD], today)
    _prepare(network, schools["birch-grove"], today)
    _ask(network, schools["st-hildas"], schools[LEAD], KNOWN[LEAD][0], today)
    _ask(network, schools[LEAD], schools["birch-grove"], KNOWN["birch-grove"][1], today)
    _invite(schools["hillside"], schools[LEAD], today)
    with school_scope(schools[LEAD]):
        waiting = list(Session.objects.without_register(now=now).values_list("pk", flat=True))
    for part in (network_offers, network_reviews, network_days):
        part.show(network, schools, now=now, today=today)
    with school_scope(schools[LEAD]):  # whose registers wait is told by what came before
        others = Session.objects.without_register(now=now).exclude(pk__in=waiting)
        others.update(register_taken_at=F("ends_at"))
    return network


def leaders(school: School) -> tuple[Staff, Staff]:
    """Head and CPD leader; the school must be open."""
    people = Staff.objects.order_by("pk")
    return (
        people.with_role(Role.HEAD).first(), people.with_role(Role.CPD_LEADER).first()
    )  # fmt: skip


def _found(lead: School, today: date) -> Network:
    with school_scope(lead):
        _, cpd = leaders(lead)
        return Network.found(
            Network(
                name="Exampleton Talk Network",
                kind=Network.Kind.LEARNING,
                state=Network.State.AT_WORK,
                purpose="Six schools want talk to be how pupils learn, in every phase, and cannot each"
                " buy the people who know how.",
                pupils_learn="To explain, question and build on what others say",
                adults_learn="To plan open questions and to listen before they judge",
                leaders_learn="To see talk in a classroom, and to make time for trying it",
                how_they_connect="Pupils talk when adults ask and wait; adults do when leaders watch"
                " for it and give time to practise.",
                evidence="Trials of dialogic teaching found gains in English and science; our own walks"
                " found few open questions.",
                strength=Network.Strength.RESEARCH,
                pupil_group="Pupils eligible for free meals in Reception to Year 4",
                appraisal="Taking part is development. It is no objective unless the colleague asks.",
                founded_on=today - timedelta(days=430),
                ends_on=today + timedelta(days=600),
                after_the_end="Each school keeps one lead practitioner; Oakfield keeps the materials.",
            ),
            by=cpd,
        )  # fmt: skip


def _join(network: Network, lead: School, school: School, slug: str, today: date) -> None:
    with school_scope(lead):
        row = Membership.objects.create(network=network, school=school)
    with school_scope(school):
        _, cpd = leaders(school)
        row.figures = SHARES[slug]
        row.shares_expertise = slug != "st-hildas"
        row.contact, row.contact_email = cpd.name, cpd.email
        row.contact_on = today - timedelta(days=30 if slug != "st-hildas" else 260)
        row.save()
        row.join()
        Membership.objects.filter(pk=row.pk).update(since=today - timedelta(days=400))
        role = NetworkRole(network=network, school=school, part=NetworkRole.Part.GROUP)
        role.take_from(cpd)
        role.save()


def _needs(school: School, slug: str, today: date) -> None:
    """What colleagues shared that they need; the same in several schools."""
    with school_scope(school):
        people = list(Staff.objects.on_staff().filter(group=Staff.Group.TEACHER)[2:6])
        for title, where in SHARED_NEEDS.items():
            if slug not in where:
                continue
            topic = Topic.named(title, school_id=school.pk)
            for person in people:
                need = Need.objects.create(
                    school=school, title=title, whom=Need.Whom.PERSON, staff=person, topic=topic,
                    status=Need.Status.AGREED, level_now=2, level_wanted=3, written_by=person,
                    identified_on=today - timedelta(days=50),
                )  # fmt: skip
                NeedSource.objects.create(school=school, need=need, kind=NeedSource.Kind.OWN)


def _can_help(school: School, slug: str) -> None:
    """Colleagues who let other schools read the topic."""
    with school_scope(school):
        people = Staff.objects.on_staff().filter(group=Staff.Group.TEACHER)[4:8]
        for title, person in zip(KNOWN.get(slug, ()), people, strict=False):
            Expertise.objects.create(
                school=school, staff=person, topic=Topic.named(title, school_id=school.pk),
                ways=[HelpRequest.Way.SHOW], audience=Expertise.Audience.COLLEAGUES,
                for_networks=True,
            )  # fmt: skip


def _ask(network: Network, by: School, of: School, topic: str, today: date) -> None:
    with school_scope(by):
        _, cpd = leaders(by)
        Enquiry.objects.create(
            network=network, school=by, asked=of, by=cpd, name=cpd.name, topic=topic,
            words="Could two of us watch a lesson before Christmas, and talk for twenty minutes?",
            asked_on=today - timedelta(days=6),
        )  # fmt: skip


def _describe(network: Network, schools: dict[str, School], today: date) -> None:
    lead = schools[LEAD]
    with school_scope(lead):
        Membership.objects.filter(network=network, school=lead).update(
            figures=SHARES[LEAD],
            shares_expertise=True,
            since=network.founded_on,
            contact_on=today - timedelta(days=12),
        )
        head, cpd = leaders(lead)
        for who, part, task, deputy in (
            (head, NetworkRole.Part.LEAD, "The whole network", "Carla Okafor"),
            (cpd, NetworkRole.Part.GROUP, "Meetings of CPD leaders, figures", ""),
        ):
            role = NetworkRole(network=network, school=lead, part=part)
            role.take_from(who)
            role.looks_after, role.stands_in = task, deputy
            role.save()
        of = {"network": network, "school": lead}
        Partner.objects.bulk_create([
            Partner(**of, name="University of Exampleton", kind="university", brings="A critical friend twice a year, trainees, access to research", contact="Dr Ines Rowe, education department"),
            Partner(**of, name="Speech and language service", kind="service", brings="Two therapists for joint planning"),
            Partner(**of, name="Demo authority", kind="authority", brings="Venue and data on similar schools"),
        ])  # fmt: skip
        Theme.objects.bulk_create([
            Theme(**of, title="Talk in mathematics", hub=lead, about="Sentence stems, talk partners, reasons."),
            Theme(**of, title="Early language", hub=schools["birch-grove"], about="Reception and Year 1."),
            Theme(**of, title="Pupils who find words hard", hub=schools["millbrook"], about="What helps some helps all."),
            Theme(**of, title="Reading across subjects"),
        ])  # fmt: skip
        Commitment.objects.bulk_create([
            Commitment(**of, level="individual", expected="Everybody who takes part tries one talk routine with a named group of pupils", known_by="Their own note after three weeks", look_on=today - timedelta(days=20)),
            Commitment(**of, level="initiative", expected="Each school has one trained lead practitioner", known_by="Names on the list", look_on=today - timedelta(days=150), looked_on=today - timedelta(days=148), found="Five of six; Millbrook’s left in July and is being replaced."),
            Commitment(**of, level="strategic", expected="More pupils explain their reasons in every school", known_by="The same question to ten pupils a year group, each summer", look_on=today + timedelta(days=200)),
            Commitment(**of, level="network", expected="Is it still worth the journey?", known_by="Heads weigh it again", look_on=today + timedelta(days=40)),
        ])  # fmt: skip


def _weigh(network: Network, school: School, today: date) -> None:
    with school_scope(school):
        Joining.objects.create(
            school=school, membership=Membership.objects.get(network=network, school=school),
            gains={"specialists": "Colleagues who teach talk to large classes", "giving": "We know most about words"},
            days=6, money=300, verdict="Yes for now: look again in summer.",
            done=["focus", "contact", "people"],
        )  # fmt: skip


def _publish(network: Network, lead: School, today: date) -> None:
    """The terms since it began that are over, each frozen some days after."""
    with school_scope(lead):
        years = AcademicYear.objects.filter(starts_on__lte=today).with_half_terms()
        over = [
            stretch
            for year in years
            for stretch in terms.terms_of(year, today=today)
            if stretch.is_over and stretch.days.first > network.founded_on
        ]
    for stretch in over:
        publishing.publish(
            network.pk, lead=lead, title=stretch.title, period=stretch.days,
            on=stretch.days.last + timedelta(days=4),
        )  # fmt: skip


def _prepare(network: Network, school: School, today: date) -> None:
    with school_scope(school):
        newest = Publication.objects.standing().filter(network=network).first()
        for need in newest.figures["needs"][:1] if newest else ():
            Proposal.objects.create(
                network=network, school=school, key=need["key"], title=need["title"],
                said_on=today - timedelta(days=9),
            )  # fmt: skip


def _invite(by: School, school: School, today: date) -> None:
    with school_scope(by):
        _, cpd = leaders(by)
        other = Network.found(
            Network(
                name="Northern Mathematics Hub",
                kind=Network.Kind.HUB,
                purpose="Mastery teaching from Reception to Year 8, with a specialist who comes.",
                pupils_learn="To reason with number",
                founded_on=today - timedelta(days=60),
            ),
            by=cpd,
        )  # fmt: skip
        Membership.objects.create(
            network=other, school=school,
            invited_words="You already send people to our open mornings. Come and shape them.",
        )  # fmt: skip
