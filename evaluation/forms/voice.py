"""Asking a group by a code, and a pupil's sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from audits.models import Instrument, Question
from cpdhub.models import Staff
from evaluation.forms.observation import learning_of
from evaluation.models import PupilVoice
from evaluation.pupil_names import looks_like_a_pupil
from evaluation.pupils_voice import LONGEST, USUAL


class VoiceForm(forms.ModelForm):
    """Which questions, which group, how many, until when."""

    days = forms.IntegerField(
        label="The code works for (days)",
        min_value=1,
        max_value=LONGEST.days,
        initial=USUAL.days,
        help_text="Close it earlier when everybody has answered.",
    )

    class Meta:
        model = PupilVoice
        fields = ["instrument", "group", "people", "is_whole_class", "activity"]
        field_classes = dict.fromkeys(["instrument", "activity"], SafeModelChoiceField)
        help_texts = {
            "group": "A class or a group as you call it: 4P, Year 5 readers. Never pupils’ names.",
            "people": "No more than so many answer. At least five, of a whole class ten.",
            "is_whole_class": "Then nothing is shown of fewer than ten answers, else of fewer than"
            " five.",
            "activity": "What they say can then be evidence for it.",
        }

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["instrument"].queryset = Instrument.objects.without_account()
        fields["instrument"].empty_label = "Choose"
        fields["instrument"].label_from_instance = lambda row: row.title
        fields["activity"].queryset = learning_of(by)
        fields["activity"].empty_label = "None"
        if self.instance.before_id:  # the same questions of the same group, once more
            for name in ("instrument", "activity"):
                fields[name].disabled = True

    def clean_group(self) -> str:
        group = " ".join(self.cleaned_data["group"].split())
        if looks_like_a_pupil(group):
            raise forms.ValidationError("This reads like a pupil’s name: say which class or group.")
        return group

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        least = 10 if cleaned.get("is_whole_class") else 5
        if (people := cleaned.get("people")) and people < least:
            self.add_error("people", f"Ask at least {least}: of fewer nothing may be shown.")
        return cleaned


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Your code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class SheetForm(forms.Form):
    """One page with every question. Each may be left out."""

    def __init__(self, data: Any, *, questions: list[Question]) -> None:
        super().__init__(data)
        self.questions = questions
        for place, question in enumerate(questions):
            self.fields[f"q{place}"] = forms.ChoiceField(
                label=question.text,
                choices=list(enumerate(question.choices, start=1)),
                required=False,
                widget=forms.RadioSelect,
            )

    def chosen(self) -> list[int]:
        """The number of each word, 0 where the question was left out."""
        return [int(self.cleaned_data[f"q{place}"] or 0) for place in range(len(self.questions))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Choose at least one answer.")
        return cleaned
