"""A network, who is in it, and what each school shares."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import date_format

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import School
from networks.models import Membership, Network

LINES = forms.Textarea({"rows": 3})


class NetworkForm(RevisionModelForm):
    class Meta:
        model = Network
        fields = [
            "name", "kind", "state", "purpose", "pupils_learn", "adults_learn", "leaders_learn",
            "how_they_connect", "evidence", "strength", "pupil_group", "appraisal", "ends_on",
            "after_the_end",
        ]  # fmt: skip
        widgets = {
            "purpose": LINES, "how_they_connect": LINES, "evidence": LINES, "appraisal": LINES,
            "after_the_end": LINES, "ends_on": DayInput,
        }  # fmt: skip
        help_texts = {
            "purpose": "Why schools should spend time on it that they could spend at home.",
            "pupils_learn": "One thing is plenty: the clearer, the easier to see whether it comes.",
            "how_they_connect": "How what adults learn leads to what pupils learn, and what leaders"
            " must learn to lead that.",
            "ends_on": "Empty: no end is planned. With one, say what comes after.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ends = cleaned.get("ends_on")
        if ends and ends <= (self.instance.founded_on or clock.today()):
            self.add_error("ends_on", "It would end before it began.")
        if ends and not cleaned.get("after_the_end"):
            self.add_error("after_the_end", "Say who carries on what is worth keeping.")
        return cleaned


class InviteForm(forms.Form):
    """Which school to invite, by the number of the register or its name."""

    school = forms.CharField(
        label="Which school?", max_length=200,
        help_text="Its name or URN, as it uses CPD Hub here.",
    )  # fmt: skip
    words = forms.CharField(
        label="A word to their head", max_length=300, required=False,
        widget=forms.Textarea({"rows": 2}), help_text="Optional: why them, and who you are.",
    )  # fmt: skip

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network

    def clean_school(self) -> School:
        asked = self.cleaned_data["school"].strip()
        found = list(School.objects.filter(Q(urn=asked) | Q(name__iexact=asked))[:6])
        if not found and len(asked) > 2:
            found = list(School.objects.filter(name__icontains=asked)[:6])
        if not found:
            raise forms.ValidationError(
                "No school of that name or URN uses CPD Hub here. Its administrator can open it."
            )
        if len(found) > 1:
            names = "; ".join(f"{one} ({one.urn})" for one in found[:5])
            raise forms.ValidationError(f"More than one fits: {names}. Enter the URN.")
        (school,) = found
        there = Membership.objects.filter(network=self.network, school=school).first()
        if there and there.state in {Membership.State.MEMBER, Membership.State.INVITED}:
            raise forms.ValidationError(f"{school} is in the network or invited already.")
        if there and (again := there.asked_again_from) and again > clock.today():
            day = date_format(again, "j F Y")
            raise forms.ValidationError(f"{school} said no. You can ask again from {day}.")
        return school


class SharingForm(forms.ModelForm):
    """What the school shares, and whom others talk to."""

    class Meta:
        model = Membership
        fields = ["figures", "shares_offers", "shares_expertise", "contact", "contact_email"]
        widgets = {"figures": forms.RadioSelect}
        labels = {"contact": "Who others talk to about CPD"}
        help_texts = {
            "figures": "Hours, people, cost and needs as numbers, once a term. Never a name of a"
            " colleague, and nothing about fewer than five people.",
        }

    def save(self, commit: bool = True) -> Membership:
        """These fields alone: credits and who leads are changed elsewhere at the same time."""
        self.instance.contact_on = clock.today()
        self.instance.save(update_fields=[*self.fields, "contact_on"])
        saved: Membership = self.instance
        return saved


class ConfirmContactForm(SharingForm):
    class Meta:
        model = Membership
        fields = ["contact", "contact_email"]
        labels = {"contact": "Who others talk to about CPD"}

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        if not contact:
            raise forms.ValidationError("Say who: others need a name.")
        return contact
