"""Schools, people, the plan, work in the background; and what makes a row of a school."""

from datetime import date, time, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from cpdhub import clock, models
from cpdhub.walls import installation_scope
from tests.factories.doors import school_scope

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
