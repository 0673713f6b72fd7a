"""The letters a person wants."""

from crispy_forms.helper import FormHelper
from django import forms

from cpdhub.models import Staff


class LettersForm(forms.ModelForm):
    class Meta:
        model = Staff
        fields = ["wants_digest", "wants_digest_only"]
        labels = {
            "wants_digest": "Send me a digest once a week, when there is something to say",
            "wants_digest_only": "Send me no single reminders",
        }

    helper = FormHelper()
    helper.form_tag = False
