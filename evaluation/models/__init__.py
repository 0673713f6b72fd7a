"""What changed, and how we know. One row of each is described in its own module."""

from evaluation.models.portfolio import (
    AFTER_LEAVING,
    MOST_PORTFOLIOS,
    ImportedRecord,
    Portfolio,
    PortfolioItem,
    PortfolioLink,
)
from evaluation.models.reflection import (
    LONGEST,
    Reflection,
    ReflectionOpening,
    ReflectionQuerySet,
    ReflectionReader,
    Sharing,
    in_words,
)

__all__ = [
    "AFTER_LEAVING",
    "LONGEST",
    "MOST_PORTFOLIOS",
    "ImportedRecord",
    "Portfolio",
    "PortfolioItem",
    "PortfolioLink",
    "Reflection",
    "ReflectionOpening",
    "ReflectionQuerySet",
    "ReflectionReader",
    "Sharing",
    "in_words",
]
