"""Which column of a staff file is which of our fields: by name, as schools' systems name them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Field:
    """Something a staff file may say of a person, and what its column may be called.

    Names are written as `plain` leaves them; of two columns that fit, the earlier name wins.
    """

    key: str
    label: str
    names: tuple[str, ...]
    hint: str = ""


FIELDS = (
    Field(
        "first_name",
        "First name",
        (
            "firstname", "forename", "givenname", "legalfirstname", "legalforename", "forenames",
            "firstnames", "givennames", "legalforenames", "christianname", "fname",
        ),
    ),
    Field(
        "known_as",
        "Preferred first name",
        (
            "preferredforename", "preferredfirstname", "knownas", "preferredgivenname",
            "preferredname", "chosenname", "chosenforename", "chosenfirstname", "knownasname",
        ),
        "Used instead of the first name where it is given.",
    ),
    Field(
        "last_name",
        "Last name",
        (
            "preferredsurname", "preferredlastname", "preferredfamilyname", "lastname", "surname",
            "familyname", "legalsurname", "legallastname", "legalfamilyname", "lname",
        ),
    ),
    Field(
        "full_name",
        "Full name",
        ("fullname", "name", "displayname", "surnameforename", "nameofstaff", "colleague"),
        "“Forename Surname” or “Surname, Forename”; used where there are no separate columns.",
    ),
    Field(
        "email",
        "Work e-mail",
        (
            "workemail", "workemailaddress", "email", "emailaddress", "schoolemail", "mail",
            "primaryemail", "emailwork", "userprincipalname", "username",
        ),
    ),
    Field(
        "staff_code",
        "Staff code",
        (
            "staffcode", "staffinitials", "initials", "code", "employeeno", "employeenumber",
            "staffno", "staffnumber", "payrollnumber", "payrollno", "employeeid", "staffid",
            "personnelnumber", "sourcedid", "identifier", "externalid", "misid", "id", "number",
            "no",
        ),
    ),
    Field(
        "job_title",
        "Job title",
        (
            "mainpost", "jobtitle", "jobrole", "post", "posttitle", "job", "position", "role",
            "rolename", "roles", "occupation", "designation", "postdescription", "mainrole",
        ),
    ),
    Field(
        "group",
        "Staff group",
        (
            "staffgroup", "staffcategory", "stafftype", "category", "workforcecategory", "group",
            "employeegroup", "employeetype", "rolecategory", "teachingorsupport",
        ),
    ),
    Field(
        "team",
        "Main team",
        (
            "department", "faculty", "team", "mainteam", "dept", "subjectarea", "maindepartment",
            "phase", "yeargroup", "section", "area",
        ),
    ),
    Field(
        "line_manager",
        "Line manager",
        (
            "linemanager", "linemanagername", "linemanageremail", "linemanagercode", "manager",
            "managername", "reportsto", "manageremail", "supervisor", "linemanageremailaddress",
        ),
        "Their name, staff code or e-mail.",
    ),
    Field(
        "fte",
        "FTE",
        ("fte", "fulltimeequivalent", "contractfte", "totalfte", "ftevalue", "fteratio"),
        "Between 0 and 1, or a percentage.",
    ),
    Field(
        "starts_on",
        "First day",
        (
            "startdate", "firstday", "datestarted", "started", "employmentstartdate", "joined",
            "datejoined", "joindate", "joiningdate", "dateofstart", "contractstartdate",
            "servicestartdate", "startson", "continuousservicestartdate", "datestart",
            "dateofarrival", "arrivaldate",
        ),
    ),
    Field(
        "ends_on",
        "Last day",
        (
            "leavingdate", "lastday", "dateleft", "enddate", "leavedate", "dateofleaving",
            "employmentenddate", "contractenddate", "endson", "left", "dateend", "leaverdate",
        ),
    ),
    Field(
        "kind",
        "Role in OneRoster or School Data Sync",
        (),
        "Used to leave pupils and families out.",
    ),
    Field(
        "status",
        "Status in OneRoster",
        (),
        "Rows “to be deleted” are left out.",
    ),
)  # fmt: skip

BY_KEY = {field.key: field for field in FIELDS}
# Words that say whose column it is, not what is in it.
NOISE = {"staff", "employee", "current", "main", "primary", "work", "school", "contact", "user"}
NOISE |= {"colleague", "member", "of", "the", "s", "legal"}
# Whose address or name it is, when it is not this colleague's at work.
NOT_THEIRS = {"home", "personal", "private", "emergency", "kin", "parent", "guardian", "pupil"}
NOT_THEIRS |= {"student", "alternative", "other", "previous", "former", "maiden", "middle", "carer"}
# Never read and never kept, whatever they are called exactly.
SECRET = re.compile(
    r"password|passwd|\bpwd\b|passcode|secret|national ?insurance|\bni ?(no|number)\b|\bnino\b"
    r"|\bbank|sort ?code|account ?(no|number)|salary|\bpay ?(point|rate|scale)|date ?of ?birth"
    r"|birth ?date|\bdob\b|ethnic|religio|disabilit|sexual|marital|home ?address|next ?of ?kin"
)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def words(name: str) -> list[str]:
    """First Name, first_name, firstName → first, name. What stands in brackets is left out."""
    bare = re.sub(r"\(.*?\)|\[.*?\]", " ", name)
    ascii_only = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    return [word.casefold() for word in WORD.findall(ascii_only)]


@lru_cache(maxsize=1024)
def fit(name: str) -> dict[str, tuple[int, int]]:
    """The fields a column of this name may be, each with how well it fits (less is better)."""
    found: dict[str, tuple[int, int]] = {}
    all_words = words(name)
    if not all_words or NOT_THEIRS & set(all_words):
        return {}
    bare = [word for word in all_words if word not in NOISE]
    for effort, spelling in enumerate(["".join(all_words), "".join(bare)]):
        for field in FIELDS:
            if spelling in field.names and field.key not in found:
                found[field.key] = (effort, field.names.index(spelling))
    return found


def known(header: Sequence[str]) -> int:
    """How many of these cells are names of columns we know."""
    return sum(bool(cell) and len(cell) <= 60 and bool(fit(cell)) for cell in header)


def secret(header: Sequence[str]) -> set[int]:
    """The columns that are left out before a file is kept."""
    return {i for i, name in enumerate(header) if SECRET.search(" ".join(words(name)))}


def is_roster(header: Sequence[str]) -> bool:
    """OneRoster or School Data Sync: pupils may be in it."""
    return any("".join(words(name)) in {"sourcedid", "usersourcedid"} for name in header)


def match(header: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> dict[str, int]:
    """Our fields with the numbers of their columns. `samples` are a few values of each column."""
    choices = sorted(
        (rank, position, key)
        for position, name in enumerate(header)
        for key, rank in fit(name).items()
    )
    mapping: dict[str, int] = {}
    for _, position, key in choices:
        if key not in mapping and position not in mapping.values():
            if words(header[position]) == ["username"] and not _are_addresses(samples, position):
                continue
            mapping[key] = position
    if is_roster(header):
        _match_roster(header, mapping)
    if "first_name" not in mapping and "known_as" in mapping:
        mapping["first_name"] = mapping.pop("known_as")
    if "last_name" in mapping and "first_name" in mapping:
        mapping.pop("full_name", None)
    return mapping


def _match_roster(header: Sequence[str], mapping: dict[str, int]) -> None:
    """In a roster, `role` says teacher or pupil, which is no job title."""
    for position, name in enumerate(header):
        if words(name) in (["role"], ["roles"]):
            mapping["kind"] = position
        elif words(name) == ["status"]:
            mapping["status"] = position
    if mapping.get("job_title") == mapping.get("kind"):
        mapping.pop("job_title", None)


def _are_addresses(samples: Sequence[Sequence[str]], position: int) -> bool:
    values = [value for value in samples[position] if value] if position < len(samples) else []
    return bool(values) and all("@" in value for value in values)


def missing(mapping: dict[str, int]) -> list[str]:
    """The labels of what a file must have and this mapping lacks."""
    if "full_name" in mapping:
        return []
    return [BY_KEY[key].label for key in ("first_name", "last_name") if key not in mapping]
