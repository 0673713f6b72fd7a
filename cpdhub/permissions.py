"""Who may do what: one list of permissions, one table of roles.

Views name a permission, never a role. "Who sees what" (the page) is this table in words.
Rights that come from a relation (owner, line manager, activity lead) are `visible_to` and
predicates beside the models.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.db.models import TextChoices


class Permission(StrEnum):
    """A right, in the words the page "Who sees what" uses."""

    SEE_HOME = "see their own home page, with what needs them"
    SEE_STAFF = "see the list of colleagues"
    MANAGE_STAFF = "add, change and invite colleagues, and mark leavers"
    IMPORT_STAFF = "import staff records from a file and undo an import"
    GIVE_ROLES = "give and take away roles"
    MANAGE_SCHOOL = "change the school's settings and term dates"
    KEEP_CALENDAR = "set INSET days and dates kept free of CPD"
    SEE_PLAN = "read the improvement plan and the CPD policy"
    SEE_SELF_EVALUATION = "read the self-evaluation"
    EDIT_PLAN = "change the self-evaluation, the improvement plan and the CPD policy"
    RUN_AUDITS = (
        "ask colleagues by questionnaire, see results and, of named audits, who answered what"
    )
    ANSWER_AUDITS = "answer the audits they are asked to, knowing beforehand who will read what"
    WRITE_NEEDS = "write down what they need and choose whether to share it"
    OFFER_HELP = "offer help to colleagues, find who can help and ask them"
    SEE_NEEDS = "see what colleagues shared that they need (team leaders: their team)"
    DECIDE_NEEDS = "see all shared needs, agree to them or set them aside"
    SEE_ACTIVITIES = "see the school's activities and calendar"
    PLAN_ACTIVITIES = "plan activities for others and take attendance"
    MANAGE_BUDGETS = "keep the budgets for CPD: what is committed, spent and left"
    DECIDE_REQUESTS = "decide about requests for CPD (nobody about their own)"
    LOG_LEARNING = "log their own learning and keep their own record"
    REFLECT = "write reflections and choose who reads them"
    SHARE_POSTS = "read the staffroom, post there for colleagues and comment"
    OBSERVE = "ask a colleague to watch, come and watch, and choose who reads what came of it"
    ASK_PUPILS = "ask a group of pupils or parents by a code, and see what the group said"
    SEE_OBSERVATIONS = (
        "see that observations took place and how often for whom (never notes that are not"
        " shared), and write down what the school agreed to look for"
    )
    SET_ENTITLEMENTS = "say what colleagues are entitled to, and begin early career pages"
    KEEP_RECOGNITION = (
        "say which recognition is offered and who is trained to verify, and withdraw certificates"
    )
    KEEP_STAFFROOM = (
        "hide a post or a comment with a reason its writer reads, and make the staff bulletin"
    )
    SEE_EVERYONES_RECORD = "see by name who took part, hours and cost (never private reflections)"
    SEE_IMPACT = "read the impact dashboard and the rows behind it"
    SEE_TEAM_IMPACT = "read the impact dashboard of a team they lead: no names, no small numbers"
    SEE_IMPACT_SUMMARY = "read the governors' page of totals, without names"
    MAKE_REPORTS = "make and download reports"
    SEE_NETWORKS = "see the networks the school is in and what these open to them"
    WORK_IN_NETWORKS = (
        "found networks and write for the school in them; where the school leads one, invite others"
        " and keep its pages (never another school's records)"
    )
    JOIN_NETWORKS = "join a network, say what the school shares there, and leave it"


P = Permission


class Role(TextChoices):
    """A role someone holds in a school. Holding none is fine: they are a member of staff."""

    HEAD = "head", "Headteacher"
    CPD_LEADER = "cpd_leader", "CPD leader"
    TEAM_LEADER = "team_leader", "Team leader"
    GOVERNOR = "governor", "Governor"
    DATA_MANAGER = "data_manager", "Data manager"


@dataclass(frozen=True)
class RoleRights:
    """What a role is for, in plain words, and what it may do."""

    purpose: str
    permissions: frozenset[Permission]


MEMBER_OF_STAFF = RoleRights(
    "Everyone with a post in the school.",
    frozenset(
        {
            P.SEE_HOME, P.SEE_STAFF, P.SEE_PLAN, P.SEE_SELF_EVALUATION, P.SEE_ACTIVITIES,
            P.LOG_LEARNING, P.REFLECT, P.ANSWER_AUDITS, P.WRITE_NEEDS,
            P.OFFER_HELP, P.OBSERVE, P.ASK_PUPILS, P.SHARE_POSTS, P.SEE_NETWORKS,
        }
    ),
)  # fmt: skip

ROLES: dict[str, RoleRights] = {
    Role.HEAD: RoleRights(
        "Answers for the school: wants to know whether CPD works and what it costs.",
        frozenset(P),
    ),
    Role.CPD_LEADER: RoleRights(
        "Plans and looks after everyone's professional development.",
        frozenset(P) - {P.GIVE_ROLES, P.MANAGE_SCHOOL, P.JOIN_NETWORKS},
    ),
    Role.TEAM_LEADER: RoleRights(
        "Leads a department, phase or year group and plans learning for it.",
        frozenset({P.PLAN_ACTIVITIES, P.SEE_NEEDS, P.SEE_TEAM_IMPACT}),
    ),
    Role.GOVERNOR: RoleRights(
        "Asks good questions: sees totals, never names.",
        frozenset({P.SEE_HOME, P.SEE_PLAN, P.SEE_SELF_EVALUATION, P.SEE_IMPACT_SUMMARY}),
    ),
    Role.DATA_MANAGER: RoleRights(
        "Keeps staff records right.",
        frozenset(
            {
                P.SEE_HOME,
                P.SEE_STAFF,
                P.MANAGE_STAFF,
                P.IMPORT_STAFF,
                P.MANAGE_SCHOOL,
                P.KEEP_CALENDAR,
            }
        ),
    ),
}


def permissions_of(roles: Iterable[str], *, is_on_staff: bool) -> frozenset[Permission]:
    """Everything these roles allow together, and what everyone on staff may do."""
    return _permissions_of(frozenset(roles), is_on_staff)


@cache
def _permissions_of(roles: frozenset[str], is_on_staff: bool) -> frozenset[Permission]:
    rights = [ROLES[role].permissions for role in roles if role in ROLES]
    if is_on_staff:
        rights.append(MEMBER_OF_STAFF.permissions)
    return frozenset().union(*rights)
