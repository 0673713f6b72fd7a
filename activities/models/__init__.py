from activities.models.activity import (
    Activity,
    IntendedImpact,
    MissingLink,
    NotPossible,
)
from activities.models.budget import Budget
from activities.models.cost import Cost
from activities.models.links import ActivityNeed, ActivityPriority
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
