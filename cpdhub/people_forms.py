"""Choosing colleagues: everyone, a staff group, a career stage, a team, or one by one."""

from dataclasses import dataclass
from typing import Any

from django import forms

from cpdhub import clock
from cpdhub.models import Staff

GROUPS = {
    Staff.Group.TEACHER: "All teachers",
    Staff.Group.ASSISTANT: "All teaching assistants",
    Staff.Group.SUPPORT: "All other support staff",
}
STAGES = {
    Staff.Stage.TRAINEE: "All trainees",
    Staff.Stage.EARLY: "All in their early career",
    Staff.Stage.MAIN: "All established",
    Staff.Stage.EXPERIENCED: "All experienced",
    Staff.Stage.LEADER: "All leaders",
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

    def __init__(
        self,
        *args: Any,
        besides: frozenset[int] = frozenset(),
        by_stage: bool = False,
        **kwargs: Any,
    ) -> None:
        """`besides` are people on the list though they have left: they took part. `by_stage` is
        for those who may know everybody's career stage.
        """
        self.by_stage = by_stage
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
            *[
                (f"stage-{stage}", label)
                for stage, label in STAGES.items()
                if by_stage and any(person.career_stage == stage for person in self.staff)
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
                " ".join(self.picks_of(person)),
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
            if picks.intersection(self.picks_of(person)) and person.is_live(clock.today())
        }
        return cleaned

    def picks_of(self, person: Staff) -> list[str]:
        picks = ["everyone", f"group-{person.group}"]
        if person.team_id:
            picks.append(f"team-{person.team_id}")
        if self.by_stage and person.career_stage:
            picks.append(f"stage-{person.career_stage}")
        return picks
