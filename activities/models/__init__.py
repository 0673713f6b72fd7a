from activities.models.activity import (
    Activity,
    IntendedImpact,
    MissingLink,
    NotPossible,
)
from activities.models.early import EarlyCareer, Handover
from activities.models.entitlement import Entitlement, EntitlementStep
from activities.models.links import ActivityNeed, ActivityPriority
from activities.models.received import ActivityStep, EntitledPerson, EntitlementUse, Received
from activities.models.session import Attendance, Participation, Session

__all__ = [
    "Activity",
    "ActivityNeed",
    "ActivityPriority",
    "ActivityStep",
    "Attendance",
    "EarlyCareer",
    "EntitledPerson",
    "Entitlement",
    "EntitlementStep",
    "EntitlementUse",
    "Handover",
    "IntendedImpact",
    "MissingLink",
    "NotPossible",
    "Participation",
    "Received",
    "Session",
]
