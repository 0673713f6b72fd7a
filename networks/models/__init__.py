from networks.models.base import NetworkModel
from networks.models.enquiry import Enquiry
from networks.models.network import Membership, Network
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme
from networks.models.published import Contribution, Proposal, Publication

__all__ = [
    "Commitment",
    "Contribution",
    "Enquiry",
    "Joining",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkRole",
    "Partner",
    "Proposal",
    "Publication",
    "Theme",
]
