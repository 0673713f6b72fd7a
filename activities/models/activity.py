"""Anything people learn from, what it should change, and how it goes from draft to closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.db import models, transaction
from django.db.models import F, Q

from activities.models.adding_up import MONEY_TRIGGERS
from activities.models.from_form import FORM_IS_SHIPPED_OR_OWN, OF_THEIR_OWN, FromForm
from activities.models.links import MissingLink, follow_activities
from activities.models.querysets import ActivityQuerySet
from audits.models import HelpRequest, Need
from cpdhub import clock
from cpdhub.models import FrameworkItem, Priority, Staff
from cpdhub.models.base import NotPossible, SchoolModel, remembered, scoped
from cpdhub.permissions import Permission


@remembered()
class Activity(FromForm, SchoolModel):
    """Anything people learn from: a course, an INSET day, a coaching pair, a book.

    Planned ahead, or logged once it has happened. Somebody's own learning is one too.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PLANNED = "planned", "Planned"
        UNDER_WAY = "under_way", "Under way"
        FINISHED = "finished", "Finished"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    NOT_HAPPENING = (State.DRAFT, State.CANCELLED)
    OVER = (State.FINISHED, State.CLOSED)

    class Kind(models.TextChoices):
        """DfE guidance keeps direct CPD apart from briefings and statutory training."""

        DIRECT = "direct", "Direct: to change practice and help pupils"
        INDIRECT = "indirect", "Indirect: briefings and running the school"
        STATUTORY = "statutory", "Statutory training"

    type = models.ForeignKey(
        FrameworkItem, models.PROTECT, related_name="+", verbose_name="type of activity"
    )
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    audience = models.CharField("who it is for", max_length=200, blank=True)
    priorities = models.ManyToManyField(
        Priority, through="activities.ActivityPriority", related_name="activities", blank=True
    )
    needs = models.ManyToManyField(
        Need, through="activities.ActivityNeed", related_name="activities", blank=True
    )
    owner = models.ForeignKey(
        Staff, models.PROTECT, related_name="activities_owned", verbose_name="entered by"
    )
    entered_at = models.DateTimeField(default=clock.now, editable=False)
    lead = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="activities_led"
    )
    led_by = models.CharField("led by someone from outside", max_length=120, blank=True)
    provider = models.ForeignKey("activities.Provider", models.SET_NULL, null=True, blank=True)
    kind = models.CharField("counts as", max_length=10, choices=Kind, default=Kind.DIRECT)
    is_own_learning = models.BooleanField("someone's own learning", default=False, editable=False)
    is_compulsory = models.BooleanField("compulsory", default=False)
    is_own_time = models.BooleanField("in people's own time", default=False)
    # Both are what its lines of cost add up to: the database writes them (`costs_add_up`).
    expected_cost = models.DecimalField(
        "expected cost (£)", max_digits=9, decimal_places=2, null=True, editable=False
    )
    cost = models.DecimalField(
        "cost in the end (£)", max_digits=9, decimal_places=2, null=True, editable=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    help_request = models.OneToOneField(
        HelpRequest, models.SET_NULL, null=True, blank=True, editable=False, related_name="activity"
    )
    was_logged = models.BooleanField("logged after it happened", default=False, editable=False)
    cancelled_because = models.CharField("why it was cancelled", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(ActivityQuerySet)

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["school", "state"], name="activity_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancelled_because=""))
                | (~Q(state="cancelled") & Q(cancelled_because="")),
                name="cancelled_with_a_reason",
            ),
        ]
        triggers = [
            FORM_IS_SHIPPED_OR_OWN,
            pgtrigger.Trigger(
                name="intended_impact_before_planned",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "kind"),
                condition=pgtrigger.Q(
                    new__kind="direct",
                    new__was_logged=False,
                    new__state__in=("planned", "under_way"),
                ),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM activities_intendedimpact i WHERE i.activity_id = NEW.id
                        AND i.staff_will <> '' AND i.pupils_will <> '' AND i.known_by <> ''
                        AND i.look_again_on IS NOT NULL
                    ) THEN RAISE EXCEPTION
                        'direct CPD needs its intended impact before it is planned'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            *MONEY_TRIGGERS,
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title_for_all(self) -> str:
        """Where anybody may read it: who is coached or supported is not in it."""
        return OF_THEIR_OWN if self.is_private else self.title

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_over(self) -> bool:
        """Closed or cancelled: nothing about it changes unless it is opened again."""
        return self.state in {self.State.CLOSED, self.State.CANCELLED}

    @property
    def needs_intended_impact(self) -> bool:
        """Direct CPD that is planned says beforehand what should change."""
        return self.kind == self.Kind.DIRECT

    @property
    def has_intended_impact(self) -> bool:
        impact = getattr(self, "intended_impact", None)
        return impact is not None and impact.is_complete

    def may_be_changed_by(self, staff: Staff) -> bool:
        """Its lead, whoever entered it, and everyone who plans for the whole school."""
        if self.is_own_learning:
            return self.owner_id == staff.pk
        if self.help_request_id and staff.pk in {self.owner_id, self.lead_id}:
            return True  # one colleague helps another: theirs to arrange
        return staff.can(Permission.SEE_EVERYONES_RECORD) or (
            staff.can(Permission.PLAN_ACTIVITIES) and staff.pk in {self.owner_id, self.lead_id}
        )

    def register_may_be_taken_by(self, staff: Staff) -> bool:
        """Whoever may change it, and its lead, who need not be a planner."""
        return self.may_be_changed_by(staff) or self.lead_id == staff.pk

    def may_be_undone_by(self, staff: Staff) -> bool:
        """A slip of the pen: on the day it was logged, by whoever logged it. What somebody
        logged of their own learning is theirs to take away on any day."""
        return (
            self.was_logged
            and self.owner_id == staff.pk
            and (self.is_own_learning or self.entered_at >= clock.midnight(clock.today()))
        )

    # --- from draft to closed: the only ways its state changes ------------------------------

    def plan(self) -> None:
        """Out of draft: colleagues see it."""

        def check(activity: Activity) -> None:
            if activity.needs_intended_impact and not activity.has_intended_impact:
                raise NotPossible(
                    "Say what this should change before it leaves draft: direct CPD needs its"
                    " intended impact."
                )

        self._move(self.State.PLANNED, [self.State.DRAFT], "It is no draft any more.", check)

    def move_on(self) -> None:
        """A register was taken for the first time: under way with the first, finished with the
        last. One that was reopened stays so. Whoever takes a register holds the lock already."""
        going = [self.State.PLANNED, self.State.UNDER_WAY]
        if self.state not in going:
            return
        if not self.sessions.filter(cancelled_at=None, register_taken_at=None).exists():
            self._move(self.State.FINISHED, going, "It is no longer under way.", locked=self)
        elif self.state == self.State.PLANNED:
            self._move(self.State.UNDER_WAY, going, "It is no longer planned.", locked=self)

    def go_on(self) -> None:
        """It was finished, and now there is one more session."""
        if self.state == self.State.FINISHED and not self.was_logged:
            self.reopen()

    def start(self) -> None:
        """Its first register was taken."""
        self._move(self.State.UNDER_WAY, [self.State.PLANNED], "Only a planned activity can start.")

    def finish(self) -> None:
        """All its sessions are over and we know who was there."""

        def check(activity: Activity) -> None:
            held = list(activity.sessions.filter(cancelled_at=None))
            if not held:
                raise NotPossible("It has no session yet, so nothing would count. Add one first.")
            if session := next((one for one in held if not one.register_taken_at), None):
                raise NotPossible(
                    f"Nobody has said who was there on {session.day}. Take that register, or"
                    " cancel the session."
                )

        self._move(
            self.State.FINISHED,
            [self.State.PLANNED, self.State.UNDER_WAY],
            "Only an activity that is planned or under way can be finished.",
            check,
        )

    def close(self) -> None:
        """Looked back on: nothing more is expected of it."""
        self._move(self.State.CLOSED, [self.State.FINISHED], "Finish it before you close it.")

    def cancel(self, because: str) -> None:
        """It will not happen, or not go on. What people attended until then stays on record,
        but does not count."""
        reason = because.strip()
        if not reason:
            raise NotPossible("Say why it is cancelled: people will ask.")
        self._move(
            self.State.CANCELLED,
            [self.State.DRAFT, self.State.PLANNED, self.State.UNDER_WAY],
            "It is over: it cannot be cancelled any more.",
            cancelled_because=reason,
        )
        self._tell_calendars()

    def reopen(self) -> None:
        """One step back: from closed to finished, finished to under way, cancelled to where it
        had got to."""
        if self.state == self.State.CLOSED:
            self._move(self.State.FINISHED, [self.State.CLOSED], "It is not closed.")
        elif self.state == self.State.FINISHED and not self.was_logged:
            self._move(self.State.UNDER_WAY, [self.State.FINISHED], "It is not finished.")
        elif self.state == self.State.CANCELLED:
            started = self.sessions.exclude(register_taken_at=None).exists()
            self._move(
                self.State.UNDER_WAY if started else self.State.DRAFT,
                [self.State.CANCELLED],
                "It is not cancelled.",
                cancelled_because="",
            )
            self._tell_calendars()
        else:
            raise NotPossible("There is nothing to reopen.")

    @transaction.atomic
    def _move(
        self,
        to: str,
        sources: list[Activity.State],
        refusal: str,
        check: Callable[[Activity], None] | None = None,
        locked: Activity | None = None,
        **changes: str,
    ) -> None:
        # The lock makes two people who move it at once take turns; the second is told.
        locked = locked or Activity.objects.select_for_update().get(pk=self.pk)
        if locked.state not in sources:
            raise NotPossible(refusal)
        if check:
            check(locked)
        if locked.state in self.NOT_HAPPENING and to not in self.NOT_HAPPENING:
            lines: Any = locked.costs
            lines.refuse_overspend()
        for field, value in {"state": to, **changes}.items():
            setattr(self, field, value)
        self.save(update_fields=["state", *changes])
        if self.help_request and to in {self.State.FINISHED, self.State.CANCELLED}:
            self.help_request.end(was_given=to == self.State.FINISHED, today=clock.today())
        follow_activities(Need.objects.filter(answered_by__activity=self))

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """What it answered waits for something again."""
        answered = list(self.answered.values_list("need", flat=True))
        deleted = super().delete(*args, **kwargs)
        follow_activities(Need.objects.filter(pk__in=answered))
        return deleted

    def _tell_calendars(self) -> None:
        """A calendar takes a changed session only with a higher number."""
        self.sessions.update(sequence=F("sequence") + 1)

    # --- where its chain is broken -----------------------------------------------------------

    def missing_links(self, sessions: list[Any], *, now: datetime) -> list[MissingLink]:
        """In words; `sessions` are all of its own, loaded."""
        if self.is_own_learning or self.is_over:
            return []
        links = []
        held = [session for session in sessions if session.cancelled_at is None]
        if self.needs_intended_impact and not self.has_intended_impact:
            links.append(
                MissingLink("what it should change is not fully said", "activities:impact", self.pk)
            )
        if not held:
            links.append(MissingLink("it has no session", "activities:add_session", self.pk))
        if not self.is_draft:
            links += [
                MissingLink(f"no register of {session.day}", "activities:register", session.pk)
                for session in held
                if session.register_taken_at is None and session.ends_at < now
            ]
        is_one_off = self.kind == self.Kind.DIRECT and not self.help_request_id and len(held) == 1
        if is_one_off and held[0].ends_at < now:
            links.append(
                MissingLink(
                    "it was one session with nothing to follow it",
                    "activities:add_session",
                    self.pk,
                )
            )
        return links


@remembered()
class IntendedImpact(SchoolModel):
    """What an activity should change, written before it starts. Judged later, never rewritten."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="intended_impact")
    staff_will = models.CharField("what staff will do differently", max_length=300, blank=True)
    pupils_will = models.CharField("what pupils will gain", max_length=300, blank=True)
    known_by = models.CharField("how we will know", max_length=300, blank=True)
    look_again_on = models.DateField("when we will look again", null=True, blank=True)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="stays_complete_once_planned",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__staff_will="")
                | pgtrigger.Q(new__pupils_will="")
                | pgtrigger.Q(new__known_by="")
                | pgtrigger.Q(new__look_again_on__isnull=True),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM activities_activity a WHERE a.id = NEW.activity_id
                        AND a.kind = 'direct' AND a.state NOT IN ('draft', 'cancelled')
                        AND NOT a.was_logged
                    ) THEN RAISE EXCEPTION
                        'the intended impact of direct CPD that is planned stays complete'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.staff_will or "not yet said"

    @property
    def is_complete(self) -> bool:
        return all([self.staff_will, self.pupils_will, self.known_by, self.look_again_on])
