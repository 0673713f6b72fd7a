"""Writing, sharing, reading and deleting reflections."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import LogEntry
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation.models import Reflection, ReflectionOpening, ReflectionReader
from tests.evaluation.pages import readers_of, save, send, the_only_reflection
from tests.factories import (
    ActivityFactory,
    ReflectionFactory,
    ReflectionReaderFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url


@pytest.fixture
def priya(school):
    return StaffFactory(school=school, first_name="Priya", last_name="Shah")


@pytest.fixture
def tom(school, priya, cpd_leader):
    """A teacher whose line manager is Priya, in a school whose CPD leader is Carla."""
    return StaffFactory(school=school, first_name="Tom", last_name="Reid", line_manager=priya)


@pytest.fixture
def activity(school):
    return ActivityFactory(school=school, title="Modelling talk", state="planned")


@pytest.fixture
def began(activity):
    """`began(3)`: the activity's first session was three days ago."""

    def began(days):
        start = at_four(clock.today() - timedelta(days=days))
        return SessionFactory(
            school=activity.school,
            activity=activity,
            starts_at=start,
            ends_at=start + timedelta(hours=1),
        )

    return began


# --- writing ------------------------------------------------------------------------------------
def test_page_offers_readers_by_name_and_only_me_first(sign_in, tom, school):
    response = sign_in(tom).get(url(school, "reflections:write"))

    assert [label for _, label in response.context["form"].fields["who"].choices] == [
        "Only me",
        "My line manager, Priya Shah",
        "CPD leader, Carla Leader",
        f"Everyone at {school}",
    ]
    assert response.context["form"].initial["who"] == "only_me"


def test_page_without_line_manager_leaves_the_choice_out_and_says_so(sign_in, teacher, school):
    response = sign_in(teacher).get(url(school, "reflections:write"))

    assert [value for value, _ in response.context["form"].fields["who"].choices] == [
        "only_me",
        "everyone",
    ]
    assert "No line manager is entered for you" in response.text


def test_line_manager_who_has_left_is_not_offered(sign_in, tom, priya, school):
    with school_scope(school):
        priya.ends_on = clock.today()
        priya.save()

    response = sign_in(tom).get(url(school, "reflections:write"))

    assert "Priya" not in response.text


def test_saving_keeps_the_text_private_unless_told_otherwise(sign_in, tom, school, activity):
    response = save(sign_in(tom), url(school, "reflections:for_activity", activity.pk), learned="A")

    kept = the_only_reflection(school)
    assert (kept.owner, kept.activity, kept.learned) == (tom, activity, "A")
    assert (kept.audience, kept.shared_at, kept.draft) == ("only_me", None, {})
    assert response.url == url(school, "reflections:reflection", kept.uuid)


def test_second_visit_continues_the_first(sign_in, tom, school, activity):
    client, path = sign_in(tom), url(school, "reflections:for_activity", activity.pk)
    save(client, path, learned="A")
    save(client, path, will_try="B", learned="A")

    kept = the_only_reflection(school)
    assert (kept.will_try, kept.learned) == ("B", "A")


def test_free_standing_takes_its_title_from_the_address(sign_in, tom, school):
    client, path = sign_in(tom), url(school, "reflections:write")
    save(client, f"{path}?about=Guided+reading", learned="Pace")

    kept = the_only_reflection(school)
    assert (kept.about, kept.activity) == ("Guided reading", None)


def test_same_form_sent_twice_has_one_effect(sign_in, tom, school):
    client, path = sign_in(tom), url(school, "reflections:write")
    form = client.get(path).context["form"].initial
    sent = {"ticket": form["ticket"], "revision": "1", "who": "everyone", "learned": "Once"}

    first, second = client.post(path, sent), client.post(path, sent)

    assert first.url == second.url
    assert the_only_reflection(school).learned == "Once"


def test_empty_save_does_nothing_and_says_so(sign_in, tom, school, activity):
    path = url(school, "reflections:for_activity", activity.pk)
    response = save(sign_in(tom), path, learned="  ")

    assert "There is nothing to save yet" in response.text
    with school_scope(school):
        assert Reflection.objects.count() == 0


def test_emptied_reflection_is_not_kept_readable_but_deletion_is_offered(sign_in, tom, school):
    shared = ReflectionFactory(school=school, owner=tom, audience="everyone")

    response = save(sign_in(tom), url(school, "reflections:edit", shared.uuid), will_try="")

    assert response.url == url(school, "reflections:delete", shared.uuid)


def test_too_long_a_text_is_refused_and_kept(sign_in, tom, school):
    response = save(sign_in(tom), url(school, "reflections:write"), learned="long" * 2501)

    assert "at most 10000 characters" in response.text
    assert response.text.count("long") >= 2501
    assert the_only_reflection(school).saved_at is None


@pytest.mark.parametrize(("days", "is_asked"), [(0, False), (6, False), (7, True), (30, True)])
def test_pupils_are_asked_about_a_week_after_the_first_session(
    sign_in, tom, school, activity, began, days, is_asked
):
    began(days)

    response = sign_in(tom).get(url(school, "reflections:for_activity", activity.pk))

    assert ("seen_in_pupils" in response.context["form"].fields) == is_asked


@pytest.mark.parametrize(("days", "is_asked"), [(6, False), (7, True)])
def test_pupils_are_asked_about_a_week_after_free_standing_writing(
    sign_in, tom, school, days, is_asked
):
    mine = ReflectionFactory(
        school=school, owner=tom, written_on=clock.today() - timedelta(days=days)
    )

    response = sign_in(tom).get(url(school, "reflections:edit", mine.uuid))

    assert ("seen_in_pupils" in response.context["form"].fields) == is_asked


def test_what_was_seen_in_pupils_stays_on_the_page(sign_in, tom, school):
    mine = ReflectionFactory(school=school, owner=tom, seen_in_pupils="Fuller sentences")

    response = sign_in(tom).get(url(school, "reflections:edit", mine.uuid))

    assert "Fuller sentences" in response.text


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_does_not_happen_is_not_reflected_on(sign_in, tom, school, activity, state):
    with school_scope(school):
        Activity.objects.filter(pk=activity.pk).update(
            state=state, cancelled_because="Snow" if state == "cancelled" else ""
        )

    response = sign_in(tom).get(url(school, "reflections:for_activity", activity.pk))

    assert response.status_code == 404


def test_colleagues_own_learning_is_not_reflected_on_by_others(sign_in, head, tom, school):
    own = ActivityFactory(
        school=school, owner=tom, is_own_learning=True, was_logged=True, state="finished"
    )
    path = url(school, "reflections:for_activity", own.pk)

    assert sign_in(head).get(path).status_code == 404
    assert sign_in(tom).get(path).status_code == 200


# --- sharing ------------------------------------------------------------------------------------
def test_sharing_stores_the_person(sign_in, tom, priya, school):
    save(
        sign_in(tom), url(school, "reflections:write"), learned="A", who=f"line_manager-{priya.pk}"
    )

    kept = the_only_reflection(school)
    assert (kept.audience, readers_of(kept)) == ("line_manager", [priya])


def test_successor_in_the_role_sees_nothing_older(sign_in, tom, priya, cpd_leader, school):
    path = url(school, "reflections:write")
    save(sign_in(tom), path, learned="A", who=f"cpd_leader-{cpd_leader.pk}")
    kept = the_only_reflection(school)
    successor = StaffFactory(school=school, roles=[Role.CPD_LEADER])
    with school_scope(school):
        tom.line_manager = successor
        tom.save()
    page = url(school, "reflections:reflection", kept.uuid)

    assert sign_in(successor).get(page).status_code == 404
    assert sign_in(priya).get(page).status_code == 404
    assert sign_in(cpd_leader).get(page).status_code == 200


def test_role_that_changed_hands_while_writing_is_not_shared_with(sign_in, tom, priya, school):
    client, path = sign_in(tom), url(school, "reflections:write")
    client.get(path)
    successor = StaffFactory(school=school, first_name="Sam", last_name="New")
    with school_scope(school):
        tom.line_manager = successor
        tom.save()

    response = save(client, path, learned="A secret", who=f"line_manager-{priya.pk}")

    assert "The people you could choose from have changed" in response.text
    assert "A secret" in response.text
    assert the_only_reflection(school).audience == "only_me"


def test_changing_the_text_keeps_readers_when_the_line_manager_changed(sign_in, tom, priya, school):
    client = sign_in(tom)
    save(client, url(school, "reflections:write"), learned="A", who=f"line_manager-{priya.pk}")
    kept = the_only_reflection(school)
    with school_scope(school):
        tom.line_manager = StaffFactory(school=school, first_name="Sam", last_name="New")
        tom.save()
    path = url(school, "reflections:edit", kept.uuid)

    assert "As it is now: Priya Shah" in client.get(path).text
    save(client, path, learned="Better", who=f"as_now-{priya.pk}")

    kept = the_only_reflection(school)
    assert (kept.learned, kept.audience, readers_of(kept)) == ("Better", "line_manager", [priya])


def test_narrowing_takes_reading_away_at_once(sign_in, tom, priya, school):
    client = sign_in(tom)
    save(client, url(school, "reflections:write"), learned="A", who=f"line_manager-{priya.pk}")
    kept = the_only_reflection(school)
    page = url(school, "reflections:reflection", kept.uuid)
    assert sign_in(priya).get(page).status_code == 200

    save(sign_in(tom), url(school, "reflections:edit", kept.uuid), learned="A", who="only_me")

    assert sign_in(priya).get(page).status_code == 404
    assert readers_of(kept) == []


@pytest.mark.parametrize("who", ["line_manager", "line_manager-999", "anyone", "cpd_leader-", ""])
def test_made_up_reader_is_refused_beside_the_field(sign_in, tom, school, who):
    response = save(sign_in(tom), url(school, "reflections:write"), learned="A", who=who)

    assert response.context["form"].errors.keys() == {"who"}
    assert the_only_reflection(school).audience == "only_me"


def test_extra_fields_change_nothing(sign_in, tom, priya, school, other_school):
    save(
        sign_in(tom),
        url(school, "reflections:write"),
        learned="A",
        owner=priya.pk,
        school=other_school.pk,
        audience="everyone",
        shared_at="2026-01-01",
        readers=priya.pk,
        activity=1,
    )

    kept = the_only_reflection(school)
    assert (kept.owner, kept.audience, kept.shared_at, readers_of(kept), kept.activity) == (
        tom, "only_me", None, [], None
    )  # fmt: skip


def test_saved_on_another_device_meanwhile_is_compared_not_overwritten(sign_in, tom, school):
    mine = ReflectionFactory(school=school, owner=tom, will_try="First")
    client, path = sign_in(tom), url(school, "reflections:edit", mine.uuid)
    save(client, path, will_try="From the phone")

    response = send(client, path, will_try="From the desk", revision=1, who="only_me")

    assert "on another device" in response.text
    assert "From the phone" in response.text
    assert "From the desk" in response.text
    assert the_only_reflection(school).will_try == "From the phone"


def test_old_page_never_widens_again_what_was_narrowed(sign_in, tom, school):
    shared = ReflectionFactory(school=school, owner=tom, will_try="A", audience="everyone")
    client, path = sign_in(tom), url(school, "reflections:edit", shared.uuid)
    save(client, path, will_try="A", who="only_me")

    response = send(client, path, will_try="A", revision=1, who="everyone")

    assert response.status_code == 200
    assert the_only_reflection(school).audience == "only_me"


# --- reading ------------------------------------------------------------------------------------
def test_opening_is_remembered_once_and_shown_to_the_owner(sign_in, tom, priya, school):
    shared = ReflectionFactory(school=school, owner=tom, audience="everyone", learned="Pace")
    page = url(school, "reflections:reflection", shared.uuid)

    for _ in range(2):
        assert "Pace" in sign_in(priya).get(page).text
    response = sign_in(tom).get(page)

    with school_scope(school):
        assert [opening.staff for opening in ReflectionOpening.objects.all()] == [priya]
        entries = LogEntry.objects.filter(kind="opened").values_list(
            "by", "what", "object_id", "note"
        )
        assert list(entries) == [(priya.pk, "reflection", str(shared.pk), "")] * 2
    assert [opening.staff for opening in response.context["openings"]] == [priya]


def test_reader_does_not_learn_who_else_reads(sign_in, tom, priya, cpd_leader, school):
    shared = ReflectionFactory(school=school, owner=tom, audience="everyone")
    ReflectionReaderFactory(school=school, reflection=shared, staff=cpd_leader)

    response = sign_in(priya).get(url(school, "reflections:reflection", shared.uuid))

    assert "Carla" not in response.text


def test_private_and_missing_answer_alike(sign_in, tom, head, priya, school):
    private = ReflectionFactory(school=school, owner=tom)
    missing = "00000000-0000-4000-8000-000000000000"

    for person in (head, priya):
        client = sign_in(person)
        for view in ("reflection", "edit", "delete"):
            answers = [
                client.get(url(school, f"reflections:{view}", uuid))
                for uuid in (private.uuid, missing)
            ]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content


def test_made_up_ticket_tells_nothing_about_a_private_reflection(sign_in, tom, head, school):
    ReflectionFactory(school=school, owner=tom)
    client = sign_in(tom)
    stolen = client.get(url(school, "reflections:write")).context["form"].initial["ticket"]
    client = sign_in(head)
    draft = url(school, "reflections:draft")

    for ticket in (stolen, "made-up", ""):
        response = client.post(draft, {"ticket": ticket, "revision": "1", "learned": "x"})
        assert response.status_code == 404
    with school_scope(school):
        assert Reflection.objects.owned_by(head).count() == 0


# --- deleting -----------------------------------------------------------------------------------
def test_deleting_asks_first_and_leaves_nothing(sign_in, tom, priya, school):
    shared = ReflectionFactory(school=school, owner=tom, audience="everyone")
    ReflectionReaderFactory(school=school, reflection=shared, staff=priya)
    client, path = sign_in(tom), url(school, "reflections:delete", shared.uuid)

    assert "No copy is kept" in client.get(path).text
    assert client.post(path).url == url(school, "reflections:list")

    with school_scope(school):
        assert (Reflection.objects.count(), ReflectionReader.objects.count()) == (0, 0)


def test_reader_cannot_change_or_delete(sign_in, tom, priya, school):
    shared = ReflectionFactory(school=school, owner=tom, audience="everyone", learned="Mine")

    for view in ("edit", "delete"):
        path = url(school, f"reflections:{view}", shared.uuid)
        assert sign_in(priya).post(path, {"learned": "Theirs", "who": "only_me"}).status_code == 404

    assert the_only_reflection(school).learned == "Mine"


# --- what the database refuses ------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"audience": "everyone", "shared_at": None},
        {"audience": "everyone", "saved_at": None, "draft_at": None},
        {"saved_at": None, "draft_at": None},
    ],
)
def test_impossible_reflection_is_refused(tom, school, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReflectionFactory(school=school, owner=tom, **fields)


def test_two_reflections_of_one_person_on_one_activity_are_refused(tom, school, activity):
    ReflectionFactory(school=school, owner=tom, activity=activity)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReflectionFactory(school=school, owner=tom, activity=activity)
