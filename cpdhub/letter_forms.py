"""The letters a person wants."""

from crispy_forms.helper import FormHelper
from django import forms

from cpdhub.models import Staff


class LettersForm(forms.ModelForm):
    """The choices of one post; nothing else of it is written, whoever changes it meanwhile."""

    class Meta:
        model = Staff
        fields = ["wants_digest", "wants_digest_only"]
        labels = {
            "wants_digest": "Send me a digest once a week, when there is something to say",
            "wants_digest_only": "Send me no single reminders",
        }

    helper = FormHelper()
    helper.form_tag = False

    def save(self, commit: bool = True) -> Staff:
        staff: Staff = super().save(commit=False)
        if commit:
            staff.save(update_fields=self.Meta.fields)
        return staff
