"""Who learns with whom: what groups are made from, who was moved, and what they are to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from activities.forms.activity import ImpactForm, PageForms, answerable_needs
from activities.forms.layout import LayoutForm
from activities.forms.people import PeopleForm
from activities.grouping import Group, Mix, propose
from activities.groups import BUSY, Known, Plan, groups_of, offers_of, what_is_known
from activities.laying_out import USUAL_START
from activities.models import Activity, ActivityForm
from activities.prefill import carried_over, people_of
from audits.helpers import known_topics
from audits.models import Expertise, Topic
from cpdhub import clock
from cpdhub.keys import key_of
from cpdhub.models import Priority, Staff

USUAL_FORM = "mixed-trio"
MOST_PEOPLE = 250
MIXES: list[tuple[Mix, str]] = [
    ("ahead", "One person ahead in each, from different teams"),
    ("teams", "People from different teams"),
    ("level", "People who are equally far"),
    ("interest", "People with the same interest"),
]
NEEDS_TOPIC = ("ahead", "level")


class ChoiceForm(forms.Form):
    """What groups are proposed from. Nothing of it is kept."""

    topic = forms.TypedChoiceField(label="Topic", coerce=int, empty_value=None, required=False)
    size = forms.TypedChoiceField(
        label="How many in a group",
        coerce=int,
        choices=[(number, str(number)) for number in range(2, 7)],
        initial=3,
    )
    mix = forms.ChoiceField(
        label="How to mix", choices=MIXES, initial="ahead", widget=forms.RadioSelect
    )
    spare_busy = forms.BooleanField(
        label=f"Leave out whoever is in {BUSY} groups or more already", required=False
    )
    seed = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=10_000
    )

    def __init__(self, data: Any, *, by: Staff, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.topics = {topic.pk: topic for topic in known_topics(by)}
        field: Any = self.fields["topic"]
        named = [(pk, str(topic)) for pk, topic in self.topics.items()]
        field.choices = [("", "None in particular"), *named]

    def clean_seed(self) -> int:
        return self.cleaned_data["seed"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("mix") in NEEDS_TOPIC and not cleaned.get("topic") and not self.errors:
            self.add_error(
                "topic", "Choose one: how far people are is known of a topic, not of people."
            )
        return cleaned

    @property
    def chosen_topic(self) -> Topic | None:
        return self.topics.get(self.cleaned_data.get("topic") or 0)


class TitleForm(forms.Form):
    title = forms.CharField(
        label="What they are called", max_length=180, help_text="A number is added to each."
    )


class GroupsPage(PageForms):
    """Everything on the page, whichever button was pressed."""

    def __init__(self, by: Staff, data: QueryDict | None, initial: dict[str, Any]) -> None:
        if data is not None:
            data = data.copy()
            data.setdefault("layout-starts", USUAL_START.strftime("%H:%M"))
        self.by, self.sent = by, data
        self.layout = LayoutForm(data, prefix="layout", initial=initial)
        self.layout.fields["form"].required = True
        self.choice = ChoiceForm(data, by=by, initial=initial)
        self.people = PeopleForm(data, initial=initial)
        self.title = TitleForm(None)
        self.impact = ImpactForm(None)
        self.groups: list[Group] = []
        self.known = Known({})
        self.busy: list[Staff] = []
        super().__init__([self.choice, self.layout, self.people])

    @property
    def mix(self) -> Mix:
        mix: Mix = self.choice.cleaned_data["mix"]
        return mix

    @cached_property
    def form(self) -> ActivityForm:
        found = self.layout.chosen()
        assert found is not None
        return found

    def is_ready(self) -> bool:
        """Whether groups can be proposed from what was chosen; then it knows the people."""
        valid = self.are_valid()
        chosen = self.people.cleaned_data.get("everybody", set())
        if not self.people.errors and len(chosen) < 2:
            self.people.add_error("people", "Choose two people at least.")
        elif len(chosen) > MOST_PEOPLE:
            self.people.add_error("people", f"At most {MOST_PEOPLE} people at a time.")
        if not valid or self.people.errors:
            return False
        people = [person for person in self.people.staff if person.pk in chosen]
        if self.choice.cleaned_data["spare_busy"]:
            load = groups_of(people, by=self.by)
            self.busy = [person for person in people if load.get(person.pk, 0) >= BUSY]
            people = [person for person in people if person not in self.busy]
        self.known = what_is_known(
            people, topic=self.choice.chosen_topic, form=self.form, mix=self.mix,
            size=self.choice.cleaned_data["size"], by=self.by,
        )  # fmt: skip
        return True

    def mix_them(self, *, again: bool = False) -> None:
        """As proposed; mixed again, with the next seed that gives other groups."""
        seed = self.choice.cleaned_data["seed"]
        before = self._proposed(seed)
        self.groups = before
        for later in range(seed + 1, seed + 6) if again else ():
            seed, self.groups = later, self._proposed(later)
            if self.groups != before:
                break
        self.seed = seed

    def _proposed(self, seed: int) -> list[Group]:
        size = self.choice.cleaned_data["size"]
        return propose(self.known.members(), size=size, mix=self.mix, seed=seed, met=self.known.met)

    def take_as_moved(self) -> None:
        """Where each person was put by hand; nobody is in two, for each has one box."""
        data = self.sent or QueryDict()
        self.seed = self.choice.cleaned_data["seed"]
        placed: dict[int, Group] = {}
        for member in self.known.members():
            number = key_of(data.get(f"group-{member.pk}", ""))
            if number and number <= MOST_PEOPLE:
                placed.setdefault(number, []).append(member)
        self.groups = [
            sorted(placed[number], key=lambda one: (-one.level, one.pk))
            for number in sorted(placed)
        ]

    def ask_what_for(self, *, is_bound: bool) -> None:
        """Title and intended impact: as sent, or to begin with from the topic's needs."""
        topic = self.choice.chosen_topic
        said = carried_over(self.needs(), topic, today=clock.today()) if topic else {}
        begin = {"title": f"{self.form}: {topic}"[:180] if topic else self.form.title, **{
            name: said.get(name) for name in ImpactForm.Meta.fields
        }}  # fmt: skip
        sent = self.sent if is_bound else None
        self.title = TitleForm(sent, initial=begin)
        self.impact = ImpactForm(sent, initial=begin)
        self.extend([self.title, self.impact])

    def needs(self) -> list[Any]:
        found = answerable_needs(self.by).filter(topic=self.choice.chosen_topic)
        return list(found.with_whom().filter(staff__in=self.known.people))

    def plan(self, *, as_draft: bool) -> Plan | None:
        """What is to be made; None when something is missing, said beside it."""
        if not self.are_valid():
            return None
        if not as_draft and self.form.kind == Activity.Kind.DIRECT:
            self.impact.ask_for_all()
        if self.impact.errors:
            return None
        topic = self.choice.chosen_topic
        serves = carried_over(self.needs(), topic, today=clock.today()) if topic else {}
        first = self.layout.cleaned_data["first"]
        return Plan(
            form=self.form,
            title=self.title.cleaned_data["title"],
            impact={name: self.impact.cleaned_data[name] for name in ImpactForm.Meta.fields},
            rows=self.layout.rows(self.form) if first else [],
            topic=topic,
            priorities=list(Priority.objects.filter(pk__in=serves.get("priorities", []))),
            as_draft=as_draft,
        )


def to_begin_with(query: QueryDict, topic: Topic | None, by: Staff) -> dict[str, Any]:
    """Of a topic: those who need it and those who can show it."""
    forms_in_use = ActivityForm.objects.in_use()
    asked = forms_in_use.filter(pk=key_of(query.get("form", "")))
    form = asked.first() or forms_in_use.filter(code=USUAL_FORM).order_by("-school").first()
    begin: dict[str, Any] = {"form": form.pk if form else None, "mix": "teams"}
    if topic:
        needs = list(answerable_needs(by).filter(topic=topic).with_whom())
        shown = offers_of(topic, by).filter(level__gte=Expertise.Level.SHOWING)
        people = {*people_of(needs), *shown.values_list("staff", flat=True)}
        begin |= {"topic": topic.pk, "mix": "ahead", "people": sorted(people)}
    return begin
