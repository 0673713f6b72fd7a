"""The demo school: there for newcomers, never near real data."""

import pytest
from django.core.management import CommandError, call_command

from activities.models import Activity, Session
from audits.models import Answer, Need, Response, Result, Round
from cpdhub import clock
from cpdhub.models import Milestone, Priority, School, Staff, User
from cpdhub.roof.demo import audits, schools
from cpdhub.walls import school_scope
from evaluation.models import Reflection


@pytest.fixture
def demo(db):
    call_command("seed_demo", verbosity=0)
    return School.objects.get(slug="oakfield-primary")


def test_demo_school_has_believable_people(demo):
    today = clock.today()

    with school_scope(demo):
        assert Staff.objects.live(today).on_staff().count() == 60
        groups = set(Staff.objects.on_staff().values_list("group", flat=True))
        assert groups == {"teacher", "assistant", "support"}
    riverside = School.objects.get(slug="riverside-secondary")
    with school_scope(riverside):
        assert Staff.objects.live(today).on_staff().count() == 120


def test_every_promised_sign_in_works(demo, client):
    locals_ = ["head", "cpd", "team", "teacher", "ta", "office", "governor", "data"]
    addresses = [f"{local}@oakfield.example" for local in locals_]

    for address in [*addresses, "admin@hub.example", "cpd@riverside.example"]:
        assert User.objects.get(email=address).check_password(schools.PASSWORD)


def test_cpd_leader_of_one_school_is_a_teacher_in_the_other(demo):
    riverside = School.objects.get(slug="riverside-secondary")

    with school_scope(riverside):
        assert Staff.objects.get(user__email="cpd@oakfield.example").roles == []


@pytest.mark.parametrize("day", ["2026-11-26", "2027-02-28", "2027-08-15"])
def test_demo_shows_what_goes_well_and_what_is_missing_on_any_day(at, db, day):
    now = at(f"{day} 12:00")
    call_command("seed_demo", verbosity=0)

    with school_scope(School.objects.get(slug="oakfield-primary")):
        assert Priority.objects.filter(state="draft").exists()
        assert Session.objects.without_register(now=now).count() == 2
        assert Activity.objects.happening().without_intended_impact().exists()
        assert Milestone.objects.overdue(today=clock.today()).exists()
        reflections = Reflection.objects.all()
        assert 0 < reflections.shared().count() < reflections.count()


def test_oakfield_has_a_closed_audit_and_an_open_survey(demo):
    with school_scope(demo):
        climate, digital = Round.objects.with_rate().order_by("mode")
        assert (digital.mode, digital.state) == ("confidential", "closed")
        assert 0.6 < digital.answered / digital.invited < 1
        assert (climate.mode, climate.state) == ("anonymous", "open")
        assert 0.3 < climate.answered / climate.invited < 0.7
        assert Response.objects.counted().count() == digital.answered + climate.answered
        assert set(Result.objects.values_list("round", flat=True)) == {digital.pk}
        values = set(Answer.objects.values_list("value", flat=True))
    assert {1, 2, 3, 4} <= values


@pytest.mark.parametrize("day", ["2026-09-03", "2026-11-26"])
def test_oakfield_has_needs_that_are_met_answered_and_waiting(at, db, day):
    at(f"{day} 12:00")
    call_command("seed_demo", verbosity=0)

    with school_scope(School.objects.get(slug="oakfield-primary")):
        assert set(Need.objects.by_status()) >= {"met", "agreed", "identified"}
        assert Need.objects.filter(status__in=["planned", "being_met"]).exists()
        assert Activity.objects.happening().without_need().exists()


def test_demo_gives_the_same_answers_every_time(demo):
    with school_scope(demo):
        crew = list(Staff.objects.order_by("pk"))
        audits.ask(demo, crew, now=clock.now(), today=clock.today())

        for mode in ("confidential", "anonymous"):
            first, again = (
                sorted(
                    Answer.objects.filter(response__round=made).values_list(
                        "question", "value", "text", "response__group"
                    ),
                    key=str,
                )
                for made in Round.objects.filter(mode=mode)
            )
            assert first == again


def test_seeding_twice_changes_nothing(demo):
    with school_scope(demo):
        before = Activity.objects.count()

    call_command("seed_demo", verbosity=0)

    with school_scope(demo):
        assert Activity.objects.count() == before


def test_seeding_is_refused_outside_a_trial(db, settings):
    settings.DEBUG = settings.TRIAL = settings.TESTING = False

    with pytest.raises(CommandError, match="not a trial"):
        call_command("seed_demo")
