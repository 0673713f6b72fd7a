"""Writing down a learning walk, agreeing on look-fors, opening one's door."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_scopes.forms import SafeModelChoiceField

from audits.helpers import known_topics
from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm, carry, differences
from cpdhub.models import Staff
from evaluation.models import LearningWalk, OpenDoor
from evaluation.naming import colleagues_named
from evaluation.no_grades import says_no_grade

MOST_ROOMS, HIGHEST_ROOM = 60, 999
MOST_LOOK_FORS = 10


class WalkForm(RevisionModelForm):
    """Rooms as numbers, patterns, wonderings. A colleague's name in it is asked about."""

    rooms = forms.CharField(
        label="Rooms, as numbers",
        max_length=300,
        help_text="For example: 3, 7, 12. Never whose room it is.",
    )
    names_nobody = forms.BooleanField(
        label="These words are no colleague’s name: save it as it is", required=False
    )

    class Meta:
        model = LearningWalk
        fields = ["walked_on", "focus", "topic", "patterns", "pupil_talk", "wonderings",
                  "audience"]  # fmt: skip
        field_classes = {"topic": SafeModelChoiceField}
        widgets = {
            "walked_on": DayInput,
            "audience": forms.RadioSelect,
            **{
                name: forms.Textarea(attrs={"rows": 4})
                for name in ("patterns", "pupil_talk", "wonderings")
            },
        }
        help_texts = {
            "focus": "What pupils do or say. Grade words, numbers, colours and scales are refused.",
            "patterns": "What you saw in more than one room. One room alone is somebody’s lesson.",
            "pupil_talk": "What are you learning? What do you do when you are stuck? What helps"
            " you most? Pupils by age, never by name.",
            "wonderings": "Questions to take to everyone, not answers.",
        }

    field_order = ["walked_on", "rooms", "focus", "topic", "patterns", "pupil_talk", "wonderings"]

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["topic"].queryset = known_topics(by)
        fields["topic"].empty_label = "None of them"
        fields["audience"].choices = LearningWalk.Audience.choices
        if self.is_of_saved:
            self.initial["rooms"] = ", ".join(map(str, self.instance.rooms))
        self.named: list[str] = []

    def clean_walked_on(self) -> date | None:
        day: date | None = self.cleaned_data["walked_on"]
        if day and not clock.today() - timedelta(days=366) <= day <= clock.today():
            raise ValidationError("A day of the last twelve months, today at the latest.")
        return day

    def clean_rooms(self) -> list[int]:
        text: str = self.cleaned_data["rooms"]
        parts = text.replace(",", " ").replace(";", " ").split()
        rooms = [int(part) for part in parts if part.isascii() and part.isdecimal()]
        if len(rooms) != len(parts) or any(not 0 < room <= HIGHEST_ROOM for room in rooms):
            raise ValidationError("Only numbers, with commas between them: 3, 7, 12.")
        if len(rooms) > MOST_ROOMS:
            raise ValidationError(f"At most {MOST_ROOMS} rooms.")
        return list(dict.fromkeys(rooms))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        texts = {name: cleaned.get(name) or "" for name in ("focus", "patterns", "pupil_talk",
                                                           "wonderings")}  # fmt: skip
        self.named = colleagues_named(*texts.values())
        if self.named and not cleaned.get("names_nobody"):
            self.add_error(
                "names_nobody",
                f"A learning walk names nobody, and these are names of colleagues:"
                f" {', '.join(self.named)}. Take them out, or tick the box if they are not meant.",
            )
        return cleaned

    @property
    def is_stale(self) -> bool:
        return super().is_stale and bool(differences(self))

    def _told(self) -> str:
        return (
            "You saved this in another window while you were writing here. Compare the two below,"
            " and save again."
        )

    def save(self, commit: bool = True) -> Any:
        self.instance.rooms = self.cleaned_data["rooms"]
        return super().save(commit)


class LookForsForm(forms.Form):
    """A new version of what the school agreed to look for: a line each."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    lines = forms.CharField(
        label="What we look for, one a line",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="What pupils do and say. After a colon, what you mean by it: “Pupils explain"
        " their answers: to each other, in sentences, without being asked”.",
    )

    def __init__(self, *args: Any, newest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newest = newest

    def clean_lines(self) -> list[tuple[str, str]]:
        text: str = self.cleaned_data["lines"]
        found, wrong = [], []
        for line in filter(None, (" ".join(line.split()) for line in text.splitlines())):
            heading, _, hint = (part.strip() for part in line.partition(":"))
            try:
                says_no_grade(heading)
                says_no_grade(hint)
            except ValidationError as why:
                wrong.append(ValidationError(f"“{line[:60]}”: {why.message}"))
            if not heading or len(heading) > 120 or len(hint) > 300:
                wrong.append(
                    ValidationError(
                        f"“{line[:60]}…”: at most 120 characters, and 300 after the colon."
                    )
                )
            found.append((heading, hint))
        if len(found) > MOST_LOOK_FORS:
            wrong.append(ValidationError(f"Ten are plenty: these are {len(found)}."))
        if wrong:
            raise ValidationError(wrong)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("version") != self.newest and not self.errors:
            self.add_error(
                None,
                "Somebody agreed a new version while you were writing. What you typed is still in"
                " the box: compare it with theirs, and save again to make it the next one.",
            )
            carry(self, "version", self.newest)
        return cleaned


class OpenDoorForm(forms.ModelForm):
    """What colleagues would see, and when."""

    class Meta:
        model = OpenDoor
        fields = ["doing", "when", "place", "until"]
        widgets = {"until": DayInput}
        help_texts = {
            "doing": "For example: talk partners in Year 4, a phonics group, the office at half"
            " past eight.",
            "when": "For example: Tuesday mornings after break.",
        }

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day and not clock.today() <= day <= clock.today() + timedelta(days=366):
            raise ValidationError("From today, and within a year.")
        return day
