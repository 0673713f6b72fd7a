"""One colleague asks another for help."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q

from audits.models.need import Need
from audits.models.topic import Topic
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible, SchoolModel, scoped


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def visible_to(self, staff: Staff) -> Self:
        """The two it is between, and nobody else."""
        return self.filter(Q(asker=staff) | Q(helper=staff))

    def open(self) -> Self:
        """What somebody has on their hands: waiting for a word from them, or promised."""
        return self.filter(state__in=HelpRequest.OPEN)

    def answers_for(self, staff: Staff) -> Self:
        """Yes or not now, and whoever asked has not looked yet."""
        answered = [HelpRequest.State.ACCEPTED, HelpRequest.State.DECLINED]
        return self.filter(asker=staff, state__in=answered, is_answer_seen=False)

    def for_home(self, staff: Staff) -> Self:
        """Both: what waits for this person, and answers to what they asked."""
        answered = [HelpRequest.State.ACCEPTED, HelpRequest.State.DECLINED]
        return self.filter(
            Q(helper=staff, state=HelpRequest.State.ASKED)
            | Q(asker=staff, state__in=answered, is_answer_seen=False)
        )

    def thanked(self) -> Self:
        return self.exclude(thanks="")

    def with_names(self) -> Self:
        return self.select_related("asker", "helper", "topic", "need")


class HelpRequest(SchoolModel):
    """One colleague asks another for help with a topic: the message, the answer, the thanks.

    Between the two. When it is accepted a small activity is made (in `activities`), which
    colleagues see like any other; the words written here they do not.
    """

    class Way(models.TextChoices):
        QUESTION = "question", "Answer a question"
        SHOW = "show", "Show it, step by step"
        WATCH = "watch", "Be watched doing it"
        SESSION = "session", "Run a session for several"

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Not now"
        DONE = "done", "Done"
        TAKEN_BACK = "taken_back", "Taken back"

    OPEN = (State.ASKED, State.ACCEPTED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asker = models.ForeignKey(Staff, models.CASCADE, related_name="help_asked")
    helper = models.ForeignKey(Staff, models.CASCADE, related_name="help_given")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="help_requests")
    need = models.ForeignKey(
        Need, models.SET_NULL, null=True, blank=True, related_name="help_requests"
    )
    way = models.CharField("what would help", max_length=8, choices=Way)
    message = models.CharField("what you would like help with", max_length=500)
    pupils = models.CharField("what your pupils will gain", max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED, editable=False)
    answer = models.CharField("a word to them", max_length=300, blank=True)
    asked_on = models.DateField(default=clock.today, editable=False)
    is_answer_seen = models.BooleanField(default=False, editable=False)
    answered_on = models.DateField(null=True, editable=False)
    ended_on = models.DateField(null=True, editable=False)
    thanks = models.CharField("your thanks", max_length=300, blank=True)
    can_do_it = models.BooleanField("I can do it by myself now", default=False)

    objects: ClassVar[Any] = scoped(HelpRequestQuerySet)

    class Meta:
        ordering = ["-asked_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(asker=F("helper")), name="nobody_asks_themselves"),
            models.UniqueConstraint(
                fields=["asker", "helper", "topic"],
                condition=Q(state__in=["asked", "accepted"]),
                name="asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_on=None, ended_on=None)
                | Q(state__in=["accepted", "declined"], answered_on__isnull=False, ended_on=None)
                | Q(state="done", answered_on__isnull=False, ended_on__isnull=False)
                | Q(state="taken_back", ended_on__isnull=False),
                name="help_answered_and_ended_on_days",
            ),
            models.CheckConstraint(
                condition=Q(thanks="", can_do_it=False) | Q(state="done") & ~Q(thanks=""),
                name="thanks_for_what_was_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker_id} asks {self.helper_id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def may_be_thanked_for(self) -> bool:
        return not self.thanks and self.state in {self.State.ACCEPTED, self.State.DONE}

    @property
    def was_accepted(self) -> bool:
        """It still is, or the activity that came of it was called off; not yet over."""
        was_off = self.state == self.State.TAKEN_BACK and self.answered_on is not None
        return self.state == self.State.ACCEPTED or was_off

    # --- the ways its state changes ----------------------------------------------------------

    def accept(self, word: str, *, today: date) -> None:
        self._move([self.State.ASKED], self.State.ACCEPTED, answer=word, answered_on=today)

    def decline(self, word: str, *, today: date) -> None:
        """Not now; a reason is welcome, never needed."""
        self._move([self.State.ASKED], self.State.DECLINED, answer=word, answered_on=today)

    def take_back(self, *, today: date) -> None:
        """Before it is answered."""
        self._move([self.State.ASKED], self.State.TAKEN_BACK, ended_on=today)

    def finish(self, *, today: date) -> None:
        self._move([self.State.ACCEPTED], self.State.DONE, ended_on=today)

    def end(self, *, was_given: bool, today: date) -> None:
        """The activity made for it is finished or off; whoever said so before was right."""
        if was_given and self.was_accepted:
            self._move(
                [self.State.ACCEPTED, self.State.TAKEN_BACK], self.State.DONE, ended_on=today
            )
        elif self.state == self.State.ACCEPTED:
            self._move([self.State.ACCEPTED], self.State.TAKEN_BACK, ended_on=today)

    def thank(self, words: str, *, can_do_it: bool, today: date) -> None:
        """In one line, for the helper; it is over with that, if it was not before."""
        self._move(
            [self.State.ACCEPTED, self.State.DONE],
            self.State.DONE,
            ended_on=self.ended_on or today,
            thanks=words,
            can_do_it=can_do_it,
        )

    @transaction.atomic
    def _move(
        self, sources: list[HelpRequest.State], to: HelpRequest.State, **changes: Any
    ) -> None:
        # The lock makes taking back and accepting at one moment take turns; the second is told.
        locked = HelpRequest.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if locked.state not in sources:
            raise NotPossible(f"It is “{locked.get_state_display().lower()}” already.")
        for field, value in {"state": to, **changes}.items():
            setattr(self, field, value)
        self.save(update_fields=["state", *changes])
