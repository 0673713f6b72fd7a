"""Offering help, finding it, asking for it."""

from typing import Any

from django import forms
from django.db.models import Q
from django_scopes.forms import SafeModelChoiceField

from audits.models import Expertise, HelpRequest, Need, Topic
from cpdhub import clock
from cpdhub.models import Staff, Team


class OfferForm(forms.ModelForm):
    """What somebody can help with. Two of its fields are needed."""

    topic = forms.CharField(
        label="What can you help with?",
        max_length=300,  # a statement of an audit may be as long
        help_text="In a few words: phonics in small groups, spreadsheets, sign language, knitting.",
        widget=forms.TextInput(attrs={"list": "known-topics", "autocomplete": "off"}),
    )
    ways = forms.MultipleChoiceField(
        label="How would you help?",
        choices=HelpRequest.Way,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one way."},
    )

    class Meta:
        model = Expertise
        fields = [
            "level", "ways", "text", "times", "is_talent", "audience", "for_networks",
            "shows_thanks",
        ]  # fmt: skip
        widgets = {"level": forms.RadioSelect, "audience": forms.RadioSelect}
        help_texts = {
            "level": "Knowing a little more than a colleague is enough.",
            "text": "For example: sit with you while you set up your first book.",
            "times": "For example: Tuesdays after school.",
            "audience": "The printed list hangs where pupils and visitors read it.",
        }

    field_order = ["topic", "level", "ways", "text", "times", "is_talent", "audience"]

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        fields: dict[str, Any] = self.fields
        fields["level"].choices = Expertise.Level.choices
        fields["audience"].choices = Expertise.Audience.choices
        if self.instance._state.adding:
            self.initial["ways"] = [HelpRequest.Way.QUESTION, HelpRequest.Way.SHOW]
            del fields["shows_thanks"]
        else:
            self.initial["topic"] = self.instance.topic.title

    def clean_topic(self) -> str:
        title = " ".join(self.cleaned_data["topic"].split())
        mine = Expertise.objects.owned_by(self.by).exclude(pk=self.instance.pk)
        if mine.filter(topic__title__iexact=title).exists():
            raise forms.ValidationError("You have said so already: change that offer instead.")
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_display = cleaned.get("audience") == Expertise.Audience.DISPLAY
        if is_display and not cleaned.get("is_talent"):
            self.add_error(
                "audience",
                "The printed list is of talents and interests outside school work: tick that it is"
                " one, or choose “Colleagues here”.",
            )
        if cleaned.get("for_networks") and cleaned.get("audience") == Expertise.Audience.ONLY_ME:
            self.add_error("for_networks", "Let colleagues here see it first.")
        return cleaned

    def save(self, commit: bool = True) -> Expertise:
        offer = self.instance
        offer.school, offer.staff = self.by.school, self.by
        title = self.cleaned_data["topic"]
        if offer._state.adding or title != offer.topic.title:
            offer.topic = Topic.named(title, school_id=self.by.school_id)
        saved: Expertise = super().save(commit)
        return saved


class HelperFilter(forms.Form):
    """Which helpers the directory shows. What makes no sense is left aside."""

    q = forms.CharField(
        label="Topic, name or job",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    level = forms.TypedChoiceField(
        coerce=int,
        required=False,
        choices=[("", "Any level"), *((value, label) for value, label in Expertise.Level.choices)],
    )
    group = forms.ChoiceField(
        label="Staff group", required=False, choices=[("", "All groups"), *Staff.Group.choices]
    )
    team = SafeModelChoiceField(Team.objects.none(), required=False, empty_label="All teams")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.all()  # type: ignore[attr-defined]

    @property
    def is_narrowing(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values()) or bool(self.errors)

    def offers(self) -> Any:
        self.is_valid()
        asked = self.cleaned_data
        offers = Expertise.objects.offered(today=clock.today()).about(asked.get("q") or "")
        if asked.get("level"):
            offers = offers.filter(level=asked["level"])
        if asked.get("group"):
            offers = offers.filter(staff__group=asked["group"])
        if asked.get("team"):
            offers = offers.filter(staff__team=asked["team"])
        return offers


class AskForm(forms.ModelForm):
    """What somebody would like help with."""

    class Meta:
        model = HelpRequest
        fields = ["message", "way", "pupils", "need"]
        field_classes = {"need": SafeModelChoiceField}
        widgets = {"message": forms.Textarea(attrs={"rows": 3}), "way": forms.RadioSelect}
        help_texts = {
            "message": "Two sentences will do. Only the two of you read them.",
            "pupils": "In a few words, if you know. Colleagues can read this one.",
            "need": "They will read its title.",
        }
        error_messages = {"message": {"required": "Say what it is about, in a sentence or two."}}

    def __init__(
        self, *args: Any, offer: Expertise, by: Staff, need: Need | None = None, **kwargs: Any
    ) -> None:
        """`need` is what they came from, which may be a team's; else one's own are offered. A
        colleague's is not: they did not share it with whoever is asked."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["way"].choices = [(way, HelpRequest.Way(way).label) for way in offer.ways]
        self.initial.setdefault("way", offer.ways[0])
        needs = Need.objects.visible_to(by).open()
        fields["need"].queryset = needs.filter(
            Q(staff=by) | ~Q(whom=Need.Whom.PERSON) & Q(pk=need and need.pk)
        )
        fields["need"].empty_label = "None of them"
        self.initial.setdefault("need", need)
        if need and need.pupils and fields["need"].queryset.contains(need):
            self.initial.setdefault("pupils", need.pupils)


class ThanksForm(forms.ModelForm):
    """One line of thanks, for the helper."""

    class Meta:
        model = HelpRequest
        fields = ["thanks", "can_do_it"]
        labels = {"thanks": "Thank them in one line"}
        help_texts = {
            "thanks": "They read it. Colleagues read it with your name if they choose to show it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["thanks"].required = True
