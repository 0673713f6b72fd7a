from networks.models.base import NetworkModel, OfTheNetwork
from networks.models.network import Membership, Network
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme
from networks.models.review import NetworkReview, Pause, Rating
from networks.models.strategy import Adoption, Strategy

__all__ = [
    "Adoption",
    "Commitment",
    "Joining",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkReview",
    "NetworkRole",
    "OfTheNetwork",
    "Partner",
    "Pause",
    "Rating",
    "Strategy",
    "Theme",
]
