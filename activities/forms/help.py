"""Saying yes to a colleague who asked for help."""

from typing import Any

from django import forms

from activities.forms.activity import PageForms
from activities.forms.sessions import RepeatForm, SessionForm
from activities.models import Session


class WordForm(forms.Form):
    """A word with the answer, if somebody wants to say one."""

    answer = forms.CharField(label="A word to them", max_length=300, required=False)


class AcceptPage(PageForms):
    """When you meet, if you know it already, how often, and a word."""

    def __init__(self, data: Any = None) -> None:
        self.word = WordForm(data)
        self.session = SessionForm(data, empty_permitted=True, use_required_attribute=False)
        self.repeat = RepeatForm(data, prefix="repeat")
        super().__init__([self.word, self.session, self.repeat])

    def sessions(self) -> list[Session]:
        if not self.session.has_changed():
            return []
        first = self.session.session()
        return [first, *self.repeat.again([first])]
