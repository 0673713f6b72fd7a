"""Observations: what one colleague saw in another's classroom, and what came of the talk."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from activities.models import Activity
from audits.models import Topic
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.queries import holding
from evaluation.models.look_fors import LookFors
from evaluation.no_grades import NO_GRADE, NO_NUMBER, says_no_grade

LONGEST = 10_000


def no_grade(field: str, name: str) -> models.CheckConstraint:
    """A heading holds no number and no grade word, whatever wrote it."""
    words = Q(**{f"{field}__iregex": NO_NUMBER}) & ~Q(**{f"{field}__iregex": NO_GRADE})
    return models.CheckConstraint(condition=words, name=name)


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own; those one watches until they are closed; and those shared with one by name.

        No role opens anybody else's.
        """
        State = Observation.State
        watches = Exists(Observer.objects.filter(observation=OuterRef("pk"), staff=staff))
        chosen = Exists(ObservationReader.objects.filter(observation=OuterRef("pk"), staff=staff))
        return self.filter(Q(owner=staff) | (watches & ~Q(state=State.CLOSED)) | Q(chosen))

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)

    def watched_by(self, staff: Staff) -> Self:
        """That one came to watch: also those one may not read any more."""
        return self.filter(Exists(Observer.objects.filter(observation=OuterRef("pk"), staff=staff)))

    def shared_with(self, staff: Staff) -> Self:
        """By their owner, by name."""
        chosen = ObservationReader.objects.filter(observation=OuterRef("pk"), staff=staff)
        return self.filter(Exists(chosen)).exclude(owner=staff)

    def search(self, words: str) -> Self:
        """In what its owner reads. Ask only of what somebody may read."""
        return self.filter(holding(words, "focus", "talk", "own_words", "next_step"))

    def open(self) -> Self:
        """Not over: asked, agreed, or held and not yet closed."""
        State = Observation.State
        return self.filter(state__in=[State.ASKED, State.AGREED, State.HELD])

    def took_place(self) -> Self:
        State = Observation.State
        return self.filter(state__in=[State.HELD, State.CLOSED])

    def counted(self) -> Self:
        """Towards how often one person is observed: developmental, agreed or held."""
        State = Observation.State
        return self.filter(
            purpose=Observation.Purpose.DEVELOPMENTAL,
            state__in=[State.AGREED, State.HELD, State.CLOSED],
        )

    def between(self, first: date, last: date) -> Self:
        """On these days, in London."""
        return self.filter(
            starts_at__gte=clock.midnight(first), starts_at__lt=clock.midnight_after(last)
        )


class Observation(SchoolModel):
    """A colleague watches pupils learn in somebody's lesson, and the two talk about it.

    It belongs to whoever was observed. No history is kept of it on purpose, as of reflections.
    Nothing in it can hold a grade, and what it is for never changes.
    """

    class Purpose(models.TextChoices):
        DEVELOPMENTAL = "developmental", "To develop together"
        INDUCTION = "induction", "Induction (statutory)"

    class Kind(models.TextChoices):
        ONE = "one", "One colleague watches"
        JOINT = "joint", "Two colleagues watch, then agree one note"
        RECIPROCAL = "reciprocal", "Each watches the other in turn"
        PURSUIT = "pursuit", "Following pupils through their day"

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Agreed"
        HELD = "held", "Took place"
        CLOSED = "closed", "Closed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    TEXTS = ("talk", "agreed_note", "own_words", "next_step", "video")  # what goes at the end

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="observations")
    asked_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(editable=False)
    purpose = models.CharField(
        "what it is for", max_length=14, choices=Purpose, default=Purpose.DEVELOPMENTAL
    )
    kind = models.CharField("how", max_length=10, choices=Kind, default=Kind.ONE)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED, editable=False)
    activity = models.ForeignKey(
        Activity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name="learning it follows",
    )
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="topic"
    )
    look_fors = models.ForeignKey(
        LookFors, models.PROTECT, null=True, editable=False, related_name="observations"
    )
    return_of = models.OneToOneField(
        "self", models.SET_NULL, null=True, editable=False, related_name="returned_by"
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField("class or place", max_length=100, blank=True)
    focus = models.CharField(
        "what to look at", max_length=200, blank=True, validators=[says_no_grade]
    )
    owner_agreed_at = models.DateTimeField(null=True, editable=False)

    talk = models.TextField("what we talked about", max_length=LONGEST, blank=True)
    agreed_note = models.TextField("what both saw", max_length=LONGEST, blank=True)
    own_words = models.TextField("in my own words", max_length=LONGEST, blank=True)
    next_step = models.CharField("one small next step", max_length=300, blank=True)
    lends_step = models.BooleanField(
        "my next step may stand in the school's summary, without my name", default=False
    )
    video = models.URLField("link to a video", max_length=500, blank=True)
    video_until = models.DateField("the link works until", null=True, blank=True)
    owner_closed_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    notes_end_on = models.DateField(null=True, editable=False)
    notes_gone_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(ObservationQuerySet)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "owner"], name="observation_by_owner"),
            models.Index(fields=["school", "starts_at"], name="observation_by_day"),
            models.Index(fields=["school", "notes_end_on"], name="observation_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["developmental", "induction"]),
                name="observation_is_no_appraisal",
            ),
            no_grade("focus", "observation_focus_is_no_grade"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"])
                | ~Q(focus="") & Q(starts_at__isnull=False, owner_agreed_at__isnull=False),
                name="focus_is_agreed_first",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, owner_closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None),
                name="closed_observation_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "closed"], notes_gone_at=None)
                | Q(talk="", agreed_note="", own_words="", next_step="", video=""),
                name="notes_only_of_what_took_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "closed"], notes_end_on__isnull=False)
                | ~Q(state__in=["held", "closed"]) & Q(notes_end_on=None),
                name="notes_have_an_end",
            ),
            models.CheckConstraint(
                condition=Q(video="", video_until=None)
                | ~Q(video="") & Q(video_until__isnull=False),
                name="video_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(return_of=F("pk")), name="observation_returns_another"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="asked_agreed_held_closed",
                field="state",
                transitions=[
                    ("asked", "agreed"),
                    ("asked", "withdrawn"),
                    ("agreed", "withdrawn"),
                    ("agreed", "asked"),
                    ("agreed", "held"),
                    ("held", "closed"),
                ],
            ),
            pgtrigger.Trigger(
                name="purpose_and_owner_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("purpose", "owner_id"),
                condition=pgtrigger.Q(old__purpose__df=pgtrigger.F("new__purpose"))
                | pgtrigger.Q(old__owner_id__df=pgtrigger.F("new__owner_id")),
                func="""
                    RAISE EXCEPTION 'what an observation is for, and whose it is, never changes'
                        USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="closed_by_everyone",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state="closed", old__state__df="closed"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM evaluation_observer o
                        WHERE o.observation_id = NEW.id AND o.closed_at IS NULL
                    ) THEN RAISE EXCEPTION 'an observation is closed by everyone in it'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"observation {self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.ASKED, self.State.AGREED, self.State.HELD}

    @property
    def is_held(self) -> bool:
        """It took place and is still talked about."""
        return self.state == self.State.HELD

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_joint(self) -> bool:
        return self.kind == self.Kind.JOINT

    @property
    def day(self) -> date | None:
        return clock.day_of(self.starts_at) if self.starts_at else None

    @property
    def has_notes(self) -> bool:
        """Whether anything may still be read: nothing is once the notes are destroyed."""
        return self.state in {self.State.HELD, self.State.CLOSED} and self.notes_gone_at is None

    def may_be_held(self, *, now: datetime) -> bool:
        """From the morning of its day: nobody writes notes of a lesson that is still to come."""
        return (
            self.state == self.State.AGREED
            and self.starts_at is not None
            and clock.day_of(now) >= clock.day_of(self.starts_at)
        )


class ObservationFocus(SchoolModel):
    """One heading the notes are written under, agreed before anybody watches."""

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="headings")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120, validators=[says_no_grade])

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["observation", "position"], name="headings_in_order"),
            no_grade("heading", "heading_is_no_grade"),
        ]

    def __str__(self) -> str:
        return self.heading


class Observer(SchoolModel):
    """A person who comes to watch, with the notes they wrote down: what pupils did and said."""

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="observers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    agreed_at = models.DateTimeField(null=True, editable=False)
    notes: Any = models.JSONField(default=list, blank=True)  # [{"heading": …, "text": …}]
    pupils_said = models.TextField("what pupils said when asked", max_length=LONGEST, blank=True)
    noted_at = models.DateTimeField(null=True, editable=False)  # they said: these are my notes
    closed_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["observation", "staff"], name="one_observer_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="nobody_observes_themselves",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("staff_id", "observation_id"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM evaluation_observation o
                        WHERE o.id = NEW.observation_id AND o.owner_id = NEW.staff_id
                    ) THEN RAISE EXCEPTION 'nobody observes themselves'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} watches {self.observation_id}"

    @property
    def has_written(self) -> bool:
        return bool(self.pupils_said or any(note["text"] for note in self.notes))


class ObservationReader(SchoolModel):
    """A person the owner chose, by name. A successor in the role sees nothing of it."""

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="readers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "staff"], name="one_observation_reader_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} may read {self.observation_id}"


class ObservationOpening(SchoolModel):
    """Somebody other than the owner opened it; the owner sees who and when."""

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="openings")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "staff"], name="one_observation_opening_a_reader"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} opened {self.observation_id}"
