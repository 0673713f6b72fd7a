"""Needs: what should be different, for whom, and how anybody knows."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, Q

from audits.models.instrument import CONFIDENT, Question
from audits.models.round import Round
from audits.models.topic import Topic
from cpdhub import clock
from cpdhub.models import FrameworkItem, Priority, Staff, Team
from cpdhub.models.base import NotPossible, SchoolModel, remembered, scoped
from cpdhub.permissions import Permission

LEVELS = list(enumerate(CONFIDENT, start=1))  # the words of confidence: not yet … very


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own; everybody's whole-school, group and team needs; and of what people shared,
        all for who decides on needs, that of their people for team leaders and line managers."""
        shared = Q(whom=Need.Whom.PERSON, is_shared=True)
        if not staff.can(Permission.DECIDE_NEEDS):
            led = Q(staff__line_manager=staff)
            if staff.can(Permission.SEE_NEEDS):
                led |= Q(staff__team__leader=staff)
            shared &= led
        return self.filter(shared | Q(staff=staff) | ~Q(whom=Need.Whom.PERSON))

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(staff=staff)

    def shared(self) -> Self:
        """What a leader may count. What a person keeps to themselves is in no number."""
        return self.filter(is_shared=True)

    def here(self) -> Self:
        """Without those of people who have left."""
        return self.exclude(staff__in=Staff.objects.left(clock.today()))

    def open(self) -> Self:
        """Neither met nor set aside."""
        return self.exclude(status__in=[Need.Status.MET, Need.Status.SET_ASIDE])

    def waiting(self) -> Self:
        """Somebody has to decide on them."""
        return self.shared().here().filter(status=Need.Status.IDENTIFIED)

    def with_whom(self) -> Self:
        return self.select_related("staff", "team", "topic", "subject")

    def by_status(self) -> dict[str, int]:
        counts = self.order_by().values_list("status").annotate(n=Count("pk", distinct=True))
        return dict(counts)


@remembered(exclude=("title", "pupils"))
class Need(SchoolModel):
    """One thing that should be different: for one person, a team, a staff group or the school.

    A person's own belongs to that person: nobody else knows of it until they share it. What it
    is based on are its sources. From agreed to being met it follows the activities that answer
    it; that it is met is said by people, never concluded. Its history keeps who decided what and
    when, not the words: what a person takes back is gone.
    """

    class Whom(models.TextChoices):
        PERSON = "person", "One person"
        TEAM = "team", "A team"
        GROUP = "group", "A staff group"
        SCHOOL = "school", "The whole school"

    class Status(models.TextChoices):
        IDENTIFIED = "identified", "To decide"
        AGREED = "agreed", "Agreed"
        PLANNED = "planned", "Planned"
        BEING_MET = "being_met", "Being met"
        MET = "met", "Met"
        SET_ASIDE = "set_aside", "Set aside"

    class Balance(models.TextChoices):
        INDIVIDUAL = "individual", "Individual"
        TEAM = "team", "Team"
        SCHOOL = "school", "School"
        NATIONAL = "national", "National"

    class Horizon(models.TextChoices):
        NOW = "now", "This term"
        YEAR = "year", "This year"
        LONG = "long", "Longer: a change of practice"

    # Between the decision and its end; follows the activities that answer it.
    BEGUN = (Status.AGREED, Status.PLANNED, Status.BEING_MET)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField("what should be different", max_length=300)
    whom = models.CharField("whose need", max_length=6, choices=Whom)
    staff = models.ForeignKey(
        Staff, models.CASCADE, null=True, blank=True, related_name="needs", verbose_name="person"
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="needs")
    group = models.CharField("staff group", max_length=10, choices=Staff.Group, blank=True)
    is_shared = models.BooleanField(default=True, editable=False)
    pupils = models.CharField("which pupils will gain", max_length=200, blank=True)
    level_now = models.PositiveSmallIntegerField(
        "where it stands now", null=True, blank=True, choices=LEVELS,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )  # fmt: skip
    level_wanted = models.PositiveSmallIntegerField(
        "where it should be", null=True, blank=True, choices=LEVELS,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )  # fmt: skip
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True, related_name="needs")
    subject = models.ForeignKey(
        FrameworkItem, models.PROTECT, null=True, blank=True, related_name="needs"
    )
    balance = models.CharField(
        "serves mainly", max_length=10, choices=Balance, default=Balance.SCHOOL
    )
    horizon = models.CharField("how soon", max_length=4, choices=Horizon, default=Horizon.YEAR)
    status = models.CharField(
        max_length=10, choices=Status, default=Status.IDENTIFIED, editable=False
    )
    because = models.CharField("why it is set aside", max_length=300, blank=True, editable=False)
    identified_on = models.DateField(default=clock.today, editable=False)
    met_on = models.DateField(null=True, editable=False)
    written_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="+", editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(NeedQuerySet)

    class Meta:
        ordering = ["-identified_on", "pk"]
        indexes = [models.Index(fields=["school", "status"], name="need_by_status")]
        constraints = [
            models.CheckConstraint(
                condition=Q(whom="person", staff__isnull=False, team=None, group="")
                | Q(whom="team", staff=None, team__isnull=False, group="", is_shared=True)
                | Q(whom="group", staff=None, team=None, is_shared=True) & ~Q(group="")
                | Q(whom="school", staff=None, team=None, group="", is_shared=True),
                name="need_is_somebodys",
            ),
            models.CheckConstraint(
                condition=(Q(level_now=None) | Q(level_now__range=(1, 4)))
                & (Q(level_wanted=None) | Q(level_wanted__range=(1, 4)))
                & (Q(level_now=None) | Q(level_wanted=None) | Q(level_wanted__gt=F("level_now"))),
                name="need_wants_more_than_there_is",
            ),
            models.CheckConstraint(
                condition=Q(status="set_aside") & ~Q(because="")
                | ~Q(status="set_aside") & Q(because=""),
                name="set_aside_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="met", met_on__isnull=False) | ~Q(status="met") & Q(met_on=None),
                name="met_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(is_shared=True) | Q(status__in=["identified", "met", "set_aside"]),
                name="agreed_needs_are_shared",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays_of_nobody_by_name",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("whom"),
                condition=pgtrigger.Q(new__whom="person") & ~pgtrigger.Q(old__whom="person"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM audits_needsource s
                        LEFT JOIN audits_round r ON r.id = s.round_id
                        WHERE s.need_id = NEW.id AND (s.kind = 'walk' OR r.mode = 'anonymous')
                    ) THEN RAISE EXCEPTION
                        'what a walk or an anonymous audit showed is of no named person'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status not in {self.Status.MET, self.Status.SET_ASIDE}

    @property
    def is_identified(self) -> bool:
        return self.status == self.Status.IDENTIFIED

    @property
    def is_persons(self) -> bool:
        return self.whom == self.Whom.PERSON

    @property
    def whose(self) -> str:
        """In words: a name, "Year 4", "Teaching assistants", "Whole school"."""
        if self.is_persons:
            return str(self.staff)
        if self.whom == self.Whom.TEAM:
            return str(self.team)
        if self.whom == self.Whom.GROUP:
            return group_words(self.group)
        return "Whole school"

    @property
    def key(self) -> str:
        """Which person, team or group; "all" of the whole school."""
        return str(self.staff_id or self.team_id or self.group or "all")

    def give_to(self, whom: str, key: str) -> None:
        """Make it this person's, team's or group's, or the school's."""
        self.whom = Need.Whom(whom)
        self.group = key if whom == Need.Whom.GROUP else ""
        self.team_id = int(key) if whom == Need.Whom.TEAM else None
        self.staff_id = int(key) if whom == Need.Whom.PERSON else None

    def may_be_changed_by(self, staff: Staff) -> bool:
        """A person's by that person; others by who decides on needs, and a team's by its leader."""
        if self.staff_id:
            return self.staff_id == staff.pk
        return staff.can(Permission.DECIDE_NEEDS) or bool(
            self.team and self.team.leader_id == staff.pk
        )

    def may_be_decided_by(self, staff: Staff) -> bool:
        """Agree to it or set it aside."""
        return self.is_shared and staff.can(Permission.DECIDE_NEEDS)

    def may_be_agreed_to_by(self, staff: Staff) -> bool:
        return self.is_identified and self.may_be_decided_by(staff)

    def may_be_ended_by(self, staff: Staff) -> bool:
        """Say that it is met, or set it aside: whose it is, or who decides."""
        return self.may_be_changed_by(staff) or self.may_be_decided_by(staff)

    # --- the ways its status changes; activities move it between agreed and being met ---------

    def share(self) -> None:
        """Those in `visible_to` may read it from now on, and it is counted."""
        self.is_shared = True
        source = self.sources.exclude(question=None).first()
        if self.topic is None and source and source.question:
            self.topic = Topic.of_question(source.question, school_id=self.school_id)
        self.save(update_fields=["is_shared", "topic"])

    @transaction.atomic
    def take_back(self) -> None:
        """Nobody else sees it any more. Too late once it was agreed: people work on it."""
        if self._locked().status in Need.BEGUN:
            raise NotPossible(
                "It is agreed, so others are working on it. Set it aside if it is not needed."
            )
        self.is_shared = False
        self.save(update_fields=["is_shared"])

    def agree(self) -> None:
        self._move([self.Status.IDENTIFIED], self.Status.AGREED)

    def set_aside(self, because: str) -> None:
        reason = because.strip()
        if not reason:
            raise NotPossible("Say in a few words why: whoever asked for it will want to know.")
        self._move([self.Status.IDENTIFIED, *Need.BEGUN], self.Status.SET_ASIDE, because=reason)

    def say_met(self, *, today: date) -> None:
        """Somebody says so who would know."""
        self._move([self.Status.IDENTIFIED, *Need.BEGUN], self.Status.MET, met_on=today)

    def reopen(self) -> None:
        """Back to where somebody decides on it."""
        self._move(
            [self.Status.MET, self.Status.SET_ASIDE],
            self.Status.IDENTIFIED,
            because="",
            met_on=None,
        )

    @transaction.atomic
    def _move(self, sources: list[Need.Status], to: Need.Status, **changes: Any) -> None:
        locked = self._locked()
        if locked.status not in sources:
            raise NotPossible(f"It is “{locked.get_status_display().lower()}” already.")
        for field, value in {"status": to, **changes}.items():
            setattr(self, field, value)
        self.save(update_fields=["status", *changes])

    def _locked(self) -> Need:
        """As it is now. Two people who decide at once take turns; the second is told."""
        found: Need = Need.objects.select_for_update(of=("self",)).get(pk=self.pk)
        return found


def group_words(group: str) -> str:
    """Teachers, Teaching assistants, Other support."""
    label = str(Staff.Group(group).label)
    return label if group == Staff.Group.SUPPORT else f"{label}s"


class NeedSource(SchoolModel):
    """How anybody knows of a need. One need may have several; each kind is its own link, so
    that an appraisal objective, a priority and a career aim are never the same thing."""

    class Kind(models.TextChoices):
        AUDIT = "audit", "An audit"
        PRIORITY = "priority", "A priority of the plan"
        OWN = "own", "Said by the person"
        APPRAISAL = "appraisal", "Appraisal objective (its title only)"
        CAREER = "career", "Career aim"
        INDUCTION = "induction", "Induction"
        WALK = "walk", "Learning walk"
        PUPILS = "pupils", "What pupils said"

    need = models.ForeignKey(Need, models.CASCADE, related_name="sources")
    kind = models.CharField("how we know", max_length=9, choices=Kind)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="needs")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="needs"
    )
    priority = models.ForeignKey(
        Priority, models.CASCADE, null=True, blank=True, related_name="need_sources"
    )
    note = models.CharField("in a few words", max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="audit", round__isnull=False, question__isnull=False)
                | ~Q(kind="audit") & Q(round=None, question=None),
                name="audit_source_has_its_statement",
            ),
            models.CheckConstraint(
                condition=Q(kind="priority", priority__isnull=False)
                | ~Q(kind="priority") & Q(priority=None),
                name="priority_source_has_its_priority",
            ),
            models.UniqueConstraint(
                fields=["need", "kind", "round", "question", "priority"],
                nulls_distinct=False,
                name="one_source_of_a_kind",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="walks_name_nobody",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__kind="walk"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM audits_need n WHERE n.id = NEW.need_id AND n.whom = 'person'
                    ) THEN RAISE EXCEPTION 'a learning walk says nothing about a named person'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="question_of_its_audit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__kind="audit"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM audits_round r
                        JOIN audits_section s ON s.instrument_id = r.instrument_id
                        JOIN audits_question q ON q.section_id = s.id
                        WHERE r.id = NEW.round_id AND q.id = NEW.question_id
                        AND (r.mode <> 'anonymous' OR NOT EXISTS (
                            SELECT 1 FROM audits_need n
                            WHERE n.id = NEW.need_id AND n.whom = 'person'))
                    ) THEN RAISE EXCEPTION
                        'a need comes from a statement of its audit; an anonymous one names nobody'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.AUDIT:
            return f"{self.round}: {self.question}"
        if self.kind == self.Kind.PRIORITY:
            return f"Priority: {self.priority}"
        kind = str(self.get_kind_display()).partition(" (")[0]
        return f"{kind}: {self.note}" if self.note else kind
