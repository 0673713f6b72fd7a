"""When an activity meets: a day, two times and a place; and the same again each week."""

from datetime import date, timedelta
from typing import Any

from django import forms

from activities.actions import repeats
from activities.models import Session
from cpdhub import clock
from cpdhub.clock import at
from cpdhub.forms import DayInput, TimeInput
from cpdhub.models import HalfTerm

WHEN = {"day": "Which day?", "starts": "From when?", "ends": "Until when?"}


class SessionForm(forms.Form):
    """One session. Left empty altogether, a row of several is no session."""

    day = forms.DateField(label="Date", widget=DayInput, required=False)
    starts = forms.TimeField(label="From", widget=TimeInput, required=False)
    ends = forms.TimeField(label="To", widget=TimeInput, required=False)
    place = forms.CharField(label="Place", max_length=120, required=False)

    @classmethod
    def of(cls, session: Session, data: Any = None) -> "SessionForm":
        """The form that changes this session."""
        start, end = (at.astimezone(clock.LONDON) for at in (session.starts_at, session.ends_at))
        initial = {
            "day": start.date(), "starts": start.time(), "ends": end.time(), "place": session.place
        }  # fmt: skip
        return cls(data, initial=initial)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and abs((day - clock.today()).days) > 3 * 366:
            raise forms.ValidationError(f"Is the year right? This says {day.year}.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, question in WHEN.items():
            if name in cleaned and not cleaned[name]:
                self.add_error(name, question)  # a row that is filled in is filled in whole
        if not self.errors:
            cleaned["starts_at"] = at(cleaned["day"], cleaned["starts"])
            cleaned["ends_at"] = at(cleaned["day"], cleaned["ends"])
            if cleaned["ends_at"] <= cleaned["starts_at"]:
                self.add_error("ends", "It must end after it starts.")
        return cleaned

    def session(self) -> Session:
        cleaned = self.cleaned_data
        return Session(
            starts_at=cleaned["starts_at"], ends_at=cleaned["ends_at"], place=cleaned["place"]
        )


class RepeatForm(forms.Form):
    """The last session again, each week or fortnight."""

    weeks = forms.TypedChoiceField(
        label="Then the last one again",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "not again"), (1, "every week"), (2, "every fortnight")],
    )
    times = forms.IntegerField(
        label="How many more times",
        required=False,
        min_value=1,
        max_value=39,
        help_text="School holidays are left out.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("weeks") and "times" in cleaned and not cleaned["times"]:
            self.add_error("times", "Say how many more times.")
        return cleaned

    def again(self, sessions: list[Session]) -> list[Session]:
        """The sessions this adds to these."""
        weeks, times = self.cleaned_data.get("weeks"), self.cleaned_data.get("times")
        if not (weeks and times and sessions):
            return []
        last = max(sessions, key=lambda session: session.starts_at)
        terms = list(HalfTerm.objects.filter(ends_on__gte=last.starts_at - timedelta(days=120)))
        return repeats(last, weeks=weeks, times=times, half_terms=terms)


class BaseSessionFormSet(forms.BaseFormSet):
    """Rows of sessions; empty ones do not count."""

    def sessions(self) -> list[Session]:
        return [form.session() for form in self.forms if form.has_changed()]


SessionFormSet = forms.formset_factory(
    SessionForm, formset=BaseSessionFormSet, extra=3, max_num=60, absolute_max=60
)
