"""Looking back at an activity: asking those who took part, judging it, deciding about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models import Activity, Participation
from activities.models.querysets import ActivityQuerySet
from audits.models import Round
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.permissions import Permission

LONGEST = 1_000
LONG = timedelta(weeks=4)  # from the first session to the last


def known_to(staff: Staff) -> ActivityQuerySet:
    """Activities of which this person reads all that is said about their impact.

    Who takes part or leads; of those that are not private also who entered them and who sees
    everyone's record. People's own learning is judged by nobody.
    """
    takes_part = Participation.objects.filter(activity=OuterRef("pk"), staff=staff)
    others: Any = Q(owner=staff)
    if staff.can(Permission.SEE_EVERYONES_RECORD):
        others = Q()
    found: ActivityQuerySet = Activity.objects.visible_to(staff).of_school()
    return found.filter(Q(lead=staff) | Exists(takes_part) | Q(is_private=False) & others)


class Moment(models.TextChoices):
    """When people are asked: each later one asks what cannot be known before."""

    END = "end", "At the end"
    WEEKS = "weeks", "Some weeks later"
    TERM = "term", "A term later"
    YEAR = "year", "A year later"

    @classmethod
    def of_weeks(cls, weeks: int) -> Moment:
        """Which moment so many weeks after the last session are."""
        if weeks < 2:
            return cls.END
        if weeks < 10:
            return cls.WEEKS
        return cls.TERM if weeks < 40 else cls.YEAR


class ImpactRound(SchoolModel):
    """Those who took part in an activity were asked about it at one moment, or were not, and why.

    `spared` counts those who were asked enough in this half-term and so were left in peace.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="impact_rounds")
    moment = models.CharField(max_length=5, choices=Moment)
    due_on = models.DateField()
    round = models.OneToOneField(
        Round, models.PROTECT, null=True, blank=True, related_name="about", editable=False
    )
    not_asked_because = models.CharField(max_length=120, blank=True)
    spared = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "moment"], name="asked_once_a_moment"),
            models.CheckConstraint(
                condition=Q(round__isnull=False, not_asked_because="")
                | Q(round=None) & ~Q(not_asked_because=""),
                name="asked_or_said_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}: {self.activity_id}"


class Verdict(models.TextChoices):
    """What is said of an intended outcome. "Cannot tell" is an honest answer."""

    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_YET = "not_yet", "Not yet"
    UNKNOWN = "unknown", "Cannot tell"


class Reach(models.TextChoices):
    """How far it went."""

    SELF = "self", "Those who took part"
    OWN_PUPILS = "own_pupils", "Their own pupils"
    COLLEAGUES = "colleagues", "Colleagues who were not there"
    OTHER_PUPILS = "other_pupils", "Other pupils here"
    OTHER_SCHOOLS = "other_schools", "Other schools"


class Decision(models.TextChoices):
    KEEP = "keep", "Keep"
    CHANGE = "change", "Change"
    STOP = "stop", "Stop"


class ImpactReviewQuerySet(models.QuerySet["ImpactReview"]):
    def visible_to(self, staff: Staff) -> Self:
        """All of what one knows; of other activities what was decided in the end."""
        seen = Activity.objects.visible_to(staff).of_school().filter(is_private=False)
        return self.filter(
            Q(activity__in=known_to(staff)) | Q(closed_on__isnull=False, activity__in=seen)
        )

    def closed(self) -> Self:
        return self.filter(closed_on__isnull=False)

    def open(self) -> Self:
        return self.filter(closed_on=None)

    def standing(self) -> Self:
        """The last closed one of each activity: a year later it may be judged again."""
        later = ImpactReview.objects.filter(
            Q(closed_on__gt=OuterRef("closed_on"))
            | Q(closed_on=OuterRef("closed_on"), pk__gt=OuterRef("pk")),
            activity=OuterRef("activity"),
        )
        return self.filter(~Exists(later), closed_on__isnull=False)


@remembered()
class ImpactReview(SchoolModel):
    """An activity judged: what was intended against what came, and what is decided about it.

    A draft until it is closed, and closed only with a verdict on both outcomes and a decision.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reviews")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+", editable=False)
    staff_verdict = models.CharField(
        "what staff do differently", max_length=8, choices=Verdict, blank=True
    )
    staff_because = models.TextField("how we know", max_length=LONGEST, blank=True)
    pupils_verdict = models.CharField(
        "what pupils gained", max_length=8, choices=Verdict, blank=True
    )
    pupils_because = models.TextField("how we know", max_length=LONGEST, blank=True)
    helped_by = models.CharField("what helped", max_length=300, blank=True)
    hindered_by = models.CharField("what got in the way", max_length=300, blank=True)
    reach = ArrayField(
        models.CharField(max_length=13, choices=Reach),
        default=list,
        blank=True,
        verbose_name="how far it reached",
    )
    decision = models.CharField(max_length=6, choices=Decision, blank=True)
    what_we_change = models.TextField("what we change", max_length=LONGEST, blank=True)
    closed_on = models.DateField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(ImpactReviewQuerySet)

    class Meta:
        ordering = ["-closed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(closed_on=None), name="one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | ~Q(staff_verdict="") & ~Q(pupils_verdict="") & ~Q(decision=""),
                name="closed_with_verdicts_and_decision",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(decision__in=["", "keep"]) | ~Q(what_we_change=""),
                name="change_says_what",
            ),
        ]
        indexes = [models.Index(fields=["school", "closed_on"], name="review_by_day")]

    def __str__(self) -> str:
        return f"review of {self.activity_id}"

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    @property
    def reach_in_words(self) -> str:
        return ", ".join(Reach(each).label.lower() for each in self.reach)

    @property
    def in_words(self) -> str:
        """Kept, pupils: partly met."""
        decided = {"keep": "Keep it", "change": "Keep it, changed", "stop": "Stop it"}
        return f"{decided[self.decision]}; for pupils {self.get_pupils_verdict_display().lower()}"


class UnplannedGainQuerySet(models.QuerySet["UnplannedGain"]):
    def visible_to(self, staff: Staff) -> Self:
        return self.filter(Q(noted_by=staff) | Q(activity__in=known_to(staff)))


class UnplannedGain(SchoolModel):
    """What else happened because of an activity, which nobody had planned: good or bad."""

    class About(models.TextChoices):
        """Kinds of impact, a coding frame: what changed, whoever it changed for."""

        THINKING = "thinking", "Awareness and thinking"
        PRACTICE = "practice", "Practice"
        COMMITMENT = "commitment", "Commitment"
        ESTEEM = "esteem", "Confidence and self-esteem"
        ENJOYMENT = "enjoyment", "Enjoyment and wellbeing"
        COLLABORATION = "collaboration", "Working together"
        CAREER = "career", "Staying, moving on, promotion"
        OFFER = "offer", "What the school offers"
        PUPILS = "pupils", "Pupils' learning"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="unplanned")
    is_good = models.BooleanField(
        "was it good or bad?", choices=[(True, "A gain"), (False, "A side effect, not wanted")],
        default=True,
    )  # fmt: skip
    text = models.CharField("what happened", max_length=300)
    about = models.CharField("what it is about", max_length=13, choices=About, blank=True)
    reach = models.CharField("for whom", max_length=13, choices=Reach, blank=True)
    noted_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    noted_on = models.DateField(default=clock.today, editable=False)

    objects: ClassVar[Any] = scoped(UnplannedGainQuerySet)

    class Meta:
        ordering = ["-noted_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="unplanned_says_something")
        ]

    def __str__(self) -> str:
        return self.text


def moments_of(activity: Activity, first: date, last: date) -> dict[str, date]:
    """When those who took part are asked: as its form says, else by how long it went on.

    Always on the day after the end, when registers are taken; then, unless the form says so,
    after six weeks, and of what went on for more than a month also after a term and a year.
    """
    weeks = list(activity.evaluate_after)
    if not weeks:
        weeks = [6, 13, 52] if last - first > LONG else [6]
    found: dict[str, date] = {}
    for number in sorted({0, *weeks}):
        days = timedelta(weeks=number) if number else timedelta(days=1)
        found.setdefault(Moment.of_weeks(number), last + days)
    return found
