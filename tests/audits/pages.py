"""What tests of answering share."""

from audits.models import Answer, Invitation, Question
from cpdhub.walls import school_scope
from tests.helpers import url


def path(round_, number=1, view="answer"):
    arguments = (round_.pk, number) if view in ("answer", "answer_draft") else (round_.pk,)
    return url(round_.school, f"needs:{view}", *arguments)


def asked(round_, kind):
    """The name of the field for the question of this kind."""
    with school_scope(round_.school):
        found = Question.objects.get(section__instrument=round_.instrument_id, kind=kind)
    return f"q{found.pk}"


def told(round_):
    """Everything answered, as (question's text, value, second, ranking, text)."""
    with school_scope(round_.school):
        return sorted(
            Answer.objects.filter(response__round=round_).values_list(
                "question__text", "value", "second", "ranking", "text"
            )
        )


def invitation(round_, staff):
    with school_scope(round_.school):
        return Invitation.objects.select_related("round").get(round=round_, staff=staff)
