"""What changed, and how we know."""

from datetime import timedelta
from uuid import uuid4

import factory

from cpdhub import clock
from evaluation import models as evaluation
from tests.factories.activities import ActivityFactory
from tests.factories.audits import InstrumentFactory
from tests.factories.doors import school_scope
from tests.factories.ground import InSchool, StaffFactory, StoredFileFactory, same_school


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
