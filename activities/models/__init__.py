from activities.models.activity import (
    Activity,
    ActivityPriority,
    IntendedImpact,
    MissingLink,
    NotPossible,
)
from activities.models.session import Attendance, Participation, Session

__all__ = [
    "Activity",
    "ActivityPriority",
    "Attendance",
    "IntendedImpact",
    "MissingLink",
    "NotPossible",
    "Participation",
    "Session",
]
