"""What people can help others with."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from audits.models.help import HelpRequest
from audits.models.need import Need
from audits.models.topic import Topic
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.models.staff import in_post
from cpdhub.queries import counted, holding


class ExpertiseQuerySet(models.QuerySet["Expertise"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own, and what colleagues chose to show. No role sees more."""
        return self.filter(Q(staff=staff) | Q(audience__in=Expertise.SHOWN))

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(staff=staff)

    def offered(self, *, today: date) -> Self:
        """Shown to colleagues, by people who work here today."""
        return self.filter(in_post(today, "staff__"), audience__in=Expertise.SHOWN)

    def on_display(self, *, today: date) -> Self:
        """The printed list of talents."""
        return self.offered(today=today).filter(audience=Expertise.Audience.DISPLAY)

    def for_other_schools(self, *, today: date) -> Self:
        """Whose topic schools of a network may read; never whose it is."""
        return self.offered(today=today).filter(for_networks=True, is_paused=False)

    def about(self, words: str) -> Self:
        """With all these words in topic, offer, name or job, accents and case aside."""
        fields = ("topic__title", "text", "staff__sort_name", "staff__job_title")
        return self.filter(holding(words, *(f"{field}__unaccent" for field in fields)))

    def with_load(self) -> Self:
        """How many asks each person has open, about anything."""
        return self.annotate(
            load=counted(HelpRequest.objects.open().filter(helper=OuterRef("staff")))
        )

    def with_thanks(self) -> Self:
        """How often each was thanked for, and how many can do it themselves since."""
        thanked = HelpRequest.objects.thanked().filter(
            helper=OuterRef("staff"), topic=OuterRef("topic")
        )
        return self.annotate(
            thanks=counted(thanked), learned=counted(thanked.filter(can_do_it=True))
        )

    def with_steps_above(self, staff: Staff) -> Self:
        """How far above this person's level each is: 1 knows a little more, 9 knows no more.

        A person's level is what they say of themselves in their own offer or need; who says
        nothing is learning it.
        """
        own = Expertise.objects.filter(staff=staff, topic=OuterRef("topic")).values("level")
        need = Need.objects.owned_by(staff).open().filter(topic=OuterRef("topic"))
        felt = need.exclude(level_now=None).order_by("-identified_on").values("level_now")
        # Somebody who feels very sure of what they need is still helped by those who train.
        level = Least(
            Coalesce(Subquery(own[:1]), Subquery(felt[:1]), Value(Expertise.Level.LEARNING.value)),
            Value(Expertise.Level.SHOWING.value),
        )
        return self.alias(own_level=level).annotate(
            steps=Case(
                When(level__gt=F("own_level"), then=F("level") - F("own_level")),
                default=Value(9),
                output_field=IntegerField(),
            )
        )


class Expertise(SchoolModel):
    """What one person can help others with. On the screen: an offer.

    Theirs alone until they say that colleagues may see it: a skill of the job or a talent outside
    it, at any level, whatever their post. Nobody rates it.
    """

    class Level(models.IntegerChoices):
        LEARNING = 1, "Learning it"
        USING = 2, "Using it"
        SHOWING = 3, "Can show it"
        TRAINING = 4, "Can train others"

    class Audience(models.TextChoices):
        ONLY_ME = "me", "Only me"
        COLLEAGUES = "colleagues", "Colleagues here"
        DISPLAY = "display", "Colleagues, and the printed list of talents"

    class Source(models.TextChoices):
        OWN = "own", "Said by the person"
        AUDIT = "audit", "An answer in an audit"

    SHOWN = (Audience.COLLEAGUES, Audience.DISPLAY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="offers")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="offers")
    level = models.PositiveSmallIntegerField(
        "how well do you know it?", choices=Level, default=Level.SHOWING
    )
    text = models.CharField("what you could do for somebody", max_length=300, blank=True)
    ways = ArrayField(
        models.CharField(max_length=8, choices=HelpRequest.Way), verbose_name="how you would help"
    )
    is_talent = models.BooleanField("a talent or interest outside school work", default=False)
    times = models.CharField("when it suits you", max_length=120, blank=True)
    audience = models.CharField(
        "who may see this", max_length=10, choices=Audience, default=Audience.ONLY_ME
    )
    for_networks = models.BooleanField(
        "schools we learn with may read the topic, without my name", default=False
    )
    shows_thanks = models.BooleanField(
        "colleagues may also read how I was thanked for it", default=False
    )
    is_paused = models.BooleanField("not at the moment", default=False, editable=False)
    source = models.CharField(max_length=5, choices=Source, default=Source.OWN, editable=False)

    objects: ClassVar[Any] = scoped(ExpertiseQuerySet)

    class Meta:
        verbose_name = "offer"
        constraints = [
            models.UniqueConstraint(fields=["staff", "topic"], name="one_offer_a_topic"),
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="offer_has_a_level"),
            models.CheckConstraint(condition=~Q(ways=[]), name="offer_says_how"),
            models.CheckConstraint(
                condition=~Q(audience="display") | Q(is_talent=True), name="talents_on_display"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} on {self.topic_id}"

    @property
    def is_shown(self) -> bool:
        return self.audience in self.SHOWN

    @property
    def ways_in_words(self) -> str:
        """Answer a question, show it"""
        words = [str(HelpRequest.Way(way).label) for way in self.ways]
        return ", ".join(words[:1] + [word[0].lower() + word[1:] for word in words[1:]])
