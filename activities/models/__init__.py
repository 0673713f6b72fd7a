from activities.models.activity import (
    Activity,
    IntendedImpact,
    NotPossible,
)
from activities.models.activity_form import ActivityForm, FormSession
from activities.models.links import ActivityNeed, ActivityPriority, MissingLink
from activities.models.record import RecordReader, SessionRecord
from activities.models.session import Attendance, Participation, Session

__all__ = [
    "Activity",
    "ActivityForm",
    "ActivityNeed",
    "ActivityPriority",
    "Attendance",
    "FormSession",
    "IntendedImpact",
    "MissingLink",
    "NotPossible",
    "Participation",
    "RecordReader",
    "Session",
    "SessionRecord",
]
