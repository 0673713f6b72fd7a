"""What people are entitled to: keep it, change it, say who has received what."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import slugify
from django_scopes.forms import SafeModelChoiceField

from activities.forms.activity import TypeField, activity_types
from activities.models import (
    EarlyCareer,
    EntitledPerson,
    Entitlement,
    EntitlementStep,
    EntitlementUse,
    Handover,
    Received,
)
from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import Staff
from cpdhub.permissions import Role

LONG_AGO = timedelta(days=40 * 366)
MOST_STEPS = 30


def sensible(day: date | None, *, ahead: int = 3) -> date | None:
    """Within a working life, and a few years to come."""
    today = clock.today()
    if day and not today - LONG_AGO < day < today + timedelta(days=ahead * 366):
        raise forms.ValidationError(f"Is the year right? This says {day.year}.")
    return day


def here() -> Any:
    return Staff.objects.live(clock.today()).on_staff()


class KeepForm(forms.ModelForm):
    """From when it is promised, and to whom of those it is for."""

    class Meta:
        model = EntitlementUse
        fields = ["since", "joined_since"]
        widgets = {"since": DayInput, "joined_since": DayInput}
        help_texts = {
            "since": "Nobody is overdue on that day: first dates are counted from it for those who"
            " were here before.",
        }

    def clean_since(self) -> date | None:
        return sensible(self.cleaned_data["since"])

    def clean_joined_since(self) -> date | None:
        return sensible(self.cleaned_data["joined_since"])


class EntitlementForm(RevisionModelForm):
    """What it is and whom it is for."""

    groups = forms.MultipleChoiceField(
        label="Staff groups", choices=Staff.Group, required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None ticked: everyone.",
    )  # fmt: skip
    stages = forms.MultipleChoiceField(
        label="Career stages", choices=Staff.Stage, required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None ticked: all.",
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label="Roles", choices=Role, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Ticked: only those who hold one of them.",
    )  # fmt: skip

    class Meta:
        model = Entitlement
        fields = [
            "title", "short", "summary", "kind", "groups", "stages", "roles", "is_by_name",
            "is_optional", "source", "unsure",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != Entitlement.Kind.EARLY:
            field: Any = self.fields["kind"]
            field.choices = [each for each in field.choices if each[0] != Entitlement.Kind.EARLY]

    def _told(self) -> str:
        """Versions keep no history of who wrote what."""
        return (
            "Somebody saved this while you were writing. Nothing of yours is lost: compare the two"
            " below if they differ, and save again."
        )


class StepForm(forms.ModelForm):
    """One row of the steps."""

    class Meta:
        model = EntitlementStep
        fields = ["title", "due", "number", "hours", "counts_all", "text", "evidence", "word"]
        labels = {"number": "Number", "hours": "Hours"}
        help_texts = {"number": "", "hours": "", "counts_all": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = TypeField(required=False)
        field.offer(activity_types(besides=self.instance.type_id))
        field.label = "Usually a"
        self.fields["type"] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        Due = EntitlementStep.Due
        due, number = cleaned.get("due"), cleaned.get("number")
        if due in {Due.AFTER, Due.EVERY} and number is None and "number" not in self.errors:
            self.add_error("number", "Say how many months.")
        elif due == Due.EVERY and number == 0:
            self.add_error("number", "At least one month.")
        elif due == Due.TERM and number not in range(1, 7):
            self.add_error("number", "Say which of the six terms.")
        elif due == Due.YEARLY and number and number > 12:
            self.add_error("number", "A year has 12 months.")
        if cleaned.get("hours") and due != Due.YEARLY:
            self.add_error("hours", "Hours are counted by school year: choose “each school year”.")
        return cleaned

    def step(self) -> EntitlementStep:
        """As it is to be saved, without what its rule has no use for."""
        step: EntitlementStep = self.save(commit=False)
        step.type = self.cleaned_data["type"]
        if step.due == EntitlementStep.Due.ANY:
            step.number = None
        if not step.hours:
            step.counts_all = False
        return step


StepFormSet: Any = forms.modelformset_factory(
    EntitlementStep, form=StepForm, extra=2, max_num=MOST_STEPS, absolute_max=MOST_STEPS,
    can_delete=True,
)  # fmt: skip


def free_code(title: str, taken: set[str]) -> str:
    """A step's own code; it stays when its words change."""
    base = slugify(title)[:50] or "step"
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


class ReceivedForm(forms.ModelForm):
    """When somebody received it, and how we know."""

    class Meta:
        model = Received
        fields = ["on", "evidence"]
        widgets = {"on": DayInput}
        help_texts = {"evidence": "For example: certificate seen, said so, their record."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()
        if self.instance.step.due == EntitlementStep.Due.TERM:
            del self.fields["evidence"]  # a review took place: how it went is kept nowhere
        elif self.instance.step.evidence:
            self.fields["evidence"].help_text = f"Usually: {self.instance.step.evidence}."

    def clean_on(self) -> date | None:
        on = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError("This day is still to come.")
        same = Received.objects.filter(staff=self.instance.staff, on=on)
        if same.filter(step=self.instance.step).exists():
            raise forms.ValidationError("This is written down for that day already.")
        return sensible(on)


class EntitledPersonForm(forms.ModelForm):
    """Somebody chosen by name, since when, and with whom to ask."""

    class Meta:
        model = EntitledPerson
        fields = ["staff", "counts_from", "supporter", "note"]
        field_classes = {"staff": SafeModelChoiceField, "supporter": SafeModelChoiceField}
        widgets = {"counts_from": DayInput}
        labels = {"staff": "Who"}
        help_texts = {"note": "They, their line manager, head and CPD leader read it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["staff"].queryset = here().exclude(entitled_to__use=self.instance.use)
        fields["supporter"].queryset = here()
        fields["supporter"].empty_label = "Nobody yet"

    def clean_counts_from(self) -> date | None:
        return sensible(self.cleaned_data["counts_from"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("supporter") and cleaned["supporter"] == cleaned.get("staff"):
            self.add_error("supporter", "Choose somebody else: nobody is their own buddy.")
        return cleaned


class EarlyCareerForm(RevisionModelForm):
    """From when, with whom, by which route."""

    class Meta:
        model = EarlyCareer
        fields = [
            "staff", "starts_on", "tutor", "mentor", "body", "route", "provider", "teaching_hours"
        ]  # fmt: skip
        field_classes = dict.fromkeys(["staff", "tutor", "mentor"], SafeModelChoiceField)
        widgets = {"starts_on": DayInput}
        labels = {"staff": "Early career teacher"}
        help_texts = {
            "tutor": "Who reviews and assesses.",
            "mentor": "Who supports; somebody else than the tutor.",
            "starts_on": "Their own first term is the one that holds this day.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("tutor", "mentor"):
            fields[name].queryset = here()
            fields[name].empty_label = "Nobody yet"
            if chosen := getattr(self.instance, f"{name}_id"):
                fields[name].queryset |= Staff.objects.filter(pk=chosen)
        if self.instance.pk:
            del self.fields["staff"]
        else:
            teachers = here().filter(group=Staff.Group.TEACHER, early_career=None)
            fields["staff"].queryset = teachers

    def clean_starts_on(self) -> date | None:
        return sensible(self.cleaned_data["starts_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = cleaned.get("staff") or self.instance.staff_id and self.instance.staff
        tutor, mentor = cleaned.get("tutor"), cleaned.get("mentor")
        if tutor and tutor == mentor:
            self.add_error(
                "mentor", "Tutor and mentor are two people: one assesses, the other supports."
            )
        for name, chosen in (("tutor", tutor), ("mentor", mentor)):
            if chosen and chosen == person:
                self.add_error(name, "Choose somebody else than the teacher.")
        return cleaned


class HandoverForm(forms.ModelForm):
    """What is handed on, to whom, and what they should know."""

    class Meta:
        model = Handover
        fields = ["about", "to", "note"]
        field_classes = {"to": SafeModelChoiceField}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to"].queryset = here().exclude(pk=self.instance.leaver_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        same = Handover.objects.filter(leaver=self.instance.leaver_id, to=cleaned.get("to"))
        if cleaned.get("to") and same.filter(about=cleaned.get("about")).exists():
            self.add_error("about", "This is handed on to them already.")
        return cleaned
