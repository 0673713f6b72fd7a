"""When an activity meets: a day, two times and a place; and the same again each week."""

from datetime import date, timedelta
from typing import Any

from django import forms

from activities.actions import repeats
from activities.models import ActivityForm, Session
from cpdhub import clock
from cpdhub.clock import at
from cpdhub.forms import DayInput, TimeInput
from cpdhub.models import HalfTerm

MOST_PROMPTS = 12
WHEN = {"day": "Which day?", "starts": "From when?", "ends": "Until when?"}


class SessionForm(forms.Form):
    """One session. Left empty altogether, a row of several is no session."""

    day = forms.DateField(label="Date", widget=DayInput, required=False)
    starts = forms.TimeField(label="From", widget=TimeInput, required=False)
    ends = forms.TimeField(label="To", widget=TimeInput, required=False)
    place = forms.CharField(label="Place", max_length=120, required=False)
    name = forms.CharField(label="What it is called", max_length=80, required=False)
    step = forms.IntegerField(widget=forms.HiddenInput, required=False)  # of the form it is from

    @classmethod
    def of(cls, session: Session, data: Any = None) -> "SessionForm":
        """The form that changes this session."""
        start, end = (at.astimezone(clock.LONDON) for at in (session.starts_at, session.ends_at))
        initial = {
            "day": start.date(), "starts": start.time(), "ends": end.time(),
            "place": session.place, "name": session.name,
            "planning_minutes": session.planning_minutes, "prompts": "\n".join(session.prompts),
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

    def has_changed(self) -> bool:
        """A row in which only the name of a session is left is an empty one."""
        return bool({"day", "starts", "ends", "place"}.intersection(self.changed_data))

    def session(self) -> Session:
        cleaned = self.cleaned_data
        return Session(
            starts_at=cleaned["starts_at"],
            ends_at=cleaned["ends_at"],
            place=cleaned["place"],
            name=cleaned.get("name", ""),
        )


class ChangedSessionForm(SessionForm):
    """One session that is there, with what people write about it."""

    planning_minutes = forms.IntegerField(
        label="Of which to plan, in minutes", min_value=0, max_value=720, required=False
    )
    prompts = forms.CharField(
        label="What people are asked to write about it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One question a line. Empty: nothing is asked.",
    )

    def clean_planning_minutes(self) -> int:
        return self.cleaned_data["planning_minutes"] or 0

    def clean_prompts(self) -> list[str]:
        return lines_of(self.cleaned_data["prompts"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            minutes = (cleaned["ends_at"] - cleaned["starts_at"]).total_seconds() / 60
            if cleaned["planning_minutes"] > minutes:
                self.add_error("planning_minutes", "The session is not as long as that.")
        return cleaned


def lines_of(text: str) -> list[str]:
    """One prompt a line, at most twelve."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_PROMPTS:
        raise forms.ValidationError(f"At most {MOST_PROMPTS} questions: few are answered.")
    if long := next((line for line in lines if len(line) > 300), None):
        raise forms.ValidationError(f"This is too long for a question: “{long[:60]}…”")
    return lines


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

    def sessions(self, form: ActivityForm | None = None) -> list[Session]:
        """With what the form of activity says of each, where it is from one."""
        steps = {step.pk: step for step in form.sessions.all()} if form else {}
        found = []
        for row in self.forms:
            if row.has_changed():
                session = row.session()
                if step := steps.get(row.cleaned_data.get("step")):
                    session.take_from(step)
                found.append(session)
        return found


SessionFormSet = forms.formset_factory(
    SessionForm, formset=BaseSessionFormSet, extra=3, max_num=60, absolute_max=60
)
