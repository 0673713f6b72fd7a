"""Partners, people, themes and what the network answers for."""

from __future__ import annotations

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput
from cpdhub.models import School, Staff
from networks.models import Commitment, Membership, NetworkRole, Partner, Theme


class PartnerForm(forms.ModelForm):
    class Meta:
        model = Partner
        fields = ["name", "kind", "brings", "contact"]
        help_texts = {"contact": "Their work name, role and e-mail or telephone."}


class RoleForm(forms.ModelForm):
    class Meta:
        model = NetworkRole
        fields = ["staff", "part", "looks_after", "days", "stands_in"]
        field_classes = {"staff": SafeModelChoiceField}
        labels = {"staff": "Who of your school"}
        help_texts = {
            "staff": "Other schools see their name and job title, and this part. Nothing else.",
            "days": "Of a lead practitioner: 10 or 20, say. Open each as an offer, “Day of a"
            " specialist”.",
            "stands_in": "So that the work goes on when people move.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["staff"]
        who.queryset = Staff.objects.live(clock.today()).order_by("sort_name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("days") and cleaned.get("part") != NetworkRole.Part.SPECIALIST:
            self.add_error("days", "Only a lead practitioner has days for other schools.")
        return cleaned

    def save(self, commit: bool = True) -> NetworkRole:
        self.instance.take_from(self.cleaned_data["staff"])
        saved: NetworkRole = super().save(commit)
        return saved


class ThemeForm(forms.ModelForm):
    class Meta:
        model = Theme
        fields = ["title", "hub", "about"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hub: Any = self.fields["hub"]
        members = Membership.objects.members().filter(network=self.instance.network_id)
        hub.queryset = School.objects.filter(pk__in=members.values("school"))
        hub.empty_label = "None yet"


class CommitmentForm(forms.ModelForm):
    class Meta:
        model = Commitment
        fields = ["level", "expected", "known_by", "look_on"]
        widgets = {"look_on": DayInput}


class FoundForm(forms.ModelForm):
    """What was found when somebody looked again."""

    class Meta:
        model = Commitment
        fields = ["found"]
        widgets = {"found": forms.Textarea({"rows": 4})}

    def clean_found(self) -> str:
        found: str = self.cleaned_data["found"].strip()
        if not found:
            raise forms.ValidationError("Say in a line or two what you found.")
        return found

    def save(self, commit: bool = True) -> Commitment:
        self.instance.say(self.cleaned_data["found"], clock.today())
        row: Commitment = self.instance
        return row


class WeighForm(forms.Form):
    """A line on each gain, beside what it takes."""

    days = forms.DecimalField(
        label="Days of staff time a year it would ask of us", min_value=0, max_digits=5,
        decimal_places=1, required=False,
    )  # fmt: skip
    money = forms.DecimalField(
        label="What it would cost us a year (£)", min_value=0, max_digits=8, decimal_places=2,
        required=False,
    )  # fmt: skip
    verdict = forms.CharField(
        label="So, is it worth it for us?", max_length=500, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, prompts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            prompt.code: forms.CharField(
                label=prompt.text, max_length=500, required=False,
                widget=forms.Textarea({"rows": 2}),
            )
            for prompt in prompts
        }  # fmt: skip
        self.fields = {**asked, **self.fields}
        self.codes = list(asked)

    @property
    def gains(self) -> dict[str, str]:
        return {code: text for code in self.codes if (text := self.cleaned_data[code])}
