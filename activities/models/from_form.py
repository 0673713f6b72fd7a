"""What an activity took from its form when it was planned: its own from then on."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cpdhub import clock

if TYPE_CHECKING:
    from activities.models.activity_form import ActivityForm

ROLE_LENGTH = 40


OF_THEIR_OWN = "something of their own"  # in place of a private activity's title


class FromForm(models.Model):
    """The part of an activity that a form fills in. The form may change later; this does not."""

    form = models.ForeignKey(
        "activities.ActivityForm",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="activities",
    )
    is_private = models.BooleanField(
        "what is written stays between those who take part", default=False, editable=False
    )
    roles = ArrayField(
        models.CharField(max_length=ROLE_LENGTH), default=list, blank=True, editable=False
    )
    evaluate_after: Any = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, editable=False
    )

    class Meta:
        abstract = True

    def take_from(self, form: "ActivityForm | None") -> None:
        """A copy of what is not asked on the plan page. Of a form chosen before, nothing stays."""
        self.form, self.is_private = form, bool(form and form.is_private)
        self.roles = list(form.roles) if form else []
        self.evaluate_after = list(form.evaluate_after) if form else []

    def asked_again_on(self, ends: list[datetime]) -> str:
        """When people are asked again how it went on: 3 March and 21 July 2027."""
        if not ends or not self.evaluate_after:
            return ""
        last = max(ends).astimezone(clock.LONDON).date()
        days = [last + timedelta(weeks=weeks) for weeks in self.evaluate_after]
        return " and ".join(f"{day.day} {day:%B %Y}" for day in days)


FORM_IS_SHIPPED_OR_OWN = pgtrigger.Trigger(
    name="form_is_shipped_or_own",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("form_id", "school_id"),
    condition=pgtrigger.Q(new__form__isnull=False),
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM activities_activityform f WHERE f.id = NEW.form_id
            AND (f.school_id IS NULL OR f.school_id = NEW.school_id)
        ) THEN RAISE EXCEPTION 'an activity has a shipped form or one of its school'
            USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
