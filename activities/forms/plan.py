"""Everything that is asked when an activity is planned, on one page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from activities.design.check import Facts
from activities.design.facts import of_plan
from activities.forms.activity import DetailsForm, ImpactForm, PageForms
from activities.forms.layout import LayoutForm, RolesForm
from activities.forms.people import PeopleForm
from activities.forms.sessions import RepeatForm, SessionFormSet
from activities.models import Activity, ActivityForm, Session
from cpdhub.models import Staff

MORE = 3  # rows each time somebody asks for more


class PlanPage(PageForms):
    """What, what it should change, when, who. Valid as a draft with much less than as a plan."""

    def __init__(
        self,
        by: Staff,
        data: QueryDict | None = None,
        initial: dict[str, Any] | None = None,
        draft: Activity | None = None,
    ) -> None:
        self.draft = draft
        self.layout = LayoutForm(data, prefix="layout", initial=initial)
        self.chosen = self.layout.chosen()
        activity = draft or Activity(school=by.school, owner=by)
        self.activity = DetailsForm(data, by=by, instance=activity, initial=initial)
        impact = getattr(activity, "intended_impact", None)
        self.impact = ImpactForm(data, initial=initial, instance=impact)
        self.sessions: Any = SessionFormSet(data, prefix="sessions")
        self.repeat = RepeatForm(data, prefix="repeat", initial=initial)
        self.people = PeopleForm(data, initial=initial)
        self.roles = RolesForm(
            data,
            prefix="roles",
            roles=self.chosen.roles if self.chosen else [],
            people=self.people.staff,
        )
        super().__init__(
            [self.layout, self.activity, self.impact, *self.sessions, self.repeat, self.people]
            + [self.roles]
        )

    @classmethod
    def as_typed(cls, by: Staff, data: QueryDict, draft: Activity | None) -> "PlanPage":
        """The same page with what was typed, nothing checked yet."""
        page = cls(by, data, draft=draft)
        for form in page:
            keep_as_typed(form)
        return page

    @classmethod
    def with_more_rows(
        cls, by: Staff, data: QueryDict, draft: Activity | None = None
    ) -> "PlanPage":
        page = cls.as_typed(by, data, draft)
        rows = page.sessions.forms
        typed = [form.initial for form in rows if any(form.initial.values())]
        page.show_sessions(typed, rows=len(rows) + MORE)
        return page

    @classmethod
    def checked(cls, by: Staff, data: QueryDict, draft: Activity | None = None) -> "PlanPage":
        page = cls.as_typed(by, data, draft)
        page.show_sessions([form.initial for form in page.sessions], rows=len(page.sessions))
        return page

    @classmethod
    def laid_out(cls, by: Staff, data: QueryDict, draft: Activity | None = None) -> "PlanPage":
        """With the sessions of the form that is chosen, in place of those that were there."""
        page = cls.as_typed(by, data, draft)
        asked = LayoutForm(data, prefix="layout")
        if asked.ask_for_sessions() and page.chosen:
            page.take_from(page.chosen, asked.rows(page.chosen))
        else:
            page[0] = page.layout = asked
            page.show_sessions([form.initial for form in page.sessions], rows=len(page.sessions))
        return page

    def take_from(self, form: ActivityForm, rows: list[dict[str, Any]]) -> None:
        """All that a form says, to be changed at will. What was typed in words stays."""
        self.show_sessions(rows, rows=len(rows) + 1)
        self.activity.initial.update(said_by(form))
        self.activity.initial["title"] = self.activity.initial.get("title") or form.title
        if rows and not self.impact.initial.get("look_again_on"):
            again = rows[-1]["day"] + timedelta(weeks=form.look_again_after)
            self.impact.initial["look_again_on"] = again

    def show_sessions(self, typed: list[dict[str, Any]], *, rows: int) -> None:
        self.sessions = SessionFormSet(prefix="sessions")
        self.sessions.extra = min(rows, self.sessions.max_num)
        for form, initial in zip(self.sessions.forms, typed, strict=False):
            form.initial = initial

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
        sessions = self.sessions.sessions(self.chosen)
        return [*sessions, *self.repeat.again(sessions)]


def said_by(form: ActivityForm) -> dict[str, Any]:
    """The boxes of the plan page that a form fills in."""
    return {
        "type": form.type_id,
        "kind": form.kind,
        "is_compulsory": form.is_compulsory,
        "is_own_time": form.is_own_time,
    }


def keep_as_typed(form: forms.BaseForm) -> None:
    """Make a form that was sent into one that was not, showing the same characters."""
    form.initial = {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }
    form.is_bound, form.data = False, {}
