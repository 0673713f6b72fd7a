"""Choosing colleagues: everyone, a staff group, a team, or one by one."""

from dataclasses import dataclass
from typing import Any

from django import forms

from activities.models import Participation, Session
from cpdhub import clock
from cpdhub.models import Staff

GROUPS = {
    Staff.Group.TEACHER: "All teachers",
    Staff.Group.ASSISTANT: "All teaching assistants",
    Staff.Group.SUPPORT: "All other support staff",
}


@dataclass(frozen=True)
class Choice:
    """A colleague's line in the list. `picks` are the quick picks it belongs to."""

    pk: int
    name: str
    detail: str
    picks: str
    is_chosen: bool


class PeopleForm(forms.Form):
    """Colleagues by quick pick (`picks`) and by name (`people`); both together count.

    Loads the school's people once: to show them, to check what was sent, to expand the picks.
    """

    picks = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    people = forms.TypedMultipleChoiceField(
        label="Who takes part",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose people from the list."},
    )

    def __init__(self, *args: Any, besides: frozenset[int] = frozenset(), **kwargs: Any) -> None:
        """`besides` are people on the list though they have left: they took part."""
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.staff = [
            person
            for person in Staff.objects.on_staff().select_related("team")
            if person.is_live(today) or person.pk in besides
        ]
        teams = {person.team_id: person.team for person in self.staff if person.team}
        fields: dict[str, Any] = self.fields
        fields["people"].choices = [(person.pk, person.name) for person in self.staff]
        fields["picks"].choices = [
            ("everyone", "Whole school"),
            *[
                (f"group-{group}", label)
                for group, label in GROUPS.items()
                if any(person.group == group for person in self.staff)
            ],
            *sorted(
                ((f"team-{pk}", str(team)) for pk, team in teams.items()), key=lambda pick: pick[1]
            ),
        ]

    def choices(self) -> list[Choice]:
        """The list of names as the page shows it."""
        chosen = {str(pk) for pk in self["people"].value() or []}
        return [
            Choice(
                person.pk,
                person.name,
                person.team.name if person.team else person.job_title,
                " ".join(picks_of(person)),
                str(person.pk) in chosen,
            )
            for person in self.staff
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        picks = set(cleaned.get("picks", []))
        named = set(cleaned.get("people", []))
        # Everybody picked and named; whoever left is only kept by name.
        cleaned["everybody"] = named | {
            person.pk
            for person in self.staff
            if picks.intersection(picks_of(person)) and person.is_live(clock.today())
        }
        return cleaned


def picks_of(person: Staff) -> list[str]:
    picks = ["everyone", f"group-{person.group}"]
    return [*picks, f"team-{person.team_id}"] if person.team_id else picks


class RegisterForm(forms.Form):
    """Who was at a session: those it lists, ticked, and anybody else who came."""

    listed = forms.TypedMultipleChoiceField(coerce=int, required=False)
    present = forms.TypedMultipleChoiceField(coerce=int, required=False)
    added = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any, *, session: Session) -> None:
        super().__init__(data)
        today = clock.today()
        known = dict(session.attendances.values_list("staff", "was_present"))
        taking_part = set(
            Participation.objects.filter(activity=session.activity_id).values_list(
                "staff", flat=True
            )
        )
        self.here, self.others = [], []
        for person in Staff.objects.all():
            if person.pk in taking_part or person.pk in known:
                self.here.append(person)
            elif person.group and person.is_live(today):
                self.others.append(person)
        self.was_present = known
        self.is_first = session.register_taken_at is None
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
