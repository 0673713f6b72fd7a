"""What changed, and how we know. One row of each is described in its own module."""

from evaluation.models.evidence import Evidence, strength_of
from evaluation.models.look_fors import LookFor, LookFors, OpenDoor
from evaluation.models.observation import (
    Observation,
    ObservationFocus,
    ObservationOpening,
    ObservationReader,
    Observer,
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
from evaluation.models.review import (
    Decision,
    ImpactReview,
    ImpactRound,
    Moment,
    Reach,
    UnplannedGain,
    Verdict,
    known_to,
)
from evaluation.models.walk import LearningWalk

__all__ = [
    "LONGEST",
    "Decision",
    "Evidence",
    "ImpactReview",
    "ImpactRound",
    "LearningWalk",
    "LookFor",
    "LookFors",
    "Moment",
    "Observation",
    "ObservationFocus",
    "ObservationOpening",
    "ObservationReader",
    "Observer",
    "OpenDoor",
    "Reach",
    "Reflection",
    "ReflectionOpening",
    "ReflectionQuerySet",
    "ReflectionReader",
    "Sharing",
    "UnplannedGain",
    "Verdict",
    "in_words",
    "known_to",
    "strength_of",
]
