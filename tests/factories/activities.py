"""What people do to learn."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import factory

from activities import models as activities
from cpdhub import clock
from cpdhub.years import first_year_of
from tests.factories.audits import NeedFactory
from tests.factories.doors import school_scope
from tests.factories.ground import (
    ActivityTypeFactory,
    BlockedDatesFactory,
    InSchool,
    PriorityFactory,
    StaffFactory,
    TeamFactory,
    first_of_september,
    same_school,
)


class ActivityFactory(InSchool):
    """A draft; `state="planned"` and beyond come with their intended impact."""

    class Meta:
        model = activities.Activity
        skip_postgeneration_save = True

    type = same_school(ActivityTypeFactory)
    title = factory.Sequence(lambda n: f"Activity {n}")
    owner = same_school(StaffFactory)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        state = kwargs.pop("state", activities.Activity.State.DRAFT)
        sums = {"expected": kwargs.pop("expected_cost", None), "actual": kwargs.pop("cost", None)}
        activity = super()._create(model_class, *args, **kwargs)
        if state != activities.Activity.State.DRAFT:
            if activity.needs_intended_impact and not activity.was_logged:
                IntendedImpactFactory(school=activity.school, activity=activity)
            activity.state = state
            with school_scope(activity.school):
                activity.save(update_fields=["state"])
        if any(value is not None for value in sums.values()):
            CostFactory(school=activity.school, activity=activity, **sums)
            with school_scope(activity.school):
                activity.refresh_from_db(fields=["cost", "expected_cost"])
        return activity


class BudgetFactory(InSchool):
    """From last September to next August, a thousand pounds."""

    class Meta:
        model = activities.Budget

    name = factory.Sequence(lambda n: f"Budget {n}")
    amount = Decimal(1000)
    starts_on = factory.LazyFunction(lambda: date(first_year_of(clock.today()), 9, 1))
    ends_on = factory.LazyFunction(lambda: date(first_year_of(clock.today()) + 1, 8, 31))
    is_hard = factory.LazyAttribute(lambda budget: getattr(budget, "fund", "own") != "own")


class CostFactory(InSchool):
    """A fee of today, of an activity that is planned."""

    class Meta:
        model = activities.Cost

    activity = same_school(ActivityFactory, state="planned")
    expected = Decimal(100)
    falls_on = factory.LazyFunction(clock.today)


class ActivityPriorityFactory(InSchool):
    class Meta:
        model = activities.ActivityPriority

    activity = same_school(ActivityFactory)
    priority = same_school(PriorityFactory)


class ActivityNeedFactory(InSchool):
    """The need was there first; `activity__state="planned"` does not move it."""

    class Meta:
        model = activities.ActivityNeed

    activity = same_school(ActivityFactory)
    need = same_school(NeedFactory)


class EntitlementFactory(InSchool):
    """A school's own, for everyone; `in_use=True` keeps it once its `steps` are made."""

    class Meta:
        model = activities.Entitlement
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"entitlement-{n}")
    version = "1"
    kind = activities.Entitlement.Kind.TRAINING
    title = factory.Sequence(lambda n: f"Entitlement {n}")
    short = factory.Sequence(lambda n: f"Short {n}")
    summary = "What everyone may expect"

    @factory.post_generation
    def steps(self, create, extracted, **kwargs):
        """`steps=[{...}, {...}]`: what each differs in from the factory's."""
        for fields in extracted or ():
            EntitlementStepFactory(school=self.school, entitlement=self, **fields)

    @factory.post_generation
    def in_use(self, create, extracted, **kwargs):
        if extracted:
            EntitlementUseFactory(school=self.school, entitlement=self, **kwargs)


class EntitlementStepFactory(InSchool):
    class Meta:
        model = activities.EntitlementStep

    entitlement = same_school(EntitlementFactory)
    code = factory.Sequence(lambda n: f"step-{n}")
    position = factory.Sequence(lambda n: n % 30000)
    title = factory.Sequence(lambda n: f"Step {n}")
    due = activities.EntitlementStep.Due.AFTER
    number = 3


class EntitlementUseFactory(InSchool):
    class Meta:
        model = activities.EntitlementUse

    entitlement = same_school(EntitlementFactory)
    code = factory.SelfAttribute("entitlement.code")


class EntitledPersonFactory(InSchool):
    class Meta:
        model = activities.EntitledPerson

    use = same_school(EntitlementUseFactory)
    staff = same_school(StaffFactory)


class ActivityStepFactory(InSchool):
    class Meta:
        model = activities.ActivityStep

    activity = same_school(ActivityFactory)
    step = same_school(EntitlementStepFactory)


class ReceivedFactory(InSchool):
    class Meta:
        model = activities.Received

    staff = same_school(StaffFactory)
    step = same_school(EntitlementStepFactory)
    on = factory.LazyFunction(lambda: clock.today())


class EarlyCareerFactory(InSchool):
    class Meta:
        model = activities.EarlyCareer
        django_get_or_create = ("staff",)  # a person has one at most

    staff = same_school(StaffFactory)
    starts_on = factory.LazyFunction(lambda: first_of_september(clock.today()))


class HandoverFactory(InSchool):
    class Meta:
        model = activities.Handover

    leaver = same_school(StaffFactory)
    to = same_school(StaffFactory)
    about = "Chess club"


class IntendedImpactFactory(InSchool):
    class Meta:
        model = activities.IntendedImpact

    activity = same_school(ActivityFactory)
    staff_will = "Plan two open questions for each lesson"
    pupils_will = "Explain their reasoning in full sentences"
    known_by = "Pupil talk sampled in four classes"
    look_again_on = factory.LazyFunction(lambda: clock.today() + timedelta(weeks=6))


class DesignFactory(InSchool):
    class Meta:
        model = activities.Design

    activity = same_school(ActivityFactory)


class DesignFeatureFactory(InSchool):
    class Meta:
        model = activities.DesignFeature

    activity = same_school(ActivityFactory)
    item = same_school(ActivityTypeFactory)


class IdeaFactory(InSchool):
    class Meta:
        model = activities.Idea

    title = factory.Sequence(lambda n: f"Idea {n}")
    by = same_school(StaffFactory)


class IdeaBackerFactory(InSchool):
    class Meta:
        model = activities.IdeaBacker

    idea = same_school(IdeaFactory)
    staff = same_school(StaffFactory)


class EquipmentFactory(InSchool):
    class Meta:
        model = activities.Equipment

    name = factory.Sequence(lambda n: f"Camera {n}")


class LoanFactory(InSchool):
    """Lent today, for two weeks."""

    class Meta:
        model = activities.Loan

    equipment = same_school(EquipmentFactory)
    staff = same_school(StaffFactory)
    lent_on = factory.LazyFunction(clock.today)
    due_on = factory.LazyAttribute(lambda loan: loan.lent_on + timedelta(weeks=2))


class SessionFactory(InSchool):
    class Meta:
        model = activities.Session

    activity = same_school(ActivityFactory)
    starts_at = factory.LazyFunction(lambda: at_four(clock.today() + timedelta(days=7)))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=1))


def at_four(day: date) -> datetime:
    """Four in the afternoon in London."""
    return datetime(day.year, day.month, day.day, 16, tzinfo=clock.LONDON)


class ParticipationFactory(InSchool):
    class Meta:
        model = activities.Participation

    activity = same_school(ActivityFactory)
    staff = same_school(StaffFactory)


class ActivityFormFactory(InSchool):
    """A school's own form of activity, without sessions."""

    class Meta:
        model = activities.ActivityForm

    code = factory.Sequence(lambda n: f"form-{n}")
    title = factory.Sequence(lambda n: f"Form {n}")
    hint = "What it is"
    type = same_school(ActivityTypeFactory)
    groups = ["within-school"]


class FormSessionFactory(InSchool):
    class Meta:
        model = activities.FormSession

    form = same_school(ActivityFormFactory)
    position = factory.Sequence(lambda n: n % 30000 + 1)
    name = factory.Sequence(lambda n: f"Meeting {n}")


class SessionRecordFactory(InSchool):
    """What its author wrote, for themselves alone until somebody is named a reader."""

    class Meta:
        model = activities.SessionRecord

    session = same_school(SessionFactory)
    author = same_school(StaffFactory)
    answers = factory.LazyFunction(lambda: [{"prompt": "What did you see?", "text": "Much"}])
    is_private = True
    written_at = factory.LazyFunction(lambda: clock.now())


class RecordReaderFactory(InSchool):
    class Meta:
        model = activities.RecordReader

    record = same_school(SessionRecordFactory)
    staff = same_school(StaffFactory)


class NotesEndFactory(InSchool):
    class Meta:
        model = activities.NotesEnd

    activity = same_school(ActivityFactory)
    on = factory.LazyFunction(lambda: clock.today() + timedelta(weeks=12))


class AttendanceFactory(InSchool):
    class Meta:
        model = activities.Attendance

    session = same_school(SessionFactory)
    staff = same_school(StaffFactory)
    was_present = True


class CoverFactory(InSchool):
    class Meta:
        model = activities.Cover

    session = same_school(SessionFactory)
    staff = same_school(StaffFactory)
    source = activities.Cover.Source.SUPPLY


class GivenTimeFactory(InSchool):
    class Meta:
        model = activities.GivenTime

    session = same_school(SessionFactory)
    staff = same_school(StaffFactory)


class AllowedSessionFactory(InSchool):
    class Meta:
        model = activities.AllowedSession

    session = same_school(SessionFactory)
    blocked = same_school(BlockedDatesFactory)
    by = same_school(StaffFactory)
    because = "The speaker has no other day"


class PlacesFactory(InSchool):
    """Without a limit, for everybody, open for booking."""

    class Meta:
        model = activities.Places
        skip_postgeneration_save = True

    activity = same_school(ActivityFactory, state="planned")


class PlacesTeamFactory(InSchool):
    class Meta:
        model = activities.PlacesTeam

    places = same_school(PlacesFactory)
    team = same_school(TeamFactory)


class BookingFactory(InSchool):
    """Booked means taking part: that row is made as well."""

    class Meta:
        model = activities.Booking

    activity = same_school(ActivityFactory, state="planned")
    staff = same_school(StaffFactory)
    state = activities.Booking.State.BOOKED
    by = factory.SelfAttribute("staff")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        if kwargs["state"] == activities.Booking.State.BOOKED:
            ParticipationFactory(
                school=kwargs["school"], activity=kwargs["activity"], staff=kwargs["staff"]
            )
        return super()._create(model_class, *args, **kwargs)


class ExcuseFactory(InSchool):
    """Asked, not decided."""

    class Meta:
        model = activities.Excuse

    activity = same_school(ActivityFactory, state="planned", is_compulsory=True)
    staff = same_school(StaffFactory)
    because = "I led this course last year"


class ProviderFactory(InSchool):
    class Meta:
        model = activities.Provider

    name = factory.Sequence(lambda n: f"Provider {n:03}")
    kind = activities.Provider.Kind.COMPANY


class ProviderOfferFactory(InSchool):
    class Meta:
        model = activities.ProviderOffer

    provider = same_school(ProviderFactory)
    title = "Two days on early reading"


class ProviderAnswerFactory(InSchool):
    class Meta:
        model = activities.ProviderAnswer

    provider = same_school(ProviderFactory)
    question = activities.ProviderAnswer.Question.WHO
    answer = "Two teachers who taught Year 1 last year"
    answered_on = factory.LazyFunction(lambda: clock.today())


class ContractFactory(InSchool):
    class Meta:
        model = activities.Contract

    provider = same_school(ProviderFactory)
    title = "Reading, three years"
    starts_on = factory.LazyFunction(lambda: clock.today())


class RequestFactory(InSchool):
    """Somebody has asked for something from outside."""

    class Meta:
        model = activities.Request

    staff = same_school(StaffFactory)
    title = factory.Sequence(lambda n: f"Course {n}")
    type = same_school(ActivityTypeFactory)
    starts_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=21))
    why = "I teach this next term."
    staff_will = "Model it"
    pupils_will = "Explain it"
    known_by = "Books of six pupils"
    state = "asked"
    asked_at = factory.LazyFunction(clock.now)


class RequestStepFactory(InSchool):
    class Meta:
        model = activities.RequestStep

    request = same_school(RequestFactory)
    kind = "asked"
    by = same_school(StaffFactory)


class StandInFactory(InSchool):
    class Meta:
        model = activities.StandIn

    staff = same_school(StaffFactory)
    stand_in = same_school(StaffFactory)
    ends_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=14))
