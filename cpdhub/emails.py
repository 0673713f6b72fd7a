"""What a letter says: a subject, plain text and the same as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context, loader

from cpdhub.models import Staff


@dataclass(frozen=True)
class Letter:
    """A letter to one address, not yet in the outbox."""

    to: str
    subject: str
    text: str
    html: str = ""


def address(staff: Staff) -> str:
    """Where a person's letters go: the address they sign in with, else the one the school gave."""
    return staff.user.email if staff.user else staff.email


def letter(staff: Staff, template_name: str, context: Mapping[str, Any]) -> Letter:
    """Fill templates/emails/<template_name>.txt, whose first line is the subject, and .html."""
    everything = {
        "staff": staff,
        "school": staff.school,
        "letters_url": staff.school.link("jobs:letters"),
        **context,
    }
    # Nothing to escape in plain text, and the template cannot say so before its `extends`.
    plain = loader.get_template(f"emails/{template_name}.txt").template  # type: ignore[attr-defined]
    subject, _, text = plain.render(Context(everything, autoescape=False)).strip().partition("\n")
    return Letter(
        to=address(staff),
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        html=loader.render_to_string(f"emails/{template_name}.html", everything),
    )
