from networks.models.base import NetworkModel
from networks.models.network import Membership, Network
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme

__all__ = [
    "Commitment",
    "Joining",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkRole",
    "Partner",
    "Theme",
]
