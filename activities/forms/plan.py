"""Everything that is asked when an activity is planned, on one page."""

from typing import Any

from django import forms
from django.http import QueryDict

from activities.design.check import Facts
from activities.design.facts import of_plan
from activities.forms.activity import ActivityForm, ImpactForm, PageForms
from activities.forms.people import PeopleForm
from activities.forms.sessions import RepeatForm, SessionFormSet
from activities.models import Activity, Session
from cpdhub.models import Staff

MORE = 3  # rows each time somebody asks for more


class PlanPage(PageForms):
    """What, what it should change, when, who. Valid as a draft with much less than as a plan."""

    def __init__(
        self, by: Staff, data: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.activity = ActivityForm(
            data, by=by, instance=Activity(school=by.school, owner=by), initial=initial
        )
        self.impact = ImpactForm(data, initial=initial)
        self.sessions: Any = SessionFormSet(data, prefix="sessions")
        self.repeat = RepeatForm(data, prefix="repeat", initial=initial)
        self.people = PeopleForm(data, initial=initial)
        super().__init__([self.activity, self.impact, *self.sessions, self.repeat, self.people])

    @classmethod
    def as_typed(cls, by: Staff, data: QueryDict, *, more: int = 0) -> "PlanPage":
        """The same page with what was typed, nothing complained of, and more rows for sessions."""
        page = cls(by, data)
        for form in page:
            keep_as_typed(form)
        rows = page.sessions.forms
        typed = [form.initial for form in rows if any(form.initial.values())]
        page.sessions = SessionFormSet(prefix="sessions")
        page.sessions.extra = min(len(rows) + more, page.sessions.max_num)
        for form, initial in zip(page.sessions.forms, typed, strict=False):
            form.initial = initial
        return page

    def is_valid_as(self, *, draft: bool) -> bool:
        if not self.are_valid():
            return False
        if not draft and self.activity.cleaned_data["kind"] == Activity.Kind.DIRECT:
            self.impact.ask_for_all()
        return not self.errors and self.sessions.is_valid()

    def facts(self) -> Facts:
        """What of the design can be read already."""
        self.are_valid()
        known = {**self.impact.cleaned_data, **self.activity.cleaned_data}
        chosen = self.people.cleaned_data.get("everybody", ())
        rows = [row for row in self.sessions if row.has_changed() and not row.errors]
        dated = [row.session() for row in rows]
        again = self.repeat.again(dated) if self.repeat.is_valid() else []
        return of_plan(known, sessions=[*dated, *again], people=len(chosen))

    def all_sessions(self) -> list[Session]:
        sessions = self.sessions.sessions()
        return [*sessions, *self.repeat.again(sessions)]


def keep_as_typed(form: forms.BaseForm) -> None:
    """Make a form that was sent into one that was not, showing the same characters."""
    form.initial = {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }
    form.is_bound, form.data = False, {}
