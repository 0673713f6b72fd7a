"""Telling something to colleagues of all schools, and answering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput
from evaluation.forms.posts import NamesNoPupil
from networks.models import Reply, Theme, Thread

Kind = Thread.Kind
FARTHEST = timedelta(days=366)


class SaidForm(NamesNoPupil):
    """Its writer changes these words alone: it may be hidden or reported at the same moment."""

    class Meta:
        fields: tuple[str, ...] | list[str]

    def save(self, commit: bool = True) -> Any:
        if self.instance._state.adding:
            return super().save(commit)
        own = [name for name in self.fields if name in self.Meta.fields]
        self.instance.save(update_fields=[*own, "changed_at"])
        return self.instance


class ThreadForm(SaidForm):
    """`works`: writes for the school, so announcements and bulletins too."""

    class Meta:
        model = Thread
        fields = ["kind", "title", "text", "theme", "stage", "ends_on"]
        field_classes = {"theme": SafeModelChoiceField}
        widgets = {
            "kind": forms.RadioSelect, "text": forms.Textarea({"rows": 6}), "ends_on": DayInput,
        }  # fmt: skip
        help_texts = {
            "theme": "Optional. Colleagues can look for what is about their interest.",
            "ends_on": "Of an announcement: after this day it is gone from the list.",
        }

    def __init__(self, *args: Any, works: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme: Any = self.fields["theme"]
        theme.queryset = Theme.objects.filter(network=self.instance.network_id)
        theme.empty_label = "None of them"
        stage: Any = self.fields["stage"]
        stage.choices = [("", "Everybody"), *stage.choices[1:]]
        if not works:
            del self.fields["kind"], self.fields["ends_on"]
        else:
            kind: Any = self.fields["kind"]
            kind.choices = Kind.choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ends, is_notice = cleaned.get("ends_on"), cleaned.get("kind") == Kind.NOTICE
        if is_notice and not ends and "ends_on" not in self.errors:
            self.add_error("ends_on", "Until when should it be shown?")
        elif ends and not is_notice and cleaned.get("kind"):
            self.add_error("ends_on", "Only announcements end: leave this empty.")
        elif ends and not clock.today() <= ends <= clock.today() + FARTHEST:
            self.add_error("ends_on", "Choose a day from today on, within a year.")
        self.ask_about_names("title", "text")
        return cleaned


class ReplyForm(SaidForm):
    class Meta:
        model = Reply
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 3})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_about_names("text")
        return cleaned
