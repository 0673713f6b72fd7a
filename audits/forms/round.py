"""Putting a questionnaire to people."""

from datetime import date, timedelta
from typing import Any

from django import forms

from audits import rounds, words
from audits.models import Round
from audits.models.round import LEAST_ANONYMOUS
from audits.wording import FOR_LEADERS
from cpdhub import clock
from cpdhub.forms import DayInput
from cpdhub.people_forms import PeopleForm

LONGEST = timedelta(days=180)


class RoundForm(forms.ModelForm):
    """What people will see it called, who reads the answers, and how long they have."""

    class Meta:
        model = Round
        fields = ["title", "mode", "opens_on", "closes_on"]
        widgets = {"mode": forms.RadioSelect, "opens_on": DayInput, "closes_on": DayInput}
        labels = {"title": "What people will see it called"}
        help_texts = {
            "mode": "People read this before the first question. Once open, it never changes.",
            "closes_on": "Two weeks are usual. It closes by itself at the end of this day.",
        }

    def __init__(self, *args: Any, people: PeopleForm | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        fields: dict[str, Any] = self.fields
        fields["mode"].choices = [
            (mode.value, f"{mode.label}. {FOR_LEADERS[mode]}") for mode in Round.Mode
        ]
        if self.instance.pk is None:
            today = clock.today()
            first: dict[str, Any] = {
                "title": self.instance.instrument.title,
                "opens_on": today,
                "closes_on": today + timedelta(weeks=2),
            }
            self.initial.update(first)

    def clean_title(self) -> str:
        return words.tidy(self.cleaned_data["title"])

    def clean_closes_on(self) -> date:
        return last_day(self.cleaned_data["closes_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("opens_on"), cleaned.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", "The last day is before the first.")
        return cleaned

    def ask_for_enough_people(self) -> None:
        """Before it starts, not while it is a draft."""
        assert self.people is not None
        number = len(self.people.cleaned_data.get("everybody", ()))
        if not number:
            self.people.add_error("people", "Choose whom to ask.")
        elif self.cleaned_data.get("mode") == Round.Mode.ANONYMOUS and number < LEAST_ANONYMOUS:
            self.people.add_error("people", rounds.too_few(number))


class ExtendForm(forms.ModelForm):
    """Another last day, for a round that is open."""

    class Meta:
        model = Round
        fields = ["closes_on"]
        widgets = {"closes_on": DayInput}

    def clean_closes_on(self) -> date:
        return last_day(self.cleaned_data["closes_on"])


def last_day(day: date) -> date:
    if day < clock.today():
        raise forms.ValidationError("This day has passed. Choose today or a later one.")
    if day > clock.today() + LONGEST:
        raise forms.ValidationError("That is more than half a year ahead. Is the year right?")
    return day
