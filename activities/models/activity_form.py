"""Forms of activity: templates of what people do to learn together. Data, never code."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Prefetch, Q

from activities.models.activity import Activity
from activities.models.from_form import ROLE_LENGTH
from cpdhub.models import FrameworkItem
from cpdhub.models.base import shared

MOST_SESSIONS = 40


class ActivityFormQuerySet(models.QuerySet["ActivityForm"]):
    def shipped(self) -> Self:
        return self.filter(school=None)

    def own(self) -> Self:
        return self.filter(school__isnull=False)

    def in_use(self) -> Self:
        """Offered to whoever plans; a withdrawn one stays with the activities it was used for."""
        return self.filter(withdrawn_at=None)

    def of_group(self, group: str) -> Self:
        return self.filter(groups__contains=[group])

    def search(self, words: str) -> Self:
        found = self
        for word in words.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(hint__icontains=word)
                | Q(type__title__icontains=word)
                | Q(sessions__name__icontains=word)
            )
        return found.distinct()

    def with_sessions(self) -> Self:
        return self.select_related("type").prefetch_related(
            Prefetch("sessions", FormSession.objects.order_by("position"))
        )


class ActivityForm(models.Model):
    """A form of activity: "coaching cycle", "lesson study", "INSET day split into twilights".

    Of no school: shipped with CPD Hub. Of a school: its own. An activity copies what it takes
    from its form, so a form may be changed at any time and no activity changes with it.
    """

    class Group(models.TextChoices):
        """The four overlapping groups of the menu."""

        INDIVIDUAL = "individual", "On my own"
        WITHIN = "within-school", "Within our school"
        ACROSS = "across-schools", "With other schools"
        EXTERNAL = "external", "Expertise from outside"

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    code = models.SlugField(max_length=60, editable=False)
    title = models.CharField("name", max_length=120)
    hint = models.CharField("what it is, in a sentence", max_length=300)
    type = models.ForeignKey(
        FrameworkItem, models.PROTECT, related_name="+", verbose_name="type of activity"
    )
    groups = ArrayField(
        models.CharField(max_length=20, choices=Group.choices),
        default=list,
        verbose_name="where it stands in the menu",
    )
    kind = models.CharField(
        "counts as", max_length=10, choices=Activity.Kind, default=Activity.Kind.DIRECT
    )
    is_compulsory = models.BooleanField("compulsory for those who take part", default=False)
    is_own_time = models.BooleanField("in people's own time", default=False)
    is_private = models.BooleanField(
        "private: what people write is read by those who take part and nobody else", default=False
    )
    look_again_after = models.PositiveSmallIntegerField(
        "look again, weeks after the last session",
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(104)],
    )
    evaluate_after: Any = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(104)]),
        default=list,
        blank=True,
        verbose_name="ask people again, weeks after the last session",
    )
    roles = ArrayField(
        models.CharField(max_length=ROLE_LENGTH), default=list, blank=True, verbose_name="roles"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = shared(ActivityFormQuerySet)

    class Meta:
        verbose_name = "form of activity"
        verbose_name_plural = "forms of activity"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code"], nulls_distinct=False, name="one_form_of_a_code"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(school__isnull=False),
                name="what_is_shipped_is_not_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shipped(self) -> bool:
        return self.school_id is None

    @property
    def groups_in_words(self) -> list[str]:
        return [self.Group(group).label for group in self.groups if group in self.Group.values]


class FormSession(models.Model):
    """One session of a form: what it is called, when it comes, what is written about it."""

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    form = models.ForeignKey(ActivityForm, models.CASCADE, related_name="sessions")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    days_after = models.PositiveSmallIntegerField(
        "days after the one before", default=7, validators=[MaxValueValidator(730)]
    )
    minutes = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(5), MaxValueValidator(12 * 60)]
    )
    planning_minutes = models.PositiveSmallIntegerField("of which to plan", default=0)
    prompts = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name="prompts"
    )

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["form", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "position"],
                name="one_form_session_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5) & Q(minutes__lte=720), name="form_session_fits_a_day"
            ),
            models.CheckConstraint(
                condition=Q(planning_minutes__lte=F("minutes")),
                name="planning_is_part_of_a_form_session",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def when(self) -> str:
        """In words: at once, the same day, 2 weeks later."""
        if self.position == 1:
            return "first"
        days = self.days_after
        if days == 0:
            return "the same day"
        weeks = days // 7 if days % 7 == 0 else 0
        number, unit = (weeks, "week") if weeks else (days, "day")
        return f"{number} {unit}{'' if number == 1 else 's'} later"


def next_school_day(day: date, *, step: int, is_off: Any) -> date:
    """That day, or the first after it, `step` days at a time, on which the school is open."""
    for _ in range(366):
        if day.weekday() < 5 and not is_off(day):
            return day
        day += timedelta(days=step if day.weekday() < 5 else 1)
    return day
