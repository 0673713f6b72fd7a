"""A strategy of the network, and how far a school is with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from networks.models import Adoption, Strategy, Theme

LINES = forms.Textarea({"rows": 3})


class StrategyForm(RevisionModelForm):
    class Meta:
        model = Strategy
        fields = [
            "title", "about", "way", "theme", "begins_on", "lead", "deputy", "outputs",
            "challenge", "challenge_note", "ends_on", "after_the_end",
        ]  # fmt: skip
        field_classes = {"theme": SafeModelChoiceField}
        widgets = {
            "about": LINES, "outputs": LINES, "after_the_end": LINES, "begins_on": DayInput,
            "ends_on": DayInput, "way": forms.RadioSelect,
        }  # fmt: skip
        help_texts = {
            "lead": "A name and a school. Others read it.",
            "deputy": "So that it does not end when one person goes.",
            "outputs": "Optional: a booklet, a set of lessons, a list of people.",
            "ends_on": "Empty: it has no end. With one, say beforehand what happens then.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme: Any = self.fields["theme"]
        theme.queryset = Theme.objects.filter(network=self.instance.network_id)
        theme.empty_label = "None of them"
        way: Any = self.fields["way"]
        way.choices = Strategy.Way.choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins, ends = cleaned.get("begins_on"), cleaned.get("ends_on")
        if begins and ends and ends <= begins:
            self.add_error("ends_on", "It would end before it began.")
        if ends and not cleaned.get("after_the_end"):
            self.add_error("after_the_end", "Say who carries on what is worth keeping, and how.")
        if cleaned.get("challenge_note") and not cleaned.get("challenge"):
            self.add_error("challenge", "Against which of these?")
        return cleaned


class AdoptionForm(forms.ModelForm):
    class Meta:
        model = Adoption
        fields = ["state", "since", "evidence", "would_help"]
        widgets = {"state": forms.RadioSelect, "since": DayInput}
        help_texts = {
            "evidence": "One line: what a visitor would see, or who could tell them.",
            "would_help": "Where it has stalled and you write something here, the network sees"
            " that you ask for it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state: Any = self.fields["state"]
        state.choices = Adoption.State.choices

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since > clock.today():
            raise forms.ValidationError("This day has not come yet.")
        return since

    def save(self, commit: bool = True) -> Adoption:
        """Its own fields alone: what was agreed is written by others at the same time."""
        row: Adoption = self.instance
        row.said_on = clock.today()
        if row.pk is None:
            row.save()
        else:
            row.save(update_fields=[*self.fields, "said_on"])
        return row


class AgreedForm(forms.Form):
    agreed = forms.CharField(
        label="What was agreed?", max_length=300, required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Who does what with whom by when. Empty takes it back.",
    )  # fmt: skip
