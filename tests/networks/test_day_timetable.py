"""The timetable of a shared day: built, read and told of."""

import pytest
from django.http import QueryDict

from cpdhub import clock, files, jobs, pdf, reminders, sheets
from cpdhub.models import Job, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import leaving
from networks.days import building, lists, words
from networks.models import Guest, Membership, Seat, SharedDay, Workshop
from tests.factories import (
    MembershipFactory,
    SchoolFactory,
    StaffFactory,
)
from tests.helpers import url
from tests.networks.shared import letters, page, silent, there


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-23 09:00")


# --- building -----------------------------------------------------------------------------------
def test_everybody_has_a_place_in_every_slot_and_no_room_is_too_full(built):
    assert there(built) == {built.stems.pk: 3, built.art.pk: 2, built.maths.pk: 5}
    assert built.day.state == "timetabled"
    told = {name: built.day.figures[name] for name in ("people", "asked", "first", "some")}
    assert told == {"people": 5, "asked": 10, "first": 8, "some": 10}


def test_job_that_runs_twice_changes_nothing(built):
    before = built.seats()
    with school_scope(built.lead):
        job = Job.objects.get()
        standing = Guest.objects.count()

    building.run(job, silent)

    assert built.seats() == before
    with school_scope(built.lead):
        assert Guest.objects.count() == standing == 10


class Killed(BaseException):
    """The worker dies."""


@pytest.mark.parametrize("survives", [0, 1])
def test_worker_that_is_killed_leaves_nothing_half_done(built, cpd_leader, monkeypatch, survives):
    """Half-way through a second timetable the first stands; begun again, the second is whole."""
    before, write = built.seats(), building._write
    with school_scope(built.lead):
        job = building.start(built.day, by=cpd_leader)
    written = []

    def die(*args):
        if len(written) == survives:
            raise Killed
        written.append(args)
        write(*args)

    monkeypatch.setattr(building, "_write", die)
    with pytest.raises(Killed):
        building.run(job, silent)
    assert built.seats() == before

    monkeypatch.setattr(building, "_write", write)
    building.run(job, silent)
    assert built.seats() == before  # the same wishes, the same seats
    built.refresh()
    assert built.day.run == job.params["run"] == 2
    with school_scope(built.birch):
        assert set(Seat.objects.values_list("run", flat=True)) == {2}


def test_two_organisers_press_at_once(built, cpd_leader):
    """In one school it is one job; of two schools that lead, the later one's counts."""
    with school_scope(built.lead):
        one, same = (building.start(built.day, by=cpd_leader) for _ in range(2))
        assert one == same
    other = SchoolFactory()
    leader = StaffFactory(school=other, roles=[Role.CPD_LEADER])
    MembershipFactory(network=built.network, school=other, is_lead=True)
    with school_scope(other):
        theirs = building.start(SharedDay.objects.get(pk=built.day.pk), by=leader)

    with pytest.raises(jobs.JobFailed, match="newer timetable"):
        building.run(one, silent)
    building.run(theirs, silent)

    built.refresh()
    assert (built.day.run, theirs.params["run"]) == (3, 3)


def test_pressing_closes_choices(sign_in, conference, cpd_leader):
    conference.workshop("Stems")
    client = sign_in(cpd_leader)

    answer = client.post(page(conference.lead, "day_build", conference.day))

    conference.refresh()
    assert "/jobs/" in answer.url
    assert not conference.day.is_open
    assert client.post(page(conference.lead, "day_build", conference.day)).url == answer.url


def test_person_with_posts_in_two_schools_is_seated_once(conference, cpd_leader, sign_in):
    stems = conference.workshop("Stems")
    (one, _), (other,) = (
        conference.takes_part(conference.birch, 1), conference.takes_part(conference.cedar)
    )  # fmt: skip
    with school_scope(conference.cedar):
        Staff.objects.filter(pk=other.pk).update(user=one.user)
    conference.wish(other, stems)

    conference.build(cpd_leader)

    with school_scope(conference.birch):
        assert not Seat.objects.filter(staff=one).exists()
    with school_scope(conference.cedar):
        assert Seat.objects.get().staff_id == other.pk
        assert Seat.objects.get().rank == 1
    text = sign_in(one).get(page(conference.birch, "day_mine", conference.day)).text
    assert "It is at Cedar Primary" in text


def test_too_few_are_moved_to_their_next_choice(conference, cpd_leader):
    small = conference.workshop("Small", fewest=4)
    large = conference.workshop("Large")
    people = conference.takes_part(conference.birch, 1)
    conference.wish(people[0], small, large)

    conference.build(cpd_leader)

    assert there(conference) == {large.pk: 2}
    with school_scope(conference.lead):
        assert Workshop.objects.get(pk=small.pk).why_off == "Too few people"


def test_nothing_to_build_from_is_said(sign_in, conference, cpd_leader):
    answer = sign_in(cpd_leader).post(
        page(conference.lead, "day_build", conference.day), follow=True
    )

    assert "There is no workshop yet" in answer.text


# --- what people see ----------------------------------------------------------------------------
def test_each_sees_their_own_timetable(sign_in, built):
    person = built.of_birch[1]
    client = sign_in(person)

    text = client.get(page(built.birch, "day_mine", built.day)).text
    file = client.get(page(built.birch, "day_mine_ics", built.day)).content.decode()

    assert "Maths" in text
    assert "your first choice" in text
    assert file.count("BEGIN:VEVENT") == 2
    assert "DTSTART;TZID=Europe/London:20261214T110000" in file


def test_short_break_to_another_site_is_said(sign_in, built):
    with school_scope(built.lead):
        type(built.second).objects.filter(pk=built.second.pk).update(starts_at="10:10")

    text = sign_in(built.of_birch[1]).get(page(built.birch, "day_mine", built.day)).text

    assert "less than half an hour" in text


def test_school_reads_where_its_people_are(sign_in, built):
    client = sign_in(built.of_birch[0])

    text = client.get(page(built.birch, "day_people", built.day)).text
    file = client.get(page(built.birch, "day_people_csv", built.day)).text

    for person in built.of_birch:
        assert person.name in text
        assert person.name in file
    assert built.of_cedar[0].name not in text + file
    assert "Everybody has a place" in text


def test_site_prints_who_comes_and_nobody_else_does(sign_in, built):
    site = built.sites[built.birch.pk]
    address = page(built.birch, "day_site", built.day, site.pk)
    text = sign_in(built.of_birch[0]).get(address).text
    file = sign_in(built.of_birch[0]).get(
        page(built.birch, "day_site_csv", built.day, site.pk)
    ).text  # fmt: skip

    with school_scope(built.birch):
        names = list(Guest.objects.filter(workshop=built.stems).values_list("name", flat=True))
    assert len(names) == 3
    assert all(name in text and name in file for name in names)
    elsewhere = page(built.cedar, "day_site", built.day, site.pk)
    assert sign_in(built.of_cedar[0]).get(elsewhere).status_code == 403
    assert sign_in(built.of_birch[1]).get(address).status_code == 403


def test_lead_neither_keeps_anothers_day_nor_reads_who_comes(sign_in, built, cpd_leader):
    site = built.sites[built.birch.pk]
    with school_scope(built.lead):
        SharedDay.objects.filter(pk=built.day.pk).update(school=built.cedar)
    client = sign_in(cpd_leader)

    for name, *args in (("day_site", site.pk), ("workshop", built.stems.pk), ("day_change",)):
        assert client.get(page(built.lead, name, built.day, *args)).status_code == 403
    with school_scope(built.lead):
        assert not Guest.objects.filter(host=built.birch).exclude(school=built.lead).exists()


def test_lists_of_a_site_are_set_as_pdf(built):
    site = built.sites[built.birch.pk]
    with school_scope(built.birch):
        sheet = lists.gather(built.of_birch[0], QueryDict(f"site={site.pk}"))
        document = pdf.render("tables", sheets.printed(sheet, "Birch Primary"))
    assert document.startswith(b"%PDF")
    assert [len(table.rows) for table in sheet.tables] == [3, 0]
    with school_scope(built.cedar), pytest.raises(jobs.JobFailed, match="not yours"):
        lists.gather(built.of_cedar[0], QueryDict(f"site={site.pk}"))
    with school_scope(built.cedar), pytest.raises(jobs.JobFailed):
        lists.gather(built.of_cedar[0], QueryDict("site=9" * 30))


def test_file_of_a_list_is_gone_once_the_school_left(sign_in, built):
    by = built.of_birch[0]
    with school_scope(built.birch):
        job = Job.objects.create(
            school=built.birch, kind="shared_day_site", requested_by=by, state="done",
            created_at=clock.now(), next_try_at=clock.now(), finished_at=clock.now(),
            params={"query": f"site={built.sites[built.birch.pk].pk}"},
            result=files.store("x.pdf", "application/pdf", [b"%PDF"], school=built.birch),
        )  # fmt: skip
    client, address = sign_in(by), url(built.birch, "jobs:file", job.uuid)
    assert client.get(address).status_code == 200
    with school_scope(built.birch):
        leaving.leave(Membership.objects.get(school=built.birch))

    assert client.get(address).status_code == 404
    assert "Download" not in client.get(url(built.birch, "jobs:job", job.uuid)).text


def test_figures_are_said_in_sentences(sign_in, built, cpd_leader):
    text = sign_in(cpd_leader).get(page(built.lead, "day", built.day)).text

    assert "80% of the times somebody chose, they got their first choice; 100%" in text
    assert "Nobody is in 1 workshop." in text


def test_what_few_people_got_is_not_shown(sign_in, conference, cpd_leader):
    stems = conference.workshop("Stems", most=1)
    for person in conference.takes_part(conference.birch, 3):
        conference.wish(person, stems)
    conference.build(cpd_leader)

    text = sign_in(cpd_leader).get(page(conference.lead, "day", conference.day)).text

    assert "Fewer than five people had chosen" in text
    assert "%" not in " ".join(words.of_timetable(conference.day))
    assert "Places missing when it was built: 7." in text
    assert "7 places are missing" in text


def test_nearly_all_is_not_all():
    assert [words.share(*pair) for pair in ((999, 1000), (3, 3), (1, 3))] == ["99%", "100%", "33%"]


# --- letters ------------------------------------------------------------------------------------
def test_everybody_gets_a_letter_once_and_of_a_move_only_those_it_touches(
    sign_in, built, cpd_leader
):
    assert len(letters(built.birch)) == 3
    assert letters(built.birch) == []
    letters(built.cedar)
    in_art = [
        list(built.seats(school).values()).count(built.art.pk)
        for school in (built.birch, built.cedar)
    ]
    client = sign_in(cpd_leader)
    change = page(built.lead, "workshop", built.day, built.art.pk)
    sent = {
        "title": "Art", "slot": built.first.pk, "site": built.art.site_id, "most": 20, "fewest": 0
    }  # fmt: skip
    client.post(change, sent | {"room": "Hall"})

    told = [letters(school) for school in (built.birch, built.cedar)]
    assert [len(each) for each in told] == in_art
    assert sum(in_art) == 2
    assert all("has changed" in subject for each in told for _, subject in each)


def test_everybody_is_told_when_the_day_itself_moves(sign_in, built, cpd_leader):
    letters(built.birch)
    sent = {"title": "Talk day", "day": "2026-12-15", "purpose": "Talk", "revision": 1}

    sign_in(cpd_leader).post(page(built.lead, "day_change", built.day), sent)

    assert len(letters(built.birch)) == 3


def test_moved_and_moved_back_before_the_letter_says_nothing(built):
    letters(built.birch)
    with school_scope(built.lead):
        Workshop.objects.filter(pk=built.maths.pk).update(room="Elsewhere")
    reminders.sweep(school_id=built.birch.pk)
    with school_scope(built.lead):
        Workshop.objects.filter(pk=built.maths.pk).update(room=built.maths.room)

    assert letters(built.birch) == []


# --- pages --------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_with_more_people(
    sign_in, conference, cpd_leader, number, django_assert_num_queries
):
    conference.workshop("Stems")
    conference.workshop("Maths", conference.second)
    people = conference.takes_part(conference.lead, number - 1)
    conference.build(cpd_leader)
    site = conference.sites[conference.lead.pk]
    client = sign_in(people[0])
    for view, count in {"day_site": 19, "day_people": 19, "day_mine": 17}.items():
        address = page(conference.lead, view, conference.day, *([site.pk] * (view == "day_site")))
        client.get(address)
        with django_assert_num_queries(count):
            client.get(address)
