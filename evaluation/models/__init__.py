"""What changed, and how we know. One row of each is described in its own module."""

from evaluation.models.bulletin import Bulletin
from evaluation.models.certificate import Certificate, new_code, school_of
from evaluation.models.evidence import Evidence, strength_of
from evaluation.models.innovation import Component, Innovation, NextStep, Placement, Variation
from evaluation.models.look_fors import LookFor, LookFors, OpenDoor
from evaluation.models.observation import (
    Observation,
    ObservationFocus,
    ObservationOpening,
    ObservationReader,
    Observer,
)
from evaluation.models.own_use import OwnUse
from evaluation.models.portfolio import (
    AFTER_LEAVING,
    MOST_PORTFOLIOS,
    ImportedRecord,
    Portfolio,
    PortfolioItem,
    PortfolioLink,
)
from evaluation.models.post import LONGEST_POST, Comment, Hideable, Moderated, Post
from evaluation.models.pupils import PupilSheet, PupilVoice
from evaluation.models.qualification import Qualification, QualificationStep
from evaluation.models.recognition import (
    MOST_EVIDENCE,
    EntryEvidence,
    RecognitionScheme,
    SchemeDimension,
    SchemeStage,
    SchemeUse,
    Submission,
    SubmissionEntry,
    VerifierTraining,
    verifiers_for,
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
from evaluation.models.sharing_plan import SharingPlan
from evaluation.models.walk import LearningWalk

__all__ = [
    "AFTER_LEAVING",
    "LONGEST",
    "LONGEST_POST",
    "MOST_EVIDENCE",
    "MOST_PORTFOLIOS",
    "Bulletin",
    "Certificate",
    "Comment",
    "Component",
    "Decision",
    "EntryEvidence",
    "Evidence",
    "Hideable",
    "ImpactReview",
    "ImpactRound",
    "ImportedRecord",
    "Innovation",
    "LearningWalk",
    "LookFor",
    "LookFors",
    "Moderated",
    "Moment",
    "NextStep",
    "Observation",
    "ObservationFocus",
    "ObservationOpening",
    "ObservationReader",
    "Observer",
    "OpenDoor",
    "OwnUse",
    "Placement",
    "Portfolio",
    "PortfolioItem",
    "PortfolioLink",
    "Post",
    "PupilSheet",
    "PupilVoice",
    "Qualification",
    "QualificationStep",
    "Reach",
    "RecognitionScheme",
    "Reflection",
    "ReflectionOpening",
    "ReflectionQuerySet",
    "ReflectionReader",
    "SchemeDimension",
    "SchemeStage",
    "SchemeUse",
    "Sharing",
    "SharingPlan",
    "Submission",
    "SubmissionEntry",
    "UnplannedGain",
    "Variation",
    "Verdict",
    "VerifierTraining",
    "in_words",
    "known_to",
    "new_code",
    "school_of",
    "strength_of",
    "verifiers_for",
]
