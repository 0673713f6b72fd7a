"""What people fill in about the self-evaluation."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import (
    AreaComment,
    AreaForImprovement,
    EvidencePointer,
    Framework,
    FrameworkItem,
    Judgement,
    School,
)
from cpdhub.models.framework import OWN_AREAS
from cpdhub.tables.cells import settled

REVIEW_AFTER = timedelta(weeks=16)  # about a term


class FrameworkForm(forms.ModelForm):
    """Which areas the school evaluates itself by."""

    class Meta:
        model = School
        fields = ["evaluates_by"]
        field_classes = {"evaluates_by": SafeModelChoiceField}
        widgets = {"evaluates_by": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["evaluates_by"]
        field.empty_label = "The inspection areas in force today, whichever they are"
        field.queryset = Framework.objects.of_kind(Framework.Kind.INSPECTION)
        field.help_text = (
            "What you wrote stays with the version it was written for. Judgements are never"
            " converted: the scales do not mean the same."
        )


class OwnAreaForm(forms.ModelForm):
    class Meta:
        model = FrameworkItem
        fields = ["title", "text"]
        labels = {"title": "Name of the area", "text": "What belongs to it"}
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def clean_title(self) -> str:
        title = settled(self.cleaned_data["title"])
        others = FrameworkItem.objects.filter(
            framework__code=OWN_AREAS, framework__school__isnull=False, title__iexact=title
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError("You have an area of that name already.")
        return title

    def clean_text(self) -> str:
        """On one line, as a file would give it back."""
        return settled(self.cleaned_data["text"])


class ContributionForm(RevisionModelForm):
    """What a contributor writes in one area: the words, never the judgement or its dates."""

    class Meta:
        model = Judgement
        fields = ["statement", "strengths", "internal_note"]
        widgets: ClassVar[dict[str, Any]] = {
            "statement": forms.Textarea(attrs={"rows": 8}),
            "strengths": forms.Textarea(attrs={"rows": 4}),
            "internal_note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "statement": f"About {Judgement.STATEMENT_WORDS} words. Say how well and so what, not"
            " what you do: which pupils gain, how you know, what is not good enough yet.",
            "strengths": "One on each line.",
            "internal_note": "Read only by those who write this area: doubts, what is still to"
            " be checked. Never part of the text everybody reads.",
        }


class JudgementForm(ContributionForm):
    """What the school says of itself in one area."""

    grade = forms.ChoiceField(label="Judgement", required=False, widget=forms.RadioSelect)

    class Meta(ContributionForm.Meta):
        fields = [
            "grade",
            *ContributionForm.Meta.fields,
            "reviewed_on",
            "next_review_on",
            "applies",
        ]
        widgets = {
            **ContributionForm.Meta.widgets,
            "reviewed_on": DayInput(),
            "next_review_on": DayInput(),
        }
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "reviewed_on": "Today, when you have asked of all of it whether it is still true.",
            "next_review_on": "After this day the page says that it is out of date.",
        }

    def __init__(self, *args: Any, scale: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grade"]
        field.choices = [("", "Not judged yet"), *((word, word) for word in scale)]
        today = clock.today()
        if not self.instance.reviewed_on:
            self.initial["reviewed_on"] = today
        if not self.instance.next_review_on or self.instance.is_stale(today=today):
            self.initial["next_review_on"] = today + REVIEW_AFTER
            self.initial["reviewed_on"] = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        reviewed, following = cleaned.get("reviewed_on"), cleaned.get("next_review_on")
        if reviewed and reviewed > clock.today():
            self.add_error("reviewed_on", "That day has not come yet.")
        if reviewed and following and following <= reviewed:
            self.add_error("next_review_on", "The next review comes after the last one.")
        return cleaned


class CommentForm(forms.ModelForm):
    class Meta:
        model = AreaComment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class AreaForm(forms.ModelForm):
    class Meta:
        model = AreaForImprovement
        fields = ["text", "source"]
        help_texts = {
            "text": "For whom, and in what: “Pupils in Years 3 and 4 explain their reasoning too"
            " rarely”, not “Maths”."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = False  # left out: the self-evaluation itself


class EvidenceForm(forms.ModelForm):
    link = forms.URLField(required=False, assume_scheme="https", help_text="If it has an address.")

    class Meta:
        model = EvidencePointer
        fields = ["title", "claim", "dated_on", "link"]
        widgets = {"dated_on": DayInput()}
        help_texts = {
            "title": "“Book look, Year 4, in the shared drive”. Nothing is uploaded.",
            "claim": "In one line.",
        }

    def clean_dated_on(self) -> Any:
        day = self.cleaned_data["dated_on"]
        if day and day > clock.today():
            raise ValidationError("That day has not come yet.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        judgement = self.instance.judgement
        is_new = self.instance.pk is None and judgement.pk is not None
        if is_new and judgement.evidence.count() >= Judgement.MOST_EVIDENCE:
            raise ValidationError(
                f"There are {Judgement.MOST_EVIDENCE} pieces of evidence already, and that is"
                " enough to convince anyone. Remove the weakest to make room."
            )
        return cleaned
