"""Beginning, writing and deciding a submission; who may verify; the school's own scheme."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django_scopes.forms import SafeModelChoiceField

from activities.models import Activity
from cpdhub import clock
from cpdhub.forms import DayInput, carry
from cpdhub.models import Staff
from evaluation.certificates import for_everyone
from evaluation.models import (
    MOST_EVIDENCE,
    Certificate,
    RecognitionScheme,
    Submission,
    SubmissionEntry,
    VerifierTraining,
    verifiers_for,
)
from evaluation.portfolios import Candidate
from evaluation.record import say_day


class SubmissionForm(forms.ModelForm):
    """What it is, which stage, and who coaches."""

    class Meta:
        model = Submission
        fields = ["title", "stage", "coach"]
        field_classes = {"stage": SafeModelChoiceField, "coach": SafeModelChoiceField}
        widgets = {"stage": forms.RadioSelect}
        help_texts = {
            "title": "One sentence: what you changed, for whom.",
            "coach": "Optional. They read what you write, from the start, and cannot verify.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        submission: Submission = self.instance
        stages: Any = submission.scheme.stages.all()
        stage: Any = self.fields["stage"]
        if stages:
            stage.queryset, stage.required, stage.empty_label = stages, True, None
            stage.label_from_instance = lambda row: f"{capfirst(row.title)}. {row.text}"
        else:
            del self.fields["stage"]
        coach: Any = self.fields["coach"]
        apart = (submission.owner_id, submission.verifier_id)  # who verified it does not coach it
        here = Staff.objects.live(clock.today()).on_staff().exclude(pk__in=filter(None, apart))
        coach.queryset, coach.empty_label = here, "Nobody"
        if submission.coach_id:
            coach.queryset |= Staff.objects.filter(pk=submission.coach_id)


class EntryForm(forms.ModelForm):
    """The account of one dimension, and what shows it."""

    class Meta:
        model = SubmissionEntry
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, offered: list, chosen: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.chosen = offered, chosen
        self.evidence: list[Candidate] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ticked = set(self.data.getlist("pick"))  # type: ignore[attr-defined]
        self.chosen = ticked
        self.evidence = [row for row in self.offered if row.source in ticked]
        if len(self.evidence) > MOST_EVIDENCE:
            self.add_error(
                None, f"{MOST_EVIDENCE} pieces of evidence are plenty. Untick the weakest."
            )
        return cleaned


class SendForm(forms.Form):
    verifier = SafeModelChoiceField(
        label="Who verifies it?",
        queryset=Staff.objects.none(),
        empty_label="Choose somebody",
        help_text="Trained colleagues who are neither your coach nor your line manager.",
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["verifier"]
        field.queryset = verifiers_for(submission, today=clock.today())


class DecisionForm(forms.Form):
    RECOGNISED, NOT_YET = "recognised", "not_yet"

    sent_at = forms.CharField(widget=forms.HiddenInput, required=False)

    outcome = forms.ChoiceField(
        label="What do you say?",
        choices=[(RECOGNISED, "Recognised"), (NOT_YET, "Not yet")],
        widget=forms.RadioSelect,
    )
    advice = forms.CharField(
        label="What you say to them",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        required=False,
        help_text="Needed for “not yet”: what is missing, and one way to get there.",
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent = submission.sent_at.isoformat() if submission.sent_at else ""
        self.initial["sent_at"] = self.sent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("sent_at") != self.sent:
            self.add_error(
                None,
                "They took it back and sent it again while you were reading. Read what stands"
                " above now; your answer is still in the boxes.",
            )
            carry(self, "sent_at", self.sent)
        if cleaned.get("outcome") == self.NOT_YET and not cleaned.get("advice", "").strip():
            self.add_error(
                "advice", "“Not yet” comes with advice: what is missing, and what to do?"
            )
        return cleaned


class TrainingForm(forms.ModelForm):
    """Somebody was trained to verify."""

    class Meta:
        model = VerifierTraining
        fields = ["staff", "trained_on", "by_whom"]
        field_classes = {"staff": SafeModelChoiceField}
        widgets = {"trained_on": DayInput}
        labels = {"staff": "Who"}
        help_texts = {"by_whom": "Optional: who trained them, or with what."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trained = VerifierTraining.objects.values("staff")
        field: Any = self.fields["staff"]
        field.queryset = Staff.objects.live(clock.today()).on_staff().exclude(pk__in=trained)
        field.empty_label = "Choose somebody"

    def clean_trained_on(self) -> Any:
        day = self.cleaned_data["trained_on"]
        if day > clock.today():
            raise forms.ValidationError("This day is still to come. Enter it once it has been.")
        return day


class EveryoneForm(forms.Form):
    """Of which activity everybody who was there gets a certificate."""

    activity = SafeModelChoiceField(Activity.objects.none(), empty_label="Choose an activity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = for_everyone()
        field.label_from_instance = lambda row: f"{row.title}, {say_day(clock.day_of(row.last_at))}"


class WithdrawForm(forms.ModelForm):
    class Meta:
        model = Certificate
        fields = ["withdrawn_because"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_because"].required = True


class SchemeForm(forms.ModelForm):
    """The school's own scheme: what is asked, one line each."""

    stages = forms.CharField(
        label="Stages",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, the name and after a colon what is expected. Leave empty for none.",
    )
    dimensions = forms.CharField(
        label="Standards or sides of the work",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="One a line, the name and after a colon what is asked.",
    )
    evidence = forms.IntegerField(
        label="Pieces of evidence for each", min_value=0, max_value=MOST_EVIDENCE, initial=1
    )

    class Meta:
        model = RecognitionScheme
        fields = ["title", "summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}

    field_order = ["title", "summary", "dimensions", "evidence", "stages"]

    def clean_stages(self) -> list[tuple[str, str]]:
        return self._lines("stages", 10)

    def clean_dimensions(self) -> list[tuple[str, str]]:
        return self._lines("dimensions", 30)

    def _lines(self, name: str, most: int) -> list[tuple[str, str]]:
        """(title, text) of each line."""
        lines = [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]
        if len(lines) > most:
            raise forms.ValidationError(f"{most} at most; these are {len(lines)}.")
        parts = [line.partition(":") for line in lines]
        pairs = [(title.strip(), text.strip()) for title, _, text in parts]
        for title, text in pairs:
            if not title or len(title) > 120 or len(text) > 400:
                raise forms.ValidationError(
                    "A name has 120 characters at most, what is asked 400. Shorten:"
                    f" “{(title or text)[:40]}…”"
                )
        return pairs
