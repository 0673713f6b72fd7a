"""What people fill in about the CPD policy."""

from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm, differences
from cpdhub.models import Policy, PolicyObjective, Priority

BLANK_ROWS = 2
NEEDED = {
    "vision": "Say it in a sentence or two: it is what people see when they plan.",
    "definition": "Say what counts: people see it when they plan.",
    "review_on": "Give a day, so that somebody looks again.",
}


class PolicyForm(RevisionModelForm):
    """The policy's words. To be published it needs a vision, a definition and a review date."""

    class Meta:
        model = Policy
        fields = ["vision", "definition", "roles", "decisions", "review_on"]
        widgets = {
            "vision": forms.Textarea(attrs={"rows": 2}),
            "definition": forms.Textarea(attrs={"rows": 5}),
            "roles": forms.Textarea(attrs={"rows": 5}),
            "decisions": forms.Textarea(attrs={"rows": 4}),
            "review_on": DayInput(),
        }
        help_texts = {
            "vision": "What professional learning is for, here, in a sentence or two.",
            "definition": "What counts: formal and informal, for one person, the team, the school.",
            "roles": "A line for each.",
            "decisions": "How needs are weighed, who says yes, and what people are told.",
            "review_on": "Usually in a year. After that day you are reminded.",
        }

    def __init__(self, *args: Any, must_be_complete: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.must_be_complete = must_be_complete

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, sentence in NEEDED.items() if self.must_be_complete else ():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, sentence)
        if (day := cleaned.get("review_on")) and day <= clock.today():
            self.add_error("review_on", "Give a day that is still to come.")
        return cleaned


class ObjectiveForm(forms.ModelForm):
    class Meta:
        model = PolicyObjective
        fields = ["text", "known_by", "priority"]
        field_classes = {"priority": SafeModelChoiceField}

    def __init__(self, *args: Any, priorities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["priority"]
        field.queryset = priorities | Priority.objects.filter(pk=self.instance.priority_id)
        field.empty_label = "None yet"


class BaseObjectives(BaseInlineFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove this objective"

    def differences(self) -> list[Any]:
        """Row by row, what is saved now against what was sent (see RevisionModelForm)."""
        found = []
        for form in self.initial_forms:
            try:
                form.instance.refresh_from_db()
            except PolicyObjective.DoesNotExist:
                continue  # removed meanwhile: its own row of the form says so
            found += differences(form, of=form.instance.text)
        return found


def objectives_formset(data: Any = None, *, policy: Policy) -> Any:
    """The objectives of a draft as rows, with some blank ones to fill in."""
    today = clock.today()
    there = policy.objectives.count()
    factory = inlineformset_factory(
        Policy,
        PolicyObjective,
        form=ObjectiveForm,
        formset=BaseObjectives,
        extra=min(BLANK_ROWS, PolicyObjective.MOST - there),
        max_num=PolicyObjective.MOST,
        validate_max=True,
        absolute_max=PolicyObjective.MOST + 2,
    )
    in_this_year = Q(plan__year__starts_on__lte=today, plan__year__ends_on__gte=today)
    priorities = Priority.objects.filter(in_this_year)
    formset: Any = factory(
        data, instance=policy, prefix="objectives", form_kwargs={"priorities": priorities}
    )
    return formset
