"""What changed, and how we know. One row of each is described in its own module."""

from evaluation.models.certificate import Certificate, new_code, school_of
from evaluation.models.portfolio import (
    AFTER_LEAVING,
    MOST_PORTFOLIOS,
    ImportedRecord,
    Portfolio,
    PortfolioItem,
    PortfolioLink,
)
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

__all__ = [
    "AFTER_LEAVING",
    "LONGEST",
    "MOST_EVIDENCE",
    "MOST_PORTFOLIOS",
    "Certificate",
    "EntryEvidence",
    "ImportedRecord",
    "Portfolio",
    "PortfolioItem",
    "PortfolioLink",
    "RecognitionScheme",
    "Reflection",
    "ReflectionOpening",
    "ReflectionQuerySet",
    "ReflectionReader",
    "SchemeDimension",
    "SchemeStage",
    "SchemeUse",
    "Sharing",
    "Submission",
    "SubmissionEntry",
    "VerifierTraining",
    "in_words",
    "new_code",
    "school_of",
    "verifiers_for",
]
