"""What a report covers."""

from __future__ import annotations

from typing import Any

from django import forms

from cpdhub.models import AcademicYear
from evaluation.terms import Stretch, usual


class ReportForm(forms.Form):
    """What an impact report covers."""

    WRONG = "Choose a term, or the year, from the list."
    period = forms.ChoiceField(
        label="Report on", error_messages={"required": WRONG, "invalid_choice": WRONG}
    )

    def __init__(self, *args: Any, year: AcademicYear, choices: list[Stretch]) -> None:
        super().__init__(*args)
        self.by_key = {stretch.key: stretch for stretch in choices}
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (stretch.key, stretch.title) for stretch in choices
        ]
        self.initial["period"] = usual(choices, year).key

    @property
    def chosen(self) -> Stretch:
        return self.by_key[self.cleaned_data["period"]]
