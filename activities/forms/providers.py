"""A provider, what they offer, what they answered and what was agreed with them."""

from typing import Any

from django import forms

from activities.models import Contract, Provider, ProviderAnswer, ProviderOffer
from cpdhub import clock
from cpdhub.forms import DayInput

LEADERS_ONLY = ["checks", "notes"]


class ProviderForm(forms.ModelForm):
    """Who they are. Notes and checks are asked of leaders only."""

    website = forms.URLField(label="Website", required=False, assume_scheme="https")

    class Meta:
        model = Provider
        fields = [
            "name", "kind", "specialisms", "website", "contacts", "interest", "checks", "notes",
            "is_current",
        ]  # fmt: skip
        widgets = {
            "contacts": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, is_leader: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_leader:
            for name in LEADERS_ONLY:
                del self.fields[name]

    def clean_name(self) -> str:
        name: str = " ".join(self.cleaned_data["name"].split())
        others = Provider.objects.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("There is a provider of this name already.")
        return name


class OfferForm(forms.ModelForm):
    class Meta:
        model = ProviderOffer
        fields = [
            "title", "price", "basis", "hours", "mode", "follow_up", "product", "independent",
            "award", "seen_on",
        ]  # fmt: skip
        widgets = {"seen_on": DayInput}

    def clean_seen_on(self) -> Any:
        seen = self.cleaned_data["seen_on"]
        if seen and seen > clock.today():
            raise forms.ValidationError("This day is still to come.")
        return seen


class ContractForm(forms.ModelForm):
    class Meta:
        model = Contract
        fields = [
            "title", "starts_on", "ends_on", "review_on", "price", "days_bought", "days_used",
            "dropped_because", "hand_over",
        ]  # fmt: skip
        widgets = {"starts_on": DayInput, "ends_on": DayInput, "review_on": DayInput}
        help_texts = {
            "dropped_because": "Days you will not use after all: say why, and nobody is reminded.",
            "hand_over": "Support from outside ends one day: who here carries on?",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("days_bought", "days_used"):
            self.fields[name].required = False

    def clean_days_bought(self) -> Any:
        return self.cleaned_data["days_bought"] or 0

    def clean_days_used(self) -> Any:
        return self.cleaned_data["days_used"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "It must end after it starts.")
        if (cleaned.get("days_used") or 0) > (cleaned.get("days_bought") or 0):
            self.add_error("days_used", "More days are used than were bought.")
        return cleaned


class AnswersForm(forms.Form):
    """The questions worth asking anybody from outside. Empty ones are simply not asked yet."""

    def __init__(self, data: Any, *, provider: Provider) -> None:
        super().__init__(data)
        self.known = {row.question: row for row in provider.answers.all()}
        for code, question in ProviderAnswer.Question.choices:
            self.fields[code] = forms.CharField(
                label=question,
                required=False,
                max_length=600,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=self.known[code].answer if code in self.known else "",
            )
