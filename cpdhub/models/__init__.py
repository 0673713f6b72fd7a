from cpdhub.models.calendar import (
    BlockedDates,
    InsetDay,
    InsetTwilight,
    ProtectedTime,
    Weekday,
)
from cpdhub.models.framework import Framework, FrameworkItem
from cpdhub.models.imports import StaffImport, StaffImportRow
from cpdhub.models.log import LogEntry
from cpdhub.models.plan import (
    Milestone,
    MonitoringNote,
    Plan,
    Priority,
    Reading,
    SuccessCriterion,
)
from cpdhub.models.policy import Policy, PolicyObjective, PolicyReader
from cpdhub.models.school import AcademicYear, Establishment, HalfTerm, School
from cpdhub.models.self_evaluation import (
    AreaComment,
    AreaForImprovement,
    Contributor,
    EvidencePointer,
    Judgement,
    Origin,
)
from cpdhub.models.staff import HalfDay, Staff, Team, User
from cpdhub.models.sub_plan import SubPlan
from cpdhub.models.work import (
    FilePiece,
    Job,
    OutboxMessage,
    Pulse,
    Reminder,
    StoredFile,
    Submission,
)

__all__ = [
    "AcademicYear",
    "AreaComment",
    "AreaForImprovement",
    "BlockedDates",
    "Contributor",
    "Establishment",
    "EvidencePointer",
    "FilePiece",
    "Framework",
    "FrameworkItem",
    "HalfDay",
    "HalfTerm",
    "InsetDay",
    "InsetTwilight",
    "Job",
    "Judgement",
    "LogEntry",
    "Milestone",
    "MonitoringNote",
    "Origin",
    "OutboxMessage",
    "Plan",
    "Policy",
    "PolicyObjective",
    "PolicyReader",
    "Priority",
    "ProtectedTime",
    "Pulse",
    "Reading",
    "Reminder",
    "School",
    "Staff",
    "StaffImport",
    "StaffImportRow",
    "StoredFile",
    "SubPlan",
    "Submission",
    "SuccessCriterion",
    "Team",
    "User",
    "Weekday",
]
