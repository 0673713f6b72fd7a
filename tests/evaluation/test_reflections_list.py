"""Mine, and what others let me read."""

import pytest

from tests.factories import (
    ActivityFactory,
    ReflectionFactory,
    ReflectionOpeningFactory,
    ReflectionReaderFactory,
    StaffFactory,
)
from tests.helpers import url


def shared_with(staff, count, **fields):
    """Reflections of a colleague each, shared with this person as their line manager."""
    reflections = ReflectionFactory.create_batch(
        count, school=staff.school, audience="line_manager", **fields
    )
    for reflection in reflections:
        ReflectionReaderFactory(school=staff.school, reflection=reflection, staff=staff)
    return reflections


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_mine_and_shared_in_constant_queries(
    sign_in, teacher, school, count, django_assert_num_queries
):
    mine = ReflectionFactory.create_batch(
        count, school=school, owner=teacher, activity=None, title="My own"
    )
    about = ActivityFactory(school=school)
    ReflectionFactory(school=school, owner=teacher, activity=about)
    shared = shared_with(teacher, count)
    ReflectionFactory(school=school, title="Private of somebody")  # something that could leak
    client = sign_in(teacher)

    with django_assert_num_queries(16):  # 13 of the frame; how many, mine, shared with me
        response = client.get(url(school, "reflections:list"))

    assert set(mine) <= set(response.context["mine"])
    assert set(response.context["theirs"]) == set(shared)
    assert "Private of somebody" not in response.text


def test_empty_list_says_what_it_is_for(sign_in, teacher, school):
    response = sign_in(teacher).get(url(school, "reflections:list"))

    assert "Nothing written yet" in response.text
    assert 'role="search"' not in response.text


def test_search_finds_in_texts_titles_and_activities(sign_in, teacher, school):
    by_text = ReflectionFactory(school=school, owner=teacher, learned="Wait time works")
    about = ActivityFactory(school=school, title="Wait and see", state="planned")
    by_activity = ReflectionFactory(school=school, owner=teacher, activity=about)
    ReflectionFactory(school=school, owner=teacher, learned="Nothing of the kind")
    client = sign_in(teacher)

    found = client.get(url(school, "reflections:list") + "?q=wait").context["mine"]
    none = client.get(url(school, "reflections:list") + "?q=giraffe")

    assert set(found) == {by_text, by_activity}
    assert "Nothing of yours has these words" in none.text


def test_many_shared_ones_have_a_page_of_their_own(sign_in, teacher, school):
    shared_with(teacher, 6)
    client = sign_in(teacher)

    few = client.get(url(school, "reflections:list"))
    all_of_them = client.get(url(school, "reflections:list") + "?whose=shared")

    assert (len(few.context["theirs"]), few.context["has_more"]) == (5, True)
    assert len(all_of_them.context["theirs"]) == 6


def test_what_i_have_not_opened_is_new_to_me(sign_in, teacher, school):
    opened, new = shared_with(teacher, 2)
    ReflectionOpeningFactory(school=school, reflection=opened, staff=teacher)
    ReflectionOpeningFactory(school=school, reflection=new, staff=StaffFactory(school=school))

    response = sign_in(teacher).get(url(school, "reflections:list"))

    assert {row.pk: row.was_opened for row in response.context["theirs"]} == {
        opened.pk: True,
        new.pk: False,
    }


def test_mine_are_paged(sign_in, teacher, school):
    ReflectionFactory.create_batch(26, school=school, owner=teacher)

    response = sign_in(teacher).get(url(school, "reflections:list") + "?page=2")

    assert len(response.context["mine"]) == 1


def test_left_reader_and_other_school_see_nothing(sign_in, teacher, school, outsider):
    ReflectionFactory(school=school, audience="everyone", title="For us")

    client = sign_in(outsider)

    assert client.get(url(school, "reflections:list")).status_code == 404
    assert "For us" not in client.get(url(outsider.school, "reflections:list")).text
