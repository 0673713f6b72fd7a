"""INSET days and their account, dates kept free, working days and protected times."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cpdhub import clock
from cpdhub.inset import account_of
from cpdhub.models import (
    AcademicYear,
    BlockedDates,
    HalfDay,
    InsetDay,
    InsetTwilight,
    ProtectedTime,
    School,
    Staff,
)
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    BlockedDatesFactory,
    InsetDayFactory,
    InsetTwilightFactory,
    ProtectedTimeFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def sunday(at):
    at("2026-11-22 12:00")


def inset_data(day="2026-12-18", **changes):
    return {
        "day": day, "theme": "Talk", "hours": "6", "priority": "",
        "twilights-TOTAL_FORMS": "3", "twilights-INITIAL_FORMS": "0",
    } | changes  # fmt: skip


def twilight(number, day, starts="15:30", ends="17:00"):
    row = {"day": day, "starts_at": starts, "ends_at": ends}
    return {f"twilights-{number}-{name}": value for name, value in row.items()}


def test_inset_day_is_added_and_split_later(sign_in, cpd_leader, school):
    client = sign_in(cpd_leader)
    client.post(url(school, "school:inset_add"), inset_data())
    with school_scope(school):
        inset = InsetDay.objects.get()
    page = url(school, "school:inset", inset.pk)

    client.post(page, inset_data() | twilight(0, "2026-12-01") | twilight(1, "2026-12-08"))
    with school_scope(school):
        uids = set(InsetTwilight.objects.values_list("uid", flat=True))
    client.post(page, inset_data() | twilight(0, "2026-12-01", "16:00"))

    with school_scope(school):
        (only,) = InsetTwilight.objects.all()
        assert (only.starts_at, only.uid in uids) == (time(16), True)
        assert InsetDay.objects.get().sequence == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "2026-12-19"}, "day"),  # a Saturday
        ({"day": "2056-12-18"}, "day"),
        ({"day": "2026-11-30"}, "day"),  # taken
        ({"hours": "0"}, "hours"),
        ({"hours": "99"}, "hours"),
        ({"theme": ""}, "theme"),
    ],
)
def test_odd_inset_day_is_refused_beside_the_field(sign_in, cpd_leader, school, changes, field):
    InsetDayFactory(school=school, day=date(2026, 11, 30))

    response = sign_in(cpd_leader).post(url(school, "school:inset_add"), inset_data(**changes))

    assert field in response.context["inset_form"].errors


@pytest.mark.parametrize(
    "rows",
    [
        twilight(0, "2026-12-01", "17:00", "16:00"),
        twilight(0, "2026-12-01", ""),
        twilight(0, "2026-12-01") | twilight(1, "2026-12-01"),
        twilight(0, "2099-12-01"),
    ],
)
def test_odd_twilights_are_refused(sign_in, cpd_leader, school, rows):
    response = sign_in(cpd_leader).post(url(school, "school:inset_add"), inset_data() | rows)

    assert response.status_code == 200
    with school_scope(school):
        assert not InsetDay.objects.exists()


def test_account_counts_days_and_twilights_in_hours(school):
    year = AcademicYearFactory(school=school, inset_hours=Decimal(6))
    InsetDayFactory(school=school, day=date(2026, 9, 1))
    split = InsetDayFactory(school=school, day=date(2026, 12, 18))
    for day in (date(2026, 11, 17), date(2026, 12, 1)):
        InsetTwilightFactory(school=school, inset=split, day=day)
    with school_scope(school):
        days = InsetDay.objects.prefetch_related("twilights")
        account = account_of(year, days, today=clock.today())

    assert (account.owed, account.placed, account.held, account.to_place) == (30, 9, 7.5, 21)


@pytest.mark.parametrize("rows", [1, 3])
def test_calendar_page_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, rows, django_assert_num_queries
):
    AcademicYearFactory(school=school)
    for number in range(rows):
        inset = InsetDayFactory(school=school, day=date(2026, 12, 1 + number))
        InsetTwilightFactory(school=school, inset=inset, day=date(2026, 12, 10))
        BlockedDatesFactory(school=school)
    client = sign_in(cpd_leader)

    with django_assert_num_queries(17):
        response = client.get(url(school, "school:calendar"))

    assert response.text.count("Given back for 1 twilight") == rows


def test_dates_are_kept_free_changed_and_opened_again(sign_in, cpd_leader, school):
    client = sign_in(cpd_leader)
    data = {"first_day": "2026-12-07", "last_day": "2026-12-01", "reason": "Reports", "team": ""}

    refused = client.post(url(school, "school:blocked_add"), data)
    client.post(url(school, "school:blocked_add"), data | {"last_day": "2026-12-09"})

    assert "before the first day" in refused.text
    with school_scope(school):
        blocked = BlockedDates.objects.get()
    assert "Reports" in client.get(url(school, "school:calendar")).text
    client.post(url(school, "school:blocked", blocked.pk), {"do": "delete"})
    with school_scope(school):
        assert not BlockedDates.objects.exists()


def test_working_days_are_kept_in_the_order_of_the_week(sign_in, head, school):
    person = StaffFactory(school=school)
    with school_scope(school):
        assert person.working_days == list(HalfDay.values)
    data = {
        "first_name": "Dawn", "last_name": "Hughes", "email": "", "group": "assistant",
        "fte": "0.6", "revision": person.revision, "working_days": ["wed_am", "mon_am"],
    }  # fmt: skip

    sign_in(head).post(url(school, "staff:edit", person.pk), data)

    with school_scope(school):
        person.refresh_from_db()
        assert person.working_days == ["mon_am", "wed_am"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Staff.objects.filter(pk=person.pk).update(working_days=["sunday"])


def test_people_keep_their_own_protected_times(sign_in, teacher, school):
    client = sign_in(teacher)
    page = url(school, "staff:protected", teacher.pk)
    data = {"kind": "ppa", "weekday": "2", "starts_at": "13:00", "ends_at": "12:00"}

    refused = client.post(page, data)
    client.post(page, data | {"ends_at": "15:00"})

    assert "ends_at" in refused.context["form"].errors
    with school_scope(school):
        kept = ProtectedTime.objects.get()
    assert str(kept) == "PPA time, Wednesdays 13:00–15:00"
    other = ProtectedTimeFactory(school=school, staff=StaffFactory(school=school))
    theirs = url(school, "staff:protected", other.staff_id)
    assert client.post(theirs, {"remove": other.pk}).status_code == 403
    for pk in (other.pk, "x", kept.pk):  # from one's own page only one's own goes
        client.post(page, {"remove": pk})
    with school_scope(school):
        assert list(ProtectedTime.objects.all()) == [other]


def test_year_keeps_its_own_numbers_of_inset_and_directed_time(sign_in, head, school):
    from cpdhub.school_forms import YearForm
    from cpdhub.views.school import propose

    proposal, _ = propose(2026, {})
    days = {name: day.isoformat() for name, day in YearForm.initial_of(proposal).items()}
    page = url(school, "school:year", 2026)
    client = sign_in(head)

    refused = client.post(
        page, days | {"inset_days": "5", "inset_hours": "6", "directed_hours": "10",
                      "directed_elsewhere": "11"},
    )  # fmt: skip
    client.post(
        page, days | {"inset_days": "4", "inset_hours": "6.5", "directed_hours": "",
                      "directed_elsewhere": "0"},
    )  # fmt: skip

    assert "At most the 10 hours" in refused.text
    with school_scope(school):
        year = AcademicYear.objects.get()
    assert (year.inset_days, year.inset_hours, year.directed_hours) == (4, Decimal("6.5"), None)


def test_school_day_ends_after_it_begins(sign_in, head, school):
    data = {
        "name": "Oakfield", "phase": "primary", "cover_rate": "220", "most_out_per_day": "2",
        "advised_priorities": "5", "day_starts_at": "15:00", "day_ends_at": "09:00",
    }  # fmt: skip

    response = sign_in(head).post(url(school, "school:settings"), data)

    assert "day_ends_at" in response.context["form"].errors
    assert School.objects.get(pk=school.pk).day_ends_at == time(15, 15)
