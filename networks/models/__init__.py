from networks.models.base import NetworkModel
from networks.models.network import Membership, Network
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme
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
    "DayPerson",
    "DaySchool",
    "DaySlot",
    "Guest",
    "Joining",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkRole",
    "Partner",
    "Seat",
    "SharedDay",
    "Site",
    "Theme",
    "Wish",
    "Workshop",
    "WorkshopRegister",
]
