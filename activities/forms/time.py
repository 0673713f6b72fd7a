"""Cover, and what is allowed on dates kept free."""

from typing import Any

from django import forms

from activities.models import AllowedSession, Cover


class CoverForm(forms.ModelForm):
    """Who takes a person's place. A colleague's free time is not among the choices."""

    class Meta:
        model = Cover
        fields = ["source", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several stand on one page: each person's fields have ids of their own.
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.required = False
        source.choices = [("", "Not arranged yet"), *Cover.Source.choices]


class AllowForm(forms.ModelForm):
    class Meta:
        model = AllowedSession
        fields = ["because"]
