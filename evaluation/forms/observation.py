"""Asking for an observation, agreeing on its focus, and writing what was seen and said."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_scopes.forms import SafeModelChoiceField, SafeModelMultipleChoiceField

from activities.models import Activity
from audits.helpers import known_topics
from cpdhub import clock
from cpdhub.calendar_forms import in_our_time
from cpdhub.forms import DayInput, RevisionModelForm, TimeInput, carry, differences
from cpdhub.models import Staff
from evaluation.models import LookFors, Observation, Observer
from evaluation.models.observation import LONGEST
from evaluation.no_grades import says_no_grade
from evaluation.observing import MOST_HEADINGS, NOTES_ARE_GONE

HEADING_LENGTH = 120
NO_NAMES = "Pupils by a letter or their seat, never by name."


def colleagues(besides: Staff) -> Any:
    """Whoever can be asked: here, on staff, and able to answer."""
    here = Staff.objects.live(clock.today()).on_staff().filter(user__isnull=False)
    return here.exclude(pk=besides.pk)


class ArrangeForm(RevisionModelForm):
    """What to look at, when and where. Nothing in it can be a grade."""

    day = forms.DateField(label="Day", widget=DayInput, required=False)
    starts = forms.TimeField(label="From", widget=TimeInput, required=False)
    agreed = forms.MultipleChoiceField(
        label="From what our school agreed to look for",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    lines = forms.CharField(
        label="Headings for the notes, one a line",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="Empty: what pupils did, and what they said.",
    )

    class Meta:
        model = Observation
        fields = ["focus", "place", "topic", "activity"]
        field_classes = {"topic": SafeModelChoiceField, "activity": SafeModelChoiceField}
        help_texts = {
            "focus": "What pupils do or say, for example “how they explain their answers”."
            " Grade words, numbers, colours and scales are refused.",
            "place": "For example: Year 4, room 12.",
            "topic": "It lets the school see what people look at, without names.",
            "activity": "Only you and whoever may see that activity read its title here.",
        }

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.is_owner = self.instance.owner_id == by.pk
        fields: dict[str, Any] = self.fields
        kept = self.instance.topic_id
        topics = known_topics(by)
        fields["topic"].queryset = topics
        if kept and not topics.filter(pk=kept).exists():
            del self.fields["topic"]  # somebody else's choice stays as it is
        else:
            fields["topic"].empty_label = "None of them"
        if self.is_owner:
            fields["activity"].queryset = learning_of(by)
            fields["activity"].empty_label = "None"
        else:
            del self.fields["activity"]
        fields["focus"].required = self.is_owner
        self._offer_look_fors(LookFors.objects.with_items().order_by("-version").first())
        if starts := self.instance.starts_at:
            local = starts.astimezone(clock.LONDON)
            self.initial["day"], self.initial["starts"] = local.date(), local.time()

    def _offer_look_fors(self, in_force: LookFors | None) -> None:
        offered = [item.heading for item in in_force.items.all()] if in_force else []
        now = [row.heading for row in self.instance.headings.all()] if self.instance.pk else []
        field: Any = self.fields["agreed"]
        field.choices = [(heading, heading) for heading in offered]
        self.initial["agreed"] = [heading for heading in now if heading in offered]
        self.initial["lines"] = "\n".join(heading for heading in now if heading not in offered)
        if not offered:
            del self.fields["agreed"]

    @property
    def needs_a_time(self) -> bool:
        """Whoever is observed says when; who offers to come may leave it to them."""
        return self.is_owner or self.instance.state == Observation.State.AGREED

    def clean_focus(self) -> str:
        return " ".join(self.cleaned_data["focus"].split())

    def clean_day(self) -> date | None:
        return in_our_time(self.cleaned_data["day"])

    def clean_lines(self) -> list[str]:
        text: str = self.cleaned_data["lines"]
        lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        for line in lines:
            says_no_grade(line)
            if len(line) > HEADING_LENGTH:
                raise ValidationError(f"A heading has at most {HEADING_LENGTH} characters.")
        return lines

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(self.headings()) > MOST_HEADINGS:
            self.add_error("lines", f"Six headings are plenty: this makes {len(self.headings())}.")
        day, starts = cleaned.get("day"), cleaned.get("starts")
        if day and starts:
            self.instance.starts_at = clock.at(day, starts)
        elif (day or starts or self.needs_a_time) and not ({"day", "starts"} & set(self.errors)):
            self.add_error("starts" if day else "day", "Say the day and from when.")
        elif not day and not starts:
            self.instance.starts_at = None
        return cleaned

    @property
    def is_stale(self) -> bool:
        return super().is_stale and bool(differences(self))

    def _told(self) -> str:
        return (
            "The other side changed this while you were writing. Compare the two below, and save"
            " again."
        )

    def headings(self) -> list[str]:
        cleaned = self.cleaned_data
        return list(dict.fromkeys([*cleaned.get("agreed", []), *(cleaned.get("lines") or [])]))


def learning_of(staff: Staff) -> Any:
    """What this person takes part in or leads, from which a focus may come."""
    State = Activity.State
    return (
        Activity.objects.visible_to(staff)
        .filter(participations__staff=staff, is_own_learning=False)
        .exclude(state__in=[State.DRAFT, State.CANCELLED])
        .order_by("-pk")
    )


class AskForm(ArrangeForm):
    """Whoever is observed asks somebody to come, or somebody offers to."""

    whom = SafeModelChoiceField(Staff.objects.none(), empty_label="Choose")
    second = SafeModelChoiceField(
        Staff.objects.none(),
        label="And who else",
        required=False,
        empty_label="Nobody",
        help_text="Only where two watch together.",
    )
    field_order = ["whom", "kind", "second", "focus", "day", "starts", "place"]

    class Meta(ArrangeForm.Meta):
        fields = ["kind", *ArrangeForm.Meta.fields, "purpose"]
        widgets = {"kind": forms.RadioSelect, "purpose": forms.RadioSelect}
        help_texts = ArrangeForm.Meta.help_texts | {
            "purpose": "This never changes, and there is no other choice: an observation here"
            " cannot become part of appraisal.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["whom"].queryset = fields["second"].queryset = colleagues(self.by)
        fields["whom"].label = "Who shall watch?" if self.is_owner else "With whom?"
        fields["kind"].choices = Observation.Kind.choices
        fields["purpose"].choices = Observation.Purpose.choices
        if not self.is_owner:
            fields["day"].help_text = "Leave it empty to let them say when it suits."
            fields["focus"].help_text += " You may leave it to them."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, whom, second = (cleaned.get(name) for name in ("kind", "whom", "second"))
        is_joint = kind == Observation.Kind.JOINT
        if is_joint and not second and "second" not in self.errors:
            self.add_error("second", "Two watch together: choose the other one.")
        elif second and not is_joint:
            self.add_error("second", "Only where two watch together.")
        elif second and second == whom:
            self.add_error("second", "That is the same person.")
        if whom and not self.is_owner:
            self.instance.owner = whom
        return cleaned

    def observers(self) -> list[Staff]:
        asked = [self.cleaned_data["whom"]] if self.is_owner else [self.by]
        return [person for person in [*asked, self.cleaned_data.get("second")] if person]


class NotesForm(forms.Form):
    """A box under each agreed heading: what pupils did and said."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, observer: Observer, headings: list[str], apart: bool) -> None:
        super().__init__(data)
        self.observer = observer
        written = {note["heading"]: note["text"] for note in observer.notes}
        self.headings = [*headings, *(each for each in written if each not in headings)]
        for number, heading in enumerate(self.headings):
            self.fields[f"note-{number}"] = forms.CharField(
                label=heading,
                required=False,
                max_length=LONGEST,
                initial=written.get(heading, ""),
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self.fields["pupils_said"] = forms.CharField(
            label="What pupils said when you asked them",
            required=False,
            max_length=LONGEST,
            initial=observer.pupils_said,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="What are you learning? How do you know you are getting better at it?"
            f" {NO_NAMES}",
        )
        if apart and not observer.noted_at:
            self.fields["are_done"] = forms.BooleanField(
                label="These are my notes",
                required=False,
                help_text="Once both of you have said so, each reads the other’s.",
            )
        self.initial["revision"] = observer.revision

    def notes(self) -> list[dict[str, str]]:
        return [
            {"heading": heading, "text": self.cleaned_data.get(f"note-{number}", "")}
            for number, heading in enumerate(self.headings)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("revision") != self.observer.revision and not self.errors:
            self.add_error(
                None,
                "You saved these notes in another window while you were writing here. What you"
                " typed is still in the boxes: save again to put it in their place.",
            )
            carry(self, "revision", self.observer.revision)
        return cleaned


class WhileHeldForm(RevisionModelForm):
    """Part of what is written while an observation is open to its people."""

    @property
    def is_stale(self) -> bool:
        """Both write on one record: only what differs is in the way."""
        return super().is_stale and bool(differences(self))

    def _told(self) -> str:
        return (
            "The other side saved this while you were writing. Nothing of yours is lost: compare"
            " the two below, change your text if you want to, and save again."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.is_held:
            raise ValidationError("It was closed while you were writing, so this is not saved.")
        if not self.instance.has_notes:
            raise ValidationError(NOTES_ARE_GONE)
        return cleaned


class TalkForm(WhileHeldForm):
    """What the two talked about, and the one step that came of it."""

    class Meta:
        model = Observation
        fields = ["agreed_note", "talk", "next_step"]
        widgets = {
            "agreed_note": forms.Textarea(attrs={"rows": 4}),
            "talk": forms.Textarea(attrs={"rows": 4}),
            "next_step": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "agreed_note": "What both of you saw, in words you both stand by.",
            "talk": "Talk first, write after: what surprised you, what it may mean.",
            "next_step": "One thing, one class, this week. Not a list of targets.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_joint:
            del self.fields["agreed_note"]


class OwnWordsForm(WhileHeldForm):
    """The owner's own words, and a video if there is one."""

    video = forms.URLField(
        label="Link to a video",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where your school keeps it, for example its own video platform.",
    )
    everyone_agreed = forms.BooleanField(
        label="Everyone who can be seen or heard in the video agreed to it, as our school asks",
        required=False,
    )

    class Meta:
        model = Observation
        fields = ["own_words", "lends_step", "video", "video_until"]
        widgets = {
            "own_words": forms.Textarea(attrs={"rows": 5}),
            "video_until": DayInput,
        }
        help_texts = {
            "own_words": "What you noticed, what it means to you, what you want to keep.",
            "lends_step": "It is shown only where five people or more do so for one topic."
            " Leave names out of it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["everyone_agreed"] = bool(self.instance.video)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        video, until = cleaned.get("video"), cleaned.get("video_until")
        if video and not cleaned.get("everyone_agreed"):
            self.add_error("everyone_agreed", "A video needs the agreement of everyone in it.")
        if video and not until and "video_until" not in self.errors:
            self.add_error("video_until", "Say until when: the link is taken away after that day.")
        if until and not video and "video" not in self.errors:
            self.add_error("video", "There is a day but no link.")
        if until and until < clock.today():
            self.add_error("video_until", "This day has passed.")
        if until and (end := self.instance.notes_end_on) and until > end:
            self.add_error("video_until", f"At the latest {end:%-d %B %Y}, when the notes go.")
        return cleaned


class ShareForm(forms.Form):
    """The people who read it, each by name."""

    readers = SafeModelMultipleChoiceField(
        Staff.objects.none(),
        label="Who else may read this",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: list[tuple[Staff, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["readers"]
        field.queryset = Staff.objects.filter(pk__in=[person.pk for person, _ in people])
        field.choices = [
            (person.pk, f"{person.name}, {why}" if why else person.name) for person, why in people
        ]
