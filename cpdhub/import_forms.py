"""What is asked around a staff file."""

from typing import Any

from django import forms

from cpdhub import clock
from cpdhub.forms import DayInput
from cpdhub.models import StaffImport
from cpdhub.staff_import.columns import FIELDS, missing


class UploadForm(forms.Form):
    """A staff file and, from School Data Sync, the file that says who is staff."""

    file = forms.FileField(
        label="Staff file (CSV or XLSX)",
        help_text="As your MIS, OneRoster or School Data Sync exports it; 10 MB at most.",
        error_messages={"required": "Choose the file first.", "empty": "The file is empty."},
    )
    roles = forms.FileField(
        label="roles.csv, only from School Data Sync",
        required=False,
        help_text="It says who is staff and who is a pupil. Leave it empty for any other file.",
    )


class MappingForm(forms.Form):
    """Which column of the file is which of our fields. A select for each column."""

    def __init__(self, *args: Any, staff_import: StaffImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header = staff_import.header
        choices = [("", "Not used"), *((field.key, field.label) for field in FIELDS)]
        current = {position: key for key, position in staff_import.mapping.items()}
        for position, name in enumerate(self.header):
            self.fields[f"column-{position}"] = forms.ChoiceField(
                label=name or f"Column {position + 1}",
                choices=choices,
                required=False,
                initial=current.get(position, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.mapping: dict[str, int] = {}
        for position in range(len(self.header)):
            name = f"column-{position}"
            key = cleaned.get(name)
            if key and key in self.mapping:
                label = dict(self.fields[name].choices)[key]  # type: ignore[attr-defined]
                self.add_error(name, f"“{label}” is chosen for another column too.")
            elif key:
                self.mapping[key] = position
        lacking = missing(self.mapping)
        if lacking and not self.errors:
            self.add_error(
                None,
                f"Choose a column for: {' and '.join(lacking).lower()} (or one for the full name).",
            )
        return cleaned


class ConfirmForm(forms.Form):
    """When those ticked as leavers leave."""

    leaving_on = forms.DateField(
        label="Last day of those you ticked as leavers",
        widget=DayInput,
        help_text="From that day on they cannot sign in here. Everything they did stays.",
    )

    def __init__(self, *args: Any, has_leavers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_leavers:
            self.fields["leaving_on"].initial = clock.today
        else:
            del self.fields["leaving_on"]
