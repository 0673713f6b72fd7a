from activities.models.activity import (
    Activity,
    IntendedImpact,
    MissingLink,
    NotPossible,
)
from activities.models.links import ActivityNeed, ActivityPriority
from activities.models.place import Booking, Excuse, Places, PlacesTeam
from activities.models.provider import Contract, Provider, ProviderAnswer, ProviderOffer
from activities.models.session import Attendance, Participation, Session

__all__ = [
    "Activity",
    "ActivityNeed",
    "ActivityPriority",
    "Attendance",
    "Booking",
    "Contract",
    "Excuse",
    "IntendedImpact",
    "MissingLink",
    "NotPossible",
    "Participation",
    "Places",
    "PlacesTeam",
    "Provider",
    "ProviderAnswer",
    "ProviderOffer",
    "Session",
]
