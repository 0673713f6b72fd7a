"""Typing is kept for the person who types, and publishes nothing."""

import pytest

from cpdhub.walls import school_scope
from evaluation.models import Reflection
from tests.evaluation.pages import save, the_only_reflection
from tests.factories import ActivityFactory, ReflectionFactory, StaffFactory
from tests.helpers import url


@pytest.fixture
def keep(sign_in, school):
    """`keep(staff, path, learned="A")` types into the page at this path and waits a second."""

    def keep(staff, path, **typed):
        client = sign_in(staff)
        form = client.get(path).context["form"]
        hidden = {"ticket": form.initial["ticket"], "revision": form.initial["revision"]}
        return client.post(url(school, "reflections:draft"), hidden | typed, HTTP_HX_REQUEST="true")

    return keep


def test_typing_is_kept_and_the_page_says_when(keep, teacher, school, at):
    at("2026-11-23 08:02")

    response = keep(teacher, url(school, "reflections:write"), learned="Half a sen")

    assert "Draft saved 8:02" in response.text
    kept = the_only_reflection(school)
    assert (kept.draft["learned"], kept.learned, kept.saved_at) == ("Half a sen", "", None)


def test_typing_on_and_on_is_one_draft_that_saving_ends(sign_in, teacher, school):
    client, path = sign_in(teacher), url(school, "reflections:write")
    form = client.get(path).context["form"].initial
    typed = {"ticket": form["ticket"], "revision": "1", "who": "only_me"}

    for text in ("O", "One", "One idea"):
        client.post(url(school, "reflections:draft"), typed | {"learned": text})
    client.post(path, typed | {"learned": "One idea."})

    kept = the_only_reflection(school)
    assert (kept.learned, kept.draft, kept.draft_at) == ("One idea.", {}, None)


def test_draft_is_there_on_the_next_visit(keep, sign_in, teacher, school):
    activity = ActivityFactory(school=school, state="planned")
    path = url(school, "reflections:for_activity", activity.pk)
    keep(teacher, path, will_try="Stems with Year 4")

    response = sign_in(teacher).get(path)

    assert "Stems with Year 4" in response.text
    assert "This is the draft you left" in response.text


def test_nothing_typed_keeps_nothing(sign_in, teacher, school):
    response = sign_in(teacher).post(url(school, "reflections:draft"), {"learned": " "})

    assert response.status_code == 204
    with school_scope(school):
        assert Reflection.objects.count() == 0


def test_draft_never_widens_the_audience(keep, sign_in, teacher, school):
    mine = ReflectionFactory(school=school, owner=teacher)

    keep(teacher, url(school, "reflections:edit", mine.uuid), learned="Secret", who="everyone")

    kept = the_only_reflection(school)
    assert (kept.audience, kept.shared_at, kept.learned) == ("only_me", None, "")


def test_draft_over_something_shared_is_not_read_by_its_readers(keep, sign_in, teacher, school):
    shared = ReflectionFactory(school=school, owner=teacher, audience="everyone", learned="Fine")
    reader = sign_in(StaffFactory(school=school))
    keep(teacher, url(school, "reflections:edit", shared.uuid), learned="Furious")
    reader = sign_in(StaffFactory(school=school))

    for path in (
        url(school, "reflections:reflection", shared.uuid),
        url(school, "reflections:list") + "?q=Furious",
    ):
        assert "Furious" not in reader.get(path).text.replace('value="Furious"', "")
    found = reader.get(url(school, "reflections:list") + "?q=Furious").context["theirs"]
    assert list(found) == []
    assert "Fine" in reader.get(url(school, "reflections:reflection", shared.uuid)).text


def test_draft_over_something_saved_can_be_dropped(keep, sign_in, teacher, school):
    mine = ReflectionFactory(school=school, owner=teacher, learned="Saved")
    path = url(school, "reflections:edit", mine.uuid)
    keep(teacher, path, learned="Doubtful")

    sign_in(teacher).post(path, {"discard": "1"})

    kept = the_only_reflection(school)
    assert (kept.learned, kept.draft, kept.draft_at) == ("Saved", {}, None)


def test_draft_of_an_old_page_does_not_hide_what_was_saved_since(sign_in, teacher, school):
    mine = ReflectionFactory(school=school, owner=teacher, will_try="First")
    client, path = sign_in(teacher), url(school, "reflections:edit", mine.uuid)
    old = client.get(path).context["form"].initial
    save(client, path, will_try="From the phone")

    response = client.post(
        url(school, "reflections:draft"),
        {"ticket": old["ticket"], "revision": old["revision"], "will_try": "Old"},
    )

    assert "You saved this elsewhere" in response.text
    assert the_only_reflection(school).draft == {}


def test_unfinished_draft_opens_for_writing_and_is_marked_in_the_list(
    keep, sign_in, teacher, school
):
    keep(teacher, url(school, "reflections:write"), learned="Half")
    kept = the_only_reflection(school)
    client = sign_in(teacher)

    assert "draft, only you" in client.get(url(school, "reflections:list")).text
    assert client.get(url(school, "reflections:reflection", kept.uuid)).url == url(
        school, "reflections:edit", kept.uuid
    )


def test_refused_form_keeps_what_was_typed(sign_in, teacher, school):
    save(sign_in(teacher), url(school, "reflections:write"), learned="Kept", who="nobody")

    assert the_only_reflection(school).draft["learned"] == "Kept"
