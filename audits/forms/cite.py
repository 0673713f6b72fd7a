"""Citing a result as evidence."""

from typing import Any

from django import forms

from audits.models import Result
from cpdhub.models import FrameworkItem, SuccessCriterion


class CiteForm(forms.Form):
    """Whose answers, and where they are evidence."""

    result = forms.TypedChoiceField(label="Whose answers", coerce=int)
    place = forms.ChoiceField(
        label="Evidence for",
        help_text="In the self-evaluation it is a piece of evidence; of a success criterion, a"
        " reading on the day the audit closed.",
    )

    def __init__(
        self,
        *args: Any,
        results: list[tuple[Result, str]],
        areas: list[FrameworkItem],
        criteria: list[SuccessCriterion],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {f"area-{item.pk}": item for item in areas}
        self.criteria = {f"criterion-{each.pk}": each for each in criteria}
        fields: dict[str, Any] = self.fields
        fields["result"].choices = [(result.pk, words) for result, words in results]
        fields["place"].choices = [
            ("", "Choose one"),
            ("Self-evaluation", [(key, str(item)) for key, item in self.areas.items()]),
            *(
                [("A success criterion", [(key, f"{each.priority}: {each}")
                                          for key, each in self.criteria.items()])]
                if criteria
                else []
            ),
        ]  # fmt: skip
