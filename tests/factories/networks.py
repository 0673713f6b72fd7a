"""Networks: a school that founds one leads it; others are members, and share what is said."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from cpdhub import clock
from cpdhub.walls import school_scope
from networks import models
from tests.factories.ground import InSchool, SchoolFactory, StaffFactory, same_school


class NetworkFactory(InSchool):
    """Founded and led by `school`, which is in it."""

    class Meta:
        model = models.Network

    name = factory.Sequence(lambda n: f"Network {n}")
    purpose = "Talk in every classroom"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with school_scope(kwargs["school"]):
            network = model_class.objects.create(*args, **kwargs)
            models.Membership.objects.create(
                network=network, school=network.school, is_lead=True, state="member",
                since=clock.today(),
            )  # fmt: skip
            return network


class MembershipFactory(DjangoModelFactory):
    """Another school in it; `state="invited"`: not yet."""

    class Meta:
        model = models.Membership

    network = factory.SubFactory(NetworkFactory)
    school = factory.SubFactory(SchoolFactory)
    state = "member"
    since = factory.LazyAttribute(lambda one: clock.today() if one.state == "member" else None)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with school_scope(kwargs["network"].school):
            return super()._create(model_class, *args, **kwargs)


def of_network(**kwargs):
    """A network the row's own school leads."""
    return factory.SubFactory(NetworkFactory, school=factory.SelfAttribute("..school"), **kwargs)


class PartnerFactory(InSchool):
    class Meta:
        model = models.Partner

    network = of_network()
    name = factory.Sequence(lambda n: f"University {n}")


class NetworkRoleFactory(InSchool):
    class Meta:
        model = models.NetworkRole

    network = of_network()
    staff = same_school(StaffFactory)
    name = factory.SelfAttribute("staff.name")


class ThemeFactory(InSchool):
    class Meta:
        model = models.Theme

    network = of_network()
    title = factory.Sequence(lambda n: f"Theme {n}")


class CommitmentFactory(InSchool):
    class Meta:
        model = models.Commitment

    network = of_network()
    level = "strategic"
    expected = "Every school has somebody trained"
    look_on = factory.LazyFunction(lambda: clock.today())


class JoiningFactory(InSchool):
    class Meta:
        model = models.Joining

    membership = factory.LazyAttribute(
        lambda one: models.Membership.across.get(
            network=NetworkFactory(school=one.school), school=one.school
        )
    )


class PublicationFactory(InSchool):
    """Of a network that the school leads; its figures are what three schools would add up to."""

    class Meta:
        model = models.Publication
        exclude = ("school",)

    network = of_network()
    title = "Summer term 2025/26"
    first_day = date(2026, 4, 13)
    last_day = date(2026, 7, 17)
    published_on = factory.LazyFunction(lambda: clock.today())
    figures = factory.LazyFunction(
        lambda: {
            "schools": 3, "people": 60, "hours": 120, "each": 2, "none": 6, "cost": 600,
            "an_hour": 5, "activities": 9, "meant": 7, "asked": 5, "later": 2, "judged": 2,
            "gained": 1, "targets": 6, "met": 3, "groups": [], "range": {},
            "needs": [
                {"key": "talk", "title": "Talk", "schools": 3, "people": "10 to 19 people"}
            ],
        }
    )  # fmt: skip

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with school_scope(kwargs["network"].school):
            return model_class.objects.create(*args, **kwargs)


class ContributionFactory(InSchool):
    class Meta:
        model = models.Contribution

    network = of_network()
    publication = factory.SubFactory(
        PublicationFactory,
        school=factory.SelfAttribute("..school"),
        network=factory.SelfAttribute("..network"),
    )
    shown = factory.LazyFunction(
        lambda: {
            "people": "20", "each": "2.0", "none": "0", "cost": "£200", "an_hour": "£5.00",
            "meant": "2 of 3", "judged": "1 of 3", "gained": "1 of 1", "targets": "1 of 2",
            "ratios": {"hours": 2},
        }
    )  # fmt: skip


class ProposalFactory(InSchool):
    class Meta:
        model = models.Proposal

    network = of_network()
    key = "talk"
    title = "Talk"
    said_on = factory.LazyFunction(lambda: clock.today())


class EnquiryFactory(InSchool):
    """The school asks another member of a network it leads."""

    class Meta:
        model = models.Enquiry

    network = of_network()
    asked = factory.LazyAttribute(lambda one: MembershipFactory(network=one.network).school)
    topic = "Talk in mathematics"
    words = "Could somebody watch a lesson with us?"
    name = "Carla Leader"
    asked_on = factory.LazyFunction(lambda: clock.today())
