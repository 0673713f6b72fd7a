"""What somebody holds or works towards, and what it asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F, Max, Q
from django_scopes.forms import SafeModelChoiceField

from activities.models import Activity
from cpdhub import clock
from cpdhub.forms import DayInput
from cpdhub.models import StoredFile
from evaluation import uploads
from evaluation.forms.small_file import SmallFileField
from evaluation.models import Qualification, QualificationStep
from evaluation.record import Record

State = Qualification.State


class QualificationForm(forms.ModelForm):
    upload = SmallFileField(label="Certificate, or what shows it")

    class Meta:
        model = Qualification
        fields = [
            "kind", "title", "state", "begun_on", "awarded_on", "awarded_by", "level", "credits",
            "put_forward_by", "activity", "in_class",
        ]  # fmt: skip
        field_classes = {"activity": SafeModelChoiceField}
        widgets = {
            "begun_on": DayInput,
            "awarded_on": DayInput,
            "in_class": forms.Textarea({"rows": 3}),
        }
        help_texts = {
            "title": "For example: NPQ for leading teaching, HLTA status, MA in Education.",
            "level": "As its papers say: Level 3, Master’s, NVQ 2.",
            "credits": "Gained so far, where it has any.",
            "put_forward_by": "Of an award: who put you forward.",
            "in_class": "One thing is plenty. No pupils’ names.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        activity: Any = self.fields["activity"]
        owner = self.instance.owner
        taken = Record(owner, owner).activities()
        now = Q(pk=self.instance.activity_id)  # stays, whatever became of it
        offered = Activity.objects.filter(Q(pk__in=taken.values("pk")) | now).annotate(
            last=Max("sessions__starts_at")
        )
        rows = offered.order_by(F("last").desc(nulls_last=True), "-pk")
        activity.queryset = offered
        activity.choices = [("", "None of them"), *((row.pk, row.title) for row in rows)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begun, awarded = cleaned.get("begun_on"), cleaned.get("awarded_on")
        if awarded and cleaned.get("state") != State.HELD:
            self.add_error("awarded_on", "Only what you hold was awarded: leave the day out.")
        elif awarded and awarded > clock.today():
            self.add_error("awarded_on", "This day has not come yet.")
        elif awarded and begun and awarded < begun:
            self.add_error("awarded_on", "It was awarded before it began. Which day is wrong?")
        return cleaned

    @transaction.atomic
    def save_with_file(self) -> Qualification:
        """A new file takes the place of the old. Raises uploads.Refused where there is no room."""
        upload: uploads.Checked | None = self.cleaned_data["upload"]
        old = self.instance.file_id if upload else None
        if upload:
            self.instance.file = uploads.keep(upload, self.instance.school)
        made: Qualification = self.save()
        if old:
            StoredFile.objects.filter(pk=old).delete()
        return made


class StepForm(forms.ModelForm):
    class Meta:
        model = QualificationStep
        fields = ["asked", "shown_by", "met_on"]
        labels = {"asked": "One thing it asks for"}
        widgets = {"met_on": DayInput}
        help_texts = {
            "asked": "For example: GCSE mathematics, module 2, a lesson seen by the assessor.",
            "shown_by": "Optional: a line, or where the paper is.",
            "met_on": "Leave it empty while it is still to do.",
        }
