"""Things to borrow: writing one down, taking it, bringing it back."""

from datetime import date
from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from activities.models import Equipment, Loan
from audits.helpers import known_topics
from cpdhub import clock
from cpdhub.forms import DayInput
from cpdhub.models import Staff


class EquipmentForm(forms.ModelForm):
    class Meta:
        model = Equipment
        fields = [
            "name", "good_for", "kept_at", "variant", "topic", "weeks", "may_go_home",
            "is_withdrawn",
        ]  # fmt: skip
        field_classes = {"topic": SafeModelChoiceField}
        help_texts = {"topic": "Who said they need this topic is shown beside the thing."}

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["topic"]
        field.queryset, field.empty_label = known_topics(by), "None of these"
        if self.instance.topic_id:
            field.queryset |= type(self.instance.topic).objects.filter(pk=self.instance.topic_id)
        if self.instance._state.adding:
            del self.fields["is_withdrawn"]


class BorrowForm(forms.ModelForm):
    """Until when, and whether it goes home. The longest that is allowed is filled in."""

    class Meta:
        model = Loan
        fields = ["due_on", "at_home"]
        widgets = {"due_on": DayInput}

    def __init__(self, *args: Any, equipment: Equipment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = clock.today()
        self.latest = equipment.latest_return(self.today)
        self.initial.setdefault("due_on", self.latest)
        self.fields["due_on"].widget.attrs |= {
            "min": self.today.isoformat(),
            "max": self.latest.isoformat(),
        }
        if not equipment.may_go_home:
            del self.fields["at_home"]

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError("This day is over. Choose today or a later one.")
        if due_on > self.latest:
            latest = f"{self.latest.day} {self.latest:%B %Y}"
            raise forms.ValidationError(f"It is lent until {latest} at the latest.")
        return due_on


class ReturnForm(forms.ModelForm):
    class Meta:
        model = Loan
        fields = ["learned"]
        widgets = {"learned": forms.Textarea(attrs={"rows": 2})}
        labels = {"learned": "What did you learn with it?"}
        help_texts = {
            "learned": "Only if you like. Colleagues who look at this thing next can read it."
        }
