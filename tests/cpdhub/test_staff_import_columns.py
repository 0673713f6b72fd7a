"""Names of columns, dates, names and groups: what a file says, however it spells it."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpdhub.models import Staff
from cpdhub.staff_import import columns, dates, groups, names

LAYOUTS = {
    "First Name, Last Name, Email Address, Job Role": {
        "first_name": 0, "last_name": 1, "email": 2, "job_title": 3,
    },
    "sourcedId, username, givenName, familyName, password, activeDirectoryMatchId, email, phone": {
        "staff_code": 0, "first_name": 2, "last_name": 3, "email": 6,
    },
    "sourcedId, status, dateLastModified, enabledUser, orgSourcedIds, role, username, userIds,"
    " givenName, familyName, middleName, identifier, email, sms, phone, agents, grades, password": {
        "staff_code": 0, "status": 1, "kind": 5, "first_name": 8, "last_name": 9, "email": 12,
    },
    "Legal Surname, Legal Forename, Preferred Forename, Staff Code, Main Post, Work Email,"
    " Start Date, Leaving Date, Line Manager, FTE": {
        "last_name": 0, "first_name": 1, "known_as": 2, "staff_code": 3, "job_title": 4,
        "email": 5, "starts_on": 6, "ends_on": 7, "line_manager": 8, "fte": 9,
    },
    "Initials; Forename(s); Family name; Faculty; E-mail (work); Reports to": {},
    "Employee No., Given Names, Surname, Dept., Position, Date Joined, Home Email": {},
    "Name, Role, Team, Email": {"full_name": 0, "job_title": 1, "team": 2, "email": 3},
    "Legal First Name, Legal Last Name, Known As, Staff Category, Contract Start Date": {
        "first_name": 0, "last_name": 1, "known_as": 2, "group": 3, "starts_on": 4,
    },
}  # fmt: skip
LAYOUTS["Initials; Forename(s); Family name; Faculty; E-mail (work); Reports to"] = {
    "staff_code": 0, "first_name": 1, "last_name": 2, "team": 3, "email": 4, "line_manager": 5,
}  # fmt: skip
LAYOUTS["Employee No., Given Names, Surname, Dept., Position, Date Joined, Home Email"] = {
    "staff_code": 0, "first_name": 1, "last_name": 2, "team": 3, "job_title": 4, "starts_on": 5,
}  # fmt: skip


def header_of(layout):
    return [name.strip() for name in layout.replace(";", ",").split(",")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_that_schools_have_map_unaided(layout):
    header = header_of(layout)

    mapping = columns.match(header)

    assert mapping == LAYOUTS[layout]
    assert columns.missing(mapping) == []


def restyled(name, style):
    words = name.split()
    return {
        "upper": name.upper(),
        "lower": name.lower(),
        "under": "_".join(words).lower(),
        "camel": "".join([words[0].lower(), *(w.capitalize() for w in words[1:])]),
        "dashes": "-".join(words),
        "spaces": f"  {name.replace(' ', '  ')} ",
        "staff": f"Staff {name}",
        "stop": f"{name}:",
    }[style]


STYLES = ["upper", "lower", "under", "camel", "dashes", "spaces", "staff", "stop"]
MIS = ["Surname", "Forename", "Code", "Main Post", "Work Email", "Start Date", "Line Manager"]


@given(
    st.permutations([*MIS, "Payroll site", "Notes"]),
    st.lists(st.sampled_from(STYLES), min_size=9, max_size=9),
)
def test_near_variants_in_any_order_map_the_same(header, styles):
    spelled = [restyled(name, style) for name, style in zip(header, styles, strict=True)]

    mapping = columns.match(spelled)

    assert {key: header[position] for key, position in mapping.items()} == {
        "last_name": "Surname", "first_name": "Forename", "staff_code": "Code",
        "job_title": "Main Post", "email": "Work Email", "starts_on": "Start Date",
        "line_manager": "Line Manager",
    }  # fmt: skip


@given(st.lists(st.text(max_size=20), max_size=12))
def test_any_header_maps_each_column_at_most_once(header):
    mapping = columns.match(header)

    assert len(set(mapping.values())) == len(mapping)
    assert all(0 <= position < len(header) for position in mapping.values())


@pytest.mark.parametrize(
    "name",
    ["password", "Password", "User_Password", "PWD", "NI Number", "National Insurance No",
     "Date of Birth", "DOB", "Bank Sort Code", "Salary", "Ethnicity"],
)  # fmt: skip
def test_what_is_nobodys_business_is_left_out(name):
    assert columns.secret(["Surname", name, "Email"]) == {1}


def test_user_name_is_an_address_only_when_it_looks_like_one():
    header = ["Forename", "Surname", "Username"]

    assert "email" not in columns.match(header, [["Ada"], ["Byron"], ["abyron"]])
    assert columns.match(header, [["Ada"], ["Byron"], ["a@x.example"]])["email"] == 2


FORMATS = [
    "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d-%b-%Y",
    "%Y-%m-%dT00:00:00", "%d/%m/%Y 00:00", "%-d/%-m/%Y", "%Y/%m/%d", "%d %m %Y",
]  # fmt: skip


@given(st.dates(date(1940, 1, 1), date(2100, 12, 31)), st.sampled_from(FORMATS))
def test_every_day_reads_back_in_every_spelling(day, spelling):
    assert dates.parse(day.strftime(spelling)) == day


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_two_digits_of_a_year_are_enough(day):
    assert dates.parse(day.strftime("%d/%m/%y")) == day
    assert dates.parse(day.strftime("%d-%b-%y")) == day


@given(st.text(max_size=30))
def test_anything_else_is_refused_with_a_reason_and_never_breaks(text):
    with suppress(dates.NotADate):
        assert isinstance(dates.parse(text), date)


@pytest.mark.parametrize("text", ["31/02/2026", "00/01/2026", "1/13/2026", "2026-02-30"])
def test_days_there_are_not_are_told_as_such(text):
    with pytest.raises(dates.NotADate, match="not a date there is"):
        dates.parse(text)


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Ada Byron", "Ada", "Byron"),
        ("Byron, Ada", "Ada", "Byron"),
        ("Mrs Ada Mary Byron", "Ada Mary", "Byron"),
        ("Ludwig van der Berg", "Ludwig", "van der Berg"),
        ("O'Brien, Mr. Siobhán", "Siobhán", "O'Brien"),
        ("Dr Amy-Louise St John", "Amy-Louise", "St John"),
    ],
)
def test_full_names_are_split(full, first, last):
    assert names.split(full) == (first, last)


def test_one_word_is_no_full_name():
    assert names.split("Madonna") is None
    assert names.split(", Ada") is None


def test_spellings_of_one_name_have_one_key():
    assert names.person_key("Siobhán", "O’Brien") == names.person_key("SIOBHAN", "O'brien")
    assert names.person_key("Zoe", "Lee-Smith") == names.person_key("Zoë", "Lee Smith")


T, A, S = Staff.Group.TEACHER, Staff.Group.ASSISTANT, Staff.Group.SUPPORT


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("Class teacher", T), ("Headteacher", T), ("Deputy Head", T), ("SENCO", T), ("SLTs", T),
        ("Teachers", T), ("Head of Maths", T), ("", T), ("TAs", A), ("HLTA", A),
        ("Teaching Assistant - SEN", A), ("Learning mentor", A), ("Cover Supervisor", A),
        ("School Business Manager", S), ("Head of Finance", S), ("Admin Team", S), ("DSL", S),
        ("Site manager", S), ("Science technician", S), ("Governors", ""),
        ("Chair of Governors", ""),
    ],
)  # fmt: skip
def test_group_is_guessed_from_the_job(title, group):
    assert groups.guess(title) == group
