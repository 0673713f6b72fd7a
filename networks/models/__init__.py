from networks.models.base import NetworkModel
from networks.models.enquiry import Enquiry
from networks.models.network import Membership, Network
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
    "Partner",
    "Proposal",
    "Publication",
    "Seat",
    "SharedDay",
    "Site",
    "Theme",
    "Wish",
    "Workshop",
    "WorkshopRegister",
]
