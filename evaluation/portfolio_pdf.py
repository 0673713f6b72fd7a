"""A portfolio on paper."""

from typing import Any

from cpdhub import clock, pdf
from cpdhub.sheets import day
from evaluation.models import Portfolio
from evaluation.portfolio_shown import shown


def render(portfolio: Portfolio) -> bytes:
    return pdf.render("portfolio", data_of(portfolio))


def data_of(portfolio: Portfolio) -> dict[str, Any]:
    """What the template reads: exactly what the page behind a link says."""
    owner = portfolio.owner
    return {
        "title": portfolio.title,
        "owner": owner.name,
        "post": ", ".join(part for part in (owner.job_title, owner.school.name) if part),
        "introduction": portfolio.introduction,
        "items": [
            {
                "kind": line.item.get_kind_display(),
                "title": line.title,
                "facts": line.facts,
                "parts": [{"question": question, "text": text} for question, text in line.parts],
                "comment": line.item.comment,
            }
            for line in shown(portfolio, for_others=True)
        ],
        "footer": f"{owner.name}, {day(clock.today())}. Put together by its owner with CPD Hub.",
    }
