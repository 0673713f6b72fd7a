"""Describing an innovation, placing a team on its map, and the next step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import Priority, Staff, Team
from evaluation.models import Innovation, NextStep, Variation
from evaluation.models.innovation import MOST_COMPONENTS

Band = Variation.Band
BLANK_PARTS = 2


class InnovationForm(RevisionModelForm):
    """What it is, and its map: for each part four lines, from ideal to not in use."""

    class Meta:
        model = Innovation
        fields = ["title", "goal", "pupils", "lead", "priority"]
        field_classes = {"lead": SafeModelChoiceField, "priority": SafeModelChoiceField}
        widgets = {"goal": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"goal": "What somebody would see and hear who came in, in a sentence or two."}

    def __init__(self, *args: Any, parts: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead"]
        lead.queryset = Staff.objects.live(clock.today()).on_staff().order_by("sort_name", "pk")
        priority: Any = self.fields["priority"]
        priority.queryset = Priority.objects.live().order_by("title", "pk")
        self.numbers = range(min(len(parts) + BLANK_PARTS, MOST_COMPONENTS))
        for number in self.numbers:
            part = parts[number] if number < len(parts) else {}
            for name, label, most in self._part_fields():
                key = f"{name}_{number}"
                self.fields[key] = forms.CharField(label=label, max_length=most, required=False)
                self.initial[key] = part.get(name, "")

    @staticmethod
    def _part_fields() -> list[tuple[str, str, int]]:
        return [("part", "Part", 120), *((band.value, str(band.label), 300) for band in Band)]

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in [*self.Meta.fields, "revision"]]

    @property
    def part_fields(self) -> list[list[Any]]:
        return [
            [self[f"{name}_{number}"] for name, _, _ in self._part_fields()]
            for number in self.numbers
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number in self.numbers:
            texts = [cleaned.get(f"{band}_{number}") for band in Band.values]
            if cleaned.get(f"part_{number}"):
                if not cleaned.get(f"{Band.IDEAL}_{number}"):
                    self.add_error(f"{Band.IDEAL}_{number}", "What does it look like at its best?")
            elif any(texts):
                self.add_error(f"part_{number}", "What is this part called?")
        if not self.errors and not self.parts:
            self.add_error("part_0", "Describe one part at least.")
        return cleaned

    @property
    def parts(self) -> list[dict[str, str]]:
        """The parts as they were sent, in order; those that were emptied are not there."""
        cleaned = self.cleaned_data
        return [
            {name: cleaned[f"{name}_{number}"] for name, _, _ in self._part_fields()}
            for number in self.numbers
            if cleaned.get(f"part_{number}")
        ]


class TeamForm(forms.Form):
    """Whose: a team's, or the whole school's."""

    team = SafeModelChoiceField(
        label="Whose", queryset=Team.objects.none(), required=False, empty_label="Whole school"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = Team.objects.order_by("name", "pk")


class PlaceForm(TeamForm):
    """Where a team is with each part. A part left out stays where it was."""

    placed_on = forms.DateField(label="Date", widget=DayInput, initial=clock.today)
    known_by = forms.CharField(
        label="How we know",
        max_length=200,
        required=False,
        help_text="For example: six rooms looked into together. Teams are placed, no person is.",
    )

    def __init__(self, *args: Any, components: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.components = components
        for component in components:
            choices = [(row.band, f"{row.get_band_display()}: {row}") for row in component.shown]
            self.fields[f"component_{component.pk}"] = forms.ChoiceField(
                label=component.title, choices=[("", "Leave it"), *choices], required=False
            )
        self.order_fields(["team", "placed_on"])

    def clean_placed_on(self) -> date:
        day: date = self.cleaned_data["placed_on"]
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.placed:
            self.add_error(None, "Choose where the team is with one part at least.")
        return cleaned

    @property
    def placed(self) -> dict[int, str]:
        """Band by component."""
        return {
            component.pk: band
            for component in self.components
            if (band := self.cleaned_data.get(f"component_{component.pk}"))
        }


class StepForm(forms.ModelForm):
    """From where a team is to the next variation: what it does, and by when."""

    class Meta:
        model = NextStep
        fields = ["team", "band", "action", "due_on"]
        field_classes = {"team": SafeModelChoiceField}
        widgets = {"due_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = Team.objects.order_by("name", "pk")
        team.empty_label = "Whole school"
        band: Any = self.fields["band"]
        band.choices = [choice for choice in Band.choices if choice[0] != Band.NOT_IN_USE]
