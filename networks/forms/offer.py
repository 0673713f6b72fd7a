"""Opening an activity to a network, booking places there, and saying afterwards how it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField, SafeModelMultipleChoiceField

from activities.models import Activity
from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import School, Staff
from cpdhub.words import count
from networks.models import (
    Membership,
    Network,
    NetworkRole,
    Offer,
    OfferAnswer,
    SchoolPlaces,
    Theme,
)
from networks.offering import openable
from networks.practitioners import why_no_day


class OfferForm(RevisionModelForm):
    """What the host says beside what is copied from the activity."""

    class Meta:
        model = Offer
        fields = [
            "what", "theme", "places", "most_per_school", "price", "credits", "closes_on",
            "team", "practitioner", "cover_note", "visiting_rules", "for_school", "needs",
            "in_return",
        ]  # fmt: skip
        field_classes = {"theme": SafeModelChoiceField, "practitioner": SafeModelChoiceField}
        widgets = {
            "closes_on": DayInput, "visiting_rules": forms.Textarea({"rows": 3}),
            "needs": forms.Textarea({"rows": 2}),
        }  # fmt: skip
        help_texts = {
            "what": "Of a specialist’s days, plan one activity for each: a place is that day.",
            "price": "0: it costs nothing.",
            "credits": "0: none. A school pays with credits the network gave it.",
            "closes_on": "Empty: until it begins.",
            "most_per_school": "Empty: one school may take them all.",
            "team": "Names or roles, as other schools should read them.",
            "practitioner": "Of a specialist’s day: it is counted as one of theirs.",
            "cover_note": "Whether you help with cover or supply, and how.",
            "visiting_rules": "Where to sign in, what to bring, what not to photograph.",
            "for_school": "Left empty, every school of the network may book.",
            "needs": "For a programme or visit made for one school: what it asked for.",
            "in_return": "When it is barter: what the other school does for yours.",
        }

    FIRST = ("activity", "what", "theme", "places", "price")

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme: Any = self.fields["theme"]
        theme.queryset = Theme.objects.filter(network=network)
        theme.empty_label = "None"
        others = Membership.objects.members().filter(network=network)
        others = others.exclude(school=self.instance.school_id)
        one: Any = self.fields["for_school"]
        one.queryset = School.objects.filter(pk__in=others.values("school"))
        one.empty_label = "No, for all of them"
        whose: Any = self.fields["practitioner"]
        whose.queryset = NetworkRole.objects.filter(
            network=network, school=self.instance.school_id, part=NetworkRole.Part.SPECIALIST
        )
        whose.empty_label = "Nobody’s"
        if not whose.queryset.exists():
            del self.fields["practitioner"]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST if name in self.fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """What most offers leave as it is."""
        first = {*self.FIRST, "revision"}
        return [self[name] for name in self.fields if name not in first]

    @property
    def is_detailed(self) -> bool:
        return any(field.errors or field.value() not in {None, "", 0} for field in self.more)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        places, most = cleaned.get("places"), cleaned.get("most_per_school")
        if places and most and most > places:
            self.add_error("most_per_school", "That is more than there are places.")
        if places and places < self.instance.taken:
            self.add_error("places", f"{count(self.instance.taken, 'place')} are taken already.")
        is_for_one = cleaned.get("for_school")
        if cleaned.get("what") == Offer.What.PROGRAMME and not is_for_one:
            self.add_error("for_school", "Say which school the programme is made for.")
        held = self.instance.taken or self.instance.waiting
        if is_for_one and held and is_for_one != self.instance.for_school:
            self.add_error("for_school", "Others have places, or wait for one. Ask them first.")
        if whose := cleaned.get("practitioner"):
            self._clean_practitioner(whose, cleaned)
        return cleaned

    def _clean_practitioner(self, whose: NetworkRole, cleaned: dict[str, Any]) -> None:
        if cleaned.get("what") != Offer.What.DAY:
            self.add_error("practitioner", "Only the day of a specialist is somebody’s.")
        elif why := why_no_day(whose, self.starts_at(cleaned), besides=self.instance.pk):
            self.add_error("practitioner", why)

    def starts_at(self, cleaned: dict[str, Any]) -> datetime | None:
        starts: datetime | None = self.instance.starts_at
        return starts


class OpenForm(OfferForm):
    """The same, with the activity it is about."""

    activity = SafeModelChoiceField(
        queryset=Activity.objects.none(), label="Which activity of ours?", empty_label=None,
        help_text="Planned, with a session to come. Others read its title, what it is about, when"
        " and where, who it is for and what it should change; not who of your staff takes part.",
    )  # fmt: skip

    field_order = ["activity"]

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, network=network, **kwargs)
        which: Any = self.fields["activity"]
        which.queryset = openable(network)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        activity = cleaned.get("activity")
        is_day = cleaned.get("what") == Offer.What.DAY
        if is_day and activity and activity.sessions.filter(cancelled_at=None).count() != 1:
            self.add_error("activity", "It has several days: plan one activity for each.")
        return cleaned

    def starts_at(self, cleaned: dict[str, Any]) -> datetime | None:
        activity = cleaned.get("activity")
        held = (
            activity and activity.sessions.filter(cancelled_at=None).order_by("starts_at").first()
        )
        return held.starts_at if held else None


class BookForm(forms.Form):
    """Which colleagues should have a place."""

    people = SafeModelMultipleChoiceField(
        queryset=Staff.objects.none(), label="Who should go?",
        error_messages={"required": "Tick who should go."},
    )  # fmt: skip

    def __init__(self, *args: Any, taken: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["people"]
        free = Staff.objects.on_staff().live(clock.today()).exclude(pk__in=taken)
        who.queryset = free.select_related("user")


class PartForm(forms.ModelForm):
    class Meta:
        model = SchoolPlaces
        fields = ["cover", "question", "will_try", "report"]
        widgets = {
            "will_try": forms.Textarea({"rows": 2}), "report": forms.Textarea({"rows": 4})
        }  # fmt: skip
        help_texts = {
            "cover": "Who stands in, and what was agreed.",
            "question": "The question they go with.",
            "report": "Written afterwards, for your own school: what they saw and what you do now.",
        }


class AnswerForm(forms.ModelForm):
    class Meta:
        model = OfferAnswer
        fields = ["useful", "pitch", "will_try", "send", "line"]
        widgets = {
            "useful": forms.RadioSelect, "pitch": forms.RadioSelect, "send": forms.RadioSelect
        }  # fmt: skip
        help_texts = {"line": "One line, naming nobody."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("useful", "pitch", "send"):
            field: Any = self.fields[name]
            field.choices = [one for one in field.choices if one[0]]


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label="Why?", max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="Everybody who has a place reads this.",
    )  # fmt: skip


class GrantForm(forms.Form):
    """A year's credits, for one school or for each of them."""

    school = forms.ModelChoiceField(
        queryset=School.objects.none(), required=False, label="For which school?",
        empty_label="Each school of the network",
    )  # fmt: skip
    amount = forms.IntegerField(label="How many place credits?", min_value=1, max_value=500)
    note = forms.CharField(
        label="For what?", max_length=200, required=False, help_text="Allowance for 2026/27, say."
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.members().filter(network=network)
        which: Any = self.fields["school"]
        which.queryset = School.objects.filter(pk__in=members.values("school"))
