"""One factory per model. Each opens the walls of its own school; forgetting one fails."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from activities import models as activities
from audits import models as audits
from audits import rounds
from audits.models.instrument import USUAL_WORDS
from cpdhub import clock, models
from cpdhub.walls import installation_scope, school_scope
from cpdhub.years import first_year_of
from evaluation import models as evaluation

PASSWORD = "correct-horse-battery"


class EstablishmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Establishment

    urn = factory.Sequence(lambda n: f"{100000 + n}")
    name = factory.Sequence(lambda n: f"School {n}")
    status_name = "Open"
    phase_name = "Primary"
    la_name = "Camden"


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = models.School

    name = factory.Sequence(lambda n: f"School {n}")
    slug = factory.Sequence(lambda n: f"school-{n}")
    urn = factory.Sequence(lambda n: f"{200000 + n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with installation_scope():
            return super()._create(model_class, *args, **kwargs)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User

    email = factory.Sequence(lambda n: f"person{n}@school.example")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        user = model_class(**kwargs)
        user.set_unusable_password()
        user.save()
        return user


class InSchool(DjangoModelFactory):
    """A row of one school."""

    class Meta:
        abstract = True

    school = factory.SubFactory(SchoolFactory)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with school_scope(kwargs["school"]):
            return super()._create(model_class, *args, **kwargs)


def same_school(factory_class, **kwargs):
    return factory.SubFactory(factory_class, school=factory.SelfAttribute("..school"), **kwargs)


class TeamFactory(InSchool):
    class Meta:
        model = models.Team

    name = factory.Sequence(lambda n: f"Team {n}")


class StaffFactory(InSchool):
    class Meta:
        model = models.Staff

    user = factory.SubFactory(UserFactory)
    first_name = "Priya"
    last_name = factory.Sequence(lambda n: f"Shah{n:03}")
    email = factory.LazyAttribute(lambda staff: staff.user.email if staff.user else "")
    group = models.Staff.Group.TEACHER
    job_title = "Teacher"


class AcademicYearFactory(InSchool):
    """The year that holds today."""

    class Meta:
        model = models.AcademicYear
        django_get_or_create = ("school", "name")

    starts_on = factory.LazyFunction(lambda: first_of_september(clock.today()))
    ends_on = factory.LazyAttribute(lambda year: date(year.starts_on.year + 1, 8, 31))
    name = factory.LazyAttribute(
        lambda year: f"{year.starts_on.year}/{str(year.starts_on.year + 1)[2:]}"
    )


def first_of_september(day: date) -> date:
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)


class HalfTermFactory(InSchool):
    class Meta:
        model = models.HalfTerm

    year = same_school(AcademicYearFactory)
    name = models.HalfTerm.Name.AUTUMN_1
    starts_on = factory.SelfAttribute("year.starts_on")
    ends_on = factory.LazyAttribute(lambda term: term.starts_on + timedelta(weeks=7))


class InsetDayFactory(InSchool):
    class Meta:
        model = models.InsetDay

    day = factory.Sequence(lambda n: first_of_september(clock.today()) + timedelta(days=n % 300))
    theme = "Talk for reasoning"


class InsetTwilightFactory(InSchool):
    class Meta:
        model = models.InsetTwilight

    inset = same_school(InsetDayFactory)
    day = factory.Sequence(lambda n: first_of_september(clock.today()) + timedelta(days=n % 300))
    starts_at = time(15, 30)
    ends_at = time(17)


class BlockedDatesFactory(InSchool):
    class Meta:
        model = models.BlockedDates

    first_day = factory.LazyFunction(lambda: clock.today())
    last_day = factory.LazyAttribute(lambda blocked: blocked.first_day + timedelta(days=4))
    reason = "Key stage 2 tests"


class ProtectedTimeFactory(InSchool):
    class Meta:
        model = models.ProtectedTime

    staff = same_school(StaffFactory)
    weekday = models.Weekday.WEDNESDAY
    starts_at = time(13)
    ends_at = time(15)


class FrameworkFactory(InSchool):
    class Meta:
        model = models.Framework
        django_get_or_create = ("school", "code", "version")

    kind = models.Framework.Kind.INSPECTION
    code = factory.Sequence(lambda n: f"framework-{n}")
    title = "Own areas"
    version = "1"
    scale = ["Weak", "Strong"]


class FrameworkItemFactory(InSchool):
    class Meta:
        model = models.FrameworkItem

    framework = same_school(FrameworkFactory)
    code = factory.Sequence(lambda n: f"item-{n}")
    position = factory.Sequence(lambda n: n % 30000)
    title = factory.Sequence(lambda n: f"Area {n}")


class JudgementFactory(InSchool):
    class Meta:
        model = models.Judgement

    item = same_school(FrameworkItemFactory)


class AreaForImprovementFactory(InSchool):
    class Meta:
        model = models.AreaForImprovement

    judgement = same_school(JudgementFactory)
    text = "Pupils explain their reasoning too rarely"


class ContributorFactory(InSchool):
    class Meta:
        model = models.Contributor

    judgement = same_school(JudgementFactory)
    staff = same_school(StaffFactory)


class AreaCommentFactory(InSchool):
    class Meta:
        model = models.AreaComment

    judgement = same_school(JudgementFactory)
    by = same_school(StaffFactory)
    text = "Is that still so in Year 3?"


class EvidencePointerFactory(InSchool):
    class Meta:
        model = models.EvidencePointer

    judgement = same_school(JudgementFactory)
    title = "Book look, Year 4"


class PlanFactory(InSchool):
    class Meta:
        model = models.Plan
        django_get_or_create = ("school", "year")

    year = same_school(AcademicYearFactory)


class SubPlanFactory(InSchool):
    class Meta:
        model = models.SubPlan

    plan = same_school(PlanFactory)
    title = factory.Sequence(lambda n: f"Subject {n}")
    kind = models.SubPlan.Kind.SUBJECT


class PriorityFactory(InSchool):
    """A draft; `live=True` gives it a complete criterion and takes it out of draft."""

    class Meta:
        model = models.Priority
        skip_postgeneration_save = True

    plan = same_school(PlanFactory)
    title = factory.Sequence(lambda n: f"Priority {n}")

    @factory.post_generation
    def live(self, create, extracted, **kwargs):
        if extracted:
            SuccessCriterionFactory(school=self.school, priority=self)
            self.state = models.Priority.State.LIVE
            with school_scope(self.school):
                self.save(update_fields=["state"])


class SuccessCriterionFactory(InSchool):
    class Meta:
        model = models.SuccessCriterion

    priority = same_school(PriorityFactory)
    measure = "Pupils who explain their reasoning"
    unit = "%"
    baseline = Decimal(41)
    target = Decimal(60)


class ReadingFactory(InSchool):
    class Meta:
        model = models.Reading

    criterion = same_school(SuccessCriterionFactory)
    taken_on = factory.LazyFunction(lambda: clock.today())
    value = Decimal(50)


class MilestoneFactory(InSchool):
    class Meta:
        model = models.Milestone

    priority = same_school(PriorityFactory)
    due_on = factory.LazyFunction(lambda: clock.today())
    expected = "All classes use talk partners"


class MonitoringNoteFactory(InSchool):
    class Meta:
        model = models.MonitoringNote

    priority = same_school(PriorityFactory)
    seen_on = factory.LazyFunction(lambda: clock.today())
    method = models.MonitoringNote.Method.WALK
    finding = "Sentence stems seen in four of six rooms"


class PolicyFactory(InSchool):
    """The school's one draft; `objectives=[...]` are its words, `published=True` publishes it."""

    class Meta:
        model = models.Policy
        django_get_or_create = ("school", "state")
        skip_postgeneration_save = True

    state = models.Policy.State.DRAFT
    version = factory.Sequence(lambda n: n % 30000 + 1)
    vision = "Every adult here gets better at something each year"
    definition = "Everything that helps us to teach better"
    review_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=200))

    @factory.post_generation
    def objectives(self, create, extracted, **kwargs):
        for text in extracted or ():
            PolicyObjectiveFactory(school=self.school, policy=self, text=text)

    @factory.post_generation
    def published(self, create, extracted, **kwargs):
        if extracted:
            self.state, self.published_on = models.Policy.State.PUBLISHED, clock.today()
            with school_scope(self.school):
                self.save(update_fields=["state", "published_on"])


class PolicyObjectiveFactory(InSchool):
    class Meta:
        model = models.PolicyObjective

    policy = same_school(PolicyFactory)
    text = "Every colleague has somebody to think with"


class PolicyReaderFactory(InSchool):
    class Meta:
        model = models.PolicyReader

    policy = same_school(PolicyFactory, published=True)
    staff = same_school(StaffFactory)
    read_on = factory.LazyFunction(lambda: clock.today())


class ReminderFactory(InSchool):
    class Meta:
        model = models.Reminder

    staff = same_school(StaffFactory)
    kind = "test"
    key = factory.Sequence(lambda n: f"key-{n}")
    due_at = factory.LazyFunction(lambda: clock.now())


class StoredFileFactory(InSchool):
    class Meta:
        model = models.StoredFile

    name = "report.pdf"
    content_type = "application/pdf"
    created_at = factory.LazyFunction(lambda: clock.now())


class FilePieceFactory(InSchool):
    class Meta:
        model = models.FilePiece

    file = same_school(StoredFileFactory)
    position = 0
    data = b"x"


class JobFactory(InSchool):
    class Meta:
        model = models.Job

    kind = "test"
    created_at = factory.LazyFunction(lambda: clock.now())
    next_try_at = factory.LazyFunction(lambda: clock.now())


class OutboxMessageFactory(InSchool):
    class Meta:
        model = models.OutboxMessage

    message_id = factory.Sequence(lambda n: f"<{n}@hub.example>")
    to = "priya@school.example"
    subject = "A letter"
    text = "Hello"
    created_at = factory.LazyFunction(lambda: clock.now())
    next_try_at = factory.LazyFunction(lambda: clock.now())


class SubmissionFactory(InSchool):
    class Meta:
        model = models.Submission

    key = factory.Faker("uuid4")
    created_at = factory.LazyFunction(lambda: clock.now())


class LogEntryFactory(InSchool):
    class Meta:
        model = models.LogEntry

    kind = models.LogEntry.Kind.EXPORTED


class PulseFactory(DjangoModelFactory):
    class Meta:
        model = models.Pulse

    name = factory.Sequence(lambda n: f"pulse-{n}")
    beat_at = factory.LazyFunction(lambda: clock.now())


class ActivityTypeFactory(FrameworkItemFactory):
    framework = same_school(FrameworkFactory, kind=models.Framework.Kind.MENU)
    title = "Coaching"


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
    need = factory.SubFactory(
        "tests.factories.NeedFactory", school=factory.SelfAttribute("..school")
    )


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


class ReflectionFactory(InSchool):
    class Meta:
        model = evaluation.Reflection

    owner = same_school(StaffFactory)
    will_try = "Sentence stems with Year 4"
    written_on = factory.LazyFunction(lambda: clock.today())
    saved_at = factory.LazyFunction(lambda: clock.now())
    shared_at = factory.LazyAttribute(
        lambda reflection: (
            None if getattr(reflection, "audience", "only_me") == "only_me" else clock.now()
        )
    )


class ReflectionReaderFactory(InSchool):
    class Meta:
        model = evaluation.ReflectionReader

    reflection = same_school(ReflectionFactory)
    staff = same_school(StaffFactory)


class ReflectionOpeningFactory(InSchool):
    class Meta:
        model = evaluation.ReflectionOpening

    reflection = same_school(ReflectionFactory)
    staff = same_school(StaffFactory)
    first_at = factory.LazyFunction(lambda: clock.now())


class ImpactRoundFactory(InSchool):
    """A moment at which nobody was asked; `round=` names those who were."""

    class Meta:
        model = evaluation.ImpactRound

    activity = same_school(ActivityFactory)
    moment = evaluation.Moment.END
    due_on = factory.LazyFunction(lambda: clock.today())
    not_asked_because = factory.LazyAttribute(
        lambda row: "" if getattr(row, "round", None) else "Nobody who took part is still here."
    )


class ImpactReviewFactory(InSchool):
    """A draft; `closed=True` makes it one that stands."""

    class Meta:
        model = evaluation.ImpactReview

    class Params:
        closed = factory.Trait(
            staff_verdict="met", pupils_verdict="partly", decision="keep",
            closed_on=factory.LazyFunction(lambda: clock.today()),
        )  # fmt: skip

    activity = same_school(ActivityFactory)


class UnplannedGainFactory(InSchool):
    class Meta:
        model = evaluation.UnplannedGain

    activity = same_school(ActivityFactory)
    text = "Two parents asked for the sentence stems"
    noted_by = same_school(StaffFactory)


class EvidenceFactory(InSchool):
    class Meta:
        model = evaluation.Evidence

    activity = same_school(ActivityFactory)
    outcome = "pupils"
    kind = "work"
    claim = factory.Sequence(lambda n: f"Longer answers in {n} of 30 books")
    dated = factory.LazyFunction(lambda: clock.today())
    by = same_school(StaffFactory)


class LookForsFactory(InSchool):
    class Meta:
        model = evaluation.LookFors

    version = factory.Sequence(lambda n: n + 1)
    agreed_on = factory.LazyFunction(lambda: clock.today())


class LookForFactory(InSchool):
    class Meta:
        model = evaluation.LookFor

    look_fors = same_school(LookForsFactory)
    position = factory.Sequence(lambda n: n)
    heading = "Pupils explain their answers"


class OpenDoorFactory(InSchool):
    class Meta:
        model = evaluation.OpenDoor

    staff = same_school(StaffFactory)
    doing = "Talk partners in Year 4"
    when = "Tuesday mornings"
    until = factory.LazyFunction(lambda: clock.today() + timedelta(days=30))
    opened_on = factory.LazyFunction(lambda: clock.today())


class ObservationFactory(InSchool):
    """Asked; with another state, as far as that: agreed yesterday, ends in some months."""

    class Meta:
        model = evaluation.Observation

    owner = same_school(StaffFactory)
    asked_at = factory.LazyFunction(lambda: clock.now())
    starts_at = factory.LazyFunction(lambda: clock.now() - timedelta(days=1))
    focus = "How pupils talk to each other"
    owner_agreed_at = factory.LazyFunction(lambda: clock.now())
    owner_closed_at = factory.LazyAttribute(
        lambda row: clock.now() if getattr(row, "state", "") == "closed" else None
    )
    closed_at = factory.LazyAttribute(lambda row: row.owner_closed_at)
    notes_end_on = factory.LazyAttribute(
        lambda row: (
            clock.today() + timedelta(days=300)
            if getattr(row, "state", "") in {"held", "closed"}
            else None
        )
    )


class ObservationFocusFactory(InSchool):
    class Meta:
        model = evaluation.ObservationFocus

    observation = same_school(ObservationFactory)
    position = factory.Sequence(lambda n: n)
    heading = "What pupils say"


class ObserverFactory(InSchool):
    class Meta:
        model = evaluation.Observer

    observation = same_school(ObservationFactory)
    staff = same_school(StaffFactory)
    agreed_at = factory.LazyFunction(lambda: clock.now())


class ObservationReaderFactory(InSchool):
    class Meta:
        model = evaluation.ObservationReader

    observation = same_school(ObservationFactory)
    staff = same_school(StaffFactory)


class ObservationOpeningFactory(InSchool):
    class Meta:
        model = evaluation.ObservationOpening

    observation = same_school(ObservationFactory)
    staff = same_school(StaffFactory)
    first_at = factory.LazyFunction(lambda: clock.now())


class LearningWalkFactory(InSchool):
    class Meta:
        model = evaluation.LearningWalk

    author = same_school(StaffFactory)
    walked_on = factory.LazyFunction(lambda: clock.today())
    rooms = [3, 7, 12]
    focus = "How pupils begin to write"
    patterns = "Many began with talk"


class PortfolioFactory(InSchool):
    class Meta:
        model = evaluation.Portfolio

    owner = same_school(StaffFactory)
    title = factory.Sequence(lambda n: f"Portfolio {n}")
    created_at = factory.LazyFunction(lambda: clock.now())


class PortfolioItemFactory(InSchool):
    """Something in the owner's own words."""

    class Meta:
        model = evaluation.PortfolioItem

    portfolio = same_school(PortfolioFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = "words"
    source = factory.Sequence(lambda n: f"words:{n}")
    title = "What I am proud of"


class PortfolioLinkFactory(InSchool):
    class Meta:
        model = evaluation.PortfolioLink

    portfolio = same_school(PortfolioFactory)
    ends_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=30))
    created_at = factory.LazyFunction(lambda: clock.now())


class ImportedRecordFactory(InSchool):
    class Meta:
        model = evaluation.ImportedRecord

    owner = same_school(StaffFactory)
    person_name = "Priya Shah"
    school_name = "Riverside"
    exported_at = factory.LazyFunction(lambda: clock.now())
    imported_at = factory.LazyFunction(lambda: clock.now())
    is_known = True
    signed_by = "a" * 43
    digest = factory.Sequence(lambda n: f"{n:064x}")
    document = factory.LazyFunction(lambda: {"activities": [], "reflections": []})
    file = same_school(StoredFileFactory)


class RecognitionSchemeFactory(InSchool):
    """Of the school's own, with two dimensions and one stage unless `bare`."""

    class Meta:
        model = evaluation.RecognitionScheme
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"scheme-{n}")
    version = "1"
    title = factory.Sequence(lambda n: f"Recognition {n}")
    summary = "For a change in your own classroom."

    @factory.post_generation
    def bare(self, create, extracted, **kwargs):
        if not extracted:
            SchemeStageFactory(school=self.school, scheme=self)
            for position in (1, 2):
                SchemeDimensionFactory(school=self.school, scheme=self, position=position)


class SchemeStageFactory(InSchool):
    class Meta:
        model = evaluation.SchemeStage

    scheme = same_school(RecognitionSchemeFactory, bare=True)
    position = 1
    title = "Stage 1"


class SchemeDimensionFactory(InSchool):
    class Meta:
        model = evaluation.SchemeDimension

    scheme = same_school(RecognitionSchemeFactory, bare=True)
    position = 1
    title = factory.LazyAttribute(lambda row: f"Dimension {row.position}")


class SchemeUseFactory(InSchool):
    class Meta:
        model = evaluation.SchemeUse

    scheme = same_school(RecognitionSchemeFactory)


class VerifierTrainingFactory(InSchool):
    class Meta:
        model = evaluation.VerifierTraining

    staff = same_school(StaffFactory)
    trained_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=100))


class RecognitionSubmissionFactory(InSchool):
    """Being written; `sent_to=` sends it, `recognised=True` or `advice=` decides it."""

    class Meta:
        model = evaluation.Submission
        skip_postgeneration_save = True

    owner = same_school(StaffFactory)
    scheme = same_school(RecognitionSchemeFactory)
    title = factory.Sequence(lambda n: f"Change {n}")

    @factory.post_generation
    def sent_to(self, create, extracted, **kwargs):
        if extracted:
            with school_scope(self.school):
                self.send(to=extracted)

    @factory.post_generation
    def recognised(self, create, extracted, **kwargs):
        if extracted:
            with school_scope(self.school):
                self.decide(is_recognised=True, advice="")


class SubmissionEntryFactory(InSchool):
    class Meta:
        model = evaluation.SubmissionEntry

    submission = same_school(RecognitionSubmissionFactory)
    dimension = factory.LazyAttribute(lambda entry: first_dimension(entry.submission))
    text = "I read three papers."


def first_dimension(submission):
    with school_scope(submission.school):
        return submission.scheme.dimensions.first()


class EntryEvidenceFactory(InSchool):
    class Meta:
        model = evaluation.EntryEvidence

    entry = same_school(SubmissionEntryFactory)
    activity = same_school(ActivityFactory)


class CertificateFactory(InSchool):
    class Meta:
        model = evaluation.Certificate

    owner = same_school(StaffFactory)
    code = factory.LazyAttribute(lambda row: evaluation.new_code(row.school.pk))
    name = factory.LazyAttribute(lambda row: row.owner.name)
    school_name = factory.LazyAttribute(lambda row: row.school.name)
    title = "Phonics day"
    text = "Two hours on 18 November 2026."
    issued_on = factory.LazyFunction(lambda: clock.today())


class QualificationFactory(InSchool):
    class Meta:
        model = evaluation.Qualification

    owner = same_school(StaffFactory)
    title = factory.Sequence(lambda n: f"Diploma {n}")
    awarded_by = "University of the North"
    level = "Level 7"


class QualificationStepFactory(InSchool):
    class Meta:
        model = evaluation.QualificationStep

    qualification = same_school(QualificationFactory)
    asked = factory.Sequence(lambda n: f"Module {n}")


class SharingPlanFactory(InSchool):
    class Meta:
        model = evaluation.SharingPlan

    activity = same_school(ActivityFactory, state="planned")
    by = same_school(StaffFactory)
    what = factory.Sequence(lambda n: f"Three open questions {n}")
    whom = "Year 3 and 4"
    due_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=14))


class InnovationFactory(InSchool):
    class Meta:
        model = evaluation.Innovation

    title = factory.Sequence(lambda n: f"Innovation {n}")
    goal = "Pupils give reasons in full sentences"


class OwnUseFactory(InSchool):
    class Meta:
        model = evaluation.OwnUse

    owner = same_school(StaffFactory)
    innovation = same_school(InnovationFactory)
    level = "first_steps"
    said_on = factory.LazyFunction(clock.today)


class ComponentFactory(InSchool):
    class Meta:
        model = evaluation.Component

    innovation = same_school(InnovationFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Part {n}")


class VariationFactory(InSchool):
    class Meta:
        model = evaluation.Variation

    component = same_school(ComponentFactory)
    band = "ideal"
    text = "Most questions ask why"


class PlacementFactory(InSchool):
    class Meta:
        model = evaluation.Placement

    component = same_school(ComponentFactory)
    band = "acceptable"
    placed_on = factory.LazyFunction(lambda: clock.today())


class NextStepFactory(InSchool):
    class Meta:
        model = evaluation.NextStep

    component = same_school(ComponentFactory)
    band = "acceptable"
    action = "Plan two questions together"
    due_on = factory.LazyFunction(lambda: clock.today())


class StaffImportFactory(InSchool):
    """A file that was read and compared; its rows are made apart."""

    class Meta:
        model = models.StaffImport

    name = "staff.csv"
    state = models.StaffImport.State.PREVIEWED
    header = ["First name", "Last name"]
    samples = [["Ada"], ["Byron"]]
    mapping = {"first_name": 0, "last_name": 1}
    created_by = same_school(StaffFactory)
    created_at = factory.LazyFunction(lambda: clock.now())
    previewed_at = factory.LazyFunction(lambda: clock.now())


class StaffImportRowFactory(InSchool):
    class Meta:
        model = models.StaffImportRow

    staff_import = same_school(StaffImportFactory)
    line = factory.Sequence(lambda n: n + 2)
    outcome = models.StaffImportRow.Outcome.NEW
    name = factory.Sequence(lambda n: f"Ada Byron{n:03}")


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


class PupilVoiceFactory(InSchool):
    """Open, with a code; `closed_at=` makes it one that told nothing."""

    class Meta:
        model = evaluation.PupilVoice

    owner = same_school(StaffFactory)
    instrument = same_school(InstrumentFactory, published=True)
    group = "4P"
    people = 28
    opened_at = factory.LazyFunction(lambda: clock.now())
    closes_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=7))
    code = factory.LazyAttributeSequence(
        lambda row, n: "" if getattr(row, "closed_at", None) else f"C{n:05}"
    )


class PupilSheetFactory(InSchool):
    class Meta:
        model = evaluation.PupilSheet

    id = factory.LazyFunction(uuid4)
    voice = same_school(PupilVoiceFactory)
    chosen = [1, 2, 1, 3, 1]


class PostFactory(InSchool):
    """A learning log, posted."""

    class Meta:
        model = evaluation.Post

    by = same_school(StaffFactory)
    kind = evaluation.Post.Kind.LOG
    title = factory.Sequence(lambda n: f"Waiting three seconds {n}")
    text = "It felt long, and more hands went up."
    begun_at = factory.LazyFunction(clock.now)
    posted_at = factory.LazyFunction(clock.now)

    class Params:
        is_kept_right = factory.Trait(
            owner=factory.SelfAttribute("by"),
            review_on=factory.LazyFunction(lambda: clock.today() + timedelta(days=365)),
        )
        resource = factory.Trait(kind="resource", is_kept_right=True)
        account = factory.Trait(kind="account", is_kept_right=True, is_agreed=True)
        notice = factory.Trait(
            kind="notice",
            ends_on=factory.LazyFunction(lambda: clock.today() + timedelta(days=14)),
        )


class CommentFactory(InSchool):
    class Meta:
        model = evaluation.Comment

    post = same_school(PostFactory)
    by = same_school(StaffFactory)
    text = factory.Sequence(lambda n: f"Thank you, I tried it {n}")
    written_at = factory.LazyFunction(clock.now)


class BulletinFactory(InSchool):
    """Of the last four weeks, not sent."""

    class Meta:
        model = evaluation.Bulletin

    title = factory.Sequence(lambda n: f"Bulletin {n}")
    first = factory.LazyFunction(lambda: clock.today() - timedelta(days=28))
    last = factory.LazyFunction(clock.today)
