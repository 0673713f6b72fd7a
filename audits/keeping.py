"""How long answers are kept: a year after their round has closed. What was published stays."""

from datetime import datetime

from audits.models import Answer, Response, Round
from cpdhub.models import School


def sweep(school: School, now: datetime) -> None:
    """Destroy the answers of rounds that closed a year ago. Twice does nothing more."""
    over = Round.objects.answers_over(now=now)
    Answer.objects.filter(response__round__in=over).delete()
    Response.objects.filter(round__in=over).delete()
