"""What is built into an activity on purpose: ticks, and a few words."""

from typing import Any

from django import forms

from activities.design import facts
from activities.models import Activity, Design, DesignFeature
from cpdhub.models import FrameworkItem

HEADINGS = {
    "eef-mechanisms": "What makes it work",
    "eppi-features": "How people learn in it",
    "dfe-cpd-standard": "What it holds itself to",
    "plan-risks": "What could get in the way",
}


class DesignForm(forms.ModelForm):
    """Everything may be left empty; what is ticked is checked at once."""

    features: Any = forms.ModelMultipleChoiceField(queryset=None, required=False)
    focus = forms.MultipleChoiceField(
        label="What it is about",
        choices=Design.Focus.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Design
        fields = ["focus", "level", "style", "one_session_because", "outside_because"]
        labels = {
            "level": "Who it is made for",
            "style": "Who shapes it",
            "one_session_because": "Why one session is enough",
            "outside_because": "Why somebody from outside rather than a colleague",
        }
        help_texts = {
            "one_session_because": "Only if it is one session and nothing follows.",
            "outside_because": "Only if somebody from outside leads it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(facts.items())
        fields: dict[str, Any] = self.fields
        fields["features"].queryset = facts.items()
        if self.instance.activity_id:
            ticked = DesignFeature.objects.filter(activity=self.instance.activity_id)
            self.initial["features"] = list(ticked.values_list("item", flat=True))

    def lists(self) -> list[dict[str, Any]]:
        """The ticks under their headings, each list with its groups."""
        ticked = {str(value) for value in self["features"].value() or ()}
        found: dict[str, dict[str, Any]] = {}
        for item in self.items:
            code = item.framework.code
            listed = found.setdefault(
                code, {"code": code, "heading": HEADINGS[code], "groups": {}, "number": 0}
            )
            is_ticked = str(item.pk) in ticked
            listed["number"] += is_ticked
            group = str(item.parent) if item.parent else ""
            listed["groups"].setdefault(group, []).append((item, is_ticked))
        return [found[code] for code in HEADINGS if code in found]

    def ticked(self) -> list[FrameworkItem]:
        """As typed, or as saved; one query for all of it was asked already."""
        values = {str(value) for value in self["features"].value() or ()}
        return [item for item in self.items if str(item.pk) in values]

    def typed(self) -> Design:
        """The design as it is being typed; what cannot be read is left out."""
        if self.is_bound:
            self.is_valid()
        return self.instance

    def save_for(self, activity: Activity) -> None:
        """Words and ticks together; inside a transaction."""
        design = self.save(commit=False)
        design.school, design.activity = activity.school, activity
        design.save()
        wanted = {item.pk for item in self.cleaned_data["features"]}
        rows = DesignFeature.objects.filter(activity=activity)
        rows.exclude(item__in=wanted).delete()
        missing = wanted - set(rows.values_list("item", flat=True))
        DesignFeature.objects.bulk_create(
            DesignFeature(school=activity.school, activity=activity, item_id=pk)
            for pk in sorted(missing)
        )
