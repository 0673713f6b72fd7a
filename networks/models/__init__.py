from networks.models.account import Account
from networks.models.base import NetworkModel, OfTheNetwork
from networks.models.board import Reply, Thread
from networks.models.enquiry import Enquiry
from networks.models.meeting import ActionPoint, Meeting
from networks.models.network import Membership, Network
from networks.models.offer import Offer, OfferAnswer
from networks.models.place import CreditEntry, OfferPlace, SchoolPlaces
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme
from networks.models.published import Contribution, Proposal, Publication
from networks.models.resource import Resource, ResourceVersion
from networks.models.review import NetworkReview, Pause, Rating
from networks.models.seats import DayPerson, Guest, Seat, Wish
from networks.models.shared_day import (
    DaySchool,
    DaySlot,
    SharedDay,
    Site,
    Workshop,
    WorkshopRegister,
)
from networks.models.strategy import Adoption, Strategy

__all__ = [
    "Account",
    "ActionPoint",
    "Adoption",
    "Commitment",
    "Contribution",
    "CreditEntry",
    "DayPerson",
    "DaySchool",
    "DaySlot",
    "Enquiry",
    "Guest",
    "Joining",
    "Meeting",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkReview",
    "NetworkRole",
    "OfTheNetwork",
    "Offer",
    "OfferAnswer",
    "OfferPlace",
    "Partner",
    "Pause",
    "Proposal",
    "Publication",
    "Rating",
    "Reply",
    "Resource",
    "ResourceVersion",
    "SchoolPlaces",
    "Seat",
    "SharedDay",
    "Site",
    "Strategy",
    "Theme",
    "Thread",
    "Wish",
    "Workshop",
    "WorkshopRegister",
]
