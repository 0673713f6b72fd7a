"""Something a school lets the others use, and its next version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db import transaction
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput
from evaluation import uploads
from evaluation.forms.small_file import SmallFileField
from networks.models import Resource, ResourceVersion, Theme

A_YEAR = timedelta(days=365)


class ResourceForm(forms.ModelForm):
    class Meta:
        model = Resource
        fields = ["title", "what_for", "theme", "stage", "made_by", "review_on"]
        field_classes = {"theme": SafeModelChoiceField}
        widgets = {"what_for": forms.Textarea({"rows": 3}), "review_on": DayInput}
        help_texts = {"made_by": "Colleagues who want to be named. Our school is named anyhow."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme: Any = self.fields["theme"]
        theme.queryset = Theme.objects.filter(network=self.instance.network_id)
        theme.empty_label = "None of them"
        stage: Any = self.fields["stage"]
        stage.choices = [("", "Everybody"), *stage.choices[1:]]
        if self.instance.pk is None:
            self.initial.setdefault("review_on", clock.today() + A_YEAR)


class VersionForm(forms.ModelForm):
    """A link or a file; never in place of the one before."""

    url = forms.URLField(label="Link", required=False, assume_scheme="https", max_length=500)
    upload = SmallFileField(label="Or a small file")

    class Meta:
        model = ResourceVersion
        fields = ["url", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["url", "upload", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("url") and not cleaned.get("upload"):
            self.add_error("url", "Give a link, or add a file.")
        return cleaned

    @transaction.atomic
    def keep(self) -> ResourceVersion:
        """The next number. Raises uploads.Refused where there is no room."""
        version: ResourceVersion = self.instance
        upload: uploads.Checked | None = self.cleaned_data["upload"]
        if upload:
            version.file = uploads.keep(upload, version.school)
        # Two at once take turns.
        Resource.objects.select_for_update(of=("self",)).get(pk=version.resource_id)
        last = version.resource.versions.order_by("-number").values_list("number", flat=True)
        version.number = (last.first() or 0) + 1
        version.save()
        return version
