"""What forms of several pages share: the day picker, and two people editing one record."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import QueryDict

from cpdhub import history


class DayInput(forms.DateInput):
    """The browser's own date picker; without one, a date can be typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own picker of hours and minutes."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def carry(form: forms.BaseForm, name: str, value: Any) -> None:
    """What the page sends next time in a hidden field: whoever sends it again does so knowingly."""
    sent = QueryDict(mutable=True)
    sent.update(form.data)
    sent[form.add_prefix(name)] = "" if value is None else value
    form.data = sent


@dataclass(frozen=True)
class Difference:
    """A field in which what is saved now differs from what this person sent."""

    label: str
    theirs: str
    yours: str


class RevisionModelForm(forms.ModelForm):
    """Edits a record with a `revision`, so that nobody overwrites a colleague unknowingly.

    The page carries the revision it was made from. When it is saved, the row is locked and the
    two are compared. Somebody saved in between: the form answers with an error and its
    `differences` (the error summary shows them), what was typed stays in the fields, and
    sending it again, now knowingly, goes through. Needs the request's transaction. Keys to rows
    of a school want `field_classes = {"lead": SafeModelChoiceField}` and their queryset set in
    `__init__`, where a school is open.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        if self.is_of_saved:
            self.initial["revision"] = self.instance.revision

    @property
    def is_of_saved(self) -> bool:
        """It changes a record; a new one may have its key already."""
        return not self.instance._state.adding

    @property
    def is_stale(self) -> bool:
        """Somebody else saved this record after the page was made."""
        return self.is_of_saved and self.cleaned_data.get("revision") != (self.instance.revision)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.is_of_saved:
            return cleaned
        try:
            # Locked until the request ends; fields that are not on the form are fresh too.
            self.instance.refresh_from_db(
                from_queryset=type(self.instance)._default_manager.select_for_update(of=("self",))
            )
        except ObjectDoesNotExist:
            raise forms.ValidationError(
                "Somebody deleted this while you were writing. Copy what you need from below."
            ) from None
        if self.is_stale:
            self.differences = differences(self)
            self.add_error(None, self._told())
            carry(self, "revision", self.instance.revision)
        return cleaned

    def _told(self) -> str:
        who = history.last_editor(self.instance) or "Somebody else"
        if not self.differences:
            return f"{who} saved the same while you were writing. Save again to confirm."
        return (
            f"{who} changed this while you were writing. Nothing of yours is lost: compare the"
            " two below, change your text if you want to, and save again."
        )

    def save(self, commit: bool = True) -> Any:
        if self.is_of_saved:
            self.instance.revision += 1
        return super().save(commit)


def differences(form: forms.ModelForm, *, of: str = "") -> list[Difference]:
    """Field by field, what is saved now against what was sent; `of` names one row of several.

    Call it before the form writes onto its instance, with the instance as it is saved now.
    """
    return [
        Difference(f"{of}: {form[name].label}" if of else str(form[name].label), theirs, yours)
        for name in form.fields
        if (field := _model_field(form, name))
        and (theirs := _saved(form.instance, field)) != (yours := _sent(form, name, field))
    ]


def _model_field(form: forms.ModelForm, name: str) -> Any:
    fields = form._meta.model._meta.fields
    return {f.name: f for f in fields if f.editable and not f.primary_key}.get(name)


def _saved(row: models.Model, field: models.Field) -> str:
    if field.related_model:
        return str(getattr(row, field.name) or history.EMPTY)
    return history.in_words(field, field.value_from_object(row))


def _sent(form: forms.ModelForm, name: str, field: models.Field) -> str:
    """What was sent; the very characters where they are no value (a date that is none)."""
    value = form.cleaned_data.get(name)
    return history.in_words(field, form[name].value() if value is None else value)
