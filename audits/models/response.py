"""What people answered."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audits.models.instrument import Question
from audits.models.round import Invitation, Round
from cpdhub.models import Staff, Team
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission

LONGEST = 2_000  # characters of a few words


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own, and nobody else's. Of an anonymous round, none: nobody knows whose it is."""
        return self.filter(invitation__staff=staff)

    def by_name(self, staff: Staff) -> Self:
        """What was sent in time to a named round that has closed, for those who run audits: so it
        is said before the first question. Of other rounds, nobody's."""
        if not staff.can(Permission.RUN_AUDITS):
            return self.none()
        closed = {"round__mode": Round.Mode.NAMED, "round__state": Round.State.CLOSED}
        return self.counted().filter(**closed)

    def counted(self) -> Self:
        """What results are made of: sent while the round was open."""
        return self.filter(is_late=False).filter(Q(invitation=None) | Q(sent_at__isnull=False))


class Response(SchoolModel):
    """One person's answers to a round.

    Named or confidential: it hangs on the invitation. What is typed is a draft only its author
    sees, until they send it; sent answers may be replaced until the round closes. What is first
    sent after that is late: kept for its author, in no result.

    Anonymous: nothing is written before sending. What is then written has no invitation, no
    person and no time; its key is random, so keys do not follow the order of sending; staff group
    and team stand on it only where five or more people were asked with the same two words. When
    the round closes all its rows are written anew under new keys, in random order and in one
    transaction, so that neither their place in the table nor the transaction that wrote them
    says who sent when; the two words stay only where five or more answered with them, because
    who answered is known, and of fewer than five people nothing is kept at all. No history, log
    entry or submission key is kept of sending.

    What is guaranteed: once an anonymous round is closed, nothing in the tables, in a dump of
    them or in our logs joins an answer to a person. What is not: while it is open, whoever reads
    the database's own files can put the order of rows beside the order in which invitations were
    spent, and old row versions stay in those files until PostgreSQL has vacuumed them; and what
    somebody writes in their own words may give them away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="responses")
    invitation = models.OneToOneField(
        Invitation, models.CASCADE, null=True, related_name="response"
    )
    group = models.CharField(max_length=10, choices=Staff.Group, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    draft = models.JSONField(default=dict)
    draft_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = scoped(ResponseQuerySet)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=False)
                | Q(draft={}, draft_at=None, sent_at=None, is_late=False, revision=1),
                name="anonymous_response_has_no_time",
            ),
            models.CheckConstraint(
                condition=Q(invitation=None) | Q(group="", team=None),
                name="group_stands_on_the_invitation",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="invited_unless_anonymous",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("invitation_id", "round_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM audits_round r WHERE r.id = NEW.round_id
                        AND r.state <> 'draft'
                        AND (r.mode = 'anonymous') = (NEW.invitation_id IS NULL)
                        AND (NEW.invitation_id IS NULL OR EXISTS (
                            SELECT 1 FROM audits_invitation v
                            WHERE v.id = NEW.invitation_id AND v.round_id = r.id))
                    ) THEN RAISE EXCEPTION
                        'an answer hangs on its invitation, an anonymous one on none'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"response {self.pk}"


class Answer(SchoolModel):
    """What was answered to one question; questions left out have none.

    `value` counts the question's words from one (its importance, where both are asked), `second`
    is the confidence, `ranking` holds first, second and third.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.PositiveSmallIntegerField(null=True)
    second = models.PositiveSmallIntegerField(null=True)
    ranking = ArrayField(models.PositiveSmallIntegerField(), default=list)
    text = models.TextField(blank=True, max_length=LONGEST)

    objects: ClassVar[Any] = scoped()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answered_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False)
                | Q(second__isnull=False)
                | ~Q(ranking=[])
                | ~Q(text=""),
                name="answer_says_something",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="question_of_its_round",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("question_id", "response_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM audits_response a
                        JOIN audits_round r ON r.id = a.round_id
                        JOIN audits_section s ON s.instrument_id = r.instrument_id
                        JOIN audits_question q ON q.section_id = s.id
                        WHERE a.id = NEW.response_id AND q.id = NEW.question_id
                    ) THEN RAISE EXCEPTION 'an answer is to a question of its round'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
