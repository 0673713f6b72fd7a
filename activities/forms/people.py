"""Who takes part in an activity, and who was there."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Subquery

from activities.models import Participation, Session
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.people_forms import PeopleForm

__all__ = ["PeopleForm", "RegisterForm"]


class RegisterForm(forms.Form):
    """Who was at a session: those it lists, ticked, and anybody else who came."""

    listed = forms.TypedMultipleChoiceField(coerce=int, required=False)
    present = forms.TypedMultipleChoiceField(coerce=int, required=False)
    added = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any, *, session: Session) -> None:
        super().__init__(data)
        today = clock.today()
        everybody = list(_marked(session))
        known = {one.pk: one.mark for one in everybody if one.mark is not None}
        self.here, self.others = [], []
        for person in everybody:
            if person.takes_part or person.pk in known:
                self.here.append(person)
            elif person.group and person.is_live(today):
                self.others.append(person)
        self.was_present = known
        # Where people typed the session's code, those who did not are not ticked.
        self.typed = sum(known.values()) if session.register_taken_at is None else 0
        self.is_first = session.register_taken_at is None and not self.typed
        fields: dict[str, Any] = self.fields
        here = [(person.pk, person.name) for person in self.here]
        everyone = [*here, *((person.pk, person.name) for person in self.others)]
        # Somebody may join or leave while the page is open: all are accepted, by any list.
        for field in fields.values():
            field.choices = everyone

    def rows(self) -> list[tuple[Staff, bool]]:
        """Everyone it lists, and whether their box is ticked."""
        if self.is_bound:
            ticked = set(self["present"].value() or [])
            return [(person, str(person.pk) in ticked) for person in self.here]
        return [(person, self.was_present.get(person.pk, self.is_first)) for person in self.here]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["everybody"] = {*cleaned.get("present", []), *cleaned.get("added", [])}
        return cleaned


def _marked(session: Session) -> Any:
    """All staff: whether they take part, and how they are marked on its register (or None)."""
    parts = Participation.objects.filter(activity=session.activity_id, staff=OuterRef("pk"))
    marks = session.attendances.filter(staff=OuterRef("pk")).order_by().values("was_present")
    return Staff.objects.annotate(takes_part=Exists(parts), mark=Subquery(marks[:1]))
