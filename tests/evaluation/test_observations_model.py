"""What must never be true of an observation is refused by the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from cpdhub.walls import school_scope
from evaluation.models import Observation
from tests.factories import (
    LearningWalkFactory,
    LookForFactory,
    ObservationFactory,
    ObservationFocusFactory,
    ObservationReaderFactory,
    ObserverFactory,
    StaffFactory,
)


def change(observation, **fields):
    with school_scope(observation.school):
        Observation.objects.filter(pk=observation.pk).update(**fields)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refuses(deed, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        deed()


@pytest.mark.parametrize("purpose", ["appraisal", "capability", "performance", ""])
def test_no_observation_is_for_appraisal(school, purpose):
    refuses(lambda: ObservationFactory(school=school, purpose=purpose), "no_appraisal")


@pytest.mark.parametrize("purpose", ["appraisal", "induction"])
def test_what_it_is_for_never_changes(school, purpose):
    observation = ObservationFactory(school=school)

    refuses(lambda: change(observation, purpose=purpose), "never changes|no_appraisal")


def test_whose_it_is_never_changes(school):
    observation = ObservationFactory(school=school)
    other = StaffFactory(school=school)

    refuses(lambda: change(observation, owner=other), "never changes")


@pytest.mark.parametrize(
    "heading", ["Outstanding features", "Grade for behaviour", "Pace 1-4", "90% on task", "★★★"]
)
def test_headings_hold_no_grade_whatever_wrote_them(school, heading):
    observation = ObservationFactory(school=school)

    refuses(lambda: ObservationFactory(school=school, focus=heading), "focus_is_no_grade")
    refuses(
        lambda: ObservationFocusFactory(school=school, observation=observation, heading=heading),
        "heading_is_no_grade",
    )
    refuses(lambda: LookForFactory(school=school, heading=heading), "look_for_is_no_grade")
    refuses(lambda: LookForFactory(school=school, hint=heading), "look_for_is_no_grade")
    refuses(lambda: LearningWalkFactory(school=school, focus=heading), "walk_focus_is_no_grade")


def test_headings_may_name_a_class(school):
    ObservationFactory(school=school, focus="What Year 4 say about fractions in room 12")
    ObservationFactory(school=school, focus="How pupils of class 7B begin: KS3 science")


def test_the_focus_is_agreed_before_anybody_watches(school):
    observation = ObservationFactory(school=school, focus="")

    refuses(lambda: change(observation, state="agreed"), "focus_is_agreed_first")


def test_notes_are_only_of_what_took_place_and_are_gone_when_they_are(school):
    asked = ObservationFactory(school=school)
    held = ObservationFactory(school=school, state="held", talk="We looked at the stems")

    refuses(lambda: change(asked, talk="Before it took place"), "notes_only_of_what_took_place")
    refuses(lambda: change(held, notes_gone_at="2026-01-01T00:00Z"), "notes_only_of_what_took")
    refuses(lambda: change(held, notes_end_on=None), "notes_have_an_end")


def test_it_is_closed_by_everyone_or_not_at_all(school):
    observation = ObservationFactory(school=school, state="held")
    ObserverFactory(school=school, observation=observation)
    done = {"state": "closed", "closed_at": "2026-01-01T00:00Z"}

    refuses(lambda: change(observation, **done), "closed_observation_has_a_moment|by everyone")
    done["owner_closed_at"] = "2026-01-01T00:00Z"
    refuses(lambda: change(observation, **done), "closed by everyone")


def test_states_go_one_way(school):
    closed = ObservationFactory(school=school, state="closed")
    asked = ObservationFactory(school=school)

    refuses(lambda: change(closed, state="held", closed_at=None), "transition")
    refuses(lambda: change(asked, state="held", notes_end_on="2027-08-31"), "transition")


def test_nobody_observes_themselves(school):
    observation = ObservationFactory(school=school)

    refuses(
        lambda: ObserverFactory(school=school, observation=observation, staff=observation.owner),
        "nobody observes themselves",
    )


def test_agreed_look_fors_stay_as_they_are(school):
    item = LookForFactory(school=school)

    def change_it():
        with school_scope(school):
            item.heading = "Something else"
            item.save()

    refuses(change_it, "agree a new version")


@pytest.mark.parametrize("state", ["asked", "agreed", "held", "closed", "withdrawn"])
def test_no_role_opens_anybody_elses(school, state):
    roles = ["head", "cpd_leader", "team_leader", "governor", "data_manager"]
    leader = StaffFactory(school=school, roles=roles)
    owner = StaffFactory(school=school, line_manager=leader)
    observation = ObservationFactory(school=school, owner=owner, state=state)
    observer = ObserverFactory(school=school, observation=observation).staff

    with school_scope(school):
        assert not Observation.objects.visible_to(leader).exists()
        assert Observation.objects.visible_to(owner).exists()
        assert Observation.objects.visible_to(observer).exists() == (state != "closed")

    ObservationReaderFactory(school=school, observation=observation, staff=leader)
    with school_scope(school):
        assert Observation.objects.visible_to(leader).exists()
