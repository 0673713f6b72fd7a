"""What changed, and how we know. One row of each is described in its own module."""

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
    "LONGEST",
    "Reflection",
    "ReflectionOpening",
    "ReflectionQuerySet",
    "ReflectionReader",
    "Sharing",
    "in_words",
]
