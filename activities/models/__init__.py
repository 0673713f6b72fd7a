from activities.models.activity import (
    Activity,
    IntendedImpact,
    NotPossible,
)
from activities.models.activity_form import ActivityForm, FormSession
from activities.models.budget import Budget
from activities.models.cost import Cost
from activities.models.design import Design, DesignFeature
from activities.models.early import EarlyCareer, Handover
from activities.models.entitlement import Entitlement, EntitlementStep
from activities.models.idea import Idea, IdeaBacker
from activities.models.links import ActivityNeed, ActivityPriority, MissingLink
from activities.models.loan import Equipment, Loan
from activities.models.place import Booking, Excuse, Places, PlacesTeam
from activities.models.provider import Contract, Provider, ProviderAnswer, ProviderOffer
from activities.models.received import ActivityStep, EntitledPerson, EntitlementUse, Received
from activities.models.record import NotesEnd, RecordReader, SessionRecord
from activities.models.request import Request, RequestStep, StandIn
from activities.models.session import Attendance, Participation, Session
from activities.models.time import AllowedSession, Cover, GivenTime

__all__ = [
    "Activity",
    "ActivityForm",
    "ActivityNeed",
    "ActivityPriority",
    "AllowedSession",
    "Attendance",
    "Budget",
    "Cost",
    "Cover",
    "GivenTime",
    "Booking",
    "Contract",
    "Excuse",
    "FormSession",
    "Design",
    "DesignFeature",
    "ActivityStep",
    "Attendance",
    "EarlyCareer",
    "EntitledPerson",
    "Entitlement",
    "EntitlementStep",
    "EntitlementUse",
    "Handover",
    "Equipment",
    "Idea",
    "IdeaBacker",
    "IntendedImpact",
    "Loan",
    "MissingLink",
    "NotPossible",
    "NotesEnd",
    "Participation",
    "Places",
    "PlacesTeam",
    "Provider",
    "ProviderAnswer",
    "ProviderOffer",
    "RecordReader",
    "Received",
    "Request",
    "RequestStep",
    "Session",
    "SessionRecord",
    "StandIn",
]
