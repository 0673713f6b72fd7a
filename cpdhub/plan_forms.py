"""What people fill in about the improvement plan."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm, differences
from cpdhub.models import (
    HalfTerm,
    Milestone,
    MonitoringNote,
    Plan,
    Priority,
    Reading,
    Staff,
    SubPlan,
    SuccessCriterion,
)
from cpdhub.permissions import Role

MOST_CRITERIA = 10
BLANK_ROWS = 3
NEEDS_BASELINE = "Say where it stands now. Without a baseline nobody can tell what changed."
NEEDS_TARGET = "Say where it should stand, so that everyone knows when it is met."
NEEDS_MEASURE = "Say what is measured."


class VisionForm(forms.ModelForm):
    class Meta:
        model = Plan
        fields = ["vision"]
        widgets = {"vision": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"vision": "Two or three sentences every colleague would recognise."}


class PriorityForm(RevisionModelForm):
    """What a priority is; how it will be known is in the criteria beside it."""

    class Meta:
        model = Priority
        fields = [
            "title", "why", "source", "pupils", "sub_plan", "lead", "governor", "starts_on",
            "ends_on",
        ]  # fmt: skip
        field_classes = dict.fromkeys(["sub_plan", "lead", "governor"], SafeModelChoiceField)
        widgets = {
            "why": forms.Textarea(attrs={"rows": 3}),
            "starts_on": DayInput(),
            "ends_on": DayInput(),
        }
        labels = {"source": "Where it came from", "starts_on": "From", "ends_on": "To"}
        help_texts = {
            "title": "What will be better, in words pupils' parents would understand.",
            "lead": "They can record readings, milestones and findings.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        kept = Q(pk__in=[self.instance.lead_id, self.instance.governor_id])
        live = Staff.objects.live(today)
        self.fields["lead"].queryset = live.on_staff() | Staff.objects.filter(kept)  # type: ignore[attr-defined]
        self.fields["governor"].queryset = (  # type: ignore[attr-defined]
            live.with_role(Role.GOVERNOR) | Staff.objects.filter(kept)
        )
        plan = Plan.objects.filter(pk=self.instance.plan_id).first() or Plan.objects.of_day(today)
        sub_plans = SubPlan.objects.filter(plan=plan) if plan else SubPlan.objects.none()
        if sub_plans:
            field: Any = self.fields["sub_plan"]
            field.queryset, field.empty_label = sub_plans, "The whole school"
        else:
            del self.fields["sub_plan"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "It ends before it starts.")
        return cleaned


class SubPlanForm(forms.ModelForm):
    class Meta:
        model = SubPlan
        fields = ["title", "kind", "lead"]
        field_classes = {"lead": SafeModelChoiceField}
        help_texts = {
            "title": "For example “Science”, “Key stage 1” or “Digital”.",
            "lead": "Who looks after it. Each priority still has its own lead, who records.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Staff.objects.filter(pk=self.instance.lead_id)
        self.fields["lead"].queryset = Staff.objects.live(clock.today()).on_staff() | kept  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        others = SubPlan.objects.filter(plan=self.instance.plan, title=title)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is a sub-plan of that name in this plan already.")
        return title


class ProgressForm(RevisionModelForm):
    class Meta:
        model = Priority
        fields = ["rag", "rag_note"]
        widgets = {"rag": forms.RadioSelect}
        labels = {"rag": "How is it going?"}
        help_texts = {"rag_note": "One sentence: what makes you say so."}


class CriterionForm(forms.ModelForm):
    class Meta:
        model = SuccessCriterion
        fields = ["measure", "unit", "baseline", "target", "due_on"]
        widgets = {"due_on": DayInput()}
        labels = {"baseline": "Baseline (now)"}

    has_readings_to_keep = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("baseline", "target"):
            if isinstance(value := self.initial.get(name), Decimal):
                self.initial[name] = f"{value.normalize():f}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("DELETE") and self.instance.pk and self.instance.readings.exists():
            self.has_readings_to_keep = True
            self.add_error("measure", "It has readings. Remove them first, or keep it.")
        return cleaned

    def ask_for_what_is_missing(self) -> None:
        """Errors beside the fields a priority needs before it goes live."""
        for name, sentence in [
            ("measure", NEEDS_MEASURE), ("baseline", NEEDS_BASELINE), ("target", NEEDS_TARGET),
        ]:  # fmt: skip
            if name not in self.errors and self.cleaned_data.get(name) in (None, ""):
                self.add_error(name, sentence)

    @property
    def is_complete(self) -> bool:
        given = self.cleaned_data
        return bool(given.get("measure")) and not {given.get("baseline"), given.get("target")} & {
            None
        }


class BaseCriteriaFormSet(BaseInlineFormSet):
    """The criteria of a priority. When it is or goes live, one of them must be complete."""

    def __init__(self, *args: Any, must_be_measured: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.must_be_measured = must_be_measured

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove this measure"

    @property
    def rows(self) -> list[Any]:
        return list(self.forms)

    def clean(self) -> None:
        super().clean()
        if not self.must_be_measured or any(form.errors for form in self.forms):
            return
        kept = [form for form in self.rows if not form.cleaned_data.get("DELETE")]
        if any(form.is_complete for form in kept):
            return
        started = [form for form in kept if form.has_changed() or form.instance.pk]
        for form in started or kept[:1]:
            form.ask_for_what_is_missing()

    def is_valid(self) -> bool:
        # Django does not ask rows that are to be removed.
        return super().is_valid() and not any(form.has_readings_to_keep for form in self.rows)

    def save(self, commit: bool = True) -> list[Any]:
        """New ones first: a live priority is measured at every moment in between."""
        self.changed_objects: list[Any] = []
        self.deleted_objects: list[Any] = []
        return [*self.save_new_objects(commit), *self.save_existing_objects(commit)]

    def differences(self) -> list[Any]:
        """Row by row, what is saved now against what was sent (see RevisionModelForm)."""
        found = []
        for form in self.initial_forms:
            try:
                form.instance.refresh_from_db()
            except SuccessCriterion.DoesNotExist:
                continue  # removed meanwhile: its own row of the form says so
            found += differences(form, of=form.instance.measure)
        return found


def criteria_formset(
    data: Any = None, *, priority: Priority, must_be_measured: bool = False
) -> Any:
    """The criteria of a priority as rows, with some blank ones to fill in."""
    there = priority.criteria.count() if priority.pk else 0
    blank = min(BLANK_ROWS if there == 0 else 1, MOST_CRITERIA - there)
    factory = inlineformset_factory(
        Priority,
        SuccessCriterion,
        form=CriterionForm,
        formset=BaseCriteriaFormSet,
        extra=blank,
        max_num=MOST_CRITERIA,
        validate_max=True,
        absolute_max=MOST_CRITERIA + 2,
    )
    formset: Any = factory(
        data, instance=priority, prefix="criteria", must_be_measured=must_be_measured
    )
    return formset


# --- what a priority's lead records -----------------------------------------------------------
class ReadingForm(forms.ModelForm):
    class Meta:
        model = Reading
        fields = ["taken_on", "value", "pupils_counted", "note"]
        widgets = {"taken_on": DayInput()}
        help_texts = {"pupils_counted": "How many pupils stand behind the figure."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        criterion = self.instance.criterion
        if criterion.unit:
            self.fields["value"].label = f"Value ({criterion.unit})"

    def clean_taken_on(self) -> Any:
        day = self.cleaned_data["taken_on"]
        if day > clock.today():
            raise ValidationError("That day has not come yet.")
        others = Reading.objects.filter(criterion=self.instance.criterion, taken_on=day)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is a reading of that day already: change that one.")
        return day


class MilestoneForm(forms.ModelForm):
    class Meta:
        model = Milestone
        fields = ["half_term", "due_on", "expected", "actual", "rag"]
        field_classes = {"half_term": SafeModelChoiceField}
        widgets = {"due_on": DayInput()}
        help_texts = {
            "due_on": "Left empty: the end of the half-term.",
            "expected": "What somebody who looked would see by then.",
            "actual": "Fill this in when the day has come; it answers the milestone.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["half_term"].queryset = HalfTerm.objects.filter(  # type: ignore[attr-defined]
            year=self.instance.priority.plan.year_id
        )
        self.fields["due_on"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        term, due = cleaned.get("half_term"), cleaned.get("due_on")
        if not due and "due_on" not in self.errors:
            if term is None:
                self.add_error("due_on", "Choose a half-term or give a day.")
            else:
                cleaned["due_on"] = term.ends_on
        elif due and term is None:
            terms = self.fields["half_term"].queryset  # type: ignore[attr-defined]
            cleaned["half_term"] = terms.filter(starts_on__lte=due, ends_on__gte=due).first()
        return cleaned


class NoteForm(forms.ModelForm):
    class Meta:
        model = MonitoringNote
        fields = ["seen_on", "method", "finding", "next_step"]
        widgets = {"seen_on": DayInput(), "finding": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"finding": "What you found in all, never one named colleague or pupil."}

    def clean_seen_on(self) -> Any:
        day = self.cleaned_data["seen_on"]
        if day > clock.today():
            raise ValidationError("That day has not come yet.")
        return day


# --- the whole plan -----------------------------------------------------------------------------
class RankForm(forms.Form):
    """One number per live priority: the most pressing is 1."""

    def __init__(self, *args: Any, priorities: list[Priority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.priorities = priorities
        for place, priority in enumerate(priorities, start=1):
            self.fields[f"rank-{priority.pk}"] = forms.IntegerField(
                label=priority.title,
                min_value=1,
                max_value=999,
                initial=place,
                widget=forms.NumberInput(attrs={"class": "short"}),
            )

    def in_order(self) -> list[Priority]:
        return sorted(self.priorities, key=lambda row: self.cleaned_data[f"rank-{row.pk}"])


class ArchiveForm(forms.Form):
    """Which priorities go on next year."""

    carry = forms.MultipleChoiceField(
        label="Carry forward into next year",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, priorities: list[Priority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.priorities = priorities
        self.fields["carry"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.title} ({row.get_rag_display().lower()})") for row in priorities
        ]

    def chosen(self) -> list[Priority]:
        return [row for row in self.priorities if str(row.pk) in self.cleaned_data["carry"]]
