"""Ideas for what should be on next: writing one down, saying what was decided."""

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from activities.models import Activity, Idea
from cpdhub.models import Staff

MOST_ACTIVITIES = 100


class IdeaForm(forms.ModelForm):
    class Meta:
        model = Idea
        fields = ["title", "why"]
        widgets = {"why": forms.Textarea(attrs={"rows": 2})}

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if Idea.objects.waiting().filter(title__iexact=title).exists():
            raise forms.ValidationError(
                "A colleague had the same idea: say below that you would come."
            )
        return title


class IdeaAnswerForm(forms.ModelForm):
    """What was decided, for everybody to read."""

    class Meta:
        model = Idea
        fields = ["state", "answer", "activity"]
        field_classes = {"activity": SafeModelChoiceField}
        widgets = {"answer": forms.Textarea(attrs={"rows": 2}), "state": forms.RadioSelect}
        labels = {"state": "What is decided?"}

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        seen = Activity.objects.visible_to(by).filter(is_own_learning=False, is_private=False)
        seen = seen.exclude(state=Activity.State.DRAFT)  # everybody reads it
        latest = seen.order_by("-pk").values("pk")[:MOST_ACTIVITIES]
        field.queryset = Activity.objects.filter(pk__in=latest).order_by("-pk")
        field.empty_label = "None yet"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("state", Idea.State.OPEN) != Idea.State.OPEN and not cleaned.get("answer"):
            self.add_error("answer", "Say why: everybody reads it.")
        return cleaned
