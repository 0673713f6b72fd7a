from activities.models.activity import (
    Activity,
    IntendedImpact,
    MissingLink,
    NotPossible,
)
from activities.models.links import ActivityNeed, ActivityPriority
from activities.models.money import Budget, Cost
from activities.models.session import Attendance, Participation, Session

__all__ = [
    "Activity",
    "ActivityNeed",
    "ActivityPriority",
    "Attendance",
    "Budget",
    "Cost",
    "IntendedImpact",
    "MissingLink",
    "NotPossible",
    "Participation",
    "Session",
]
