"""Recognition: schemes of stages and dimensions, who may verify, and what people submitted."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q

from activities.models import Activity
from activities.models.entitlement import shipped_or_own
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible, SchoolModel, remembered, scoped, shared
from evaluation.models.reflection import Reflection

NO_VERIFIER = "somebody else who is trained verifies, neither the coach nor the line manager"
MOST_EVIDENCE = 10  # for one dimension


class RecognitionSchemeQuerySet(models.QuerySet["RecognitionScheme"]):
    def offered(self) -> Self:
        """By the open school."""
        return self.filter(Exists(SchemeUse.objects.filter(scheme=OuterRef("pk"))))


class RecognitionScheme(models.Model):
    """A way to recognise what somebody learned and changed, in one version.

    Of no school: shipped with CPD Hub, in its own words. Of a school: its own. It is frozen once
    somebody has begun a submission under it.
    """

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    code = models.SlugField(max_length=60)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    summary = models.CharField("what it is, in two or three sentences", max_length=600)
    source = models.CharField("what it rests on", max_length=400, blank=True)

    objects: ClassVar[Any] = shared(RecognitionSchemeQuerySet)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code", "version"],
                nulls_distinct=False,
                name="one_scheme_of_a_code_and_version",
            )
        ]

    def __str__(self) -> str:
        return self.title


class SchemeStage(models.Model):
    """How far a piece of work reaches, and about how long it takes. A scheme may have none."""

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    scheme = models.ForeignKey(RecognitionScheme, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.CharField("what is expected", max_length=400, blank=True)

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["scheme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "position"], name="one_stage_a_position")
        ]

    def __str__(self) -> str:
        return self.title


class SchemeDimension(models.Model):
    """One side of the work, or one standard: what is asked, and how much evidence it needs."""

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    scheme = models.ForeignKey(RecognitionScheme, models.CASCADE, related_name="dimensions")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.CharField("what is asked", max_length=400, blank=True)
    evidence_least = models.PositiveSmallIntegerField("pieces of evidence needed", default=0)
    evidence_words = models.CharField("what may be evidence", max_length=200, blank=True)

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["scheme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "position"], name="one_dimension_a_position"),
            models.CheckConstraint(
                condition=Q(evidence_least__lte=MOST_EVIDENCE), name="evidence_asked_is_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@remembered()
class SchemeUse(SchoolModel):
    """The school offers this scheme: colleagues may begin a submission."""

    scheme = models.ForeignKey(RecognitionScheme, models.PROTECT, related_name="uses")
    since = models.DateField(default=clock.today)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "scheme"], name="scheme_offered_once")
        ]
        triggers = [shipped_or_own("scheme_id", "evaluation_recognitionscheme")]

    def __str__(self) -> str:
        return f"{self.scheme_id} since {self.since}"


@remembered()
class VerifierTraining(SchoolModel):
    """Somebody is trained to verify, from a day on. Taken away: they verify nothing new."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    trained_on = models.DateField("trained on")
    by_whom = models.CharField("by whom", max_length=200, blank=True)

    class Meta:
        ordering = ["staff__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "staff"], name="trained_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} trained on {self.trained_on}"


def verifiers_for(submission: Submission, *, today: date) -> models.QuerySet[Staff]:
    """Trained, in post, and neither its owner, the coach nor the line manager."""
    trained = VerifierTraining.objects.filter(staff=OuterRef("pk"), trained_on__lte=today)
    owner = submission.owner
    not_these = [owner.pk, submission.coach_id, owner.line_manager_id]
    found = Staff.objects.live(today).filter(Exists(trained), user__isnull=False)
    return found.exclude(pk__in=[pk for pk in not_these if pk]).order_by("sort_name", "pk")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, staff: Staff) -> Self:
        """The owner, the coach they chose, and the verifier once it was sent: nobody else."""
        sent = ~Q(state=Submission.State.DRAFT)
        return self.filter(Q(owner=staff) | Q(coach=staff) | Q(sent, verifier=staff))

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)

    def waiting_for(self, staff: Staff) -> Self:
        return self.filter(verifier=staff, state=Submission.State.SENT)

    def recognised(self) -> Self:
        return self.filter(state=Submission.State.RECOGNISED)


@remembered(exclude=("title", "advice"))
class Submission(SchoolModel):
    """A piece of work somebody wants recognised: an entry for each dimension of a scheme.

    Theirs: their coach reads it, the verifier once it is sent. Others learn of it when it is
    recognised, if its owner shows it to them. Who verified when is remembered, no word of it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Being written"
        SENT = "sent", "With the verifier"
        RECOGNISED = "recognised", "Recognised"
        NOT_YET = "not_yet", "Not yet"

    WRITABLE = (State.DRAFT, State.NOT_YET)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="submissions")
    scheme = models.ForeignKey(RecognitionScheme, models.PROTECT, related_name="+")
    stage = models.ForeignKey(SchemeStage, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField("what you changed or looked into", max_length=200)
    coach = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="coach"
    )
    verifier = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    begun_on = models.DateField(default=clock.today, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_at = models.DateTimeField("the verifier opened it", null=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    advice = models.TextField("advice", max_length=4000, blank=True)

    objects: ClassVar[Any] = scoped(SubmissionQuerySet)

    class Meta:
        ordering = ["-begun_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None, decided_at=None)
                | Q(state="sent", sent_at__isnull=False, decided_at=None)
                | Q(
                    state__in=["recognised", "not_yet"],
                    sent_at__isnull=False,
                    decided_at__isnull=False,
                ),
                name="submission_sent_then_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(verifier__isnull=False),
                name="submission_has_a_verifier",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_yet") | ~Q(advice=""), name="not_yet_comes_with_advice"
            ),
            models.CheckConstraint(
                condition=(Q(verifier=None) | ~Q(verifier=F("owner")))
                & (Q(coach=None) | ~Q(coach=F("owner")))
                & (Q(verifier=None) | Q(coach=None) | ~Q(verifier=F("coach"))),
                name="three_different_people",
            ),
        ]
        triggers = [
            shipped_or_own("scheme_id", "evaluation_recognitionscheme"),
            pgtrigger.Trigger(
                name="stage_of_its_scheme",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("stage_id", "scheme_id"),
                condition=pgtrigger.Q(new__stage__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_schemestage s
                        WHERE s.id = NEW.stage_id AND s.scheme_id = NEW.scheme_id
                    ) THEN RAISE EXCEPTION 'the stage is one of the scheme'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # When it is sent and when it is decided; later somebody may become line manager.
            pgtrigger.Trigger(
                name="verifier_is_trained_and_apart",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("verifier_id", "state"),
                condition=pgtrigger.Q(new__verifier__isnull=False),
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_verifiertraining t
                        JOIN cpdhub_staff o ON o.id = NEW.owner_id
                        WHERE t.staff_id = NEW.verifier_id
                        AND t.school_id = NEW.school_id
                        AND o.line_manager_id IS DISTINCT FROM NEW.verifier_id
                    ) THEN RAISE EXCEPTION '{NO_VERIFIER}' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"submission {self.uuid}"

    @property
    def name(self) -> str:
        """TLA-style recognition, stage 2: colleagues in school"""
        return f"{self.scheme}, {self.stage}" if self.stage else str(self.scheme)

    @property
    def may_be_written(self) -> bool:
        return self.state in self.WRITABLE

    # --- the ways its state changes ---------------------------------------------------------------
    def send(self, *, to: Staff) -> None:
        """To a verifier, who may read it from now on."""
        self._move(
            self.WRITABLE, self.State.SENT,
            verifier=to, sent_at=clock.now(), opened_at=None, decided_at=None,
        )  # fmt: skip

    def take_back(self) -> None:
        """Before the verifier decided: to write on, or to choose another verifier."""
        self._move(
            (self.State.SENT,), self.State.DRAFT, verifier=None, sent_at=None, opened_at=None
        )

    def decide(self, *, is_recognised: bool, advice: str) -> None:
        state = self.State.RECOGNISED if is_recognised else self.State.NOT_YET
        self._move((self.State.SENT,), state, advice=advice, decided_at=clock.now())

    @transaction.atomic
    def _move(self, sources: Any, to: State, **changes: Any) -> None:
        # The lock makes taking back and deciding at one moment take turns; the second is told.
        locked = Submission.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if locked.state not in sources:
            raise NotPossible(f"It is “{locked.get_state_display().lower()}” already.")
        for name, value in {"state": to, **changes}.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *changes])


class SubmissionEntry(SchoolModel):
    """What somebody wrote to one dimension."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="entries")
    dimension = models.ForeignKey(SchemeDimension, models.PROTECT, related_name="+")
    text = models.TextField("in your own words", max_length=10_000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "dimension"], name="one_entry_a_dimension"
            )
        ]
        triggers = [shipped_or_own("dimension_id", "evaluation_schemedimension")]

    def __str__(self) -> str:
        return f"{self.dimension_id} of {self.submission_id}"


class EntryEvidence(SchoolModel):
    """Something of one's own record that shows what an entry says."""

    entry = models.ForeignKey(SubmissionEntry, models.CASCADE, related_name="evidence")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="+")
    reflection = models.ForeignKey(
        Reflection, models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(activity=None, reflection__isnull=False)
                | Q(activity__isnull=False, reflection=None),
                name="entry_evidence_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["entry", "activity", "reflection"],
                nulls_distinct=False,
                name="entry_evidence_once",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="own_words_as_evidence",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__reflection__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_submissionentry e
                        JOIN evaluation_submission s ON s.id = e.submission_id
                        JOIN evaluation_reflection r ON r.owner_id = s.owner_id
                        WHERE e.id = NEW.entry_id AND r.id = NEW.reflection_id
                    ) THEN RAISE EXCEPTION 'evidence is what its owner wrote'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"evidence of {self.entry_id}"
