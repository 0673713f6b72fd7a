"""What is asked about INSET days, dates kept free and people's protected times."""

from datetime import date
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, TimeInput
from cpdhub.models import BlockedDates, InsetDay, InsetTwilight, Priority, ProtectedTime, Team

YEARS = 3  # how far from today a date of the calendar may be


def in_our_time(day: date | None) -> date | None:
    if day and abs((day - clock.today()).days) > YEARS * 366:
        raise forms.ValidationError(f"Is the year right? This says {day.year}.")
    return day


class InsetForm(forms.ModelForm):
    """One INSET day; its twilights have rows of their own."""

    class Meta:
        model = InsetDay
        fields = ["day", "theme", "hours", "priority"]
        field_classes = {"priority": SafeModelChoiceField}
        widgets = {"day": DayInput}
        help_texts = {
            "day": "Split into twilights, it is the day staff get back for them.",
            "hours": "Twilights count with their own length instead.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        priority: Any = self.fields["priority"]
        live = Priority.objects.live()
        if self.instance.priority_id:
            live = live | Priority.objects.filter(pk=self.instance.priority_id)
        priority.queryset, priority.empty_label = live, "None"

    def clean_day(self) -> date | None:
        day = in_our_time(self.cleaned_data["day"])
        if day and day.weekday() > 4:
            raise forms.ValidationError(f"{day:%-d %B %Y} is a {day:%A}.")
        if InsetDay.objects.filter(day=day).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is an INSET day on this date already.")
        return day

    def save_or_refuse(self) -> bool:
        if self.instance.pk:
            self.instance.sequence += 1
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("day", "Somebody has just set an INSET day on this date.")
            return False
        return True


class TwilightForm(forms.Form):
    """One twilight; an empty row is none."""

    day = forms.DateField(label="Date", widget=DayInput, required=False)
    starts_at = forms.TimeField(label="From", widget=TimeInput, required=False)
    ends_at = forms.TimeField(label="To", widget=TimeInput, required=False)

    def clean_day(self) -> date | None:
        return in_our_time(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if any(cleaned.values()):
            for name in self.fields:
                if name in cleaned and not cleaned[name]:
                    self.add_error(name, "Fill in the whole row, or none of it.")
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "It must end after it starts.")
        return cleaned


class BaseTwilights(forms.BaseFormSet):
    """The twilights of an INSET day: what is here is what there is."""

    def clean(self) -> None:
        days = [day for form in self.forms if (day := form.cleaned_data.get("day"))]
        if len(days) != len(set(days)):
            raise forms.ValidationError("Two twilights are on the same date.")

    @transaction.atomic
    def save(self, inset: InsetDay) -> None:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("day")]
        inset.twilights.exclude(day__in=[row["day"] for row in rows]).delete()
        for row in rows:
            InsetTwilight.objects.update_or_create(
                inset=inset,
                day=row["day"],
                defaults={
                    "school_id": inset.school_id,
                    "starts_at": row["starts_at"],
                    "ends_at": row["ends_at"],
                },
            )


Twilights = forms.formset_factory(
    TwilightForm, formset=BaseTwilights, extra=3, max_num=40, absolute_max=40
)


class BlockedForm(forms.ModelForm):
    """Days kept free of CPD."""

    class Meta:
        model = BlockedDates
        fields = ["first_day", "last_day", "reason", "team"]
        field_classes = {"team": SafeModelChoiceField}
        widgets = {"first_day": DayInput, "last_day": DayInput}
        help_texts = {"reason": "Whoever plans something then reads it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset, team.empty_label = Team.objects.all(), "Everybody"

    def clean_first_day(self) -> date | None:
        return in_our_time(self.cleaned_data["first_day"])

    def clean_last_day(self) -> date | None:
        return in_our_time(self.cleaned_data["last_day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "This is before the first day.")
        return cleaned


class ProtectedTimeForm(forms.ModelForm):
    """A weekly time in which nothing else is directed."""

    class Meta:
        model = ProtectedTime
        fields = ["kind", "weekday", "starts_at", "ends_at"]
        widgets = {"starts_at": TimeInput, "ends_at": TimeInput}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "It must end after it starts.")
        return cleaned
