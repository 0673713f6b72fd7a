"""Starting, following and closing an audit; what beat does by itself; letters."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from audits import reminders as audit_reminders
from audits import rounds
from audits.models import Invitation, Response, Round
from cpdhub import clock, reminders, sweeps, tasks
from cpdhub.models import OutboxMessage, Reminder, Staff
from cpdhub.permissions import Role
from cpdhub.roof import todo
from cpdhub.walls import school_scope
from tests.audits.pages import path
from tests.factories import (
    InstrumentFactory,
    InvitationFactory,
    RoundFactory,
    StaffFactory,
    TeamFactory,
)
from tests.helpers import url


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


def filled(**more):
    return {
        "title": "How are we", "mode": "confidential", "opens_on": "2026-11-23",
        "closes_on": "2026-12-07", "do": "start",
    } | more  # fmt: skip


def again(round_):
    with school_scope(round_.school):
        return Round.objects.get(pk=round_.pk)


def asked(school):
    with school_scope(school):
        return set(Invitation.objects.values_list("staff", flat=True))


# --- starting ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        ({"picks": ["everyone"]}, {"teacher", "assistant", "leader"}),
        ({"picks": ["group-assistant"]}, {"assistant"}),
        ({"picks": ["team"]}, {"teacher"}),
        ({"picks": ["stage-early"]}, {"teacher"}),
        ({"people": ["leader"]}, {"leader"}),
    ],
)
def test_people_are_chosen_at_once_or_by_name(
    desk, school, instrument, cpd_leader, teacher, pick, expected
):
    team = TeamFactory(school=school)
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(team=team, career_stage="early")
    who = {
        "teacher": teacher.pk, "leader": cpd_leader.pk,
        "assistant": StaffFactory(school=school, group="assistant").pk,
    }  # fmt: skip
    named = {"team": f"team-{team.pk}", "leader": cpd_leader.pk}
    pick = {key: [named.get(value, value) for value in values] for key, values in pick.items()}

    response = desk.post(url(school, "needs:round_new", instrument.pk), filled(**pick), follow=True)

    assert "It is open" in response.text
    assert asked(school) == {who[name] for name in expected}


def test_draft_asks_nobody_and_can_be_changed_and_deleted(desk, school, instrument, teacher):
    chosen = {"people": [teacher.pk], "do": "draft"}
    desk.post(url(school, "needs:round_new", instrument.pk), filled(**chosen))
    with school_scope(school):
        made = Round.objects.get()
        assert list(Invitation.objects.of(teacher)) == []

    changed = filled(people=[StaffFactory(school=school).pk], title="Better", do="draft")
    desk.post(url(school, "needs:round_change", made.pk), changed)

    assert again(made).title == "Better"
    assert teacher.pk not in asked(school)
    desk.post(url(school, "needs:round_delete", made.pk))
    with school_scope(school):
        assert not Round.objects.exists()


def test_starting_with_nobody_says_so(desk, school, instrument):
    response = desk.post(url(school, "needs:round_new", instrument.pk), filled())

    assert "Choose whom to ask." in response.text


def test_anonymous_with_nine_is_refused_in_words(desk, school, instrument):
    people = [person.pk for person in StaffFactory.create_batch(9, school=school)]

    response = desk.post(
        url(school, "needs:round_new", instrument.pk), filled(mode="anonymous", people=people)
    )

    assert "at least 10 people, and 9 are chosen" in response.text
    with school_scope(school):
        assert not Round.objects.exists()


def test_database_refuses_anonymous_with_nine(school, instrument):
    made = RoundFactory(
        school=school, instrument=instrument, mode="anonymous",
        asks=StaffFactory.create_batch(9, school=school),
    )  # fmt: skip

    with (
        school_scope(school),
        pytest.raises(DatabaseError, match="at least 10"),
        transaction.atomic(),
    ):
        Round.objects.filter(pk=made.pk).update(state="open")


@pytest.mark.parametrize(
    "change", [{"mode": "named"}, {"state": "draft"}, {"closes_on": "2020-01-01"}]
)
def test_database_keeps_mode_and_order_once_open(school, confidential, change):
    with school_scope(school), pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=confidential.pk).update(**change)


def test_instrument_of_another_school_or_in_draft_cannot_be_asked(
    desk, school, other_school, instrument
):
    theirs = InstrumentFactory(school=other_school, published=True)
    draft = InstrumentFactory(school=school)

    for made in (theirs, draft):
        assert desk.get(url(school, "needs:round_new", made.pk)).status_code == 404
        with (
            school_scope(school),
            pytest.raises(DatabaseError, match="published"),
            transaction.atomic(),
        ):
            Round.objects.create(
                school=school, instrument_id=made.pk, title="X", mode="named",
                opens_on=clock.today(), closes_on=clock.today(),
            )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"closes_on": "2026-11-22"}, "This day has passed"),
        ({"opens_on": "2026-12-08"}, "The last day is before the first"),
        ({"closes_on": "2028-01-01"}, "Is the year right?"),
        ({"closes_on": "soon"}, "Enter a valid date"),
    ],
)
def test_wrong_days_are_named(desk, school, instrument, teacher, days, said):
    response = desk.post(
        url(school, "needs:round_new", instrument.pk), filled(people=[teacher.pk], **days)
    )

    assert said in response.text


def test_double_click_starts_one(desk, school, instrument, teacher):
    import uuid

    data = filled(people=[teacher.pk], once=str(uuid.uuid4()))

    for _ in range(2):
        desk.post(url(school, "needs:round_new", instrument.pk), data)

    with school_scope(school):
        assert Round.objects.count() == 1


# --- people come, go and move --------------------------------------------------------------------
def test_group_and_team_are_those_of_the_opening_day(school, instrument, teacher):
    first, second = TeamFactory(school=school), TeamFactory(school=school)
    made = RoundFactory(school=school, instrument=instrument, asks=[teacher])
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(team=first)
        rounds.open_round(made, today=clock.today())
        Staff.objects.filter(pk=teacher.pk).update(team=second, group="assistant")

        invited = Invitation.objects.get()

    assert (invited.team_id, invited.group) == (first.pk, "teacher")


def test_who_left_before_it_opens_is_not_asked_and_after_stays_counted(
    desk, school, instrument, teacher
):
    gone = StaffFactory(school=school, ends_on=clock.today())
    made = RoundFactory(school=school, instrument=instrument, asks=[teacher, gone], open=True)
    assert asked(school) == {teacher.pk}

    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(ends_on=clock.today())

    page = desk.get(url(school, "needs:round", made.pk))
    assert (page.context["answered"], page.context["invited"]) == (0, 1)


def test_more_people_are_asked_while_it_is_open(desk, school, confidential):
    new = StaffFactory(school=school)

    response = desk.post(
        url(school, "needs:round_invite", confidential.pk), {"people": [new.pk]}, follow=True
    )

    assert "1 more person is asked." in response.text
    assert new.pk in asked(school)


def test_lone_latecomer_to_an_anonymous_one_is_refused_beside_the_names(desk, school, anonymous):
    alone = StaffFactory(school=school, group="support")

    response = desk.post(url(school, "needs:round_invite", anonymous.pk), {"people": [alone.pk]})

    assert "must disappear among others" in response.text
    assert alone.pk not in asked(school)


# --- the leader's page ---------------------------------------------------------------------------
def test_page_names_who_has_not_answered_but_never_of_an_anonymous_one(
    desk, school, confidential, anonymous, teacher
):
    named = desk.get(url(school, "needs:round", confidential.pk))
    hidden = desk.get(url(school, "needs:round", anonymous.pk))

    assert teacher.name in named.text
    assert "waiting" not in hidden.context
    assert teacher.name not in hidden.text
    assert "0 of 10 have answered" in hidden.text


def test_closed_one_leads_to_its_results_and_stays_closed(desk, school, confidential):
    response = desk.post(url(school, "needs:round_close", confidential.pk), follow=True)

    assert "See the results" in response.text
    assert again(confidential).is_closed
    for view in ("round_close", "round_extend", "round_invite", "round_change", "round_delete"):
        assert desk.post(url(school, f"needs:{view}", confidential.pk)).status_code == 302
    assert again(confidential).is_closed


def test_last_day_moves_while_it_is_open(desk, school, confidential):
    path = url(school, "needs:round_extend", confidential.pk)

    assert "passed" in desk.post(path, {"closes_on": "2026-11-20"}).text
    desk.post(path, {"closes_on": "2026-12-20"})

    assert again(confidential).closes_on.isoformat() == "2026-12-20"


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_our_rounds_in_constant_queries(
    desk, school, other_school, instrument, count, django_assert_num_queries
):
    InvitationFactory(school=other_school, round__title="Theirs")
    for _ in range(count):
        RoundFactory(
            school=school, instrument=instrument, title="Ours", open=True,
            asks=StaffFactory.create_batch(2, school=school),
        )  # fmt: skip

    with django_assert_num_queries(15):
        response = desk.get(url(school, "needs:rounds"))

    assert [row.invited for row in response.context["page"]] == [2] * count
    assert "Theirs" not in response.text


def test_list_without_rounds_says_how_to_begin(desk, school):
    assert "Nobody has been asked yet" in desk.get(url(school, "needs:rounds")).text


@pytest.mark.parametrize("count", [1, 3])
def test_round_page_costs_the_same_for_any_number_of_people(
    desk, school, instrument, count, django_assert_num_queries
):
    made = RoundFactory(
        school=school, instrument=instrument, open=True,
        asks=StaffFactory.create_batch(count, school=school),
    )  # fmt: skip
    there = url(school, "needs:round", made.pk)

    with django_assert_num_queries(15):
        response = desk.get(there)

    assert response.context["invited"] == count


# --- by itself -----------------------------------------------------------------------------------
def test_sweep_closes_what_is_over_once(school, confidential, at):
    at("2026-12-07 23:50")
    sweeps.run(school_id=school.pk)
    assert again(confidential).is_open

    at("2026-12-08 00:10")
    sweeps.run(school_id=school.pk)
    closed = again(confidential)
    at("2026-12-08 00:25")
    sweeps.run(school_id=school.pk)

    assert closed.is_closed
    assert again(confidential).closed_at == closed.closed_at


def test_sweep_twice_keeps_anonymous_answers(client, school, anonymous, crowd, at):
    from tests.audits.test_anonymous import everyone_sends, texts

    everyone_sends(client, anonymous, crowd)
    at("2026-12-08 00:10")

    for _ in range(2):
        sweeps.run(school_id=school.pk)

    assert sorted(texts(anonymous)) == [f"Answer {number}" for number in range(10)]
    with school_scope(school):
        assert Response.objects.count() == 10


def test_round_with_a_first_day_to_come_opens_by_itself(desk, school, instrument, teacher, at):
    data = filled(people=[teacher.pk], opens_on="2026-12-01")
    response = desk.post(url(school, "needs:round_new", instrument.pk), data, follow=True)
    assert "It will open by itself" in response.text
    with school_scope(school):
        made = Round.objects.get()

    sweeps.run(school_id=school.pk)
    assert again(made).is_draft
    at("2026-12-01 00:10")
    for _ in range(2):
        sweeps.run(school_id=school.pk)

    assert again(made).is_open


def test_one_that_has_become_too_small_stays_a_draft(school, instrument, crowd, at):
    made = RoundFactory(
        school=school, instrument=instrument, mode="anonymous", asks=crowd,
        opens_on="2026-12-01", closes_on=clock.today() + timedelta(days=30),
        opens_by_itself=True,
    )  # fmt: skip
    with school_scope(school):
        Staff.objects.filter(pk=crowd[0].pk).update(ends_on=clock.today())
    at("2026-12-01 00:10")

    sweeps.run(school_id=school.pk)

    assert (again(made).state, again(made).opens_by_itself) == ("draft", False)


def test_sweep_that_fails_stops_no_other(school, confidential, at, monkeypatch, caplog):
    def fail(school, now):
        raise ZeroDivisionError

    monkeypatch.setattr(sweeps, "WORKS", {"bad": fail} | sweeps.WORKS)
    at("2026-12-08 00:10")

    sweeps.run(school_id=school.pk)

    assert again(confidential).is_closed
    assert "Sweep bad failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_real_worker_closes_it(worker, school, instrument, teacher):
    from cpdhub import queue

    made = RoundFactory(school=school, instrument=instrument, asks=[teacher], open=True)
    with school_scope(school):
        Round.objects.filter(pk=made.pk).update(
            opens_on=clock.today() - timedelta(days=20), closes_on=clock.today() - timedelta(days=1)
        )

    queue.publish("sweep_school", priority=queue.REMINDER, school_id=school.pk)

    worker.wait_for(lambda: again(made).is_closed)


# --- letters -------------------------------------------------------------------------------------
def letters(school):
    with school_scope(school):
        ours = OutboxMessage.objects.filter(subject__startswith="Still open")
        return list(ours.order_by("pk").values_list("to", flat=True))


def deliver(school):
    tasks.sweep_school(school_id=school.pk)
    with school_scope(school):
        due = list(Reminder.objects.due(clock.now()).values_list("pk", flat=True))
    tasks.deliver_reminders(school_id=school.pk, reminder_ids=due)


def test_two_letters_to_who_has_not_answered_and_no_third(school, confidential, teacher, at):
    days = ["2026-11-24", "2026-11-30", "2026-12-01", "2026-12-05", "2026-12-07"]
    sent = []
    for day in days:
        at(f"{day} 09:00")
        deliver(school)
        deliver(school)
        sent.append(len(letters(school)))

    # half-way is Monday 30 November; two days before the end is a Saturday, so Monday it is
    assert sent == [0, 1, 1, 1, 2]
    with school_scope(school):
        confidential.refresh_from_db()
        assert rounds.remind(confidential, now=clock.now()) == 0


def test_letter_says_who_reads_and_leads_to_the_first_section(school, confidential, teacher):
    with school_scope(school):
        reminder = Reminder.objects.create(
            school=school, staff=teacher, kind="audit", key="audit:x", object_id=confidential.pk,
            due_at=clock.now(),
        )  # fmt: skip
        letter = audit_reminders.letter(reminder)

    assert letter.subject == "Still open until 7 December: How are we"
    assert school.link("needs:answer", confidential.pk, 1) in letter.text
    assert "Confidential: only you" in letter.html


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
def test_who_has_answered_gets_no_letter(school, instrument, crowd, mode, at):
    made = RoundFactory(school=school, instrument=instrument, mode=mode, asks=crowd, open=True)
    with school_scope(school):
        Invitation.objects.filter(staff=crowd[0]).update(spent=True)
    at("2026-11-30 09:00")
    tasks.sweep_school(school_id=school.pk)
    with school_scope(school):
        Invitation.objects.filter(staff=crowd[1]).update(spent=True)

    deliver(school)

    assert sorted(letters(school)) == sorted(person.user.email for person in crowd[2:])
    assert made.pk


def test_closed_audit_sends_no_letter(school, confidential, at):
    at("2026-11-30 06:00")  # too early in the day: it waits
    tasks.sweep_school(school_id=school.pk)
    with school_scope(school):
        rounds.close(confidential, now=clock.now())
    at("2026-11-30 09:00")

    deliver(school)

    assert letters(school) == []


def test_leader_reminds_once_a_day(desk, school, confidential, teacher):
    there = url(school, "needs:round_remind", confidential.pk)

    first = desk.post(there, follow=True)
    desk.post(there)

    assert "A letter goes to 1 person" in first.text
    with school_scope(school):
        assert Reminder.objects.filter(kind="audit").count() == 1


def test_nobody_left_to_remind_is_said(desk, school, confidential):
    with school_scope(school):
        Invitation.objects.update(spent=True)

    response = desk.post(url(school, "needs:round_remind", confidential.pk), follow=True)

    assert "Nobody is left to remind" in response.text


def test_short_audits_are_not_reminded_of_at_once():
    opens = clock.today()

    for length, names in ((0, []), (2, []), (3, ["last"]), (14, ["halfway", "last"])):
        made = Round(opens_on=opens, closes_on=opens + timedelta(days=length))
        assert list(made.reminder_days()) == names, length


def test_kind_is_registered_and_is_no_prompt():
    assert not reminders.KINDS["audit"].is_prompt


# --- home ----------------------------------------------------------------------------------------
def lines(staff):
    with school_scope(staff.school):
        return [(line.text, line.why, line.minutes) for line in
                todo.lines_for(staff, now=clock.now())]  # fmt: skip


def test_home_asks_who_has_not_answered_one_click_from_the_first_section(
    sign_in, school, confidential, teacher
):
    assert lines(teacher) == [("Answer: How are we", "Confidential, until 7 December", 4)]
    page = sign_in(teacher).get(url(school, "home"))
    assert path(confidential) in page.text

    with school_scope(school):
        Invitation.objects.update(spent=True)
    assert lines(teacher) == []


def test_home_asks_nothing_of_drafts_closed_ones_and_others(school, instrument, teacher):
    InvitationFactory(school=school, staff=teacher)
    made = RoundFactory(school=school, instrument=instrument, asks=[teacher], open=True)
    RoundFactory(
        school=school, instrument=instrument, asks=[StaffFactory(school=school)], open=True
    )
    with school_scope(school):
        rounds.close(made, now=clock.now())

    assert lines(teacher) == []


def test_governor_without_post_is_not_asked(school, instrument):
    governor = StaffFactory(school=school, roles=[Role.GOVERNOR], group="")
    RoundFactory(school=school, instrument=instrument, asks=[governor, StaffFactory(school=school)],
                 open=True)  # fmt: skip

    assert governor.pk not in asked(school)
    assert lines(governor) == []


# --- the letter when it opens --------------------------------------------------------------------
def opening_letters(school):
    with school_scope(school):
        ours = OutboxMessage.objects.filter(subject__contains="minutes, until")
        return sorted(ours.values_list("to", flat=True))


def test_everybody_asked_gets_one_letter_when_it_opens_and_it_is_no_reminder(
    school, instrument, crowd, at
):
    made = RoundFactory(school=school, instrument=instrument, asks=crowd, open=True)
    with school_scope(school):
        Invitation.objects.filter(staff=crowd[0]).update(spent=True)

    for day in (23, 24):
        at(f"2026-11-{day} 09:00")
        deliver(school)

    assert opening_letters(school) == sorted(person.user.email for person in crowd[1:])
    with school_scope(school):
        assert not made.invitations.filter(reminded__gt=0).exists()
        text = OutboxMessage.objects.first().text
    assert school.link("needs:answer", made.pk, 1) in text
    assert "Confidential: only you" in text


def test_who_is_asked_later_gets_theirs_later_and_who_was_reminded_none(
    school, instrument, crowd, at
):
    made = RoundFactory(school=school, instrument=instrument, asks=crowd[:2], open=True)
    with school_scope(school):
        Invitation.objects.filter(staff=crowd[1]).update(reminded=1)
    deliver(school)
    with school_scope(school):
        rounds.invite(made, [crowd[2].pk])

    deliver(school)

    assert opening_letters(school) == sorted(crowd[n].user.email for n in (0, 2))


def test_draft_and_closed_audits_send_no_opening_letter(school, instrument, crowd, at):
    RoundFactory(school=school, instrument=instrument, asks=crowd)
    over = RoundFactory(school=school, instrument=instrument, asks=crowd, open=True)
    at("2026-11-23 06:00")  # too early in the day: it waits
    tasks.sweep_school(school_id=school.pk)
    with school_scope(school):
        rounds.close(over, now=clock.now())
    at("2026-11-23 09:00")

    deliver(school)

    assert opening_letters(school) == []
