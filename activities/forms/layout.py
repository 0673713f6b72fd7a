"""Planning with a form of activity: which one, from which day, and who has which role."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import slugify

from activities.forms.sessions import TimeInput
from activities.laying_out import USUAL_START, lay_out
from activities.models import ActivityForm
from cpdhub import clock
from cpdhub.forms import DayInput
from cpdhub.keys import key_of
from cpdhub.models import HalfTerm, Staff


class LayoutForm(forms.Form):
    """Which form, and from when. It says nothing until somebody asks for its sessions."""

    form = forms.TypedChoiceField(
        label="Form of activity", coerce=int, empty_value=None, required=False
    )
    first = forms.DateField(label="First day", widget=DayInput, required=False)
    starts = forms.TimeField(
        label="From", widget=TimeInput, required=False, initial=USUAL_START.strftime("%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(ActivityForm.objects.in_use().order_by("school", "title", "pk"))
        own = [(form.pk, form.title) for form in found if not form.is_shipped]
        shipped = [(form.pk, form.title) for form in found if form.is_shipped]
        groups = [("Our own", own)] if own else []
        field: Any = self.fields["form"]
        field.choices = [("", "None: start from an empty page"), *groups, ("Ready to use", shipped)]

    def chosen(self) -> ActivityForm | None:
        """The form that is chosen on the page, sent or not; none when there is none such."""
        key = key_of(str(self["form"].value() or ""))
        return ActivityForm.objects.with_sessions().filter(pk=key).first() if key else None

    def ask_for_sessions(self) -> bool:
        """Whether there is all it takes to lay them out; says beside the field what is not."""
        if self.is_valid():
            if not self.cleaned_data["form"]:
                self.add_error("form", "Choose a form.")
            if not self.cleaned_data["first"]:
                self.add_error("first", "From which day?")
        return not self.errors

    def rows(self, form: ActivityForm) -> list[dict[str, Any]]:
        first = self.cleaned_data["first"]
        terms = HalfTerm.objects.filter(ends_on__gte=first - timedelta(days=120))
        starts = self.cleaned_data["starts"] or USUAL_START
        return lay_out(form, first=first, starts=starts, half_terms=list(terms))

    def clean_first(self) -> Any:
        first = self.cleaned_data["first"]
        if first and abs((first - clock.today()).days) > 3 * 366:
            raise forms.ValidationError(f"Is the year right? This says {first.year}.")
        return first


class RolesForm(forms.Form):
    """One person for each role of the form. More people, and other roles, come later."""

    def __init__(
        self, *args: Any, roles: Sequence[str], people: Sequence[Staff], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Nobody yet"), *((person.pk, person.name) for person in people)]
        self.names = {slugify(role): role for role in roles}
        for key, role in self.names.items():
            self.fields[key] = forms.TypedChoiceField(
                label=role.capitalize(),
                coerce=int,
                empty_value=None,
                required=False,
                choices=choices,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given: set[int] = set()
        for key in self.names:
            person = cleaned.get(key)
            if person in given:
                self.add_error(key, "This person has a role already.")
            elif person:
                given.add(person)
        return cleaned

    def given(self) -> dict[int, str]:
        """Role by person."""
        cleaned = self.cleaned_data
        return {cleaned[key]: role for key, role in self.names.items() if cleaned.get(key)}


class EveryonesRolesForm(forms.Form):
    """Everyone in an activity, with one role each."""

    USUAL = ("lead", "coach", "coachee", "mentor", "mentee", "observer", "presenter", "member")

    def __init__(self, data: Any, *, activity: Any) -> None:
        super().__init__(data)
        self.people = list(activity.participations.select_related("staff"))
        words = [*activity.roles, *(row.role for row in self.people), *self.USUAL]
        choices = [("", "No role"), *((w, w.capitalize()) for w in dict.fromkeys(words) if w)]
        for row in self.people:
            self.fields[str(row.staff_id)] = forms.ChoiceField(
                label=row.staff.name, choices=choices, required=False, initial=row.role
            )

    def given(self) -> dict[int, str]:
        return {
            row.staff_id: self.cleaned_data[str(row.staff_id)]
            for row in self.people
            if str(row.staff_id) in self.cleaned_data
        }
