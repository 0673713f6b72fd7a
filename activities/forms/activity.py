"""What an activity is, what it should change, and the quick ways to write down what happened."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_scopes.forms import SafeModelChoiceField

from activities.entitling import steps_to_answer
from activities.forms.money import MoneyField
from activities.models import Activity, IntendedImpact, Provider
from activities.spending import has_one_figure
from audits.models import Need
from audits.models.need import NeedQuerySet
from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import Framework, FrameworkItem, Priority, Staff

MOST_NEEDS = 12  # offered besides those that are ticked
BEFORE_PLANNED = "Say this before it leaves draft, or save it as a draft for now."


class PageForms(list):
    """Several forms that are one page: the error summary and the title treat them as one."""

    @property
    def errors(self) -> bool:
        return any(form.is_bound and form.errors for form in self)

    def are_valid(self) -> bool:
        """Ask all of them, so that the page shows everything at once."""
        return [form.is_valid() for form in self].count(False) == 0


def activity_types(*, besides: int | None = None) -> QuerySet[FrameworkItem]:
    """The menu's types as they are today; an older version's one that is in use stays."""
    menus = Framework.objects.of_kind(Framework.Kind.MENU).in_force(clock.today())
    types = FrameworkItem.objects.filter(framework__in=menus, items=None)
    if besides:
        types |= FrameworkItem.objects.filter(pk=besides)
    return types.select_related("parent", "framework").order_by("framework", "position")


def open_priorities(*, besides: Activity | None = None) -> QuerySet[Priority]:
    """This year's live ones, and those the activity serves already."""
    today = clock.today()
    open_now = Priority.objects.live().filter(
        plan__year__starts_on__lte=today, plan__year__ends_on__gte=today
    )
    if besides is not None and besides.pk:
        open_now |= Priority.objects.filter(served_by__activity=besides)
    return open_now.distinct()


def answerable_needs(by: Staff, *, besides: Activity | None = None) -> NeedQuerySet:
    """Shared needs of people here that this person sees and that are open, and those the
    activity answers already."""
    seen = Need.objects.visible_to(by).shared()
    found = seen.here().open()
    if besides is not None and besides.pk:
        found |= seen.filter(pk__in=besides.answered.values("need"))
    return found


def needs_to_choose(found: NeedQuerySet, ticked: list[uuid.UUID]) -> list[tuple[Any, str]]:
    """What is ticked, then what is agreed and waits for something, as much as one can read."""
    waiting = Q(status=Need.Status.AGREED)
    rows = (
        found.with_whom()
        .filter(Q(pk__in=ticked) | waiting)
        .annotate(is_ticked=Q(pk__in=ticked))
        .order_by("-is_ticked", "identified_on", "staff__sort_name", "pk")
    )
    return [(need.pk, f"{need} · {need.whose}") for need in rows[: len(ticked) + MOST_NEEDS]]


def as_uuids(values: Iterable[Any]) -> list[uuid.UUID]:
    """Those that are one; a form that was sent may hold anything."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    return found


class TypeField(forms.ModelChoiceField):
    """A type of activity, from a list in the menu's groups."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, label="Type of activity", **kwargs)

    def offer(self, types: QuerySet[FrameworkItem]) -> None:
        groups: dict[str, list[tuple[int, str]]] = {}
        for item in types:
            groups.setdefault(str(item.parent or item.framework.title), []).append(
                (item.pk, item.title)
            )
        self.queryset = types
        self.choices = [("", "Choose"), *groups.items()]


class WithType(forms.ModelForm):
    """What every form of an activity begins with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = TypeField()
        field.offer(activity_types(besides=self.instance.type_id))
        self.fields["type"] = field


class DetailsForm(RevisionModelForm, WithType):
    """What, why, for which priorities, and what it costs."""

    expected_cost: Any = MoneyField(label="Expected cost (£)", required=False)
    cost: Any = MoneyField(label="Cost in the end (£)", required=False)
    priorities: Any = forms.ModelMultipleChoiceField(
        label="Priorities it serves",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs: Any = forms.ModelMultipleChoiceField(
        label="Needs it answers",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these needs is no longer open."},
    )

    steps: Any = forms.ModelMultipleChoiceField(
        label="Entitlements it answers",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whoever attends has received it, once the activity is finished.",
    )

    class Meta:
        model = Activity
        fields = [
            "type", "title", "purpose", "audience", "lead", "led_by", "provider", "kind",
            "is_compulsory", "is_own_time",
        ]  # fmt: skip
        field_classes = {
            "type": SafeModelChoiceField,
            "lead": SafeModelChoiceField,
            "provider": SafeModelChoiceField,
        }
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "kind": forms.RadioSelect,
        }
        labels = {
            "lead": "Led by",
            "led_by": "Or led by someone from outside",
            "is_compulsory": "Compulsory for those who take part",
            "is_own_time": "In people's own time: recognised, never counted as directed time",
        }
        help_texts = {
            "purpose": "Why this, for whoever is asked to give time to it.",
            "audience": "For example: Year 5 and 6 teachers, everyone new to phonics.",
        }

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["lead"].queryset = Staff.objects.live(clock.today()).on_staff()
        fields["lead"].empty_label = "Nobody from here"
        if self.instance.lead_id:
            fields["lead"].queryset |= Staff.objects.filter(pk=self.instance.lead_id)
        self._offer_providers()
        offered = open_priorities(besides=self.instance)
        fields["priorities"].queryset = offered
        fields["priorities"].choices = [(priority.pk, str(priority)) for priority in offered]
        if self.instance.pk:
            self.initial.setdefault(
                "priorities", list(self.instance.served.values_list("priority", flat=True))
            )
        self._offer_needs(by)
        self._ask_for_money(fields)
        self._offer_steps()

    def _ask_for_money(self, fields: dict[str, Any]) -> None:
        """In one figure, unless there are lines: those have a place of their own."""
        if not has_one_figure(self.instance):
            del fields["expected_cost"], fields["cost"]
            return
        self.initial.setdefault("expected_cost", self.instance.expected_cost)
        self.initial.setdefault("cost", self.instance.cost)
        if self.instance.is_draft:
            del fields["cost"]  # known in the end

    @property
    def figures(self) -> dict[str, Decimal | None] | None:
        """Expected and in the end, where they were asked for in one figure."""
        if "expected_cost" not in self.fields:
            return None
        cleaned = self.cleaned_data
        return {"expected": cleaned["expected_cost"], "actual": cleaned.get("cost")}

    def _offer_providers(self) -> None:
        """Those we may work with, and its own; nothing is asked where none are written down."""
        found = Provider.objects.filter(Q(is_current=True) | Q(pk=self.instance.provider_id))
        named = [(provider.pk, str(provider)) for provider in found]
        field: Any = self.fields["provider"]
        field.queryset, field.choices = found, [("", "None of them"), *named]
        if not named:
            del self.fields["provider"]

    def _offer_needs(self, by: Staff) -> None:
        field: Any = self.fields["needs"]
        found = answerable_needs(by, besides=self.instance)
        if self.instance.pk:
            linked = found.filter(answered_by__activity=self.instance)
            self.initial.setdefault("needs", list(linked.values_list("pk", flat=True)))
        field.queryset = found
        ticked = self["needs"].value() or []
        field.choices = needs_to_choose(found, as_uuids(ticked))
        if not field.choices and not ticked:
            del self.fields["needs"]

    def _offer_steps(self) -> None:
        field: Any = self.fields["steps"]
        field.queryset = steps_to_answer(besides=self.instance)
        field.choices = [(step.pk, f"{step.entitlement}: {step}") for step in field.queryset]
        if self.instance.pk:
            linked = self.instance.entitles.values_list("step", flat=True)
            self.initial.setdefault("steps", list(linked))
        if not field.choices:
            del self.fields["steps"]

    def clean(self) -> dict[str, Any]:
        was_draft = self.instance.is_draft
        cleaned = super().clean() or self.cleaned_data
        needs_impact = cleaned.get("kind") == Activity.Kind.DIRECT and not self.instance.was_logged
        if needs_impact and not was_draft and not self.instance.has_intended_impact:
            self.add_error(
                "kind", "Direct CPD says beforehand what should change: add its intended impact"
                " first, then change this.",
            )  # fmt: skip
        return cleaned


FOUR = ["staff_will", "pupils_will", "known_by", "look_again_on"]


class ImpactForm(forms.ModelForm):
    """What should change. A draft's may be half written; planned direct CPD has all four."""

    class Meta:
        model = IntendedImpact
        fields = FOUR
        widgets = {
            "staff_will": forms.Textarea(attrs={"rows": 2}),
            "pupils_will": forms.Textarea(attrs={"rows": 2}),
            "known_by": forms.Textarea(attrs={"rows": 2}),
            "look_again_on": DayInput,
        }
        help_texts = {
            "staff_will": "For example: plan two open questions for every maths lesson.",
            "pupils_will": "For example: Year 4 explain their reasoning in full sentences.",
            "known_by": "For example: pupil talk sampled in four classes, before and after.",
            "look_again_on": "Six to twelve weeks after the last session is usual.",
        }

    def ask_for_all(self) -> None:
        """Say beside each field that is empty that it is needed before the activity is planned."""
        for name in FOUR:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, BEFORE_PLANNED)

    def impact(self) -> IntendedImpact | None:
        """What was written; nothing when nothing was."""
        written = any(self.cleaned_data.get(name) for name in FOUR)
        return self.save(commit=False) if written or self.instance.pk else None


class CancelForm(forms.Form):
    because = forms.CharField(
        label="Why is it cancelled?",
        max_length=300,
        help_text="Everyone who was to take part can read this.",
        error_messages={"required": "Say why it is cancelled: people will ask."},
    )


class HappenedForm(WithType):
    """When something happened and for how long."""

    on = forms.DateField(label="Date", widget=DayInput)
    hours = forms.DecimalField(
        label="Hours", min_value=Decimal("0.25"), max_value=24, max_digits=4, decimal_places=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].widget.attrs.update(step="0.25", inputmode="decimal")
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()
        self.initial.setdefault("on", clock.today())

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError("This day is still to come. Plan it instead.")
        if on < clock.today() - timedelta(days=6 * 366):
            raise forms.ValidationError(f"Is the year right? This says {on.year}.")
        return on

    @property
    def length(self) -> timedelta:
        return timedelta(hours=float(self.cleaned_data["hours"]))


class LogForm(HappenedForm):
    """Something that happened for the school, in six fields with the people beside it."""

    cost = MoneyField(label="What it cost (£)", required=False)
    priority: Any = forms.ModelChoiceField(
        label="Priority it served", queryset=None, required=False, empty_label="None of them"
    )

    class Meta:
        model = Activity
        fields = ["title", "type", "kind", "is_own_time"]
        field_classes = {"type": SafeModelChoiceField}
        labels = {"title": "What was it?"}

    field_order = ["title", "type", "on", "hours", "priority"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.fields["kind"].required = False
        fields: dict[str, Any] = self.fields
        fields["priority"].queryset = open_priorities()

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Activity.Kind.DIRECT


class OwnLearningForm(HappenedForm):
    """What somebody learned by themselves."""

    class Meta:
        model = Activity
        fields = ["title", "type", "is_own_time"]
        field_classes = {"type": SafeModelChoiceField}
        labels = {"title": "What was it?", "is_own_time": "In my own time"}

    field_order = ["title", "type", "on", "hours", "is_own_time"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        if self.instance.pk:
            session = self.instance.sessions.get()
            self.initial["on"] = session.starts_at.astimezone(clock.LONDON).date()
            self.initial["hours"] = Decimal(session.hours).quantize(Decimal("0.01"))
