"""An observation between two or three people, from asking to closed by everyone."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from cpdhub import clock, reminders
from cpdhub.models import LogEntry, OutboxMessage, Reminder
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from evaluation import observing
from evaluation.models import Observation, Observer
from tests.factories import (
    ActivityFactory,
    IntendedImpactFactory,
    ObservationFactory,
    ObservationReaderFactory,
    ObserverFactory,
    ParticipationFactory,
    StaffFactory,
)
from tests.helpers import url

FOCUS = "How pupils explain their answers"
NOTES = "Table by the window: “because the other half is bigger”"


@pytest.fixture
def people(school):
    return (
        StaffFactory(school=school, first_name="Tom", last_name="Reid"),
        StaffFactory(school=school, first_name="Ola", last_name="Roe"),
    )


@pytest.fixture
def held(school, people):
    """It took place yesterday between the two."""
    owner, observer = people
    observation = ObservationFactory(school=school, owner=owner, state="held", focus=FOCUS)
    ObserverFactory(school=school, observation=observation, staff=observer)
    return observation


def fresh(observation):
    with school_scope(observation.school):
        return Observation.objects.get(pk=observation.pk)


def page(observation, name="observation"):
    return url(observation.school, f"observations:{name}", observation.uuid)


def form_data(response):
    form = response.context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


def asked(whom, **other):
    today = clock.today()
    return {
        "whom": whom.pk, "kind": "one", "purpose": "developmental", "focus": FOCUS,
        "day": today.isoformat(), "starts": "09:30", **other,
    }  # fmt: skip


# --- asking -------------------------------------------------------------------------------------


def test_colleague_asks_a_chosen_observer_who_says_yes(school, sign_in, people):
    owner, observer = people
    client = sign_in(owner)

    response = client.post(url(school, "observations:ask"), asked(observer), follow=True)

    assert "Ola Roe will be asked" in response.text
    with school_scope(school):
        found = Observation.objects.get()
    assert (found.owner_id, found.state, found.focus) == (owner.pk, "asked", FOCUS)
    assert "waits for a yes from Ola Roe" in response.text
    response = sign_in(observer).post(page(found, "agree"), follow=True)
    assert "You said yes." in response.text
    assert fresh(found).state == "agreed"


def test_observer_offers_and_the_focus_is_the_colleagues(school, sign_in, people):
    owner, observer = people
    offer = asked(owner, focus="", day="", starts="")
    sign_in(observer).post(url(school, "observations:offer"), offer)
    with school_scope(school):
        found = Observation.objects.get()
    assert (found.owner_id, found.asked_by_id) == (owner.pk, observer.pk)
    assert found.owner_agreed_at is None

    client = sign_in(owner)
    response = client.post(page(found, "agree"))  # nothing is agreed without a focus and a day
    assert response.url == page(found, "arrange")
    response = client.post(page(found, "arrange"), {"focus": "", "revision": 1})
    assert "focus" in response.context["form"].errors
    day = {"day": clock.today().isoformat(), "starts": "10:00", "revision": 1}
    client.post(page(found, "arrange"), {"focus": FOCUS, **day})

    assert (fresh(found).state, fresh(found).focus) == ("agreed", FOCUS)


@pytest.mark.parametrize("who", ["owner", "observer"])
def test_no_needs_no_reason_and_tells_the_other(school, sign_in, people, who):
    owner, observer = people
    sign_in(observer).post(url(school, "observations:offer"), asked(owner))
    with school_scope(school):
        found = Observation.objects.get()
    person = owner if who == "owner" else observer

    client = sign_in(person)
    assert client.get(page(found, "withdraw")).status_code == 200
    client.post(page(found, "withdraw"))

    assert fresh(found).state == "withdrawn"
    with school_scope(school):
        told = Reminder.objects.get(key__endswith=" off")
        assert told.staff_id == (observer.pk if who == "owner" else owner.pk)


def test_focus_comes_from_what_an_activity_intends(school, sign_in, people):
    owner, observer = people
    activity = ActivityFactory(school=school, state="draft")
    IntendedImpactFactory(school=school, activity=activity, staff_will="Ask open questions")
    ParticipationFactory(school=school, activity=activity, staff=owner)
    with school_scope(school):
        activity.plan()
    client = sign_in(owner)

    response = client.get(url(school, "observations:ask") + f"?activity={activity.pk}")

    assert response.context["form"]["focus"].value() == "Ask open questions"
    client.post(url(school, "observations:ask"), asked(observer, activity=activity.pk))
    with school_scope(school):
        assert Observation.objects.get().activity == activity


def test_private_activity_is_named_to_its_owner_only(school, sign_in, people):
    owner, observer = people
    activity = ActivityFactory(school=school, title="Support for Tom", is_private=True)
    observation = ObservationFactory(school=school, owner=owner, activity=activity, state="agreed")
    ObserverFactory(school=school, observation=observation, staff=observer)

    assert "Support for Tom" in sign_in(owner).get(page(observation)).text
    assert "Support for Tom" not in sign_in(observer).get(page(observation)).text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("focus", "Grade for questioning", "“Grade” judges"),
        ("focus", "Pace, 1 to 4", "no numbers"),
        ("lines", "What pupils say\nOutstanding features", "“Outstanding” judges"),
        ("lines", "Red / amber / green", "colour"),
        ("purpose", "appraisal", "Select a valid choice"),
        ("day", "", "Say the day"),
        ("day", "9999-01-01", "Is the year right?"),
        ("second", "self", "Only where two watch"),
        ("kind", "joint", "choose the other one"),
    ],
)
def test_what_cannot_be_asked_says_why_beside_the_field(
    school, sign_in, people, field, value, says
):
    owner, observer = people
    if value == "self":
        value = observer.pk

    response = sign_in(owner).post(
        url(school, "observations:ask"), asked(observer) | {field: value}
    )

    assert response.status_code == 200
    errors = response.context["form"].errors
    assert says in " ".join(errors["second" if value == "joint" else field])
    with school_scope(school):
        assert not Observation.objects.exists()


def test_somebody_elsewhere_or_oneself_cannot_be_asked(school, sign_in, people, outsider):
    owner, _ = people

    for person in (owner, outsider):
        response = sign_in(owner).post(url(school, "observations:ask"), asked(person))
        assert "whom" in response.context["form"].errors


def test_support_staff_ask_and_watch_with_the_same_pages(school, sign_in):
    assistant = StaffFactory(school=school, group="assistant", first_name="Ada")
    higher = StaffFactory(school=school, group="assistant", first_name="Bea")

    sign_in(assistant).post(url(school, "observations:ask"), asked(higher))
    with school_scope(school):
        found = Observation.objects.get()
    client = sign_in(higher)
    client.post(page(found, "agree"))
    client.post(page(found, "notes"), {"revision": 1, "note-0": NOTES})

    assert fresh(found).state == "held"


def test_more_than_the_school_means_to_warns_both_sides(school, sign_in, people):
    owner, observer = people
    for _ in range(3):
        ObservationFactory(school=school, owner=owner, state="closed")
    ObservationFactory(school=school, owner=owner, state="closed", purpose="induction")
    client = sign_in(owner)

    assert "observed 3 times this year already" in client.get(url(school, "observations:ask")).text
    client.post(url(school, "observations:ask"), asked(observer))
    with school_scope(school):
        found = Observation.objects.get(state="asked")
    for person in people:
        assert "is observed 4 times this year" in sign_in(person).get(page(found)).text
    observation = ObservationFactory(school=school, owner=owner, purpose="induction")
    assert "times this year" not in sign_in(owner).get(page(observation)).text


# --- watching and writing -----------------------------------------------------------------------


def test_notes_are_written_on_the_day_and_say_that_it_took_place(school, sign_in, people):
    owner, observer = people
    tomorrow = clock.now() + timedelta(days=1)
    observation = ObservationFactory(
        school=school, owner=owner, state="agreed", focus=FOCUS, starts_at=tomorrow
    )
    ObserverFactory(school=school, observation=observation, staff=observer)
    client = sign_in(observer)
    data = {"revision": 1, "pupils_said": "We like talking first"}

    assert client.post(page(observation, "notes"), data).url == page(observation)
    assert fresh(observation).state == "agreed"
    with school_scope(school):
        Observation.objects.update(starts_at=clock.now())
    response = client.post(page(observation, "notes"), data, follow=True)

    assert "Tom Reid can read it" in response.text
    assert fresh(observation).state == "held"
    assert fresh(observation).notes_end_on == observing.end_of_next_year(clock.today())
    assert "We like talking first" in sign_in(owner).get(page(observation)).text


def test_notes_from_two_windows_are_both_kept_on_screen(sign_in, held, people):
    client = sign_in(people[1])
    client.post(page(held, "notes"), {"revision": 1, "pupils_said": "First"})

    response = client.post(page(held, "notes"), {"revision": 1, "pupils_said": "Second"})

    assert "another window" in response.text
    assert response.context["form"]["pupils_said"].value() == "Second"
    assert response.context["form"]["revision"].value() == 2


def test_notes_are_kept_while_somebody_types(school, sign_in, people):
    owner, observer = people
    observation = ObservationFactory(school=school, owner=owner, state="agreed")
    ObserverFactory(school=school, observation=observation, staff=observer)
    client = sign_in(observer)
    path = page(observation, "notes_draft")

    for text in ("They", "They talk"):
        kept = client.post(path, {"revision": 1, "pupils_said": text})
        assert "Saved" in kept.text
    assert "They talk" in client.get(page(observation, "notes")).text
    assert fresh(observation).state == "held"
    client.post(page(observation, "notes"), {"revision": 1, "pupils_said": "They talk more"})
    late = client.post(path, {"revision": 1, "pupils_said": "From another window"})
    assert "Press Save to see why" in late.text
    assert "They talk more" in sign_in(owner).get(page(observation)).text
    assert sign_in(owner).post(path, {"revision": 2, "pupils_said": "x"}).status_code == 404


def test_talk_changed_by_the_other_shows_both_texts(sign_in, held, people):
    owner, observer = people
    sign_in(owner).post(page(held, "talk"), {"revision": 1, "talk": "Mine"})

    response = sign_in(observer).post(page(held, "talk"), {"revision": 1, "talk": "Theirs"})

    assert response.context["form"].differences[0].theirs == "Mine"
    assert fresh(held).talk == "Mine"


def test_two_observers_write_apart_until_both_are_done(school, sign_in, people):
    owner, first = people
    second = StaffFactory(school=school)
    observation = ObservationFactory(school=school, owner=owner, state="held", kind="joint")
    for person in (first, second):
        ObserverFactory(school=school, observation=observation, staff=person)
    sign_in(first).post(
        page(observation, "notes"), {"revision": 1, "pupils_said": "Seen by one", "are_done": "on"}
    )

    assert "Seen by one" not in sign_in(second).get(page(observation)).text
    assert "Seen by one" in sign_in(owner).get(page(observation)).text
    sign_in(second).post(
        page(observation, "notes"), {"revision": 1, "pupils_said": "Seen by two", "are_done": "on"}
    )
    assert "Seen by one" in sign_in(second).get(page(observation)).text
    assert "Seen by two" in sign_in(first).get(page(observation)).text
    sign_in(first).post(page(observation, "talk"), {"revision": 1, "agreed_note": "Both saw it"})
    assert "Both saw it" in sign_in(owner).get(page(observation)).text


def test_video_needs_agreement_and_an_end(sign_in, held, people):
    client = sign_in(people[0])
    link = {"revision": 1, "video": "https://video.school.example/7"}

    errors = client.post(page(held, "own_words"), link).context["form"].errors
    assert set(errors) == {"everyone_agreed", "video_until"}
    link |= {"everyone_agreed": "on", "video_until": (clock.today()).isoformat()}
    client.post(page(held, "own_words"), link)
    assert "The video" in client.get(page(held)).text
    with school_scope(held.school):
        Observation.objects.update(video_until=clock.today() - timedelta(days=1))
    assert "The video" not in client.get(page(held)).text


def test_each_watches_the_other_in_turn(school, sign_in, people):
    owner, observer = people
    first = ObservationFactory(school=school, owner=owner, state="closed", kind="reciprocal")
    ObserverFactory(school=school, observation=first, staff=observer)
    assert "the other way round" in sign_in(owner).get(page(first)).text
    path = url(school, "observations:ask") + f"?return={first.uuid}"
    client = sign_in(observer)
    assert client.get(path).context["form"]["whom"].value() == owner.pk

    client.post(path, asked(owner, kind="reciprocal"))

    with school_scope(school):
        visit = Observation.objects.get(return_of=first)
    assert (visit.owner_id, visit.kind) == (observer.pk, "reciprocal")
    assert str(visit.uuid) in sign_in(owner).get(page(first)).text
    again = Observation(owner=owner, return_of=first, kind="reciprocal")
    with school_scope(school), pytest.raises(NotPossible):
        observing.ask(again, by=owner, observers=[observer], headings=[])
    stranger = sign_in(StaffFactory(school=school))
    assert "other way round" not in stranger.get(path).text


# --- closing and sharing ------------------------------------------------------------------------


def test_closed_by_both_it_is_the_owners_alone(school, sign_in, held, people):
    owner, observer = people
    client = sign_in(observer)
    assert "is closed once everyone has" in client.post(page(held, "close"), follow=True).text
    assert client.get(page(held)).status_code == 200

    assert "yours alone" in sign_in(owner).post(page(held, "close"), follow=True).text
    assert fresh(held).state == "closed"
    for name in ("observation", "notes", "talk"):
        assert sign_in(observer).get(page(held, name)).status_code == 404
    listed = sign_in(observer).get(url(school, "observations:list"))
    assert "closed, so it is Tom’s alone" in listed.text
    assert str(held.uuid) not in listed.text


def test_what_is_changed_is_closed_again_by_everyone(sign_in, held, people):
    owner, observer = people
    sign_in(observer).post(page(held, "close"))

    sign_in(owner).post(page(held, "talk"), {"revision": 1, "talk": "Something new"})
    sign_in(owner).post(page(held, "close"))

    assert fresh(held).state == "held"


def test_owner_need_not_wait_for_who_left_or_is_silent(school, held, people):
    owner, observer = people
    with school_scope(school):
        assert observing.close(held, by=owner).state == "held"
        Observation.objects.update(starts_at=clock.now() - timedelta(days=28))
        assert observing.close(held, by=owner).state == "closed"

    other = ObservationFactory(school=school, owner=owner, state="held")
    gone = StaffFactory(school=school, ends_on=clock.today())
    ObserverFactory(school=school, observation=other, staff=gone)
    with school_scope(school):
        assert observing.close(other, by=owner).state == "closed"


def test_owner_shares_with_people_and_takes_it_back(school, sign_in, held, people, head):
    owner, observer = people
    client = sign_in(owner)
    assert "Helen Head, head" in client.get(page(held, "share")).text

    client.post(page(held, "share"), {"readers": [head.pk]})
    assert sign_in(head).get(page(held)).status_code == 200
    assert sign_in(head).get(page(held, "talk")).status_code == 404  # reads, never writes
    successor = StaffFactory(school=school, roles=["head"])
    assert sign_in(successor).get(page(held)).status_code == 404
    opened = sign_in(owner).get(page(held))
    assert "Who opened it" in opened.text
    with school_scope(school):
        entry = LogEntry.objects.get(what="observation")
        assert (entry.by, entry.kind) == (head, "opened")

    client.post(page(held, "share"), {})
    assert sign_in(head).get(page(held)).status_code == 404


def test_nobody_outside_the_choice_can_be_chosen(sign_in, school, held, people):
    stranger = StaffFactory(school=school)

    response = sign_in(people[0]).post(page(held, "share"), {"readers": [stranger.pk]})

    assert "readers" in response.context["form"].errors


def test_owner_takes_the_notes_away_and_the_fact_stays(school, sign_in, held, people):
    owner, observer = people
    with school_scope(school):
        Observer.objects.update(notes=[{"heading": "Talk", "text": NOTES}], pupils_said=NOTES)
        Observation.objects.update(talk=NOTES, own_words=NOTES, next_step=NOTES)
    ObservationReaderFactory(school=school, observation=held, staff=StaffFactory(school=school))

    sign_in(owner).post(page(held, "destroy"))

    with school_scope(school):
        found = Observation.objects.get()
        assert not any(getattr(found, name) for name in Observation.TEXTS)
        assert (found.state, found.observers.get().has_written) == ("held", False)
        assert not found.readers.exists()
    assert NOTES not in sign_in(observer).get(page(held)).text
    assert sign_in(observer).post(page(held, "notes"), {"revision": 2, "pupils_said": "x"})
    assert sign_in(owner).get(page(held, "destroy")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_observers_and_the_owner_close_at_once(school):
    observation = ObservationFactory(school=school, state="held", kind="joint")
    people = [observation.owner, StaffFactory(school=school), StaffFactory(school=school)]
    for person in people[1:]:
        ObserverFactory(school=school, observation=observation, staff=person)
    start, failed = threading.Barrier(3), []

    def close(person):
        try:
            start.wait()
            with school_scope(school):
                observing.close(observation, by=person)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=close, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert fresh(observation).state == "closed"


def test_what_is_over_does_not_move(school, held, people):
    with school_scope(school):
        with pytest.raises(NotPossible):
            observing.withdraw(held, by=people[0])
        with pytest.raises(NotPossible):
            observing.arrange(held, by=people[0], headings=[])


# --- letters and pages --------------------------------------------------------------------------


def test_letters_say_who_and_when_and_nothing_that_was_written(school, sign_in, people):
    owner, observer = people
    sign_in(owner).post(url(school, "observations:ask"), asked(observer))
    with school_scope(school):
        found = Observation.objects.get()
        for reminder in Reminder.objects.all():
            reminders.deliver(school_id=school.pk, reminder_id=reminder.pk)

    with school_scope(school):
        reminder = Reminder.objects.get()
        assert reminder.staff == observer
        if reminder.state == Reminder.State.SENT:
            letter = OutboxMessage.objects.get()
            assert "Tom Reid asks you to come and watch" in letter.subject
            assert FOCUS not in letter.text
            assert str(found.uuid) in letter.text


@pytest.mark.parametrize("count", [1, 3])
def test_list_in_constant_queries(school, sign_in, people, django_assert_num_queries, count):
    owner, observer = people
    for state in ("asked", "held", "closed"):
        for _ in range(count):
            observation = ObservationFactory(school=school, owner=owner, state=state)
            ObserverFactory(school=school, observation=observation, staff=observer)
            theirs = ObservationFactory(school=school, owner=observer, state=state)
            ObserverFactory(school=school, observation=theirs, staff=owner)
    client = sign_in(owner)

    with django_assert_num_queries(24):  # 13 of the frame; open, closed, watched with their people
        response = client.get(url(school, "observations:list"))

    assert len(response.context["open"]) == 4 * count
    assert len(response.context["mine"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_page_in_constant_queries(school, sign_in, people, django_assert_num_queries, count):
    owner, _ = people
    observation = ObservationFactory(school=school, owner=owner, state="held")
    for _ in range(count):
        ObserverFactory(school=school, observation=observation)
        ObservationReaderFactory(school=school, observation=observation)
    client = sign_in(owner)

    with django_assert_num_queries(19):  # 13 of the frame
        client.get(page(observation))


def test_nothing_yet_says_what_it_is_for(school, sign_in, teacher):
    assert "Nobody has watched yet" in sign_in(teacher).get(url(school, "observations:list")).text
