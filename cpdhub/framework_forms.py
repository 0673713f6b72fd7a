"""What is asked around a framework."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from cpdhub.models import Framework

MOST_BYTES = 1_000_000


class FrameworkFileForm(forms.Form):
    """A framework as a file."""

    file = forms.FileField(
        label="Framework (CSV or XLSX)",
        help_text="As “Download as CSV” of any framework writes it; 2,000 items and 1 MB at most.",
        error_messages={"required": "Choose the file first.", "empty": "The file is empty."},
    )

    kinds = Framework.Kind.choices

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError("The file is larger than 1 MB. Leave out what is no framework.")
        return file
