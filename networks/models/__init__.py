from networks.models.base import NetworkModel
from networks.models.enquiry import Enquiry
from networks.models.network import Membership, Network
from networks.models.offer import Offer, OfferAnswer
from networks.models.place import CreditEntry, OfferPlace, SchoolPlaces
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme
from networks.models.published import Contribution, Proposal, Publication
from networks.models.seats import DayPerson, Guest, Seat, Wish
from networks.models.shared_day import (
    DaySchool,
    DaySlot,
    SharedDay,
    Site,
    Workshop,
    WorkshopRegister,
)

__all__ = [
    "Commitment",
    "Contribution",
    "CreditEntry",
    "DayPerson",
    "DaySchool",
    "DaySlot",
    "Enquiry",
    "Guest",
    "Joining",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkRole",
    "Offer",
    "OfferAnswer",
    "OfferPlace",
    "Partner",
    "Proposal",
    "Publication",
    "SchoolPlaces",
    "Seat",
    "SharedDay",
    "Site",
    "Theme",
    "Wish",
    "Workshop",
    "WorkshopRegister",
]
