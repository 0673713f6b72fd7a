"""A small file somebody adds: looked into before anything else is done with it."""

from typing import Any

from django import forms

from evaluation import uploads


class SmallFileField(forms.FileField):
    """Gives what may be kept of the file, drawn anew (`uploads.Checked`), or None."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            help_text="A picture, PDF or plain text of 5 MB at most. No pupil’s name or face.",
            error_messages={"empty": "The file is empty."},
        )

    def clean(self, data: Any, initial: Any = None) -> uploads.Checked | None:
        upload = super().clean(data, initial)
        try:
            return uploads.check(upload) if upload else None
        except uploads.Refused as refused:
            raise forms.ValidationError(str(refused)) from None
