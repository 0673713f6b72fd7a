"""A portfolio the demo teacher put together, and the links she gave."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from cpdhub.models import School, Staff
from evaluation.models import Portfolio, PortfolioItem, PortfolioLink
from evaluation.portfolios import candidates

# Of which chest, whose title holds which words, and what she says of it.
PICKED = (
    ("learning", "Coaching: Priya", "It changed how I ask: I plan two questions and wait."),
    ("reflections", "Questions that make", "Honest, and still true: one change a week is plenty."),
    ("roles", "teacher at", ""),
    ("roles", "talk partners", "My first go at showing adults something."),
    ("recognition", "TLA-style", ""),
    ("qualifications", "primary mathematics", "Module 3 is about my own class."),
    ("help", "Helped", ""),
)


def put_together(school: School, crew: list[Staff], *, now: datetime) -> None:
    """The teacher's, of what she did; a link that works, and one she ended."""
    teacher = next(post for post in crew if post.email.startswith("teacher@"))
    portfolio = Portfolio.objects.create(
        school=school, owner=teacher, title="Talk in my classroom: three years",
        introduction="I came here in my first year of teaching. Start with the coaching: most of what"
        " my pupils now do in maths lessons began there.",
        created_at=now - timedelta(days=40),
    )  # fmt: skip
    for chest, title, comment in PICKED:
        offered = candidates(teacher, chest)
        for row in sorted(offered, key=lambda row: title not in row.title)[:1]:
            item = row.item()
            item.comment = comment
            portfolio.add([item])
    portfolio.add(
        [
            PortfolioItem(
                kind=PortfolioItem.Kind.WORDS, source=f"words:{uuid4()}",
                title="Talk at the subject association",
                text="Twenty minutes on sentence stems for number talks, with clips of my class.",
            )
        ]
    )  # fmt: skip
    PortfolioLink.objects.create(
        school=school, portfolio=portfolio, whom="My mentor at university",
        created_at=now - timedelta(days=6), ends_on=(now + timedelta(days=24)).date(),
        opened=2, last_opened_at=now - timedelta(days=3),
    )  # fmt: skip
    PortfolioLink.objects.create(
        school=school, portfolio=portfolio, whom="Year 6 lead, application",
        created_at=now - timedelta(days=38), ends_on=(now - timedelta(days=8)).date(),
        ended_at=now - timedelta(days=20), opened=5, last_opened_at=now - timedelta(days=22),
    )  # fmt: skip
