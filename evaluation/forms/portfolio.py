"""A portfolio's words, its items' comments, and the links somebody gives."""

from datetime import date
from typing import Any

from django import forms

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from evaluation.models import Portfolio, PortfolioItem, PortfolioLink


class PortfolioForm(RevisionModelForm):
    class Meta:
        model = Portfolio
        fields = ["title", "introduction"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "title": "For example: My first three years, or Application for Year 6 lead.",
            "introduction": "Optional: who you are, and what the reader should look at first.",
        }

    def _told(self) -> str:
        return (
            "You saved this in another window while you were writing here."
            " Nothing is lost: compare the two and save again."
        )


class WordsForm(forms.ModelForm):
    """Something no record holds, in the owner's own words."""

    class Meta:
        model = PortfolioItem
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        labels = {"title": "What it is about", "text": "In your own words"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True


class ItemForm(forms.ModelForm):
    """The comment; of one's own words these too."""

    class Meta:
        model = PortfolioItem
        fields = ["title", "text", "comment"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "comment": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "title": "What it is about",
            "text": "In your own words",
            "comment": "Why it is here",
        }
        help_texts = {
            "comment": "What you want the reader to see in it. It stands below, as a comment."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        if not self.instance.may_be_rewritten:
            del self.fields["title"], self.fields["text"]


class LinkForm(forms.ModelForm):
    """For whom, and until when: a month is filled in."""

    class Meta:
        model = PortfolioLink
        fields = ["whom", "ends_on"]
        widgets = {"ends_on": DayInput}
        help_texts = {"ends_on": "From the day after, it shows nothing. You can end it before."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = clock.today()
        self.initial.setdefault("ends_on", self.today + PortfolioLink.USUAL)
        self.fields["ends_on"].widget.attrs |= {
            "min": self.today.isoformat(),
            "max": (self.today + PortfolioLink.LONGEST).isoformat(),
        }

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        if ends_on < self.today:
            raise forms.ValidationError("This day is over. Choose today or a later one.")
        if ends_on > self.today + PortfolioLink.LONGEST:
            raise forms.ValidationError("A link works for a year at most. Give a new one then.")
        return ends_on
