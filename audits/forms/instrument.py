"""Writing a questionnaire: what it is, its sections, its questions."""

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from audits import words
from audits.models import Instrument, Question, Section
from cpdhub.forms import RevisionModelForm
from cpdhub.models import FrameworkItem


class TidyForm(forms.ModelForm):
    """Texts are kept on one line, as a file would give them back."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = words.tidy(value)
        return cleaned


class DraftForm(TidyForm, RevisionModelForm):
    """A part of a draft that two people may be changing."""

    def _told(self) -> str:
        if not self.differences:
            return "Somebody else saved the same while you were writing. Save again to confirm."
        return (
            "Somebody else changed this while you were writing. Nothing of yours is lost: compare"
            " the two below, change your text if you want to, and save again."
        )


class BeginForm(TidyForm):
    """A new questionnaire, from nothing."""

    class Meta:
        model = Instrument
        fields = ["title", "purpose", "minutes"]


class InstrumentForm(DraftForm):
    class Meta:
        model = Instrument
        fields = ["title", "purpose", "minutes", "source", "licence"]
        help_texts = {
            "purpose": "Everyone who answers reads it first.",
            "licence": "Empty for your own words. Do not copy a questionnaire that is sold.",
        }


class SectionForm(DraftForm):
    class Meta:
        model = Section
        fields = ["title", "text"]


class WordsField(forms.CharField):
    """One word or phrase a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [line for each in super().clean(value).splitlines() if (line := words.tidy(each))]


class QuestionForm(DraftForm):
    """One question, how it is answered, and of whom it is asked."""

    choices = WordsField(
        label="Words to choose from, one a line",
        required=False,
        help_text="Empty: the usual words. For stages write “Name: what it looks like”."
        " For importance and confidence write eight: four, then four.",
    )

    class Meta:
        model = Question
        fields = ["text", "kind", "choices", "hint", "groups", "phases", "tag", "item"]
        field_classes = {"item": SafeModelChoiceField}
        help_texts = {
            "groups": "None ticked: asked of everyone.",
            "phases": "None ticked: in every school.",
            "tag": "Optional, for example TS4: results can be gathered by it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("groups", "phases"):
            field = self._meta.model._meta.get_field(name)
            fields[name] = forms.MultipleChoiceField(
                label=str(field.verbose_name).capitalize(),
                choices=field.base_field.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=fields[name].help_text,
            )
        fields["item"].queryset = FrameworkItem.objects.select_related("framework")
        fields["item"].empty_label = "No framework"
        fields["item"].label_from_instance = lambda item: f"{item.framework.title}: {item}"
        fields["item"].help_text = "Optional: the item of a framework this question is about."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind and "choices" in cleaned:
            cleaned["choices"] = words.words_of(kind, cleaned["choices"])
            if trouble := words.trouble_with(kind, cleaned["choices"]):
                self.add_error("choices", trouble)
        return cleaned


class ImportForm(forms.Form):
    """A questionnaire as a file."""

    file = forms.FileField(
        label="Questionnaire (CSV or XLSX)",
        help_text="As “Download as CSV” of any questionnaire writes it; 500 questions at most.",
        error_messages={"required": "Choose the file first.", "empty": "The file is empty."},
    )
