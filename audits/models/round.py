"""Rounds: a questionnaire put to people in a window, and who was asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Q

from audits.models.instrument import Instrument
from cpdhub import clock
from cpdhub.models import Staff, Team
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission
from cpdhub.queries import counted

LEAST_ANONYMOUS = 10
MOST_REMINDERS = 2
ANSWERS_KEPT_FOR = timedelta(days=365)  # after it has closed


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, staff: Staff) -> Self:
        """Those who run audits see all of them; others meet one through their invitation."""
        return self if staff.can(Permission.RUN_AUDITS) else self.none()

    def audits(self) -> Self:
        """Without those that ask about one activity: they are read on its own page."""
        return self.filter(is_about_activity=False)

    def drafts(self) -> Self:
        return self.filter(state=Round.State.DRAFT)

    def open(self) -> Self:
        return self.filter(state=Round.State.OPEN)

    def over(self, *, today: date) -> Self:
        """Open though their last day has passed."""
        return self.open().filter(closes_on__lt=today)

    def due_to_open(self, *, today: date) -> Self:
        return self.drafts().filter(opens_by_itself=True, opens_on__lte=today)

    def answers_over(self, *, now: datetime) -> Self:
        """Closed so long ago that what people answered is not kept any more."""
        return self.filter(state=Round.State.CLOSED, closed_at__lt=now - ANSWERS_KEPT_FOR)

    def with_rate(self) -> Self:
        """How many were asked, and how many answered in time."""
        asked = Invitation.objects.filter(round=OuterRef("pk"))
        return self.annotate(
            invited=counted(asked), answered=counted(asked.filter(spent=True))
        ).order_by("-closes_on", "-pk")


class Round(SchoolModel):
    """A questionnaire put to certain people from one day to another, in one of three modes.

    The mode is said before the first question and never changes once the round is open.
    """

    class Mode(models.TextChoices):
        NAMED = "named", "Named"
        CONFIDENTIAL = "confidential", "Confidential"
        ANONYMOUS = "anonymous", "Anonymous"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=200)
    mode = models.CharField("who may read the answers", max_length=12, choices=Mode)
    opens_on = models.DateField("first day")
    closes_on = models.DateField("last day")
    opens_by_itself = models.BooleanField(default=False, editable=False)
    is_about_activity = models.BooleanField(default=False, editable=False)
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT, editable=False)
    started_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = scoped(RoundQuerySet)

    class Meta:
        ordering = ["-closes_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="round_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None),
                name="closed_round_has_a_moment",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="draft_to_open_to_closed",
                field="state",
                transitions=[("draft", "open"), ("open", "closed")],
            ),
            pgtrigger.Trigger(
                name="begins_as_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__df="draft"),
                func="""
                    RAISE EXCEPTION 'a round begins as a draft' USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="asks_what_is_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("instrument_id", "school_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM audits_instrument i WHERE i.id = NEW.instrument_id
                        AND i.state = 'published'
                        AND (i.school_id IS NULL OR i.school_id = NEW.school_id)
                    ) THEN RAISE EXCEPTION 'a round asks a published questionnaire of its school'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="mode_stays_once_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__df="draft")
                & (
                    pgtrigger.Q(old__mode__df=pgtrigger.F("new__mode"))
                    | pgtrigger.Q(old__instrument_id__df=pgtrigger.F("new__instrument_id"))
                ),
                func="""
                    RAISE EXCEPTION 'mode and questionnaire of a round never change once it is open'
                        USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="anonymous_from_ten",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state="open", new__mode="anonymous"),
                func=f"""
                    IF (SELECT count(*) FROM audits_invitation v WHERE v.round_id = NEW.id)
                        < {LEAST_ANONYMOUS}
                    THEN RAISE EXCEPTION 'an anonymous round asks at least {LEAST_ANONYMOUS} people'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_anonymous(self) -> bool:
        return self.mode == self.Mode.ANONYMOUS

    @property
    def answers_kept_until(self) -> date | None:
        """The last day of what people answered; its results stay."""
        return clock.day_of(self.closed_at + ANSWERS_KEPT_FOR) if self.closed_at else None

    def is_too_old_to_answer(self, *, now: datetime) -> bool:
        return self.closed_at is not None and self.closed_at < now - ANSWERS_KEPT_FOR

    @property
    def is_named(self) -> bool:
        return self.mode == self.Mode.NAMED

    @property
    def tells_leaders(self) -> bool:
        """Whether results may set leaders beside the others. On an anonymous answer nothing says
        so: leaders are few, and each of them would stand nearly alone."""
        return not self.is_anonymous

    def reminder_days(self) -> dict[str, date]:
        """When those who have not answered are reminded: half-way, and two days before the end.

        Not about one activity: two minutes are worth one letter.
        """
        if self.is_about_activity:
            return {}
        halfway = self.opens_on + (self.closes_on - self.opens_on) / 2
        last = self.closes_on - timedelta(days=2)
        days = {"halfway": halfway, "last": last}
        if halfway >= last or halfway == self.opens_on:
            del days["halfway"]
        if last <= self.opens_on:
            del days["last"]
        return days


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, staff: Staff) -> Self:
        """What this person was asked to answer; nothing of drafts."""
        return self.filter(staff=staff).exclude(round__state=Round.State.DRAFT)

    def waiting(self) -> Self:
        """Not answered, and it is still possible."""
        return self.filter(spent=False, round__state=Round.State.OPEN)


class Invitation(SchoolModel):
    """Somebody was asked to answer a round. `spent` says that they did, in time.

    Staff group, team and whether they lead are those of the day they were asked. Of an anonymous
    round, `kept_group` and `kept_team` are what may stand on an answer: only where five or more
    were asked with the same two words, so that neither points at anybody (`audits/labels.py`).
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="invitations")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="audit_invitations")
    group = models.CharField(max_length=10, choices=Staff.Group, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    is_leader = models.BooleanField(default=False)
    kept_group = models.CharField(max_length=10, choices=Staff.Group, blank=True)
    kept_team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    spent = models.BooleanField(default=False)
    reminded = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = scoped(InvitationQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "staff"], name="asked_once_a_round"),
            models.CheckConstraint(
                condition=Q(reminded__lte=MOST_REMINDERS), name="reminded_twice_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} asked in {self.round_id}"

    def asked_group(self) -> str:
        """The group its questions are chosen by: where no group is kept, those for all.

        In an anonymous round, an answer to a question for teachers only would tell the group.
        """
        return self.kept_group if self.round.is_anonymous else self.group
