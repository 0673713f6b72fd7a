"""How an activity is opened for booking, and what people say when they ask to be excused."""

from typing import Any

from django import forms

from activities.models import Excuse, Places
from cpdhub.forms import DayInput
from cpdhub.models import Staff, Team


class PlacesForm(forms.ModelForm):
    """How many, for whom, from when until when."""

    groups = forms.MultipleChoiceField(
        label="For these staff groups",
        choices=Staff.Group.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    stages = forms.MultipleChoiceField(
        label="At these career stages",
        choices=Staff.Stage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams: Any = forms.ModelMultipleChoiceField(
        label="In these teams",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Places
        fields = ["capacity", "kept", "kept_for", "opens_on", "closes_on"]
        widgets = {"opens_on": DayInput, "closes_on": DayInput}

    field_order = [
        "capacity", "opens_on", "closes_on", "groups", "teams", "stages", "kept", "kept_for"
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["teams"].queryset = Team.objects.all()
        fields["kept"].required = False
        fields["groups"].help_text = "Tick none and it is for everybody on staff."
        if self.instance.pk:
            self.initial["groups"] = self.instance.groups
            self.initial["stages"] = self.instance.stages
            self.initial["teams"] = list(self.instance.for_teams.values_list("team", flat=True))

    def clean_kept(self) -> int:
        return self.cleaned_data["kept"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        capacity, kept = cleaned.get("capacity"), cleaned.get("kept") or 0
        if kept and capacity is None and "capacity" not in self.errors:
            self.add_error("kept", "Say how many places there are, then how many you keep back.")
        elif kept and capacity is not None and kept > capacity:
            self.add_error("kept", f"There are {capacity} places: keep back no more than that.")
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "The last day to book is before booking opens.")
        return cleaned

    def places(self) -> Places:
        places: Places = self.save(commit=False)
        places.groups = self.cleaned_data["groups"]
        places.stages = self.cleaned_data["stages"]
        return places


class ExcuseForm(forms.ModelForm):
    class Meta:
        model = Excuse
        fields = ["because"]
        widgets = {"because": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"because": {"required": "Say why: somebody decides by it."}}


class CodeForm(forms.Form):
    code = forms.CharField(
        label="The code on the screen",
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}
        ),
        error_messages={"required": "Type the code you see on the screen."},
    )
