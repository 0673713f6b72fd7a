"""A review of the network: opened, answered, talked about."""

from __future__ import annotations

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from networks.models import NetworkReview, Pause, Rating, Strategy
from networks.propositions import Item


class ReviewForm(forms.ModelForm):
    """A new one; what is asked stays once it is open."""

    class Meta:
        model = NetworkReview
        fields = ["kind", "strategy", "title", "closes_on"]
        field_classes = {"strategy": SafeModelChoiceField}
        widgets = {"kind": forms.RadioSelect, "closes_on": DayInput}
        help_texts = {
            "strategy": "Only for “Will it last?”: one strategy, or the network as a whole.",
            "title": "For example: Autumn review 2026.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        strategy: Any = self.fields["strategy"]
        strategy.queryset = Strategy.objects.filter(network=self.instance.network_id)
        strategy.empty_label = "The network as a whole"
        kind: Any = self.fields["kind"]
        kind.choices = NetworkReview.Kind.choices  # nothing chosen is no choice

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("strategy") and cleaned.get("kind") == NetworkReview.Kind.PROPOSITIONS:
            self.add_error(
                "strategy", "The five propositions are about the network: leave this empty."
            )
        return cleaned

    def clean_closes_on(self) -> Any:
        return _not_over(self.cleaned_data["closes_on"])


class ReviewDaysForm(forms.ModelForm):
    """Another name or day; a closed review opens again by it."""

    class Meta:
        model = NetworkReview
        fields = ["title", "closes_on"]
        widgets = {"closes_on": DayInput}

    def clean_closes_on(self) -> Any:
        return _not_over(self.cleaned_data["closes_on"])

    def save(self, commit: bool = True) -> NetworkReview:
        self.instance.closed_on = None
        saved: NetworkReview = super().save(commit)
        return saved


def _not_over(day: Any) -> Any:
    if day < clock.today():
        raise forms.ValidationError("This day is over. Until when may leaders answer?")
    return day


class AnswerForm(forms.Form):
    """How far each thing is true, and why; anything may be left out."""

    def __init__(self, *args: Any, items: tuple[Item, ...], said: dict[str, Rating], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            before = said.get(item.code)
            self.fields[f"{item.code}_level"] = forms.ChoiceField(
                label="How far is this true of us?", required=False,
                choices=[("", "Nothing said"), *Rating.Level.choices],
                initial=before.level if before else "",
            )  # fmt: skip
            self.fields[f"{item.code}_comment"] = forms.CharField(
                label="Why do you say so?", required=False, max_length=1000,
                widget=forms.Textarea({"rows": 2}), initial=before.comment if before else "",
            )  # fmt: skip

    @property
    def asked(self) -> list[tuple[Item, Any, Any]]:
        return [
            (item, self[f"{item.code}_level"], self[f"{item.code}_comment"]) for item in self.items
        ]

    @property
    def answers(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return {
            item.code: (data[f"{item.code}_level"], data[f"{item.code}_comment"])
            for item in self.items
        }


class PauseForm(RevisionModelForm):
    is_done = forms.BooleanField(label="It is done", required=False)

    class Meta:
        model = Pause
        fields = ["note", "action", "who", "by_when"]
        widgets = {"note": forms.Textarea({"rows": 3}), "by_when": DayInput}
        help_texts = {
            "note": "What you said to each other, in a few lines.",
            "action": "Optional: one thing. It comes up again until it is done.",
        }

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_done"].initial = self.instance.done_on is not None
        if not is_own:  # nobody else puts words under a school's name
            for name in self.Meta.fields:
                self.fields[name].disabled = True
        if not self.is_of_saved:
            del self.fields["is_done"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        note, action = cleaned.get("note"), cleaned.get("action")
        if not note and not action and not self.errors:
            self.add_error("note", "Write down what you noted, or what you will do.")
        if cleaned.get("by_when") and not action:
            self.add_error("action", "What will you do by then?")
        if cleaned.get("is_done") and not action:
            self.add_error("is_done", "Only something to do can be done.")
        return cleaned

    def save(self, commit: bool = True) -> Pause:
        is_done = self.cleaned_data.get("is_done", False)
        if is_done != (self.instance.done_on is not None):
            self.instance.done_on = clock.today() if is_done else None
        saved: Pause = super().save(commit)
        return saved


class MatchForm(forms.Form):
    """For each If its Then, and what it means. Nothing of it is kept."""

    def __init__(self, *args: Any, items: tuple[Item, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for position, heading in ((1, "Then"), (2, "This means")):
            pile = lettered(shuffled(items, position), position)
            cards = [
                ("", "Choose a card"),
                *((code, f"{letter}: {_short(text)}") for code, letter, text in pile),
            ]
            for item in items:
                self.fields[f"{item.code}_{position}"] = forms.ChoiceField(
                    label=heading, choices=cards, required=False
                )

    @property
    def asked(self) -> list[tuple[Item, list[tuple[Any, str]]]]:
        """Each If with its two choices, and once chosen what to say to them."""
        return [
            (item, [(self[name], self._said(item, name)) for name in self._names(item)])
            for item in self.items
        ]

    def _names(self, item: Item) -> tuple[str, str]:
        return f"{item.code}_1", f"{item.code}_2"

    def _said(self, item: Item, name: str) -> str:
        if not self.is_bound:
            return ""
        chosen = self[name].value()
        if not chosen:
            return "Nothing chosen yet."
        return "They belong together." if chosen == item.code else "Try another card."

    @property
    def is_all_right(self) -> bool:
        return self.is_bound and all(
            self[name].value() == item.code for item in self.items for name in self._names(item)
        )


LETTERS = {0: "12345", 1: "ABCDE", 2: "VWXYZ"}


def _short(text: str) -> str:
    return f"{' '.join(text.split()[:7])} …"


def lettered(cards: list[tuple[str, str]], position: int) -> list[tuple[str, str, str]]:
    """(code, the card’s letter, what it says)."""
    return [
        (code, letter, text) for letter, (code, text) in zip(LETTERS[position], cards, strict=True)
    ]


# Another order of the same cards for each pile: the same each time, as on paper.
ORDERS = {0: (2, 0, 4, 1, 3), 1: (3, 0, 4, 2, 1), 2: (1, 4, 0, 3, 2)}


def shuffled(items: tuple[Item, ...], position: int) -> list[tuple[str, str]]:
    """(code, what the card says) of one pile."""
    return [(items[place].code, items[place].lines[position][1]) for place in ORDERS[position]]
