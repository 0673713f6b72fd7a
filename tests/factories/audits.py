"""What people need: questionnaires, rounds, needs, expertise."""

from datetime import timedelta

import factory

from audits import models as audits
from audits import rounds
from audits.models.instrument import USUAL_WORDS
from cpdhub import clock
from tests.factories.doors import school_scope
from tests.factories.ground import InSchool, StaffFactory, same_school


class InstrumentFactory(InSchool):
    """A draft of the school's own; `published=True` gives it a question and publishes it."""

    class Meta:
        model = audits.Instrument
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"instrument-{n}")
    version = "1"
    title = factory.Sequence(lambda n: f"Audit {n}")
    purpose = "To see where we are"

    @factory.post_generation
    def published(self, create, extracted, **kwargs):
        if extracted:
            QuestionFactory(school=self.school, section__instrument=self)
            publish(self)


def publish(instrument):
    with school_scope(instrument.school):
        instrument.state = audits.Instrument.State.PUBLISHED
        instrument.save(update_fields=["state"])
    return instrument


class SectionFactory(InSchool):
    class Meta:
        model = audits.Section

    instrument = same_school(InstrumentFactory)
    position = factory.Sequence(lambda n: n % 30000 + 1)
    title = factory.Sequence(lambda n: f"Section {n}")


class QuestionFactory(InSchool):
    class Meta:
        model = audits.Question

    section = same_school(SectionFactory)
    code = factory.Sequence(lambda n: f"question-{n}")
    position = factory.Sequence(lambda n: n % 30000 + 1)
    kind = audits.Kind.CONFIDENCE
    text = factory.Sequence(lambda n: f"I can do thing {n}")
    choices = factory.LazyAttribute(lambda question: USUAL_WORDS.get(question.kind, []))


class RoundFactory(InSchool):
    """A draft; `asks=[...]` invites these people, and `open=True` opens it for them."""

    class Meta:
        model = audits.Round
        skip_postgeneration_save = True

    instrument = same_school(InstrumentFactory, published=True)
    title = factory.Sequence(lambda n: f"Round {n}")
    mode = audits.Round.Mode.CONFIDENTIAL
    opens_on = factory.LazyFunction(lambda: clock.today())
    closes_on = factory.LazyAttribute(lambda round: round.opens_on + timedelta(weeks=2))

    @factory.post_generation
    def asks(self, create, extracted, **kwargs):
        for person in extracted or ():
            InvitationFactory(
                school=self.school, round=self, staff=person, group=person.group, team=person.team
            )

    @factory.post_generation
    def open(self, create, extracted, **kwargs):
        if extracted:
            with school_scope(self.school):
                rounds.open_round(self, today=clock.today())
                self.refresh_from_db()


class InvitationFactory(InSchool):
    class Meta:
        model = audits.Invitation

    round = same_school(RoundFactory)
    staff = same_school(StaffFactory)
    group = "teacher"


class ResponseFactory(InSchool):
    """Somebody has begun; the round is opened for it."""

    class Meta:
        model = audits.Response

    invitation = same_school(InvitationFactory)
    round = factory.SelfAttribute("invitation.round")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with school_scope(kwargs["school"]):
            rounds.open_round(kwargs["round"], today=clock.today())
            kwargs["invitation"].refresh_from_db()
        return super()._create(model_class, *args, **kwargs)


class AnswerFactory(InSchool):
    class Meta:
        model = audits.Answer

    response = same_school(ResponseFactory)
    value = 3

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with school_scope(kwargs["school"]):
            first = audits.Question.objects.filter(
                section__instrument=kwargs["response"].round.instrument
            ).first()
        return super()._create(model_class, *args, **{"question": first} | kwargs)


class ResultFactory(InSchool):
    """A place in a table that may be shown; the round is opened for it, as results need."""

    class Meta:
        model = audits.Result

    round = same_school(RoundFactory)
    breakdown = "all"
    key = "all"
    label = "Everyone"
    n = 5
    counts = [1, 1, 2, 1]

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with school_scope(kwargs["school"]):
            made = kwargs["round"]
            if made.is_draft:
                InvitationFactory(school=kwargs["school"], round=made)
                rounds.open_round(made, today=clock.today())
            first = audits.Question.objects.filter(section__instrument=made.instrument).first()
        return super()._create(model_class, *args, **{"question": first} | kwargs)


class TopicFactory(InSchool):
    class Meta:
        model = audits.Topic
        django_get_or_create = ("school", "title")

    title = factory.Sequence(lambda n: f"Topic {n}")


class NeedFactory(InSchool):
    """A person's, shared; `whom="school"` or another makes it somebody else's."""

    class Meta:
        model = audits.Need

    title = factory.Sequence(lambda n: f"Plan open questions {n}")
    whom = "person"
    staff = factory.Maybe(
        factory.LazyAttribute(lambda need: need.whom == "person"), same_school(StaffFactory)
    )


class NeedSourceFactory(InSchool):
    class Meta:
        model = audits.NeedSource

    need = same_school(NeedFactory)
    kind = "own"


class ExpertiseFactory(InSchool):
    """An offer colleagues see."""

    class Meta:
        model = audits.Expertise

    staff = same_school(StaffFactory)
    topic = same_school(TopicFactory)
    ways = factory.LazyFunction(lambda: ["question", "show"])
    audience = audits.Expertise.Audience.COLLEAGUES


class HelpRequestFactory(InSchool):
    """Asked, and not answered yet."""

    class Meta:
        model = audits.HelpRequest

    asker = same_school(StaffFactory)
    helper = same_school(StaffFactory)
    topic = same_school(TopicFactory)
    way = "show"
    message = "Could you show me?"
