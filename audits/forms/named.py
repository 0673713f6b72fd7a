"""Whose answers of a named audit are shown, and to what."""

from typing import Any

from django import forms

from audits.models import Question, Round
from cpdhub.models import Staff


class NamedFilter(forms.Form):
    """What makes no sense is left aside."""

    person = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    team = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    group = forms.ChoiceField(
        label="Staff group",
        required=False,
        choices=[("", "All groups"), *Staff.Group.choices],
    )
    question = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(
        self, *args: Any, round_: Round, responses: Any, questions: list[Question], **kwargs: Any
    ) -> None:
        """Two queries; `responses` are those that may be shown at all."""
        super().__init__(*args, **kwargs)
        self.responses = responses
        people = responses.order_by("invitation__staff__sort_name", "pk")
        fields: dict[str, Any] = self.fields
        staff = Staff.objects.filter(pk__in=people.values("invitation__staff"))
        fields["person"].choices = [
            ("", "Everybody"), *((each.pk, str(each)) for each in staff.order_by("sort_name", "pk"))
        ]  # fmt: skip
        teams = people.exclude(invitation__team=None).order_by("invitation__team__name")
        fields["team"].choices = [
            ("", "All teams"),
            *teams.values_list("invitation__team", "invitation__team__name").distinct(),
        ]
        fields["question"].choices = [
            ("", "All questions"), *((each.pk, str(each)) for each in questions)
        ]  # fmt: skip

    def chosen(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def found(self) -> Any:
        """The responses asked for, by name."""
        found = self.responses.select_related("invitation__staff", "invitation__team")
        for name, column in (
            ("person", "invitation__staff"),
            ("team", "invitation__team"),
            ("group", "invitation__group"),
        ):
            if chosen := self.chosen(name):
                found = found.filter(**{column: chosen})
        return found.order_by("invitation__staff__sort_name", "pk")
