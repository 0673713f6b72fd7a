"""What people fill in about candidates: lines of a report, and how pressing each of them is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cpdhub import report_lines
from cpdhub.models import AreaForImprovement, Origin

LONGEST: int = AreaForImprovement._meta.get_field("text").max_length or 0
MOST_TEXT = 50_000


class ReportForm(forms.Form):
    """The text as it was pasted, and whose word it is."""

    text = forms.CharField(
        label="What the report says must get better",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="One on each line. Bullets, numbers and lines broken in the middle are fine.",
        error_messages={"required": "Paste at least one line."},
    )
    source = forms.ChoiceField(
        label="Where it comes from", choices=Origin, initial=Origin.INSPECTION
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > MOST_TEXT:
            raise ValidationError(
                f"That is {len(text):,} characters; {MOST_TEXT:,} at most. Paste only the part that"
                " says what must get better."
            )
        self.lines = report_lines.read(text)
        if not self.lines:
            raise ValidationError("Paste at least one line.")
        if len(self.lines) > report_lines.MOST:
            raise ValidationError(
                f"These are {len(self.lines)} lines; {report_lines.MOST} at most. Paste only what"
                " must get better."
            )
        return text


class LineForm(forms.Form):
    """One line of it: whether to take it, in which words, and where it belongs."""

    keep = forms.BooleanField(label="Take this line", required=False)
    text = forms.CharField(
        label="What must get better", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    area = forms.TypedChoiceField(label="Area", required=False, coerce=int, empty_value=None)

    def __init__(
        self, *args: Any, areas: list[tuple[int, str]], is_preview: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_preview = is_preview
        self.fields["area"].choices = [("", "Choose where it belongs"), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("keep"):
            return cleaned
        text = " ".join(cleaned.get("text", "").split())
        cleaned["text"] = text
        if not text and "text" not in self.errors:
            self.add_error("text", "Say it in a few words, or do not take this line.")
        if len(text) > LONGEST:
            self.add_error(
                "text",
                f"It has {len(text)} characters; {LONGEST} at most. Say it shorter.",
            )
        if not self.is_preview and cleaned.get("area") is None and "area" not in self.errors:
            self.add_error("area", "Choose where it belongs.")
        return cleaned


class BaseLines(forms.BaseFormSet):
    def clean(self) -> None:
        kept = [form for form in self.forms if form.cleaned_data.get("keep")]
        if not kept and not any(form.errors for form in self.forms):
            raise ValidationError("Take at least one line.")

    @property
    def chosen(self) -> list[tuple[int, str]]:
        return [
            (form.cleaned_data["area"], form.cleaned_data["text"])
            for form in self.forms
            if form.cleaned_data.get("keep")
        ]


LineFormSet: Any = forms.formset_factory(
    LineForm,
    formset=BaseLines,
    extra=0,
    max_num=report_lines.MOST,
    absolute_max=report_lines.MOST,
)


def lines_formset(
    data: Any, *, areas: list[tuple[int, str]], is_preview: bool = False
) -> BaseLines:
    kwargs = {"areas": areas, "is_preview": is_preview}
    made: BaseLines = LineFormSet(data, prefix="lines", form_kwargs=kwargs)
    return made


def preview(lines: list[report_lines.Line], *, areas: list[tuple[int, str]]) -> BaseLines:
    """The lines as rows to look through; one that is too long says so at once."""
    data = {"lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        data[f"lines-{number}-text"] = line.text
        data[f"lines-{number}-area"] = str(report_lines.guess(line.text, areas) or "")
        if line.is_chosen:
            data[f"lines-{number}-keep"] = "on"
    made = lines_formset(data, areas=areas, is_preview=True)
    made.is_valid()
    return made


class CandidatesForm(forms.Form):
    """Impact, urgency and effort of each candidate, from 1 to 3.

    The page carries what it showed: what this person left alone keeps a colleague's weight.
    """

    SCALES = {
        "impact": AreaForImprovement.Impact,
        "urgency": AreaForImprovement.Urgency,
        "effort": AreaForImprovement.Effort,
    }

    def __init__(self, *args: Any, candidates: list[AreaForImprovement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for area in candidates:
            for name, scale in self.SCALES.items():
                self.fields[f"{name}-{area.pk}"] = forms.TypedChoiceField(
                    label=f"{name.title()}: {area}",
                    choices=[("", "–"), *scale.choices],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=getattr(area, name),
                    show_hidden_initial=True,
                )

    def rows(self) -> list[tuple[AreaForImprovement, list[Any]]]:
        return [
            (area, [(name, self[f"{name}-{area.pk}"]) for name in self.SCALES])
            for area in self.candidates
        ]

    def save(self) -> None:
        for area in self.candidates:
            for name in self.SCALES:
                if (key := f"{name}-{area.pk}") in self.changed_data:
                    setattr(area, name, self.cleaned_data[key])
        AreaForImprovement.objects.bulk_update(self.candidates, list(self.SCALES))
