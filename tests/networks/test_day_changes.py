"""What happens after the timetable of a shared day: changes, leavers, registers, records."""

from datetime import date

import pytest

from activities.models import Activity, Attendance, Participation
from cpdhub import clock
from cpdhub.models import Job, Staff
from cpdhub.walls import school_scope
from networks import leaving
from networks.days import building, changing, record
from networks.models import Guest, Membership, Seat, SharedDay, Wish, Workshop, WorkshopRegister
from tests.factories import (
    WorkshopRegisterFactory,
)
from tests.networks.shared import letters, page, silent, there


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-23 09:00")


# --- changes ------------------------------------------------------------------------------------
def test_workshop_does_not_move_into_a_taken_room(sign_in, built, cpd_leader):
    sent = {
        "title": "Art", "slot": built.first.pk, "site": built.stems.site_id,
        "room": built.stems.room, "most": 20, "fewest": 0,
    }  # fmt: skip

    answer = sign_in(cpd_leader).post(page(built.lead, "workshop", built.day, built.art.pk), sent)

    assert "is taken in Session 1 by “Stems”" in answer.text
    assert "5 people have a place" in sign_in(cpd_leader).post(
        page(built.lead, "workshop", built.day, built.maths.pk),
        {
            "title": "Maths", "slot": built.second.pk, "site": built.maths.site_id, "room": "X",
            "most": 4, "fewest": 0,
        },
    ).text  # fmt: skip


def test_room_that_is_taken_in_the_same_moment_is_refused_politely(
    sign_in, built, cpd_leader, monkeypatch
):
    """Both looked and found it free."""
    monkeypatch.setattr("networks.forms.shared_day.refuse_taken_room", lambda form, row: None)
    sent = {
        "title": "Art", "slot": built.first.pk, "site": built.stems.site_id,
        "room": built.stems.room, "most": 20, "fewest": 0,
    }  # fmt: skip

    answer = sign_in(cpd_leader).post(page(built.lead, "workshop", built.day, built.art.pk), sent)

    assert "just taken this room" in answer.text


def test_people_of_a_workshop_that_moves_to_another_slot_are_given_another_place(
    sign_in, built, cpd_leader
):
    """Everybody in it has Maths in the second slot already."""
    sent = {
        "title": "Stems", "slot": built.second.pk, "site": built.stems.site_id,
        "room": "Hall", "most": 3, "fewest": 0,
    }  # fmt: skip

    answer = sign_in(cpd_leader).post(page(built.lead, "workshop", built.day, built.stems.pk), sent)
    assert "/jobs/" in answer.url
    with school_scope(built.lead):
        job = Job.objects.order_by("-pk").first()
    assert job.params["gentle"]
    building.run(job, silent)

    assert there(built) == {built.art.pk: 5, built.maths.pk: 5}


def test_site_that_becomes_another_schools_reads_who_comes(sign_in, built, cpd_leader):
    site = built.sites[built.birch.pk]

    sign_in(cpd_leader).post(
        page(built.lead, "day_part", built.day, "site", site.pk),
        {"host": built.cedar.pk, "name": "Annexe"},
    )

    with school_scope(built.cedar):
        assert Guest.objects.filter(workshop=built.stems).count() == 3


def test_workshop_that_is_off_gives_its_people_another_and_moves_nobody_else(
    sign_in, built, cpd_leader
):
    before = built.seats()
    sign_in(cpd_leader).post(
        page(built.lead, "workshop_drop", built.day, built.art.pk), {"because": "Ill"}
    )
    with school_scope(built.lead):
        Workshop.objects.filter(pk=built.stems.pk).update(most=10)
        building.run(Job.objects.order_by("-pk").first(), silent)

    after = built.seats()
    assert {key for key in before if before[key] != after[key]} == {
        key for key in before if before[key] == built.art.pk
    }


def test_school_leaves_after_the_timetable(built, cpd_leader):
    """Its places go, what it was to host is off, its wishes are gone; the others find places."""
    seen = len(built.seats())
    with school_scope(built.birch):
        leaving.leave(Membership.objects.get(school=built.birch))

    with school_scope(built.birch):
        assert not Seat.objects.exists()
        assert not Wish.objects.exists()
    with school_scope(built.lead):
        assert set(Guest.objects.values_list("school", flat=True)) == {built.cedar.pk}
        stems = Workshop.objects.get(pk=built.stems.pk)
        assert stems.why_off == "Birch Primary has left the network"
        lost = sum(w == built.stems.pk for w in built.seats(built.cedar).values())
        assert changing.without_a_place(built.day) == lost
    assert len(letters(built.cedar)) == 2
    built.build(cpd_leader, gentle=True)
    assert there(built) == {built.art.pk: 2, built.maths.pk: 2}
    assert seen == 10


def test_organising_school_leaves_and_a_leading_one_has_the_day(built, cpd_leader):
    with school_scope(built.lead):
        row = Membership.objects.get(school=built.lead)
        leaving.leave(row)

    with school_scope(built.birch):
        lead = Membership.objects.leads().get().school
    with school_scope(lead):
        day = SharedDay.objects.get()
        assert day.school == lead
        assert Workshop.objects.get(pk=built.maths.pk).dropped_because
        assert Workshop.objects.get(pk=built.stems.pk).is_on
    assert len(built.seats(built.birch)) == 6


def test_last_school_leaves_and_nothing_is_left(conference, school, cpd_leader):
    conference.wish(conference.takes_part(school)[0], conference.workshop("Stems"))
    for gone in (conference.birch, conference.cedar, school):
        with school_scope(gone):
            leaving.leave(Membership.objects.get(school=gone))

    with school_scope(school):
        assert not SharedDay.objects.exists()


def test_person_leaves_and_their_place_is_free(built, at):
    person = built.of_birch[1]
    with school_scope(built.birch):
        Staff.objects.filter(pk=person.pk).update(ends_on=date(2026, 12, 1))
        for _ in range(2):
            changing.sweep(built.birch, clock.now())
        assert not Seat.objects.filter(staff=person).exists()
        assert not Guest.objects.filter(name=person.name).exists()
        assert Seat.objects.count() == 4


def test_nothing_is_off_once_the_day_is_over_or_a_register_is_taken(sign_in, built, cpd_leader, at):
    at("2026-12-14 15:00")
    WorkshopRegisterFactory(
        school=built.lead, network=built.network, day=built.day, workshop=built.stems
    )
    drop = page(built.lead, "workshop_drop", built.day, built.stems.pk)
    client = sign_in(cpd_leader)

    assert "people were there" in client.post(drop, {"because": "Ill"}).text
    client.post(page(built.lead, "day_over", built.day))
    assert "It is over" in client.post(drop, {"because": "Ill"}, follow=True).text
    assert "until the day is over" in client.post(
        page(built.lead, "day_build", built.day), follow=True
    ).text  # fmt: skip
    with school_scope(built.lead):
        assert not Workshop.objects.exclude(dropped_because="").exists()


# --- registers and records ----------------------------------------------------------------------
def test_register_goes_onto_everybodys_own_record(sign_in, built, cpd_leader, at):
    site = built.sites[built.birch.pk]
    register = page(built.birch, "day_register", built.day, built.stems.pk)
    client = sign_in(built.of_birch[0])
    assert "from the day itself" in client.get(register, follow=True).text
    at("2026-12-14 15:00")
    with school_scope(built.birch):
        guests = list(Guest.objects.filter(workshop=built.stems).in_order())
    listed = [guest.pk for guest in guests]

    client.post(register, {"listed": listed, "present": listed[1:]})
    over = sign_in(cpd_leader).post(page(built.lead, "day_over", built.day))

    assert "/jobs/" in over.url
    with school_scope(built.lead):
        job = Job.objects.order_by("-pk").first()
    for _ in range(2):
        record.run(job, silent)
    present = away = 0
    for school in (built.birch, built.cedar):
        with school_scope(school):
            present += Attendance.objects.filter(was_present=True).count()
            away += Attendance.objects.filter(was_present=False).count()
            activity = Activity.objects.filter(title=built.day.title).first()
            if activity:
                assert activity.state == "finished"
                assert activity.sessions.get().hours == 1
                assert activity.form.code == "inset-day"
    assert (present, away) == (2, 1)
    with school_scope(built.birch):
        assert Participation.objects.count() == 3
        assert WorkshopRegister.objects.get().school == built.birch
    listed_page = page(built.birch, "day_site", built.day, site.pk)
    assert "Register taken by" in sign_in(built.of_birch[0]).get(listed_page).text


def test_register_corrected_later_corrects_the_record(sign_in, built, cpd_leader, at):
    at("2026-12-14 15:00")
    register = page(built.birch, "day_register", built.day, built.stems.pk)
    client = sign_in(built.of_birch[0])
    with school_scope(built.birch):
        guests = list(Guest.objects.filter(workshop=built.stems, school=built.birch))
    listed = [guest.pk for guest in guests]
    client.post(register, {"listed": listed, "present": []})
    sign_in(cpd_leader).post(page(built.lead, "day_over", built.day))
    with school_scope(built.birch):
        record.sweep(built.birch, clock.now())
    at("2026-12-14 16:00")
    sign_in(cpd_leader).post(
        page(built.lead, "day_register", built.day, built.stems.pk),
        {"listed": listed, "present": listed},
    )
    with school_scope(built.birch):
        record.sweep(built.birch, clock.now())

        assert Attendance.objects.filter(was_present=True).count() == len(listed) > 0
        assert not Attendance.objects.filter(was_present=False).exists()
        assert Activity.objects.filter(title=built.day.title).count() == 1


def test_schools_own_correction_of_a_shared_day_stays(school, conference, cpd_leader, at):
    conference.workshop("Stems", at=conference.birch)
    conference.takes_part(conference.birch, 2)
    conference.build(cpd_leader)
    at("2026-12-14 15:00")
    with school_scope(conference.birch):
        Guest.objects.update(was_present=True)
    with school_scope(school):
        conference.day.state = "over"
        conference.day.save(update_fields=["state"])
    with school_scope(conference.birch):
        record.sweep(conference.birch, clock.now())
        first = Attendance.objects.order_by("pk").first()
        first.was_present = False  # their CPD leader knows better
        first.save()
        record.sweep(conference.birch, clock.now())

        assert Attendance.objects.get(pk=first.pk).was_present is False


def test_register_that_another_school_took_first_is_taken_again(sign_in, built, at):
    """The organiser, who does not lead, took it; the site's school knows better."""
    with school_scope(built.lead):
        SharedDay.objects.filter(pk=built.day.pk).update(school=built.cedar)
    at("2026-12-14 15:00")
    with school_scope(built.birch):
        listed = list(Guest.objects.filter(workshop=built.stems).values_list("pk", flat=True))
    for school, (by, *_), when in (
        (built.cedar, built.of_cedar, "15:00"), (built.birch, built.of_birch, "16:00"),
    ):  # fmt: skip
        moment = at(f"2026-12-14 {when}")
        sign_in(by).post(
            page(school, "day_register", built.day, built.stems.pk),
            {"listed": listed, "present": listed},
        )

    with school_scope(built.birch):
        register = WorkshopRegister.objects.get()
    assert (register.taken_at, register.school) == (moment, built.cedar)
    assert register.taken_by.startswith(built.of_birch[0].name)
