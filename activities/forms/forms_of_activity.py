"""Changing a form of activity: what it says, and its sessions."""

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from activities.forms.activity import TypeField, activity_types
from activities.forms.sessions import lines_of
from activities.models import ActivityForm, FormSession
from activities.models.activity_form import MOST_SESSIONS
from activities.models.from_form import ROLE_LENGTH
from cpdhub.forms import RevisionModelForm

MOST_ROLES, MOST_MOMENTS, LATEST_MOMENT = 10, 6, 104


class FormDetailsForm(RevisionModelForm):
    """What a form of activity fills in when somebody plans with it."""

    groups = forms.MultipleChoiceField(
        label="Where it stands in the menu",
        choices=ActivityForm.Group.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    roles = forms.CharField(
        label="Roles",
        required=False,
        max_length=MOST_ROLES * (ROLE_LENGTH + 2),
        help_text="With commas between: coach, coachee. Whoever is a coach, mentor or co-coach in"
        " a private form can be chosen as reader of a reflection.",
    )
    evaluate_after = forms.CharField(
        label="Ask people again, weeks after the last session",
        required=False,
        max_length=60,
        help_text="With commas between: 6, 26.",
    )

    class Meta:
        model = ActivityForm
        fields = [
            "title", "hint", "type", "groups", "kind", "is_compulsory", "is_own_time",
            "is_private", "roles", "look_again_after", "evaluate_after",
        ]  # fmt: skip
        field_classes = {"type": SafeModelChoiceField}
        widgets = {"hint": forms.Textarea(attrs={"rows": 2}), "kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = TypeField()
        field.offer(activity_types(besides=self.instance.type_id))
        self.fields["type"] = field
        for name in ("roles", "evaluate_after"):
            self.initial[name] = ", ".join(map(str, getattr(self.instance, name)))

    def _told(self) -> str:
        return (
            "Somebody else changed this form while you were writing. Nothing of yours is lost:"
            " compare the two below, and save again."
        )

    def clean_roles(self) -> list[str]:
        roles = parts_of(self.cleaned_data["roles"].lower())
        if len(roles) > MOST_ROLES:
            raise forms.ValidationError(f"At most {MOST_ROLES} roles.")
        for role in roles:
            if len(role) > ROLE_LENGTH or not any(letter.isalnum() for letter in role):
                raise forms.ValidationError(f"“{role[:ROLE_LENGTH]}” is no name of a role.")
        return roles

    def clean_evaluate_after(self) -> list[int]:
        said = parts_of(self.cleaned_data["evaluate_after"])
        wrong = [part for part in said if not (part.isdecimal() and len(part) < 4)]
        weeks = sorted({int(part) for part in said if part not in wrong})
        if wrong or len(weeks) > MOST_MOMENTS or any(week > LATEST_MOMENT for week in weeks):
            raise forms.ValidationError(
                f"At most {MOST_MOMENTS} numbers of weeks up to {LATEST_MOMENT}, with commas"
                " between: 6, 26."
            )
        return weeks


def parts_of(text: str) -> list[str]:
    return list(dict.fromkeys(part for raw in text.split(",") if (part := raw.strip())))


class FormSessionForm(forms.ModelForm):
    """One session of a form of activity."""

    prompts = forms.CharField(
        label="What people are asked to write",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One question a line.",
    )

    class Meta:
        model = FormSession
        fields = ["name", "days_after", "minutes", "planning_minutes", "prompts"]
        labels = {"name": "What it is called"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["prompts"] = "\n".join(self.instance.prompts)

    def clean_prompts(self) -> list[str]:
        return lines_of(self.cleaned_data["prompts"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        minutes, planning = cleaned.get("minutes"), cleaned.get("planning_minutes")
        if minutes and planning and planning > minutes:
            self.add_error("planning_minutes", "The session is not as long as that.")
        return cleaned

    def has_changed(self) -> bool:
        """A new row in which nothing was named is no session."""
        if self.instance.pk:
            return super().has_changed()
        return bool({"name", "prompts"}.intersection(self.changed_data))


class BaseFormSessions(forms.BaseModelFormSet):
    """The sessions of one form, in order; new ones come last."""

    def save_for(self, form: ActivityForm) -> None:
        """Numbered anew, so that none that was taken out leaves a gap."""
        saved = self.save(commit=False)
        for gone in self.deleted_objects:
            gone.delete()
        kept = [row.instance for row in self.initial_forms if row not in self.deleted_forms]
        new = [session for session in saved if session.pk is None]
        for position, session in enumerate([*kept, *new], start=1):
            session.school_id, session.form, session.position = form.school_id, form, position
            session.save()


FormSessions: Any = forms.modelformset_factory(
    FormSession,
    form=FormSessionForm,
    formset=BaseFormSessions,
    extra=2,
    can_delete=True,
    max_num=MOST_SESSIONS,
    absolute_max=MOST_SESSIONS + 2,
    validate_max=True,
)
