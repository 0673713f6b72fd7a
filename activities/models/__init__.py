from activities.models.activity import (
    Activity,
    IntendedImpact,
    MissingLink,
    NotPossible,
)
from activities.models.design import Design, DesignFeature
from activities.models.links import ActivityNeed, ActivityPriority
from activities.models.session import Attendance, Participation, Session

__all__ = [
    "Activity",
    "ActivityNeed",
    "ActivityPriority",
    "Attendance",
    "Design",
    "DesignFeature",
    "IntendedImpact",
    "MissingLink",
    "NotPossible",
    "Participation",
    "Session",
]
