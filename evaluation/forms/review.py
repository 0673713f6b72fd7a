"""Judging an activity, and saying how we know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django_scopes.forms import SafeModelChoiceField

from activities.models import Activity
from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm, carry
from cpdhub.models import Reading, Staff
from cpdhub.templatetags.cpdhub import plain
from evaluation import uploads
from evaluation.forms.small_file import SmallFileField
from evaluation.models import Decision, Evidence, ImpactReview, Reach, UnplannedGain, Verdict

TOO_OLD = timedelta(days=10 * 366)


class ReviewForm(RevisionModelForm):
    """What was intended against what came. It may be kept half done; closing it asks for all."""

    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reach = forms.MultipleChoiceField(
        label="How far it reached",
        choices=Reach.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ImpactReview
        fields = [
            "staff_verdict", "staff_because", "pupils_verdict", "pupils_because", "helped_by",
            "hindered_by", "reach", "decision", "what_we_change",
        ]  # fmt: skip
        widgets = {
            "staff_verdict": forms.RadioSelect,
            "pupils_verdict": forms.RadioSelect,
            "decision": forms.RadioSelect,
            "staff_because": forms.Textarea(attrs={"rows": 2}),
            "pupils_because": forms.Textarea(attrs={"rows": 2}),
            "what_we_change": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "staff_because": "What you saw or were told. Please name nobody.",
            "pupils_because": "For whom, from what to what. “Cannot tell” is an honest answer.",
            "what_we_change": "Shown to whoever plans something like it. Needed unless you keep it"
            " as it is.",
        }

    def __init__(
        self,
        *args: Any,
        activity: Activity,
        standing: ImpactReview | None,
        closes: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.closes, self.standing = closes, standing
        self.initial["after"] = standing.pk if standing else None
        impact = getattr(activity, "intended_impact", None)
        self.fields["staff_verdict"].label = f"Staff will: {_said(impact, 'staff_will')}"
        self.fields["pupils_verdict"].label = f"Pupils will gain: {_said(impact, 'pupils_will')}"
        for name, all_of in (
            ("staff_verdict", Verdict), ("pupils_verdict", Verdict), ("decision", Decision),
        ):  # fmt: skip
            choice: Any = self.fields[name]
            choice.choices = all_of.choices
        self.order_fields([*self.Meta.fields, "revision", "after"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("after") != self.initial["after"]:
            self._tell_of_the_other()
        if self.closes:
            for name in ("staff_verdict", "pupils_verdict"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Choose one; “Cannot tell” is an answer too.")
            decision = cleaned.get("decision")
            if not decision and "decision" not in self.errors:
                self.add_error("decision", "What is decided: keep, change or stop?")
            elif decision != Decision.KEEP and not cleaned.get("what_we_change"):
                self.add_error("what_we_change", "Say what we change, or why we stop.")
        return cleaned

    def _tell_of_the_other(self) -> None:
        """Somebody closed a review after this page was made; what is typed here stays."""
        who = self.standing.by if self.standing and self.standing.by else "Somebody"
        said = f" ({self.standing.in_words.lower()})" if self.standing else ""
        self.add_error(
            None,
            f"{who} closed a review while you were writing{said}. Nothing of yours is lost: send it"
            " again, and yours stands in its place.",
        )
        carry(self, "after", self.initial["after"])


def _said(impact: Any, name: str) -> str:
    return getattr(impact, name, "") or "nobody said what"


class EvidenceForm(forms.ModelForm):
    """One thing that shows it: an address, a small file, a reading of the plan, or words alone."""

    url = forms.URLField(label="Where it is", required=False, assume_scheme="https", max_length=500)
    upload = SmallFileField(label="Or a small file")

    class Meta:
        model = Evidence
        fields = ["outcome", "kind", "claim", "before", "after", "reading", "url", "dated"]
        field_classes = {"reading": SafeModelChoiceField}
        widgets = {"dated": DayInput}
        labels = {
            "before": "Before (only where it was measured)",
            "after": "After",
            "reading": "Or a reading of the plan",
        }
        help_texts = {"claim": "For example: most of Year 4 now explain in full sentences."}

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity = activity
        self.fields["dated"].initial = clock.today
        reading: Any = self.fields["reading"]
        reading.required = False
        reading.queryset = (
            Reading.objects.filter(criterion__priority__activities=activity)
            .select_related("criterion")
            .order_by("-taken_on", "-pk")
        )
        reading.label_from_instance = lambda row: f"{row.criterion}: {row}"
        if not reading.queryset.exists():
            del self.fields["reading"]

    def clean_dated(self) -> date:
        day: date = self.cleaned_data["dated"]
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet.")
        if day < clock.today() - TOO_OLD:
            raise forms.ValidationError(f"Is the year right? This says {day.year}.")
        return day

    def clean_upload(self) -> uploads.Checked | None:
        upload: uploads.Checked | None = self.cleaned_data["upload"]
        there = Evidence.objects.filter(activity=self.activity)
        if upload and there.filter(digest=upload.digest).exists():
            raise forms.ValidationError("This file is here already.")
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reading = cleaned.get("reading")
        same = Evidence.objects.filter(activity=self.activity)
        if reading:
            self._take(reading, cleaned)
            if same.filter(reading=reading).exists():
                self.add_error("reading", "This reading is here already.")
        elif cleaned.get("kind") == Evidence.Kind.MEASURED:
            for name in ("before", "after"):
                if not cleaned.get(name):
                    self.add_error(name, "Say what it was, with the unit: 42 %.")
        if cleaned.get("url") and same.filter(url=cleaned["url"]).exists():
            self.add_error("url", "This address is here already.")
        return cleaned

    def _take(self, reading: Reading, cleaned: dict[str, Any]) -> None:
        """A reading of the plan is a measure with its baseline, where there is one."""
        criterion = reading.criterion
        unit = f" {criterion.unit}" if criterion.unit else ""
        if criterion.baseline is None:
            self.add_error("reading", "Its criterion has no baseline, so it shows no change.")
            return
        cleaned["kind"] = Evidence.Kind.MEASURED
        cleaned["before"] = f"{plain(criterion.baseline)}{unit}"
        cleaned["after"] = f"{plain(reading.value)}{unit}"

    def save_for(self, by: Staff) -> Evidence:
        """Raises `uploads.Refused` when there is no room for its file, or it is here already."""
        evidence: Evidence = super().save(commit=False)
        evidence.school_id, evidence.activity, evidence.by = by.school_id, self.activity, by
        upload = self.cleaned_data["upload"]
        if upload:
            evidence.digest = upload.digest
        try:
            with transaction.atomic():
                if upload:
                    evidence.file = uploads.keep(upload, by.school)
                evidence.save()
        except IntegrityError:
            raise uploads.Refused("Somebody has added the same at this moment.") from None
        return evidence


class UnplannedForm(forms.ModelForm):
    """What else happened. Bad news is as welcome as good."""

    is_good = forms.TypedChoiceField(
        label="Was it good or bad?",
        choices=[("True", "A gain"), ("False", "A side effect nobody wanted")],
        coerce=lambda word: word == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = UnplannedGain
        fields = ["is_good", "text", "about", "reach"]
        help_texts = {"text": "One sentence. Please name nobody."}
