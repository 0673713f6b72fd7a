"""What becomes of an observation, and of an open page, when somebody changes it meanwhile."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cpdhub import clock
from cpdhub.models import Reminder
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from evaluation import observing
from evaluation.models import Observation, Observer
from evaluation.views.observation import fetch_own
from tests.factories import (
    ActivityFactory,
    ObservationFactory,
    ObservationFocusFactory,
    ObserverFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
)
from tests.helpers import url

FOCUS = "How pupils explain their answers"


@pytest.fixture
def people(school):
    return StaffFactory(school=school, first_name="Tom"), StaffFactory(school=school)


def between(school, people, state, **fields):
    owner, observer = people
    found = ObservationFactory(
        school=school, owner=owner, asked_by=owner, state=state, focus=FOCUS,
        starts_at=clock.now().replace(second=0, microsecond=0), **fields,
    )  # fmt: skip
    ObserverFactory(school=school, observation=found, staff=observer)
    ObservationFocusFactory(school=school, observation=found, heading="What pupils did")
    return found


def fresh(observation):
    with school_scope(observation.school):
        return Observation.objects.get(pk=observation.pk)


def page(observation, name="observation"):
    return url(observation.school, f"observations:{name}", observation.uuid)


def sent(response, **changed):
    form = response.context["form"]
    now = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in now.items() if value is not None} | changed


# --- notes that were taken away -------------------------------------------------------------------


def test_notes_taken_away_stay_away(school, sign_in, people):
    owner, observer = people
    found = between(school, people, "held")
    with school_scope(school):
        observing.destroy_notes(found)
        assert Observer.objects.get().revision == 2

    client = sign_in(observer)
    for name in ("notes", "notes_draft", "talk"):
        data = {"revision": 2, "pupils_said": "Again", "talk": "Again"}
        assert client.post(page(found, name), data).status_code == 404
    assert sign_in(owner).post(page(found, "own_words"), {"revision": 2}).status_code == 404
    with school_scope(school):
        assert not Observer.objects.get().has_written
        with pytest.raises(NotPossible):
            observing.save_notes(Observer.objects.get(), notes=[], pupils_said="Again")
        with pytest.raises(NotPossible):
            observing.share(found, readers=[observer])


def test_notes_taken_away_while_the_talk_is_sent_are_no_error(school, sign_in, people, monkeypatch):
    found = between(school, people, "held")
    client = sign_in(people[1])

    def fetch_then_destroy(request, uuid, **kwargs):
        line = fetch_own(request, uuid, **kwargs)
        observing.destroy_notes(line.observation)
        return line

    monkeypatch.setattr("evaluation.views.observation_notes.fetch_own", fetch_then_destroy)
    response = client.post(page(found, "talk"), {"revision": 1, "talk": "Mine"})

    assert "taken away" in response.text
    assert response.context["form"]["talk"].value() == "Mine"
    assert fresh(found).talk == ""


def test_whoever_writes_holds_the_observation_first(school, sign_in, people):
    """As closing does, so that the two never wait for each other."""
    found = between(school, people, "held")
    client = sign_in(people[1])

    def held_by(send):
        with CaptureQueriesContext(connection) as queries:
            send()
        locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
        return [
            "observer" if 'FROM "evaluation_observer"' in sql else "observation"
            for sql in locks
            if "evaluation_observ" in sql
        ]

    assert held_by(lambda: client.get(page(found, "notes"))) == []
    data = {"revision": 1, "pupils_said": "Said"}
    for name in ("notes_draft", "notes"):
        order = held_by(lambda name=name: client.post(page(found, name), data))
        assert order[:2] == ["observation", "observer"]


# --- another focus, another yes -------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"focus": "Who speaks to whom"}, {"lines": "Who speaks"}])
def test_another_focus_asks_the_others_again(school, sign_in, people, change):
    owner, observer = people
    found = between(school, people, "agreed")
    client = sign_in(owner)

    data = sent(client.get(page(found, "arrange")), **change)
    response = client.post(page(found, "arrange"), data, follow=True)

    assert "asked for their yes again" in response.text
    assert fresh(found).state == "asked"
    with school_scope(school):
        assert Reminder.objects.get().staff == observer
        assert "changed" in Reminder.objects.get().key
    for revision in (2, 3):  # each time it is agreed there is a letter
        with school_scope(school):
            Observation.objects.filter(pk=found.pk).update(state="asked", revision=revision)
            Observer.objects.update(agreed_at=None)
        sign_in(observer).post(page(found, "agree"))
        assert fresh(found).state == "agreed"
    with school_scope(school):
        assert Reminder.objects.filter(staff=owner, key__contains="agreed").count() == 2


def test_observer_who_changes_the_focus_needs_the_owners_yes(school, sign_in, people):
    _, observer = people
    found = between(school, people, "agreed")
    client = sign_in(observer)

    data = sent(client.get(page(found, "arrange")), focus="Who speaks to whom")
    client.post(page(found, "arrange"), data)

    assert (fresh(found).state, fresh(found).owner_agreed_at) == ("asked", None)
    with school_scope(school):
        assert Observer.objects.get().agreed_at


def test_another_place_or_nothing_new_leaves_the_yes(school, sign_in, people):
    found = between(school, people, "agreed")
    client = sign_in(people[0])

    for change in ({}, {"place": "Room 12"}):
        data = sent(client.get(page(found, "arrange")), **change)
        client.post(page(found, "arrange"), data)
        assert fresh(found).state == "agreed"
    with school_scope(school):
        assert "moved" in Reminder.objects.get().key


def test_white_space_in_a_focus_is_no_error(school, sign_in, people):
    found = between(school, people, "agreed")
    client = sign_in(people[0])

    data = sent(client.get(page(found, "arrange")), focus="How Year  4\u00a0pupils explain")
    client.post(page(found, "arrange"), data)

    assert fresh(found).focus == "How Year 4 pupils explain"


# --- again, and from an activity ------------------------------------------------------------------


def test_visit_that_was_called_off_can_be_arranged_again(school, sign_in, people):
    owner, observer = people
    first = between(school, people, "closed", kind="reciprocal")
    visit = ObservationFactory(
        school=school, owner=observer, kind="reciprocal", state="agreed", return_of=first
    )
    ObserverFactory(school=school, observation=visit, staff=owner)
    client = sign_in(owner)
    client.post(page(visit, "withdraw"))

    assert f"?return={first.uuid}" in client.get(page(first)).text
    offer = {
        "whom": observer.pk, "kind": "reciprocal", "purpose": "developmental", "focus": "",
        "day": clock.today().isoformat(), "starts": "09:30",
    }  # fmt: skip
    client.post(url(school, "observations:offer") + f"?return={first.uuid}", offer)

    with school_scope(school):
        assert Observation.objects.get(return_of=first).state == "asked"


def test_only_who_takes_part_is_offered_to_ask_somebody_to_watch(school, sign_in, people):
    lead, person = people
    activity = ActivityFactory(school=school, state="planned", lead=lead)
    SessionFactory(school=school, activity=activity, starts_at=clock.now())
    ParticipationFactory(school=school, activity=activity, staff=person)
    path = url(school, "activities:activity", activity.pk)

    assert "Ask somebody to watch" in sign_in(person).get(path).text
    assert "Ask somebody to watch" not in sign_in(lead).get(path).text
