"""Asking for CPD in one screen, nominating somebody, and answering."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from activities.forms.activity import activity_types, open_priorities
from activities.forms.money import MoneyField
from activities.models import Activity, Budget, Provider, Request, RequestStep, StandIn
from activities.models.place import BOOKABLE
from activities.requests import what_is_missing
from audits.models import Need
from cpdhub import clock
from cpdhub.calendar_forms import in_our_time
from cpdhub.forms import DayInput, RevisionModelForm, TimeInput
from cpdhub.models import Staff

LATER = ("provider", "led_by", "place", "ends_on", "starts_at", "ends_at", "type", "need",
         "priority", "look_again_on", "cover_half_days", "sharing_plan", "prerequisites",
         "has_prerequisites")  # fmt: skip

LONGEST = timedelta(days=366)
LONGEST_AWAY = timedelta(days=184)

CHOICES = ("staff", "activity", "provider", "need", "priority", "type")


class RequestForm(RevisionModelForm):
    """What for, why, what it should change, what it costs. The rest is folded away."""

    fee: Any = MoneyField(label="Cost (£)", required=False, help_text="Fee and travel together.")

    class Meta:
        model = Request
        fields = ["staff", "activity", "title", "starts_on", "fee", "why", "staff_will",
                  "pupils_will", "known_by", *LATER]  # fmt: skip
        field_classes = dict.fromkeys(CHOICES, SafeModelChoiceField)
        widgets = {
            "why": forms.Textarea(attrs={"rows": 3}),
            "sharing_plan": forms.Textarea(attrs={"rows": 2}),
            "starts_on": DayInput, "ends_on": DayInput, "look_again_on": DayInput,
            "starts_at": TimeInput, "ends_at": TimeInput,
        }  # fmt: skip
        labels = {"title": "What would you like to do?", "activity": "Or a place at what is on"}
        help_texts = {
            "title": "A course, a visit, a conference, a qualification.",
            "why": "Only whoever decides, your line manager and who nominates read this.",
            "known_by": "Once approved, everybody here can read these three.",
            "cover_half_days": "A day out of lessons is two.",
            "prerequisites": "For example: two years of teaching, a mentor who agreed.",
            "need": "Whoever decides reads this need.",
            "ends_on": "Empty: it is one day.",
        }

    def __init__(self, *args: Any, by: Staff, nominates: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        today = clock.today()
        fields["activity"].queryset = (
            Activity.objects.visible_to(by)
            .of_school()
            .filter(state__in=BOOKABLE, is_private=False)
            .order_by("title")
        )
        fields["provider"].queryset = Provider.objects.current()
        fields["type"].queryset = activity_types(besides=self.instance.type_id)
        fields["need"].queryset = Need.objects.none() if nominates else Need.objects.owned_by(by)
        fields["priority"].queryset = open_priorities()
        for name in ("activity", "provider", "need", "priority"):
            if pk := getattr(self.instance, f"{name}_id"):
                model = fields[name].queryset.model
                kept = model.objects.filter(pk=pk).values("pk")
                offered = fields[name].queryset.values("pk")
                fields[name].queryset = model.objects.filter(pk__in=offered) | (
                    model.objects.filter(pk__in=kept)
                )
        for name, word in (
            ("activity", "Something else"), ("provider", "Not on our list"), ("need", "None"),
            ("priority", "None"), ("type", "A course or event"),
        ):  # fmt: skip
            fields[name].empty_label = word
        for name in ("starts_at", "ends_at", "cover_half_days"):
            fields[name].required = False
        if nominates:
            fields["staff"].queryset = Staff.objects.live(today).on_staff().exclude(pk=by.pk)
            fields["staff"].label = "Whom do you nominate?"
            fields["staff"].empty_label = "Choose"
            fields["title"].label = "For what?"
            fields["why"].label = "Why them?"
        else:
            del fields["staff"]

    def clean_fee(self) -> Any:
        return self.cleaned_data["fee"] or 0

    def clean_cover_half_days(self) -> int:
        return self.cleaned_data["cover_half_days"] or 0

    def clean_starts_at(self) -> Any:
        return self.cleaned_data["starts_at"] or Request._meta.get_field("starts_at").default

    def clean_ends_at(self) -> Any:
        return self.cleaned_data["ends_at"] or Request._meta.get_field("ends_at").default

    def clean_starts_on(self) -> date | None:
        return in_our_time(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date | None:
        return in_our_time(self.cleaned_data["ends_on"])

    def clean_look_again_on(self) -> date | None:
        return in_our_time(self.cleaned_data["look_again_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        title, activity = cleaned.get("title"), cleaned.get("activity")
        if title and activity and not self.instance.approved_at:
            self.add_error("activity", "Either this or what you wrote above: leave one empty.")
        elif not title and not activity and "title" not in self.errors:
            self.add_error("title", "Say what it is for, or choose something that is on.")
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if last and not first and "starts_on" not in self.errors:
            self.add_error("starts_on", "Say when it begins.")
        elif first and last and last < first:
            self.add_error("ends_on", "It ends before it begins.")
        elif first and last and last - first > LONGEST:
            self.add_error("ends_on", "At most a year at a time: ask for its first year.")
        if (
            cleaned.get("starts_at")
            and cleaned.get("ends_at")
            and (cleaned["ends_at"] <= cleaned["starts_at"])
        ):
            self.add_error("ends_at", "It must end after it begins.")
        return cleaned

    def refuse_half_done(self) -> bool:
        """Before it is sent: what is missing is said beside each field."""
        for name, text in what_is_missing(self.instance).items():
            self.add_error(name, text)
        return not self.errors

    @property
    def is_live(self) -> bool:
        """It is with somebody already, or with whom it is for."""
        return self.is_of_saved and self.instance.state in Request.LIVE

    def refuse(self, text: str, *, is_new: bool) -> None:
        """It was not saved after all; all that was typed stays."""
        self.add_error("activity" if self.cleaned_data.get("activity") else None, text)
        if is_new:
            self.instance.pk, self.instance._state.adding = None, True

    @property
    def opens_later(self) -> bool:
        """Something in the folded part needs a look, or is filled in."""
        return any(name in self.errors for name in LATER)


class AnswerForm(forms.Form):
    """What whoever decides may say; which of it is needed depends on the answer."""

    budget: Any = forms.ModelChoiceField(
        queryset=None, required=False, label="Budget", empty_label="None"
    )
    because = forms.ChoiceField(
        label="Mostly because",
        required=False,
        choices=[("", "Not said"), *RequestStep.Because.choices],
        help_text="For counting later: say goodwill when it is goodwill.",
    )
    change = forms.CharField(
        label="What is changed", max_length=1000, required=False,
        help_text="Only if you approve it with a change: they read this.",
    )  # fmt: skip
    fee: Any = MoneyField(label="Cost instead (£)", required=False)
    day = forms.DateField(label="First day instead", required=False, widget=DayInput)
    words = forms.CharField(
        label="Your words to them",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.DateField(label="Wait until", required=False, widget=DayInput)
    to: Any = forms.TypedChoiceField(label="Pass it on to", required=False, coerce=int)

    def __init__(self, *args: Any, others: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["budget"].queryset = Budget.objects.open().order_by("-ends_on", "name")
        fields["budget"].label_from_instance = lambda row: f"{row}, {row.period}"
        fields["to"].choices = [("", "Choose"), *((one.pk, one.name) for one in others)]

    def clean_day(self) -> date | None:
        return in_our_time(self.cleaned_data["day"])

    def clean_until(self) -> date | None:
        return in_our_time(self.cleaned_data["until"])


class SaidForm(forms.Form):
    """A few words from whoever asked or comments."""

    words = forms.CharField(max_length=1000, required=False)
    reference = forms.CharField(max_length=80, required=False)


class StandInForm(forms.ModelForm):
    class Meta:
        model = StandIn
        fields = ["stand_in", "starts_on", "ends_on"]
        field_classes = {"stand_in": SafeModelChoiceField}
        widgets = {"starts_on": DayInput, "ends_on": DayInput}

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["stand_in"].queryset = Staff.objects.live(clock.today()).on_staff().exclude(pk=by.pk)
        fields["stand_in"].empty_label = "Choose"

    def clean_starts_on(self) -> date | None:
        return in_our_time(self.cleaned_data["starts_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if last and last < clock.today():
            self.add_error("ends_on", "This day is over.")
        elif first and last and last < first:
            self.add_error("ends_on", "It ends before it begins.")
        elif first and last and last - max(first, clock.today()) > LONGEST_AWAY:
            self.add_error("ends_on", "At most six months: say it again then.")
        return cleaned
