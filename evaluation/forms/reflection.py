"""Writing a reflection."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core import signing

from cpdhub.forms import RevisionModelForm, differences
from cpdhub.models import Staff
from evaluation.models import Reflection, Sharing


class Ticket:
    """Which reflection a page writes: its uuid and activity, signed for one person.

    A uuid that somebody made up is refused before we look for it, so the answer cannot tell
    whether a private reflection has it.
    """

    SALT = "reflection"

    def __init__(self, owner: Staff, *, uuid: UUID, activity_id: int | None) -> None:
        self.owner, self.uuid, self.activity_id = owner, uuid, activity_id

    def __str__(self) -> str:
        return signing.dumps([self.owner.pk, str(self.uuid), self.activity_id], salt=self.SALT)

    @classmethod
    def read(cls, text: str, *, owner: Staff) -> Ticket | None:
        """The ticket, if we gave it to this person."""
        try:
            owner_id, uuid, activity_id = signing.loads(text, salt=cls.SALT)
        except signing.BadSignature:
            return None
        if owner_id != owner.pk:
            return None
        return cls(owner, uuid=UUID(uuid), activity_id=activity_id)

    @classmethod
    def read_or_new(cls, text: str, *, owner: Staff) -> Ticket:
        return cls.read(text, owner=owner) or cls(owner, uuid=uuid4(), activity_id=None)


class ReflectionForm(RevisionModelForm):
    """Two boxes, later three, and beside them who may read what is written there."""

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    who = forms.ChoiceField(
        label="Who may read this",
        widget=forms.RadioSelect,
        required=False,  # said by clean_who: one of them is always chosen on the page
        error_messages={
            "invalid_choice": "The people you could choose from have changed. Choose again.",
        },
    )

    class Meta:
        model = Reflection
        fields = ["title", "will_try", "learned", "seen_in_pupils"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in Reflection.TEXTS}
        help_texts = {
            "title": "Optional: a lesson, a book, a talk in the corridor.",
            "will_try": "One thing, one class, this week is plenty.",
            "learned": "Optional.",
            "seen_in_pupils": "Optional: what they said, did or wrote that they did not before.",
        }

    def __init__(
        self,
        *args: Any,
        choices: list[Sharing],
        sharing: Sharing,
        asks_about_pupils: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        reflection = self.instance
        self.sharing_now = sharing
        self.choices = {choice.key: choice for choice in [*choices, sharing]}
        self.initial |= reflection.unsaved() | {
            "revision": reflection.revision,
            "who": sharing.key,
            "ticket": str(
                Ticket(reflection.owner, uuid=reflection.uuid, activity_id=reflection.activity_id)
            ),
        }
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(choice.key, choice.label) for choice in self.choices.values()]
        if not any(c.audience == Reflection.Audience.LINE_MANAGER for c in choices):
            who.help_text = "No line manager is entered for you, so you cannot choose one."
        if reflection.activity_id:
            del self.fields["title"]
        if not asks_about_pupils:
            del self.fields["seen_in_pupils"]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        boxes = [name for name in ("title", *Reflection.TEXTS) if name in self.fields]
        self.helper.layout = Layout(
            "revision", "ticket", *boxes, Div(Field("who"), css_class="who")
        )

    def clean_who(self) -> str:
        who: str = self.cleaned_data["who"]
        if not who:
            raise forms.ValidationError("Choose who may read this.")
        return who

    @property
    def sharing(self) -> Sharing:
        return self.choices[self.cleaned_data["who"]]

    @property
    def is_empty(self) -> bool:
        """Nothing is written in any box, whatever it is called."""
        return not any(self.cleaned_data.get(name) for name in Reflection.TEXTS)

    @property
    def is_stale(self) -> bool:
        """Saved from elsewhere meanwhile, in other words or for other readers.

        The same form sent twice is not: it has one effect.
        """
        return super().is_stale and (
            bool(differences(self)) or self.cleaned_data.get("who") != self.sharing_now.key
        )

    def _told(self) -> str:
        return (
            "You saved this in another window or on another device while you were writing here."
            " Nothing is lost: compare the two, choose again who may read it, and save again."
        )
