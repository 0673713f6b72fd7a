"""The board of a network, and accounts of practice."""

from datetime import timedelta

import factory

from cpdhub import clock
from networks import models
from tests.factories.ground import InSchool, StaffFactory, same_school
from tests.factories.networks import of_network


class AccountFactory(InSchool):
    """A draft; `is_told=True`: told whole, and read by every school."""

    class Meta:
        model = models.Account

    class Params:
        is_told = factory.Trait(
            did="Talk partners each day", changed="Longer answers", questions="And in Year 1?",
            is_agreed=True, shared_on=factory.LazyFunction(lambda: clock.today()),
        )  # fmt: skip

    network = of_network()
    title = factory.Sequence(lambda n: f"Account {n}")
    wanted = "Longer answers in Year 4"
    written_by = "Ada Byron, CPD leader"


class ThreadFactory(InSchool):
    class Meta:
        model = models.Thread

    network = of_network()
    staff = same_school(StaffFactory)
    written_by = factory.SelfAttribute("staff.name")
    title = factory.Sequence(lambda n: f"Thread {n}")
    text = "Who teaches Year 5 and 6 together?"


class ReplyFactory(InSchool):
    class Meta:
        model = models.Reply

    thread = factory.SubFactory(ThreadFactory, school=factory.SelfAttribute("..school"))
    network = factory.SelfAttribute("thread.network")
    staff = same_school(StaffFactory)
    written_by = factory.SelfAttribute("staff.name")
    text = "We do"


class MeetingFactory(InSchool):
    class Meta:
        model = models.Meeting

    network = of_network()
    held_on = factory.LazyFunction(lambda: clock.today())
    agenda = "The talk guide"


class ActionPointFactory(InSchool):
    class Meta:
        model = models.ActionPoint

    meeting = factory.SubFactory(MeetingFactory, school=factory.SelfAttribute("..school"))
    network = factory.SelfAttribute("meeting.network")
    text = "Ask the university"


class ResourceFactory(InSchool):
    class Meta:
        model = models.Resource

    network = of_network()
    title = factory.Sequence(lambda n: f"Resource {n}")
    what_for = "For the first week of a new colleague"
    review_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=300))


class ResourceVersionFactory(InSchool):
    class Meta:
        model = models.ResourceVersion

    resource = factory.SubFactory(ResourceFactory, school=factory.SelfAttribute("..school"))
    network = factory.SelfAttribute("resource.network")
    number = factory.Sequence(lambda n: n + 1)
    url = "https://example.org/guide"
