"""Planning a shared day and choosing on it."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.days.people import wanted
from networks.models import (
    DayPerson,
    DaySchool,
    DaySlot,
    Guest,
    Seat,
    SharedDay,
    Site,
    Wish,
    Workshop,
)
from tests.factories import (
    DaySlotFactory,
    NetworkFactory,
    SeatFactory,
    SharedDayFactory,
    SiteFactory,
    StaffFactory,
    WishFactory,
    WorkshopFactory,
)
from tests.helpers import url
from tests.networks.shared import page


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-23 09:00")


DAY = {
    "title": "Talk day", "day": "2027-01-04", "purpose": "Talk", "choices_close_on": "2026-12-18",
    "wishes": "3",
}  # fmt: skip


def test_day_is_planned_and_opened_when_there_is_something_to_choose(sign_in, school, cpd_leader):
    network = NetworkFactory(school=school)
    client = sign_in(cpd_leader)
    client.post(url(school, "networks:day_add", network.pk), DAY)
    with school_scope(school):
        day = SharedDay.objects.get()

    assert "no workshop" in client.post(page(school, "day_open", day), follow=True).text
    slot = {"name": "Session 1", "starts_at": "09:00", "ends_at": "10:00"}
    client.post(page(school, "day_part_add", day, "slot"), slot)
    client.post(page(school, "day_part_add", day, "site"), {"host": school.pk, "address": "Gate 2"})
    with school_scope(school):
        slot, site = DaySlot.objects.get(), Site.objects.get()
        assert site.name == school.name
    workshop = {
        "title": "Stems", "slot": slot.pk, "site": site.pk, "room": "Hall", "most": 20, "fewest": 5
    }  # fmt: skip
    client.post(page(school, "workshop_add", day), workshop)
    assert "Let staff choose" in client.get(page(school, "day", day)).text
    assert "Open." in client.post(page(school, "day_open", day), follow=True).text
    assert "choose already" in client.post(page(school, "day_open", day), follow=True).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": "2026-11-20"}, "over already"),
        ({"choices_close_on": "2027-01-05"}, "still choose after the day"),
        ({"day": "2099-01-04"}, "Is the year right?"),
        ({"wishes": "9"}, "less than or equal to 5"),
        ({"title": ""}, "required"),
    ],
)
def test_day_that_cannot_be_is_asked_for_again(sign_in, school, cpd_leader, change, said):
    network = NetworkFactory(school=school)

    answer = sign_in(cpd_leader).post(url(school, "networks:day_add", network.pk), DAY | change)

    assert said in answer.text


def test_slots_do_not_overlap(sign_in, school, cpd_leader, conference):
    client = sign_in(cpd_leader)
    add = page(school, "day_part_add", conference.day, "slot")

    for times, said in (
        (("09:30", "10:30"), "Session 1 (09:00–10:00) is at that time"),
        (("13:00", "12:00"), "must end after it starts"),
    ):
        sent = {"name": "New", "starts_at": times[0], "ends_at": times[1]}
        assert said in client.post(add, sent).text
    sent = {"name": "session 1", "starts_at": "14:00", "ends_at": "15:00"}
    assert "slot of this name" in client.post(add, sent).text


def test_no_room_is_used_twice_in_a_slot(sign_in, school, cpd_leader, conference):
    first = conference.workshop("Stems", room="Hall")
    other = conference.workshop("Maths", room="Library")
    sent = {
        "title": "Maths", "slot": first.slot_id, "site": first.site_id, "room": "hall",
        "most": 20, "fewest": 0,
    }  # fmt: skip

    answer = sign_in(cpd_leader).post(page(school, "workshop", conference.day, other.pk), sent)

    assert "is taken in Session 1 by “Stems”" in answer.text
    with pytest.raises(IntegrityError), school_scope(school):
        Workshop.objects.filter(pk=other.pk).update(room="HALL")
    with pytest.raises(IntegrityError), school_scope(school):
        Workshop.objects.filter(pk=other.pk).update(most=0)


def test_workshop_is_held_again_in_another_slot(sign_in, school, cpd_leader, conference):
    first = conference.workshop("Stems", room="Hall")
    client, copy = sign_in(cpd_leader), page(school, "workshop_copy", conference.day, first.pk)

    sent = {"slot": conference.second.pk, "site": first.site_id, "room": "Hall"}
    client.post(copy, sent)

    with school_scope(school):
        both = list(Workshop.objects.filter(repeats=first.repeats).order_by("pk"))
    assert [one.slot_id for one in both] == [conference.first.pk, conference.second.pk]
    assert "Select a valid choice" in client.post(copy, sent).text


# --- many at once -------------------------------------------------------------------------------
TABLE = """title,for,led by,slots,site,room,most,fewest
Stems,Primary,Ada,Session 1; Session 2,Town hall,Hall,30,8
Maths,,Ben,Session 2,Town hall,Library,20,
"""


def test_many_workshops_come_from_a_table(sign_in, school, cpd_leader, conference):
    client = sign_in(cpd_leader)
    seen = client.post(page(school, "workshops_upload", conference.day), {"table": TABLE})
    assert "3 workshops." in seen.text
    assert "New sites: Town hall" in seen.text
    text = seen.context["text"]

    client.post(page(school, "workshops_take", conference.day), {"text": text})
    again = client.post(page(school, "workshops_take", conference.day), {"text": text}, follow=True)

    assert "is taken in Session 1" in again.text
    with school_scope(school):
        rows = Workshop.objects.filter(title="Stems")
        assert len({row.repeats for row in rows}) == 1
        assert Workshop.objects.count() == 3
        assert Site.objects.get(name="Town hall").host is None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("name,place\nStems,Hall\n", "column “title”: is missing"),
        (TABLE + "Art,,,Session 9,Town hall,Art,1,\n", "“Session 9” is no slot"),
        (TABLE + "Art,,,Session 1,Town hall,hall,1,\n", "is taken in Session 1 by “Stems”"),
        (TABLE + "Art,,,Session 1,Town hall,Art,many,\n", "“many” is no number of people"),
        (TABLE + "Art,,,Session 1,Town hall,Art,3,5\n", "is more than the most, 3"),
        (TABLE + ",,,Session 1,Town hall,Art,3,\n", "cannot be blank"),
        ("title,slots,site,room\n", ""),
        ("", "Paste a table"),
    ],
)
def test_table_that_is_wrong_says_where(sign_in, school, cpd_leader, conference, table, said):
    answer = sign_in(cpd_leader).post(
        page(school, "workshops_upload", conference.day), {"table": table}
    )

    assert said in answer.text
    assert "Take them" not in answer.text
    with school_scope(school):
        assert not Workshop.objects.exists()


# --- who takes part, and what they choose -------------------------------------------------------
def test_school_says_who_takes_part_and_those_choose(sign_in, school, conference):
    leader = StaffFactory(school=conference.birch, roles=[Role.CPD_LEADER])
    comes, stays = (StaffFactory(school=conference.birch) for _ in range(2))
    stems, maths = conference.workshop("Stems"), conference.workshop("Maths")
    birch, day = conference.birch, conference.day

    sign_in(leader).post(
        page(birch, "day_taking_part", day), {"who": "chosen", "people": [comes.pk]}
    )

    assert "not among those" in sign_in(stays).get(
        page(birch, "day_choose", day), follow=True
    ).text  # fmt: skip
    client, slot = sign_in(comes), conference.first.pk
    shown = client.get(page(birch, "day_choose", day))
    assert "First choice" in shown.text
    answer = client.post(
        page(birch, "day_choose", day),
        {f"slot_{slot}_1": stems.pk, f"slot_{slot}_2": stems.pk},
    )
    assert "chose it for Session 1 already" in answer.text
    client.post(
        page(birch, "day_choose", day), {f"slot_{slot}_1": maths.pk, f"slot_{slot}_3": stems.pk}
    )
    with school_scope(birch):
        wishes = Wish.objects.order_by("rank").values_list("workshop", "rank")
        assert list(wishes) == [(maths.pk, 1), (stems.pk, 2)]

    sign_in(leader).post(page(birch, "day_taking_part", day), {"who": "nobody"})
    with school_scope(birch):
        assert not Wish.objects.exists()
        assert not DaySchool.objects.exists()
        assert not DayPerson.objects.exists()


def test_nobody_chooses_after_closing(sign_in, school, conference, at):
    stems = conference.workshop("Stems")
    person = conference.takes_part(conference.birch, 1)[1]
    at("2026-12-30 09:00")
    choose = page(conference.birch, "day_choose", conference.day)

    answer = sign_in(person).post(choose, {f"slot_{conference.first.pk}_1": stems.pk}, follow=True)

    assert "Choices closed on 7 December 2026" in answer.text
    with school_scope(conference.birch):
        assert not Wish.objects.exists()


def test_the_database_takes_no_wish_once_the_timetable_is_out(school):
    day = SharedDayFactory(school=school, state="timetabled")

    with pytest.raises(IntegrityError, match="choices are closed"):
        WishFactory(school=school, day=day)


def test_day_goes_its_way_only(school):
    day = SharedDayFactory(school=school, state="timetabled")

    with pytest.raises(DatabaseError), school_scope(school):
        SharedDay.objects.filter(pk=day.pk).update(state="choosing")


def test_programme_is_found_by_words_and_by_whom_it_is_for(sign_in, school, conference):
    person = conference.takes_part(school, 1)[1]
    conference.workshop("Stems", audience="Primary")
    conference.workshop("Maths talk", audience="Teaching assistants", about="Number lines")
    client = sign_in(person)

    for view in ("day_programme", "day_choose"):
        text = client.get(page(school, view, conference.day), {"q": "number"}).text
        assert "Number lines" in text
        assert "Everyone" not in text
    text = client.get(page(school, "day_programme", conference.day), {"for": "Primary"}).text
    assert "Stems" in text
    assert "Number lines" not in text


def test_organiser_sees_how_much_is_wanted_from_five_on(sign_in, school, cpd_leader, conference):
    stems, maths = conference.workshop("Stems"), conference.workshop("Maths")
    people = conference.takes_part(conference.birch, 5)
    for person in people[:4]:
        conference.wish(person, stems)
    for person in people[4:]:
        conference.wish(person, maths)
    with school_scope(school):
        assert wanted(conference.day) == {}
    WishFactory(
        school=conference.birch, day=conference.day, staff=people[4], workshop=stems, rank=2
    )

    with school_scope(school):
        assert wanted(conference.day) == {stems.pk: "5 to 9 people"}
    text = sign_in(cpd_leader).get(page(school, "day_programme", conference.day)).text
    assert "Fewer than five" in text


def test_day_being_planned_is_for_those_who_plan(sign_in, school, teacher, cpd_leader):
    day = SharedDayFactory(school=school)

    assert sign_in(teacher).get(page(school, "day", day)).status_code == 404
    assert day.title not in sign_in(teacher).get(url(school, "networks:days", day.network_id)).text
    assert sign_in(cpd_leader).get(page(school, "day", day)).status_code == 200


def test_member_keeps_nothing_of_anothers_day(sign_in, conference):
    client = sign_in(StaffFactory(school=conference.birch, roles=[Role.HEAD]))
    workshop = conference.workshop("Stems")

    for view, more in (
        ("day_change", []), ("workshop_add", []), ("workshop", [workshop.pk]),
        ("workshops_upload", []), ("day_part_add", ["slot"]),
        ("day_site", [workshop.site_id]),
    ):  # fmt: skip
        assert client.get(page(conference.birch, view, conference.day, *more)).status_code == 403
    assert client.post(page(conference.birch, "day_build", conference.day)).status_code == 403


# --- the walls ----------------------------------------------------------------------------------
def rows_of(table, school):
    with school_scope(school), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_wishes_and_seats_are_their_schools_and_lists_the_sites(school, conference):
    stems = conference.workshop("Stems", at=conference.cedar)
    person = conference.takes_part(conference.birch, 1)[1]
    conference.wish(person, stems)
    SeatFactory(school=conference.birch, day=conference.day, staff=person, workshop=stems)

    counts = {
        school_.name: [rows_of(f"networks_{table}", school_) for table in ("wish", "seat", "guest")]
        for school_ in (school, conference.birch, conference.cedar)
    }
    assert counts == {
        school.name: [0, 0, 1], "Birch Primary": [1, 1, 1], "Cedar Primary": [0, 0, 1]
    }  # fmt: skip
    with school_scope(conference.cedar):
        assert Guest.objects.get().name == person.name
        assert Guest.objects.update(was_present=True) == 1
        assert Guest.objects.all().delete()[0] == 0


def test_site_that_is_not_theirs_shows_a_school_no_names(school, conference):
    stems = conference.workshop("Stems", at=conference.cedar)
    SeatFactory(school=school, day=conference.day, workshop=stems)

    assert rows_of("networks_guest", conference.birch) == 0
    with school_scope(conference.birch):
        assert not Guest.objects.exists()
        assert not Seat.objects.exists()


def test_row_cannot_point_into_another_network(school, conference):
    elsewhere = WorkshopFactory(school=school)

    with pytest.raises(IntegrityError, match="same_network"), transaction.atomic():
        _point_at(school, conference.day, elsewhere.slot)


def _point_at(school, day, slot):
    WorkshopFactory(school=school, day=day, slot=slot)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_member_cannot_write_another_schools_day(conference):
    with pytest.raises(ProgrammingError), school_scope(conference.birch):
        DaySlot(
            network=conference.network, school=conference.lead, day=conference.day, name="X",
            starts_at="15:00", ends_at="16:00",
        ).save()  # fmt: skip


# --- pages --------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [0, 1, 3])
def test_list_of_days_costs_the_same(
    sign_in, school, cpd_leader, number, django_assert_num_queries
):
    network = NetworkFactory(school=school)
    for _ in range(number):
        SharedDayFactory(school=school, network=network)
    client, address = sign_in(cpd_leader), url(school, "networks:days", network.pk)
    client.get(address)

    with django_assert_num_queries(15):
        text = client.get(address).text
    assert ("No shared day yet" in text) == (number == 0)


@pytest.mark.parametrize("number", [1, 3])
def test_day_costs_the_same_with_more_on_it(
    sign_in, school, cpd_leader, number, django_assert_num_queries
):
    day = SharedDayFactory(school=school, state="timetabled")
    for _ in range(number):
        slot = DaySlotFactory(school=school, day=day)
        site = SiteFactory(school=school, day=day)
        workshop = WorkshopFactory(school=school, day=day, slot=slot, site=site)
        SeatFactory(school=school, day=day, workshop=workshop)
    client, address = sign_in(cpd_leader), page(school, "day", day)
    client.get(address)

    with django_assert_num_queries(24):
        client.get(address)


@pytest.mark.parametrize("number", [1, 3])
def test_programme_costs_the_same_with_more_on_it(
    sign_in, school, cpd_leader, number, django_assert_num_queries
):
    day = SharedDayFactory(school=school, state="choosing")
    for _ in range(number):
        WorkshopFactory(school=school, day=day)
    client, address = sign_in(cpd_leader), page(school, "day_programme", day)
    client.get(address)

    with django_assert_num_queries(19):
        client.get(address)
