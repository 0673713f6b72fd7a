"""A meeting, who came, and what somebody undertook."""

from __future__ import annotations

from typing import Any

from django import forms

from cpdhub.forms import DayInput, RevisionModelForm, TimeInput
from networks.models import ActionPoint, Meeting


class MeetingForm(RevisionModelForm):
    link = forms.URLField(
        label="Or by this link", required=False, assume_scheme="https", max_length=500
    )
    came = forms.TypedMultipleChoiceField(
        label="Which schools came", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Meeting
        fields = ["title", "held_on", "starts_at", "place", "link", "agenda", "notes"]
        widgets = {
            "held_on": DayInput, "starts_at": TimeInput, "agenda": forms.Textarea({"rows": 5}),
            "notes": forms.Textarea({"rows": 8}),
        }  # fmt: skip
        help_texts = {
            "agenda": "One thing a line. What is left from last time comes by itself.",
            "notes": "Afterwards. Every school reads it, those too that could not come.",
        }

    def __init__(self, *args: Any, schools: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        came: Any = self.fields["came"]
        came.choices, came.initial = schools, self.instance.present

    def save(self, commit: bool = True) -> Meeting:
        self.instance.present = self.cleaned_data.get("came", [])
        saved: Meeting = super().save(commit)
        return saved


class ActionPointForm(forms.ModelForm):
    class Meta:
        model = ActionPoint
        fields = ["text", "who", "by_when"]
        widgets = {"by_when": DayInput}
        labels = {"text": "One thing that is done"}
