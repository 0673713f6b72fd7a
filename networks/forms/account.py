"""Writing an account of practice: kept as a draft, or shared once it is told whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from cpdhub.forms import RevisionModelForm
from evaluation.forms.posts import NamesNoPupil
from networks.models import Account, Theme

LINES = forms.Textarea({"rows": 4})
TOLD = {
    "did": "Say what you did: others cannot ask you in the corridor.",
    "changed": "Say what changed and how you know. “Nothing yet” is an answer.",
    "questions": "Leave others a question or two: an account is there to be talked about.",
}


class AccountForm(NamesNoPupil, RevisionModelForm):
    """`shares`: the button that lets every school read it was pressed."""

    NAMED_AT = "did"

    class Meta:
        model = Account
        fields = [
            "title", "theme", "wanted", "did", "changed", "strength", "went_well", "went_less",
            "questions", "is_agreed",
        ]  # fmt: skip
        field_classes = {"theme": SafeModelChoiceField}
        widgets = {
            "wanted": LINES, "did": LINES, "changed": LINES, "went_well": LINES,
            "went_less": LINES, "questions": LINES, "strength": forms.RadioSelect,
        }  # fmt: skip
        help_texts = {
            "wanted": "A group of pupils, never a name, and what they were to learn.",
            "questions": "One a line.",
        }

    def __init__(self, *args: Any, shares: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shares = shares
        theme: Any = self.fields["theme"]
        theme.queryset = Theme.objects.filter(network=self.instance.network_id)
        theme.empty_label = "None of them"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.shares:
            for name, asked in TOLD.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, asked)
            if not cleaned.get("is_agreed"):
                self.add_error("is_agreed", "Ask the colleagues you name before others read it.")
            self.ask_about_names("wanted", "did", "changed", "went_well", "went_less")
        return cleaned

    def save(self, commit: bool = True) -> Account:
        self.instance.share(self.shares)
        saved: Account = super().save(commit)
        return saved
