"""What is asked about the school itself: settings, years, teams."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, transaction
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock, years
from cpdhub.forms import DayInput, TimeInput
from cpdhub.models import AcademicYear, Establishment, HalfTerm, School, Staff, Team


class SchoolForm(forms.ModelForm):
    """Settings of the school. Its URN has a page of its own."""

    class Meta:
        model = School
        fields = [
            "name", "phase", "day_starts_at", "day_ends_at", "cover_rate", "staff_hour_rate",
            "head_decides_above", "sharing_plan_above", "most_out_per_day", "advised_priorities",
            "most_prompts",
            "observations_a_year",
        ]  # fmt: skip
        widgets = {"day_starts_at": TimeInput, "day_ends_at": TimeInput}
        help_texts = {
            "name": "As staff know it. It stands on every page, letter and report.",
            "day_ends_at": "When pupils go home: a session after it takes nobody out of lessons.",
            "cover_rate": "Used to work out what it costs when somebody is out for a day.",
            "most_out_per_day": "More than this, and planning another absence warns.",
            "advised_priorities": "More live priorities than this warn and ask for a ranking."
            " Five is a good ceiling.",
            "most_prompts": "So many letters that ask to reflect, or how an activity was, and so"
            " many activities somebody is asked about. Its page says who was left in peace.",
            "observations_a_year": "More than this, and asking for another warns both sides.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cover: Any = self.fields["cover_rate"]
        cover.validators.append(MaxValueValidator(5000, "Is this for one day? At most £5,000."))
        hour: Any = self.fields["staff_hour_rate"]
        hour.validators.append(MaxValueValidator(500, "Is this for one hour? At most £500."))
        out: Any = self.fields["most_out_per_day"]
        out.validators += [MinValueValidator(1), MaxValueValidator(500)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("day_starts_at"), cleaned.get("day_ends_at")
        if starts and ends and ends <= starts:
            self.add_error("day_ends_at", "The school day must end after it begins.")
        return cleaned


class UrnForm(forms.Form):
    """A new unique reference number, after conversion to an academy or a merger."""

    urn = forms.RegexField(
        r"^[0-9]{6}$",
        label="New URN",
        error_messages={"invalid": "A URN is six digits."},
        help_text="Six digits. Get Information about Schools lists it on the school's page.",
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self.fields["urn"].widget.attrs |= {"inputmode": "numeric", "maxlength": 6}

    def clean_urn(self) -> str:
        urn = self.cleaned_data["urn"]
        if urn == self.school.urn:
            raise forms.ValidationError("This is the URN the school has now.")
        if School.objects.filter(urn=urn).exists():
            raise forms.ValidationError("Another school here has this URN. Check the number.")
        if Establishment.objects.exists() and not Establishment.objects.filter(urn=urn).exists():
            raise forms.ValidationError(
                "The register of schools does not know this number. Check it, or ask the"
                " installation's administrator to bring the register up to date."
            )
        return urn

    def save_or_refuse(self) -> bool:
        try:
            with transaction.atomic():
                self.school.change_urn(self.cleaned_data["urn"])
        except IntegrityError:
            self.add_error("urn", "Another school has just taken this URN. Check the number.")
            return False
        return True


YEARLY = ("inset_days", "inset_hours", "directed_hours", "directed_elsewhere")


class YearForm(forms.Form):
    """The six half-terms of one year: inside it, in order, none on top of another."""

    def __init__(self, *args: Any, first: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts_on, self.ends_on = date(first, 9, 1), date(first + 1, 8, 31)
        for name, label in HalfTerm.Name.choices:
            for end, word in (("starts", "First day"), ("ends", "Last day")):
                self.fields[f"{name}_{end}"] = forms.DateField(
                    label=word,
                    widget=DayInput,
                    error_messages={"required": f"{label} needs its {word.lower()}."},
                )
        yearly = forms.fields_for_model(AcademicYear, fields=YEARLY)
        # What a page did not ask stays as it is.
        asked = [name for name in YEARLY if not self.is_bound or name in self.data]
        self.fields |= {name: yearly[name] for name in asked}

    @staticmethod
    def initial_of(half_terms: Any) -> dict[str, date]:
        """Takes (name, first day, last day) of each."""
        return {
            f"{name}_{end}": day
            for name, starts, ends in half_terms
            for end, day in (("starts", starts), ("ends", ends))
        }

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [
            (label, self[f"{name}_starts"], self[f"{name}_ends"])
            for name, label in HalfTerm.Name.choices
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        before, before_ends = "", None
        for name, label in HalfTerm.Name.choices:
            starts, ends = cleaned.get(f"{name}_starts"), cleaned.get(f"{name}_ends")
            for end, day in (("starts", starts), ("ends", ends)):
                if day and not self.starts_on <= day <= self.ends_on:
                    self.add_error(
                        f"{name}_{end}",
                        f"{label} is outside the year, {self.starts_on:%-d %B %Y} to"
                        f" {self.ends_on:%-d %B %Y}.",
                    )
            if starts and ends and ends <= starts:
                self.add_error(f"{name}_ends", f"{label} ends before it begins, or on that day.")
            if starts and before_ends and starts <= before_ends:
                self.add_error(
                    f"{name}_starts",
                    f"{label} begins before {before} ends ({before_ends:%-d %B %Y}).",
                )
            before, before_ends = label, ends
        directed, elsewhere = cleaned.get("directed_hours"), cleaned.get("directed_elsewhere")
        if directed is not None and elsewhere is not None and elsewhere > directed:
            self.add_error("directed_elsewhere", f"At most the {directed} hours of the year.")
        return cleaned

    @transaction.atomic
    def save(self, school: School) -> AcademicYear:
        """The same half-terms with these dates: milestones keep pointing at them."""
        year, _ = AcademicYear.objects.get_or_create(
            school=school,
            name=years.year_name(self.starts_on.year),
            defaults={"starts_on": self.starts_on, "ends_on": self.ends_on},
        )
        for name in YEARLY:
            if name in self.cleaned_data:
                setattr(year, name, self.cleaned_data[name])
        year.save(update_fields=list(YEARLY))
        for name in HalfTerm.Name.values:
            HalfTerm.objects.update_or_create(
                year=year,
                name=name,
                defaults={
                    "school": school,
                    "starts_on": self.cleaned_data[f"{name}_starts"],
                    "ends_on": self.cleaned_data[f"{name}_ends"],
                },
            )
        return year


class TeamForm(forms.ModelForm):
    """A department, year group or phase, and who leads it."""

    class Meta:
        model = Team
        fields = ["name", "leader", "most_out_per_day"]
        field_classes = {"leader": SafeModelChoiceField}
        help_texts = {
            "leader": "Leading a team gives no rights by itself: the role does.",
            "most_out_per_day": "Beside the school’s limit; empty where there is none.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        leaders = Staff.objects.live(clock.today())
        if self.instance.leader_id:
            leaders = leaders | Staff.objects.filter(pk=self.instance.leader_id)
        leader: Any = self.fields["leader"]
        leader.queryset, leader.empty_label = leaders, "Nobody yet"
        most: Any = self.fields["most_out_per_day"]
        most.validators.append(MaxValueValidator(500))

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Team.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"There is a team called {name} already.")
        return name

    def save_or_refuse(self) -> bool:
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("name", "Somebody has just made a team of this name.")
            return False
        return True
