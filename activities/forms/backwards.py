"""Planning backwards: from what pupils gain to what people do, a question on each page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django_scopes.forms import SafeModelChoiceField

from activities.design.facts import helpers
from activities.forms.activity import ImpactForm, PageForms, WithType
from activities.forms.layout import LayoutForm
from activities.models import Activity, ActivityForm, Design, IntendedImpact, Provider
from audits.helpers import known_topics
from audits.models import Topic
from cpdhub import clock
from cpdhub.models import Staff


@dataclass(frozen=True)
class Step:
    """One question on the way back from the pupils; what must be said before it is planned."""

    code: str
    name: str
    question: str
    hint: str
    fields: tuple[str, ...]
    needed: tuple[str, ...] = ()


STEPS = (
    Step("pupils", "Pupils", "What should pupils gain?",
         "Begin with them: which pupils, and what will they be able to do?",
         ("pupils_will",), ("pupils_will",)),
    Step("practice", "Practice", "What will staff do differently for that?",
         "What would somebody see in a classroom that is not there today?",
         ("staff_will",), ("staff_will",)),
    Step("support", "Support", "What does the school give towards it?",
         "Time, cover, resources, a room, somebody’s blessing to try and fail.", ("support",)),
    Step("learning", "Learning", "What do people have to learn, and who can teach it?",
         "Somebody here may know it already. They come before anybody from outside.",
         ("learning", "topic", "lead", "led_by", "provider", "outside_because")),
    Step("activity", "Activity", "What will people do to learn it?",
         "Only now: the activity that gets there. A form fills in its sessions later.",
         ("title", "type", "form")),
    Step("evidence", "Evidence", "How will you know, at each step back to the pupils?",
         "Decide it now, while nobody has an interest in the answer.",
         ("known_by", "look_again_on", "practice_seen_by", "learning_seen_by"),
         ("known_by", "look_again_on")),
)  # fmt: skip


class Part(forms.ModelForm):
    """The boxes of one model that a step asks for; the others are left as they are."""

    def __init__(self, *args: Any, keep: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(keep):
            del self.fields[name]


class ImpactPart(Part, ImpactForm):
    class Meta(ImpactForm.Meta):
        labels = {
            "pupils_will": "Pupils will",
            "staff_will": "Staff will",
            "known_by": "What pupils gained: we will know by",
            "look_again_on": "We look again on",
        }


class ActivityPart(Part, WithType):
    form: Any = forms.TypedChoiceField(
        label="Form of activity", coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Activity
        fields = ["title", "type", "lead", "led_by", "provider"]
        field_classes = {
            "type": SafeModelChoiceField,
            "lead": SafeModelChoiceField,
            "provider": SafeModelChoiceField,
        }
        labels = {
            "lead": "Led by a colleague",
            "led_by": "Or by somebody from outside",
            "title": "What is it called?",
        }

    def __init__(self, *args: Any, keep: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, keep=(*keep, "type"), **kwargs)
        fields: dict[str, Any] = self.fields
        if "type" not in keep:
            del fields["type"]
        if "lead" in fields:
            fields["lead"].queryset = Staff.objects.live(clock.today()).on_staff()
            fields["lead"].empty_label = "Nobody from here"
        if "provider" in fields:
            fields["provider"].queryset = Provider.objects.current()
            fields["provider"].empty_label = "None of them"
        if "form" in fields:
            layout = LayoutForm()
            fields["form"].choices = layout.fields["form"].choices  # type: ignore[attr-defined]
            self.initial["form"] = self.instance.form_id

    def take(self) -> None:
        """What the chosen form of activity says of it."""
        if "form" not in self.fields:
            return
        chosen = ActivityForm.objects.in_use().filter(pk=self.cleaned_data["form"]).first()
        self.instance.take_from(chosen)


class DesignPart(Part):
    class Meta:
        model = Design
        fields = [
            "support", "learning", "topic", "outside_because", "practice_seen_by",
            "learning_seen_by",
        ]  # fmt: skip
        field_classes = {"topic": SafeModelChoiceField}
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("support", "learning", "practice_seen_by", "learning_seen_by")
        }
        labels = {
            "support": "The school gives",
            "learning": "People have to learn",
            "topic": "Which topic is that?",
            "outside_because": "Why somebody from outside rather than a colleague?",
            "practice_seen_by": "That practice changed: we will see",
            "learning_seen_by": "That people learned it: we will see",
        }
        help_texts = {
            "topic": "To find who here can help.",
            "outside_because": "Only if a colleague offers the topic and you go outside.",
            "practice_seen_by": "For example: two visits to each room, asked for by the teacher.",
            "learning_seen_by": "For example: each explains it to a colleague.",
        }

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "topic" in self.fields:
            field: Any = self.fields["topic"]
            field.queryset = known_topics(by)
            field.empty_label = "None of these"


class StepPage(PageForms):
    """One step for an activity that is a draft, or about to be one."""

    def __init__(
        self, step: Step, activity: Activity, by: Staff, data: QueryDict | None = None
    ) -> None:
        self.step, self.object = step, activity
        impact = getattr(activity, "intended_impact", None) or IntendedImpact()
        design = getattr(activity, "design", None) or Design()
        self.impact = ImpactPart(data, instance=impact, keep=step.fields)
        self.activity = ActivityPart(data, instance=activity, keep=step.fields)
        self.design = DesignPart(data, instance=design, keep=step.fields, by=by)
        super().__init__([self.impact, self.activity, self.design])

    def boxes(self) -> list[forms.BoundField]:
        """In the order of the step."""
        return [form[name] for name in self.step.fields for form in self if name in form.fields]

    @property
    def topic(self) -> Topic | None:
        return self.design.instance.topic

    def is_ready(self) -> bool:
        """All boxes can be read; a reason is there where somebody goes past a colleague."""
        if not self.are_valid():
            return False
        if "outside_because" in self.step.fields:
            self._ask_why_outside()
        return not self.errors

    def _ask_why_outside(self) -> None:
        is_outside = self.activity.instance.led_by or self.activity.instance.provider_id
        if not is_outside or self.design.cleaned_data["outside_because"] or not self.topic:
            return
        topics = Topic.objects.filter(pk=self.topic.pk)
        if names := helpers(topics, self.object):
            self.design.add_error(
                "outside_because",
                f"{names[0]} offers help with this here. Ask them first, or say why not.",
            )

    def save(self) -> Activity:
        """The three rows it is kept in; inside a transaction."""
        activity = self.object
        if self.activity.fields:
            self.activity.take()
        activity.save()
        for form in (self.impact, self.design):
            if form.fields:
                row = form.save(commit=False)
                row.school_id, row.activity = activity.school_id, activity
                row.save()
        return activity


def said(activity: Activity) -> set[str]:
    """The boxes of all steps that hold something."""
    rows = (getattr(activity, "intended_impact", None), getattr(activity, "design", None))
    names = {name for step in STEPS for name in step.fields} - {"title", "type", "lead"}
    return {name for name in names for row in (activity, *rows) if getattr(row, name, None)}
