"""What somebody writes about a session, prompt by prompt."""

from typing import Any

from django import forms

from activities.models import Session, SessionRecord
from cpdhub.forms import carry

LONGEST = 5_000
STALE = (
    "You saved this in another window while you were writing here. What you typed is still in the"
    " boxes; what was saved stands below. Save again to put this in its place."
)


class RecordForm(forms.Form):
    """A box for each prompt. A prompt that was taken out keeps its box while it has an answer."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    readers = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any, *, session: Session, record: SessionRecord | None, readers: list[int]
    ) -> None:
        super().__init__(data)
        self.record = record
        answered = {row["prompt"]: row["text"] for row in record.answers} if record else {}
        self.prompts = [*session.prompts, *(p for p in answered if p not in session.prompts)]
        for number, prompt in enumerate(self.prompts):
            self.fields[f"answer-{number}"] = forms.CharField(
                label=prompt,
                required=False,
                max_length=LONGEST,
                initial=answered.get(prompt, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.initial["revision"] = record.revision if record else ""
        self.initial["readers"] = ",".join(map(str, readers))

    def boxes(self) -> list[forms.BoundField]:
        return [self[f"answer-{number}"] for number in range(len(self.prompts))]

    @property
    def shown_readers(self) -> set[int]:
        """Whom the page named as readers when it was made."""
        named = self.cleaned_data.get("readers", "").split(",")
        return {int(part) for part in named if part.isdecimal() and len(part) < 10}

    def answers(self) -> list[dict[str, str]]:
        texts = [self.cleaned_data.get(f"answer-{n}", "") for n in range(len(self.prompts))]
        return [
            {"prompt": prompt, "text": text}
            for prompt, text in zip(self.prompts, texts, strict=True)
            if text
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        saved = self.record.revision if self.record else None
        if cleaned.get("revision") != saved and not self.errors and self._differs():
            self.add_error(None, STALE)
            carry(self, "revision", saved)
        return cleaned

    def _differs(self) -> bool:
        """The same form sent twice has one effect."""
        return self.record is None or self.answers() != self.record.answers
