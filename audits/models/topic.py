"""What needs and offers of help are about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from audits.models.instrument import Question
from cpdhub.models.base import SchoolModel


class Topic(SchoolModel):
    """What needs and offers are about, in the school's own words: "open questions in maths".

    Needs of one topic are alike: they are counted, split by level and answered together, and
    whoever offers help with the topic is found beside them. A topic that came from a statement
    of a questionnaire keeps its code, so that the next audit finds it again.
    """

    title = models.CharField(max_length=300)
    instrument_code = models.SlugField(max_length=60, blank=True, editable=False)
    question_code = models.SlugField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering = [Lower("title"), "pk"]
        constraints = [
            models.UniqueConstraint("school", Lower("title"), name="one_topic_of_a_title"),
            models.UniqueConstraint(
                fields=["school", "instrument_code", "question_code"],
                condition=~Q(question_code=""),
                name="one_topic_a_statement",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of_question(cls, question: Question, *, school_id: int) -> Topic:
        """The topic of a statement, the same in every version of its questionnaire."""
        codes = {
            "instrument_code": question.section.instrument.code,
            "question_code": question.code,
        }
        found = cls.objects.filter(**codes).first()
        return found or cls.named(question.text.rstrip("."), school_id=school_id, **codes)

    @classmethod
    def named(cls, title: str, *, school_id: int, **codes: str) -> Topic:
        """The topic of this title, however it is capitalised; a new one when there is none, the
        same for two people who name it at once."""
        topic, _ = cls.objects.get_or_create(
            title__iexact=title, defaults={"school_id": school_id, "title": title, **codes}
        )
        return topic
