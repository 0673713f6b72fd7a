from networks.models.base import NetworkModel
from networks.models.network import Membership, Network
from networks.models.offer import Offer, OfferAnswer
from networks.models.place import CreditEntry, OfferPlace, SchoolPlaces
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme

__all__ = [
    "Commitment",
    "CreditEntry",
    "Joining",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkRole",
    "Offer",
    "OfferAnswer",
    "OfferPlace",
    "Partner",
    "SchoolPlaces",
    "Theme",
]
