"""What the installation's administrator is asked."""

from typing import Any

from django import forms
from django.utils.html import format_html

from cpdhub import gias, openings
from cpdhub.models import Establishment, School


class RegisterUploadForm(forms.Form):
    """An extract of the register."""

    file = forms.FileField(
        label="Extract of the register (CSV)",
        help_text="“All establishment data” from Get Information about Schools, as downloaded;"
        " 150 MB at most.",
        error_messages={"required": "Choose the file first."},
    )


class RegisterSearchForm(forms.Form):
    """Which establishments of the register to show."""

    q = forms.CharField(
        label="Name, URN, DfE number, town or postcode",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 100}),
    )
    closed = forms.BooleanField(label="Closed ones too", required=False)


class OpenSchoolForm(forms.Form):
    """A school to be opened from the register, and its head."""

    name = forms.CharField(label="Name of the school", max_length=200)
    slug = forms.SlugField(
        label="Address",
        max_length=80,
        help_text="The school’s pages will be at /s/this-word/. Small letters, digits, hyphens.",
    )
    phase = forms.ChoiceField(
        label="Phase",
        choices=[("", "Choose…"), *School.Phase.choices],
        error_messages={"required": "Choose the phase: the register does not say it."},
    )
    first_name = forms.CharField(label="Head’s first name", max_length=100)
    last_name = forms.CharField(label="Head’s last name", max_length=100)
    email = forms.EmailField(
        label="Head’s work e-mail",
        max_length=254,
        help_text="The invitation goes there. Whoever opens it becomes head of this school here.",
    )

    def __init__(
        self, *args: Any, establishment: Establishment | None = None, **kwargs: Any
    ) -> None:
        self.establishment = establishment
        super().__init__(*args, **kwargs)
        if establishment:
            self._propose(establishment)

    def _propose(self, establishment: Establishment) -> None:
        phase = gias.propose_phase(establishment)
        self.initial = {
            "name": establishment.name,
            "slug": openings.propose_slug(establishment.name),
            "phase": phase,
        }
        # Help texts may hold markup, so that what comes from outside is escaped here.
        self.fields["phase"].help_text = format_html(
            "The register says “{}”; {}",
            establishment.phase_name or "nothing",
            "please check that our proposal is right."
            if phase
            else "please choose what fits the school.",
        )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].casefold()
        if "_" in slug:
            raise forms.ValidationError("Use hyphens, no underscores.")
        if slug in openings.NOT_IN_ADDRESSES or School.objects.filter(slug=slug).exists():
            raise forms.ValidationError("Another school has this address. Choose another one.")
        return slug

    @property
    def head(self) -> dict[str, str]:
        data = self.cleaned_data
        return {
            "first_name": data["first_name"],
            "last_name": data["last_name"],
            "email": data["email"].casefold(),
        }


class OpenTeamForm(OpenSchoolForm):
    """A trust's or an authority's own team, which has no entry in the register."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(phase.value, phase.label) for phase in openings.TEAMS]
        phase: Any = self.fields["phase"]
        phase.choices = [("", "Choose…"), *teams]
        phase.label, phase.help_text = "What it is", ""
        phase.error_messages["required"] = "Choose what it is."
        for name, label in {
            "name": "Name of the team",
            "first_name": "Its lead’s first name",
            "last_name": "Its lead’s last name",
            "email": "Its lead’s work e-mail",
        }.items():
            self.fields[name].label = label
        self.fields["email"].help_text = (
            "The invitation goes there. Whoever opens it has the rights of a head in this team, and"
            " none in any school."
        )
