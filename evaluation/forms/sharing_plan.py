"""What will be passed on, and what came of it."""

from datetime import date, timedelta
from typing import Any

from django import forms

from cpdhub import clock
from cpdhub.forms import DayInput
from evaluation.models import SharingPlan

USUAL = timedelta(days=28)


class SharingPlanForm(forms.ModelForm):
    class Meta:
        model = SharingPlan
        fields = ["what", "whom", "how", "due_on"]
        widgets = {"how": forms.RadioSelect, "due_on": DayInput}
        help_texts = {
            "what": "One thing they can use is plenty.",
            "whom": "The fewer, the better they can try it: a team, one colleague.",
            "how": "Showing it in a classroom does more than ten minutes of a staff meeting.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["due_on"] = clock.today() + USUAL

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < clock.today():
            raise forms.ValidationError("This day is over. Choose today or a later one.")
        return due_on


class SharedForm(forms.ModelForm):
    """It has been; what came of it is welcome, never needed."""

    class Meta:
        model = SharingPlan
        fields = ["done_on", "became"]
        widgets = {"done_on": DayInput}
        help_texts = {"became": "Optional: who tried it, what they asked. No pupils’ names."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].required = True
        if self.instance.done_on is None:
            self.initial["done_on"] = clock.today()

    def clean_done_on(self) -> date:
        done_on: date = self.cleaned_data["done_on"]
        if done_on > clock.today():
            raise forms.ValidationError("This day is still to come. Say it once it has been.")
        return done_on
