"""Reflections: what one person learned and tried."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models import Activity
from activities.models.pairs import coached_by, coaches_of
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Role

LONGEST = 10_000  # characters in one box: some five pages


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own, and those whose owner chose this reader, by person or everyone."""
        return self.filter(Q(owner=staff) | Q(pk__in=self._shared_with(staff)))

    def _shared_with(self, staff: Staff) -> models.QuerySet:
        chosen = ReflectionReader.objects.filter(staff=staff).values("reflection_id")
        coached = coached_by(staff).values("staff")  # a coach reads as long as the pair exists
        may_read = ~Q(audience=Reflection.Audience.COACH) | Q(owner__in=coached)
        return (
            Reflection.objects.shared()
            .filter(Q(audience=Reflection.Audience.EVERYONE) | Q(pk__in=chosen) & may_read)
            .values("pk")
        )

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)

    def of_others(self, staff: Staff) -> Self:
        return self.exclude(owner=staff)

    def saved(self) -> Self:
        """Without those that are only a draft so far."""
        return self.filter(saved_at__isnull=False)

    def shared(self) -> Self:
        """Shared with at least somebody. What is private looks the same as what is unwritten."""
        return self.filter(~Q(audience=Reflection.Audience.ONLY_ME), shared_at__isnull=False)

    def with_opening_by(self, staff: Staff) -> Self:
        """Adds `was_opened`: this reader has read it."""
        opened = ReflectionOpening.objects.filter(reflection=OuterRef("pk"), staff=staff)
        return self.annotate(was_opened=Exists(opened))

    def search(self, words: str) -> Self:
        """In what was saved. Never in drafts: a reader must not find what was not shared."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(activity__title__icontains=word, activity__is_private=False)
                | Q(will_try__icontains=word)
                | Q(learned__icontains=word)
                | Q(seen_in_pupils__icontains=word)
            )
        return found


class Reflection(SchoolModel):
    """What one person learned, will try and saw in pupils. Theirs; private until they choose.

    No history is kept of it on purpose: a text taken back is gone. What is typed but not yet
    saved is the draft, which nobody but its owner ever reads.
    """

    class Audience(models.TextChoices):
        ONLY_ME = "only_me", "Only me"
        LINE_MANAGER = "line_manager", "My line manager"
        COACH = "coach", "My coach"
        CPD_LEADER = "cpd_leader", "CPD leader"
        EVERYONE = "everyone", "Everyone here"

    TEXTS = ("will_try", "learned", "seen_in_pupils")
    PUPILS_AFTER = timedelta(days=7)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="reflections")
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="reflections"
    )
    title = models.CharField("what it is about", max_length=200, blank=True)
    will_try = models.TextField("what will you try, and with whom?", max_length=LONGEST, blank=True)
    learned = models.TextField("what did you learn?", max_length=LONGEST, blank=True)
    seen_in_pupils = models.TextField("what did you see in pupils?", max_length=LONGEST, blank=True)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.ONLY_ME)
    shared_at = models.DateTimeField(null=True, blank=True, editable=False)
    written_on = models.DateField()
    saved_at = models.DateTimeField(null=True, blank=True, editable=False)
    draft = models.JSONField(default=dict, blank=True, editable=False)
    draft_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(ReflectionQuerySet)

    class Meta:
        ordering = ["-written_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "activity"],
                condition=Q(activity__isnull=False),
                name="one_reflection_per_activity",
            ),
            models.CheckConstraint(
                condition=Q(audience="only_me", shared_at=None)
                | (~Q(audience="only_me") & Q(shared_at__isnull=False)),
                name="shared_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(audience="only_me") | Q(saved_at__isnull=False),
                name="only_what_was_saved_is_shared",
            ),
            models.CheckConstraint(
                condition=Q(saved_at__isnull=False) | Q(draft_at__isnull=False),
                name="reflection_is_saved_or_a_draft",
            ),
        ]
        indexes = [models.Index(fields=["school", "owner"], name="reflection_by_owner")]

    def __str__(self) -> str:
        return f"reflection {self.uuid}"

    @property
    def about(self) -> str:
        """What it is about, in the fewest words there are. Costs a query without the activity."""
        if self.activity and not (self.activity.is_private and self.is_for_others):
            return self.activity.title
        return self.title or f"Reflection of {self.written_on:%-d %B %Y}"

    @property
    def is_for_others(self) -> bool:
        """Shared beyond the pair, who know of their own activity anyhow."""
        return self.audience not in {self.Audience.ONLY_ME, self.Audience.COACH}

    @property
    def is_only_a_draft(self) -> bool:
        return self.saved_at is None

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None

    @property
    def readers_in_words(self) -> str:
        """Who reads it, said to its owner."""
        if self.is_only_a_draft:
            return "draft, only you"
        return {
            self.Audience.ONLY_ME: "only you",
            self.Audience.LINE_MANAGER: "you and your line manager",
            self.Audience.COACH: "you and your coach, while you work together",
            self.Audience.CPD_LEADER: "you and the CPD leader",
        }.get(self.Audience(self.audience), "everyone here")

    def readers_now(self) -> list[Staff]:
        """The persons chosen; coaches only while they are."""
        readers = [row.staff for row in ReflectionReader.objects.of(self)]
        if self.audience != self.Audience.COACH:
            return readers
        coaches = set(coaches_of(self.owner).values_list("pk", flat=True))
        return [reader for reader in readers if reader.pk in coaches]

    def unsaved(self) -> dict[str, str]:
        """What the owner typed since they last saved, if it differs from what was saved."""
        typed = {name: text for name, text in self.draft.items() if name in ("title", *self.TEXTS)}
        return typed if any(getattr(self, name) != typed[name] for name in typed) else {}

    def asks_about_pupils(self, *, today: date, started_on: date | None) -> bool:
        """The third prompt comes a week after the activity began, or after the writing.

        Once something is written there it stays.
        """
        if self.seen_in_pupils or self.draft.get("seen_in_pupils"):
            return True
        return today >= (started_on or self.written_on) + self.PUPILS_AFTER


class ReflectionReaderQuerySet(models.QuerySet["ReflectionReader"]):
    def of(self, reflection: Reflection) -> Self:
        """With their names, in the order of these."""
        people = self.filter(reflection=reflection).select_related("staff")
        return people.order_by("staff__sort_name", "staff")


class ReflectionReader(SchoolModel):
    """A person the owner chose when sharing. A successor in the role sees nothing older."""

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="readers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    objects: ClassVar[Any] = scoped(ReflectionReaderQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reflection", "staff"], name="one_reader_once")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} may read {self.reflection_id}"


class ReflectionOpening(SchoolModel):
    """Somebody other than the owner opened a reflection; the owner sees who and when."""

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="openings")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reflection", "staff"], name="one_opening_a_reader")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} opened {self.reflection_id}"


@dataclass(frozen=True)
class Sharing:
    """One choice of who may read a reflection, in words that name the persons it means now."""

    AS_NOW: ClassVar[str] = "as_now"

    audience: str
    label: str
    readers: tuple[Staff, ...] = ()

    @property
    def key(self) -> str:
        """What the form sends. It holds the persons, so a successor cannot slip in between."""
        return "-".join([self.audience, *(str(reader.pk) for reader in self.readers)])

    @classmethod
    def open_to(cls, owner: Staff, *, today: date) -> list[Self]:
        """What this person may choose from. Costs a query for each kind of reader."""
        audience = Reflection.Audience
        choices = [cls(audience.ONLY_ME, "Only me")]
        if manager := Staff.objects.live(today).filter(pk=owner.line_manager_id).first():
            choices.append(
                cls(audience.LINE_MANAGER, f"My line manager, {manager.name}", (manager,))
            )
        if coaches := tuple(coaches_of(owner).live(today)):
            label = f"My coach, {in_words(coaches)}, while we work together"
            choices.append(cls(audience.COACH, label, coaches))
        leaders = Staff.objects.live(today).with_role(Role.CPD_LEADER).exclude(pk=owner.pk)
        if leaders := tuple(leaders.order_by("sort_name", "pk")):
            title = "CPD leader" if len(leaders) == 1 else "CPD leaders"
            choices.append(cls(audience.CPD_LEADER, f"{title}, {in_words(leaders)}", leaders))
        choices.append(cls(audience.EVERYONE, f"Everyone at {owner.school}"))
        return choices

    @classmethod
    def of(cls, reflection: Reflection, choices: Iterable[Self]) -> Self:
        """How it is shared now: one of the choices, or one of its own when the people changed."""
        readers = tuple(reflection.readers_now()) if reflection.is_shared else ()
        for choice in choices:
            if choice.audience == reflection.audience and set(choice.readers) == set(readers):
                return choice
        names = in_words(readers) if readers else "nobody who is still here"
        return cls(cls.AS_NOW, f"As it is now: {names}", readers)


def in_words(people: Iterable[Staff]) -> str:
    """Priya Shah; Priya Shah and Tom Reid; Priya Shah, Tom Reid and Jo Roe."""
    *most, last = [person.name for person in people]
    return f"{', '.join(most)} and {last}" if most else last
