"""Putting a staff bulletin together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from evaluation import bulletins
from evaluation.models import Bulletin

LONGEST = timedelta(days=366)


class BulletinForm(RevisionModelForm):
    """Its days and its words. Which posts, is ticked on its page once the days are known."""

    class Meta:
        model = Bulletin
        fields = ["title", "first", "last", "words", "thanks"]
        widgets = {
            "first": DayInput,
            "last": DayInput,
            "words": forms.Textarea(attrs={"rows": 3}),
            "thanks": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"thanks": "Optional. Ask before you name somebody: not everybody likes it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_of_saved:
            today = clock.today()
            self.initial["first"], self.initial["last"] = today - bulletins.USUAL, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "It ends before it begins.")
        elif first and last and last - first > LONGEST:
            self.add_error("first", "A year at most: nobody reads more.")
        elif last and last > clock.today():
            self.add_error("last", "This day has not come yet.")
        return cleaned
