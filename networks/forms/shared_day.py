"""A shared day, its slots, sites and workshops; who takes part; what people wish for."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField, SafeModelMultipleChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm, TimeInput
from cpdhub.models import School, Staff
from networks.days import files
from networks.models import (
    DaySlot,
    Guest,
    Membership,
    SharedDay,
    Site,
    Workshop,
)

LINES = forms.Textarea({"rows": 3})
RANKS = ("First", "Second", "Third", "Fourth", "Fifth")


def members_of(network: int) -> Any:
    members = Membership.objects.members().filter(network=network)
    return School.objects.filter(pk__in=members.values("school"))


class DayForm(RevisionModelForm):
    class Meta:
        model = SharedDay
        fields = ["title", "day", "purpose", "choices_close_on", "wishes"]
        widgets = {"day": DayInput, "choices_close_on": DayInput, "purpose": LINES}
        help_texts = {
            "purpose": "What should be different afterwards, in which classrooms.",
            "choices_close_on": "Leave time to find rooms: a week before is usual.",
            "wishes": "Three is usual: the more, the fewer are sent where they never asked to go.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_out:
            del self.fields["choices_close_on"], self.fields["wishes"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day = cleaned.get("day")
        if day and "day" in self.changed_data and day < clock.today():
            self.add_error("day", "This day is over already.")
        if day and abs(day.year - clock.today().year) > 3:
            self.add_error("day", f"Is the year right? This says {day.year}.")
        closes = cleaned.get("choices_close_on", self.instance.choices_close_on)
        if day and closes and closes > day:
            name = "choices_close_on" if "choices_close_on" in self.fields else "day"
            self.add_error(name, "Staff would still choose after the day.")
        return cleaned


class OfDayForm(forms.ModelForm):
    """Of a row of one day, which its instance names."""

    def clean(self) -> dict[str, Any]:
        # Whoever adds the same at the same time waits here, and then reads what is there.
        days = SharedDay.objects.select_for_update(of=("self",), no_key=True)
        days.filter(pk=self.instance.day_id).first()
        return super().clean() or self.cleaned_data

    def refuse_name(self, rows: Any, refusal: str) -> None:
        name = self.cleaned_data.get("name")
        twin = rows.filter(day=self.instance.day_id, name__iexact=name or "")
        if name and twin.exclude(pk=self.instance.pk).exists():
            self.add_error("name", refusal)


class SlotForm(OfDayForm):
    class Meta:
        model = DaySlot
        fields = ["name", "starts_at", "ends_at"]
        widgets = {"starts_at": TimeInput, "ends_at": TimeInput}
        help_texts = {"name": "For example: Session 1, or Keynote."}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "It must end after it starts.")
        elif starts and ends:
            others = DaySlot.objects.filter(day=self.instance.day_id).exclude(pk=self.instance.pk)
            if other := others.filter(starts_at__lt=ends, ends_at__gt=starts).first():
                self.add_error("starts_at", f"{other} ({other.times}) is at that time.")
        self.refuse_name(DaySlot.objects, "There is a slot of this name.")
        return cleaned


class SiteForm(OfDayForm):
    class Meta:
        model = Site
        fields = ["host", "name", "address", "is_step_free"]
        help_texts = {
            "host": "Its CPD leader and head then read who comes there, and take the registers.",
            "name": "Empty: the name of the school.",
            "address": "As people find it: street, postcode, which gate.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host: Any = self.fields["host"]
        host.queryset = members_of(self.instance.network_id)
        host.empty_label = "No school: another place"
        self.fields["name"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("name") and "name" not in self.errors:
            if cleaned.get("host"):
                cleaned["name"] = str(cleaned["host"])[:120]
            else:
                self.add_error("name", "Say what the place is called.")
        self.refuse_name(Site.objects, "There is a site of this name.")
        return cleaned


class WorkshopForm(OfDayForm):
    class Meta:
        model = Workshop
        fields = [
            "title", "about", "audience", "slot", "site", "room", "led_by", "led_job", "led_from",
            "most", "fewest",
        ]  # fmt: skip
        field_classes = {"slot": SafeModelChoiceField, "site": SafeModelChoiceField}
        widgets = {"about": LINES}
        help_texts = {
            "audience": "In words people search for: Teaching assistants, Key stage 2, everyone.",
            "led_by": "Their name is seen by all schools of the network.",
            "fewest": "With fewer it is dropped when the timetable is built. 0: never.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slot: Any = self.fields["slot"]
        slot.queryset = DaySlot.objects.filter(day=self.instance.day_id)
        site: Any = self.fields["site"]
        site.queryset = Site.objects.filter(day=self.instance.day_id)
        leads: Any = self.fields["led_from"]
        leads.queryset, leads.empty_label = members_of(self.instance.network_id), "None of ours"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        most, fewest = cleaned.get("most"), cleaned.get("fewest")
        if most is not None and not 1 <= most <= 2000:
            self.add_error("most", "Between 1 and 2,000 people.")
        elif most and fewest and fewest > most:
            self.add_error("fewest", f"This is more than the most, {most}.")
        if self.instance.pk and most:
            seated = Guest.objects.standing().filter(workshop=self.instance).count()
            if seated > most and "most" in self.changed_data:
                self.add_error("most", f"{seated} people have a place in it already.")
        refuse_taken_room(self, self.instance)
        return cleaned

    @property
    def moves(self) -> bool:
        return bool({"slot", "site", "room"} & set(self.changed_data))


def refuse_taken_room(form: Any, workshop: Workshop) -> None:
    """No room twice in a slot."""
    slot, site, room = (form.cleaned_data.get(name) for name in ("slot", "site", "room"))
    if not (slot and site and room):
        return
    others = Workshop.objects.filter(slot=slot, site=site, room__iexact=room, dropped_because="")
    if other := others.exclude(pk=workshop.pk).first():
        form.add_error("room", f"{room} at {site} is taken in {slot} by “{other}”.")


class CopyForm(OfDayForm):
    """The same workshop again, in another slot."""

    class Meta:
        model = Workshop
        fields = ["slot", "site", "room"]
        field_classes = {"slot": SafeModelChoiceField, "site": SafeModelChoiceField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Workshop.objects.filter(repeats=self.instance.repeats, dropped_because="")
        slot: Any = self.fields["slot"]
        slot.queryset = DaySlot.objects.filter(day=self.instance.day_id).exclude(
            pk__in=held.values("slot")
        )
        slot.empty_label = None
        site: Any = self.fields["site"]
        site.queryset = Site.objects.filter(day=self.instance.day_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_taken_room(self, Workshop())
        return cleaned


class DropForm(forms.Form):
    because = forms.CharField(
        label="Why is it off?", max_length=200,
        help_text="Whoever chose it or has a place in it reads this.",
    )  # fmt: skip


class TableForm(forms.Form):
    """Many workshops: pasted, or as a file."""

    table = forms.CharField(
        label="Paste the table", required=False, max_length=files.LARGEST,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text="With the names of the columns in its first row; from a spreadsheet as it is.",
    )  # fmt: skip
    file = forms.FileField(label="Or choose a file", required=False, help_text="CSV or Excel.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("file")
        if upload and upload.size > files.LARGEST:
            self.add_error("file", "This file is too large for a list of workshops.")
        if not self.errors and not upload and not cleaned.get("table", "").strip():
            self.add_error("table", "Paste a table, or choose a file.")
        return cleaned

    @property
    def sent(self) -> Any:
        """What can be read as a table."""
        upload = self.cleaned_data.get("file")
        return upload or io.BytesIO(self.cleaned_data["table"].encode())


class TakePartForm(forms.Form):
    """Whether a school takes part, and with whom."""

    EVERYONE, CHOSEN, NOBODY = "everyone", "chosen", "nobody"

    who = forms.ChoiceField(
        label="Who of our school takes part?",
        choices=[
            (EVERYONE, "Everybody in post that day"),
            (CHOSEN, "The people ticked below"),
            (NOBODY, "Nobody: we do not take part"),
        ],
        widget=forms.RadioSelect,
    )  # fmt: skip
    people = SafeModelMultipleChoiceField(
        label="People",
        queryset=Staff.across.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, day: SharedDay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.queryset = Staff.objects.on_staff().in_post(day.day)
        people.label_from_instance = lambda one: ", ".join(filter(None, [one.name, one.job_title]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("who") == self.CHOSEN and not cleaned.get("people"):
            self.add_error("people", "Tick at least one person, or choose another answer above.")
        return cleaned


class ChooseForm(forms.Form):
    """First to last choice in each slot, each a list of what is on then."""

    def __init__(
        self, *args: Any, day: SharedDay, slots: list[DaySlot], workshops: list[Workshop],
        wishes: dict[tuple[int, int], int], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.slots = slots
        for slot in slots:
            here = [(str(one.pk), self._line(one)) for one in workshops if one.slot_id == slot.pk]
            for rank in range(1, day.wishes + 1):
                chosen = wishes.get((slot.pk, rank), "")
                self.fields[f"slot_{slot.pk}_{rank}"] = forms.ChoiceField(
                    label=f"{RANKS[rank - 1]} choice", required=False, initial=str(chosen),
                    choices=[("", "No choice"), *here],
                )  # fmt: skip
        self.ranks = range(1, day.wishes + 1)

    @staticmethod
    def _line(workshop: Workshop) -> str:
        return f"{workshop.title} ({workshop.site})"

    def fields_of(self, slot: DaySlot) -> list[Any]:
        return [self[f"slot_{slot.pk}_{rank}"] for rank in self.ranks]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for slot in self.slots:
            seen: set[str] = set()
            for rank in self.ranks:
                name = f"slot_{slot.pk}_{rank}"
                value = cleaned.get(name)
                if value and value in seen:
                    self.add_error(name, f"You chose it for {slot} already: choose another.")
                seen.add(value or "")
        return cleaned

    @property
    def wishes(self) -> list[tuple[int, int, int]]:
        """(slot, workshop, rank); what is left out between two closes up."""
        found = []
        for slot in self.slots:
            chosen = [self.cleaned_data[f"slot_{slot.pk}_{rank}"] for rank in self.ranks]
            found += [
                (slot.pk, int(pk), rank) for rank, pk in enumerate(filter(None, chosen), start=1)
            ]
        return found
