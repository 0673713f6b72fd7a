"""Sums as people type them, budgets, and lines of cost."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from activities.models import Activity, Budget, Cost, Participation
from activities.spending import first_day
from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import Priority, Staff, Team

SUM = re.compile(r"^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$")
MOST = Decimal(9_999_999)


class MoneyField(forms.Field):
    """Pounds, as people write them: 50, £50, £1,250.50."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}"
        return value

    def to_python(self, value: Any) -> Decimal | None:
        text = "".join(str(value or "").split())
        if not text:
            return None
        if text.startswith(("-", "−", "–", "(")):
            raise forms.ValidationError(
                "A sum is never below £0. Money that comes back is a refund or income."
            )
        plain = text.removeprefix("£")
        if not SUM.match(plain) or not plain.isascii():
            raise forms.ValidationError(
                "Write the sum in pounds, for example 50 or £1,250.50. Was it paid in another"
                " currency? Write what it came to in pounds."
            )
        if len(plain.partition(".")[2]) > 2:
            raise forms.ValidationError("Pence have two digits, for example £12.50.")
        amount = Decimal(plain.replace(",", ""))
        if amount > MOST:
            raise forms.ValidationError("Is this right? It is more than £9,999,999.")
        return amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


class ChallengesField(forms.CharField):
    """Numbers of the strategy's challenges: 2, 3."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [word for word in re.split(r"[\s,;]+", str(value or "")) if word]
        if not all(re.fullmatch(r"[0-9]{1,2}", word) and int(word) for word in words):
            raise forms.ValidationError("Write their numbers, for example 2, 3.")
        return sorted({int(word) for word in words})

    def run_validators(self, value: Any) -> None:
        return None


class BudgetForm(RevisionModelForm):
    """What there is, for which days, from where, and who looks after it."""

    amount: Any = MoneyField(label="Amount (£)")
    challenges: Any = ChallengesField(
        label="Challenges it answers",
        required=False,
        help_text="Of a pupil premium strategy: their numbers, for example 2, 3.",
    )

    class Meta:
        model = Budget
        fields = ["name", "code", "amount", "starts_on", "ends_on", "is_hard", "fund",
                  "permitted_uses", "challenges", "review_on", "holder", "team",
                  "priority"]  # fmt: skip
        field_classes = {
            "holder": SafeModelChoiceField,
            "team": SafeModelChoiceField,
            "priority": SafeModelChoiceField,
        }
        widgets = {
            "starts_on": DayInput,
            "ends_on": DayInput,
            "review_on": DayInput,
            "permitted_uses": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"is_hard": "Never overspent: what goes beyond it is refused"}
        help_texts = {
            "name": "For example: CPD 2026/27.",
            "code": "As your finance office writes it, for example E09.",
            "is_hard": "Money that comes with conditions never is, ticked or not.",
            "review_on": "When somebody asks what it has brought.",
            "holder": "They see this budget and its lines.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["holder"].queryset = Staff.objects.live(clock.today()).on_staff()
        if self.instance.holder_id:
            fields["holder"].queryset |= Staff.objects.filter(pk=self.instance.holder_id)
        fields["team"].queryset = Team.objects.all()
        fields["priority"].queryset = Priority.objects.live()
        if self.instance.priority_id:
            fields["priority"].queryset |= Priority.objects.filter(pk=self.instance.priority_id)
        for name, word in (("holder", "Nobody"), ("team", "Any team"), ("priority", "Any")):
            fields[name].empty_label = word

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("fund") and cleaned["fund"] != Budget.Fund.OWN:
            cleaned["is_hard"] = True
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "This is before its first day.")
        elif first and last and self.instance.pk:
            self._keep_its_lines(first, last, cleaned)
        return cleaned

    def _keep_its_lines(self, first: date, last: date, cleaned: dict[str, Any]) -> None:
        """A change may not leave lines outside its days, nor a hard one overspent."""
        outside = self.instance.lines.exclude(falls_on__gte=first, falls_on__lte=last).first()
        if outside:
            self.add_error("ends_on", f"{outside.falls_on:%-d %B %Y} has a line of it already:"
                           " these days must include it.")  # fmt: skip
        now = Budget.objects.with_sums().get(pk=self.instance.pk)
        has = (cleaned.get("amount") or Decimal(0)) + now.has - now.amount
        if cleaned.get("is_hard") and now.taken > has:
            self.add_error(
                "amount", f"£{now.taken:,.2f} of it is spent or committed already, and it must"
                " not be overspent."
            )  # fmt: skip


class CostForm(forms.ModelForm):
    """One line: what for, how much, whose money. Cover can be counted in days."""

    expected: Any = MoneyField(label="Expected (£)", required=False)
    actual: Any = MoneyField(label="In the end (£)", required=False)

    class Meta:
        model = Cost
        fields = ["kind", "note", "expected", "actual", "budget", "falls_on", "staff",
                  "cover_number", "cover_unit", "invoice_number", "invoiced_on",
                  "paid_on"]  # fmt: skip
        field_classes = {"budget": SafeModelChoiceField, "staff": SafeModelChoiceField}
        widgets = {"falls_on": DayInput, "invoiced_on": DayInput, "paid_on": DayInput}
        labels = {"falls_on": "Day it counts on", "staff": "Only for"}
        help_texts = {
            "note": "For example: train to Leeds.",
            "staff": "Empty: shared by everyone who takes part.",
            "cover_number": "What it comes to is worked out from the school's rate.",
        }

    def __init__(self, *args: Any, by: Staff, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.activity = activity
        if self.instance.pk is None:
            self.initial.setdefault("falls_on", first_day(activity))
        fields: dict[str, Any] = self.fields
        self._offer_budgets(fields["budget"], by)
        in_it = Participation.objects.filter(activity=activity).values("staff")
        fields["staff"].queryset = Staff.objects.filter(pk__in=in_it)
        if self.instance.staff_id:
            fields["staff"].queryset |= Staff.objects.filter(pk=self.instance.staff_id)
        fields["staff"].empty_label = "Everyone who takes part"
        fields["cover_unit"].choices = [("", "Not counted"), *Cost.CoverUnit.choices]

    def _offer_budgets(self, field: Any, by: Staff) -> None:
        """Open ones this person sees, each with its days. Any other is refused by name."""
        field.queryset = Budget.objects.visible_to(by).order_by("-ends_on", "name")
        if self.instance.budget_id:
            field.queryset |= Budget.objects.filter(pk=self.instance.budget_id)
        shown = [row for row in field.queryset if not row.is_closed]
        if self.instance.budget and self.instance.budget.is_closed:
            shown.append(self.instance.budget)
        field.choices = [("", "None"), *((row.pk, f"{row}, {row.period}") for row in shown)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._count_cover(cleaned)
        if not {"expected", "actual"} & self.errors.keys() and (
            cleaned.get("expected") is None and cleaned.get("actual") is None
        ):
            self.add_error("expected", "Say what it will cost, or what it cost in the end.")
        return cleaned

    def _count_cover(self, cleaned: dict[str, Any]) -> None:
        number, unit = cleaned.get("cover_number"), cleaned.get("cover_unit")
        if not number and not unit:
            return
        if cleaned.get("kind") != Cost.Kind.COVER:
            self.add_error("cover_number", "Only cover is counted in days: choose cover above.")
        elif not number and "cover_number" not in self.errors:
            self.add_error("cover_number", "Say how many.")
        elif number and not unit:
            self.add_error("cover_unit", "Say whether these are days, half-days or hours.")
        elif number and cleaned.get("expected") is None and cleaned.get("actual") is None:
            self.instance.cover_unit, self.instance.cover_number = unit, number
            cleaned["expected"] = self.instance.cover_cost()


class CarryForm(forms.Form):
    """Where what is left of a budget goes."""

    to: Any = forms.ModelChoiceField(queryset=None, label="Carry it over to", empty_label="Choose")

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        later = Budget.objects.open().filter(fund=budget.fund, ends_on__gt=budget.ends_on)
        fields["to"].queryset = later
