from networks.models.account import Account
from networks.models.base import NetworkModel, OfTheNetwork
from networks.models.board import Reply, Thread
from networks.models.meeting import ActionPoint, Meeting
from networks.models.network import Membership, Network
from networks.models.profile import Commitment, Joining, NetworkRole, Partner, Theme
from networks.models.resource import Resource, ResourceVersion
from networks.models.review import NetworkReview, Pause, Rating
from networks.models.strategy import Adoption, Strategy

__all__ = [
    "Account",
    "ActionPoint",
    "Adoption",
    "Commitment",
    "Joining",
    "Meeting",
    "Membership",
    "Network",
    "NetworkModel",
    "NetworkReview",
    "NetworkRole",
    "OfTheNetwork",
    "Partner",
    "Pause",
    "Rating",
    "Reply",
    "Resource",
    "ResourceVersion",
    "Strategy",
    "Theme",
    "Thread",
]
