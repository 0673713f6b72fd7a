"""Groups on the page: proposed from what people shared, moved by hand, made at once."""

import re
import uuid
from datetime import date

import pytest

from activities.models import Activity
from audits.models import Expertise, Need
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityFormFactory,
    ExpertiseFactory,
    FormSessionFactory,
    NeedFactory,
    ParticipationFactory,
    SchoolFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
)
from tests.helpers import url

NAMES = ["Priya", "Tom", "Aisha", "Marta", "Joel", "Ruth"]
IMPACT = {
    "staff_will": "Ask two open questions", "pupils_will": "Explain in sentences",
    "known_by": "Pupil talk in two lessons", "look_again_on": "2027-03-01",
}  # fmt: skip


@pytest.fixture
def topic(school):
    return TopicFactory(school=school, title="Open questions")


@pytest.fixture
def trio(school):
    form = ActivityFormFactory(school=school, title="Trio", roles=["step ahead", "member"])
    FormSessionFactory(school=school, form=form, position=1, prompts=["What did you see?"])
    FormSessionFactory(school=school, form=form, position=2, days_after=7)
    return form


@pytest.fixture
def people(school, topic):
    """Two who can show it and four who want to begin, two of each team."""
    teams = [TeamFactory(school=school, name=f"Year {number}") for number in (3, 4, 5)]
    found = [
        StaffFactory(school=school, first_name=name, last_name="Person", team=teams[number % 3])
        for number, name in enumerate(NAMES)
    ]
    for person in found[:2]:
        ExpertiseFactory(
            school=school,
            staff=person,
            topic=topic,
            level=3,
            audience=Expertise.Audience.COLLEAGUES,
        )
    for person in found[2:]:
        NeedFactory(school=school, staff=person, topic=topic, level_now=1, status="agreed")
    return found


@pytest.fixture
def page(school):
    return url(school, "activities:groups")


def sent(topic, trio, people, do="propose", **more):
    return {
        "do": do, "topic": topic.pk if topic else "", "mix": "ahead", "size": "3",
        "layout-form": trio.pk, "people": [person.pk for person in people],
    } | more  # fmt: skip


def placed(page_text):
    """Whom the page put where, as its boxes say: what a browser would send."""
    boxes = re.findall(r'<select[^>]*name="group-(\d+)"[^>]*>(.*?)</select>', page_text, re.S)
    return {
        f"group-{pk}": re.search(r'value="(\d+)" selected', options).group(1)
        for pk, options in boxes
    }


def activities_of(school):
    with school_scope(school):
        return list(
            Activity.objects.prefetch_related("participations", "sessions", "needs").order_by("pk")
        )


def test_of_a_topic_those_who_need_it_and_those_who_can_show_it_are_ticked(
    sign_in, cpd_leader, page, topic, people
):
    shown = sign_in(cpd_leader).get(page, {"topic": topic.pk})

    ticked = {choice.pk for choice in shown.context["people"].choices() if choice.is_chosen}
    assert ticked == {person.pk for person in people}


def test_each_group_has_somebody_ahead_and_says_why_and_nothing_is_stored(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    shown = sign_in(cpd_leader).post(page, sent(topic, trio, people))

    groups = shown.context["groups"]
    assert [len(group["people"]) for group in groups] == [3, 3]
    assert groups[0]["why"].startswith("Priya can show it; ")
    assert "want to begin. Teams: Year 3; Year 4; Year 5." in groups[0]["why"]
    assert not activities_of(school)


def test_mix_again_gives_others_and_nothing_is_stored(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    client = sign_in(cpd_leader)
    first = client.post(page, sent(topic, trio, people))

    again = client.post(page, sent(topic, trio, people, "mix", seed=first.context["seed"]))

    assert placed(again.text) != placed(first.text)
    assert again.context["seed"] > first.context["seed"]
    assert not activities_of(school)


def test_made_each_is_an_activity_with_people_roles_sessions_and_needs(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    client = sign_in(cpd_leader)
    boxes = placed(client.post(page, sent(topic, trio, people)).text)

    more = {"layout-first": "2026-12-01", "layout-starts": "15:45", "title": "Trios", **IMPACT}
    answer = client.post(page, sent(topic, trio, people, "make", **boxes, **more))

    assert answer.status_code == 302
    made = activities_of(school)
    assert [one.title for one in made] == ["Trios, group 1", "Trios, group 2"]
    assert {one.state for one in made} == {"planned"}
    assert {row.staff_id for one in made for row in one.participations.all()} == {
        person.pk for person in people
    }
    for one in made:
        roles = sorted(row.role for row in one.participations.all())
        assert roles == ["member", "member", "step ahead"]
        ahead = next(row for row in one.participations.all() if row.role == "step ahead")
        assert one.lead_id == ahead.staff_id
        assert [session.starts_at.date() for session in one.sessions.all()] == [
            date(2026, 12, 1), date(2026, 12, 8),
        ]  # fmt: skip
        assert one.needs.count() == 2
    with school_scope(school):
        assert set(Need.objects.values_list("status", flat=True)) == {"planned"}


def test_sent_twice_they_are_made_once(sign_in, cpd_leader, school, page, topic, trio, people):
    client = sign_in(cpd_leader)
    boxes = placed(client.post(page, sent(topic, trio, people)).text)
    data = sent(topic, trio, people, "draft", title="Trios", once=str(uuid.uuid4()), **boxes)

    first, second = client.post(page, data), client.post(page, data)

    assert first.url == second.url
    assert len(activities_of(school)) == 2


@pytest.mark.parametrize("nowhere", ["0", "9" * 5000])
def test_moved_by_hand_they_are_made_as_moved(
    sign_in, cpd_leader, school, page, topic, trio, people, nowhere
):
    boxes = {f"group-{person.pk}": "1" for person in people[:4]}
    boxes |= {f"group-{people[4].pk}": "3", f"group-{people[5].pk}": nowhere}
    client = sign_in(cpd_leader)

    shown = client.post(page, sent(topic, trio, people, "show", **boxes))
    client.post(page, sent(topic, trio, people, "draft", title="Trios", **boxes))

    assert [len(group["people"]) for group in shown.context["groups"]] == [4, 1]
    assert "One person is no group." in shown.context["groups"][1]["notes"]
    assert "In no group: Ruth." in shown.context["notes"]
    made = activities_of(school)
    assert [one.participations.count() for one in made] == [4, 1]
    assert {one.state for one in made} == {"draft"}


def test_one_who_is_elsewhere_then_stops_all_of_them(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    from tests.factories import SessionFactory, at_four

    other = ActivityFactory(school=school, state="planned", title="Choir")
    ParticipationFactory(school=school, activity=other, staff=people[5])
    SessionFactory(school=school, activity=other, starts_at=at_four(date(2026, 12, 8)))
    client = sign_in(cpd_leader)
    boxes = placed(client.post(page, sent(topic, trio, people)).text)

    more = {"layout-first": "2026-12-01", "layout-starts": "15:45", "title": "Trios", **IMPACT}
    shown = client.post(page, sent(topic, trio, people, "make", **boxes, **more))

    assert "Ruth Person is already at Choir" in shown.text
    assert len(activities_of(school)) == 1


def test_without_what_it_should_change_only_drafts_are_made(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    client = sign_in(cpd_leader)
    boxes = placed(client.post(page, sent(topic, trio, people)).text)

    shown = client.post(page, sent(topic, trio, people, "make", title="Trios", **boxes))

    assert "Say this before it leaves draft" in shown.text
    assert placed(shown.text) == boxes
    assert not activities_of(school)


def test_who_was_together_in_this_form_is_kept_apart(
    sign_in, cpd_leader, school, page, trio, people
):
    earlier = ActivityFactory(school=school, state="closed", form=trio)
    for person in people[:3]:
        ParticipationFactory(school=school, activity=earlier, staff=person)

    data = sent(None, trio, people, mix="teams", size="2")
    shown = sign_in(cpd_leader).post(page, data)

    trios = [{line["pk"] for line in group["people"]} for group in shown.context["groups"]]
    assert all(len(group & {person.pk for person in people[:3]}) == 1 for group in trios)
    assert shown.context["met"] == 3


def test_how_many_groups_each_is_in_shows_and_who_has_enough_may_be_left_out(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    for number in range(2):
        going = ActivityFactory(school=school, state="planned", title=f"Set {number}")
        for person in (people[5], StaffFactory(school=school)):
            ParticipationFactory(school=school, activity=going, staff=person)
    client = sign_in(cpd_leader)

    shown = client.post(page, sent(topic, trio, people))
    spared = client.post(page, sent(topic, trio, people, spare_busy="on"))

    assert "in 2 groups already" in shown.text
    assert "Left out, being in 2 groups or more already: Ruth Person." in spared.context["notes"]
    assert f"group-{people[5].pk}" not in placed(spared.text)


def test_whom_it_leaves_out_is_named(sign_in, cpd_leader, school, page, topic, trio, people):
    StaffFactory(school=school, team=TeamFactory(school=school, name="Reception"))

    shown = sign_in(cpd_leader).post(page, sent(topic, trio, people[:5]))

    assert "Ruth Person asks for this and would be in no group." in shown.context["notes"]
    assert "Nobody from Reception." in shown.context["notes"]


def test_of_many_people_staff_groups_with_nobody_are_named(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    for group in ("assistant", "support"):
        StaffFactory(school=school, group=group)
    client = sign_in(cpd_leader)

    many = client.post(page, sent(topic, trio, people))
    few = client.post(page, sent(topic, trio, people[:5]))

    assert "No teaching assistants, no other support among them." in many.context["notes"]
    assert "No teaching assistants, no other support among them." not in few.context["notes"]


def test_a_team_with_most_of_the_places_is_named(sign_in, cpd_leader, school, page, trio):
    maths, art = (TeamFactory(school=school, name=name) for name in ("Maths", "Art"))
    many = [StaffFactory(school=school, team=maths) for _ in range(4)]
    others = [StaffFactory(school=school, team=art) for _ in range(6)]

    data = sent(None, trio, [*many, others[0]], mix="teams")
    shown = sign_in(cpd_leader).post(page, data)

    assert "4 of 5 are from Maths." in shown.context["notes"]


def test_too_few_ahead_is_said(sign_in, cpd_leader, school, page, topic, trio, people):
    with school_scope(school):
        Expertise.objects.filter(staff=people[1]).update(is_paused=True)

    shown = sign_in(cpd_leader).post(page, sent(topic, trio, people))

    assert (
        "Too few can show it, so whoever has begun counts as a step ahead."
        " 1 group has nobody even so." in shown.context["notes"]
    )
    assert "Nobody in this group is ahead." in shown.context["groups"][1]["notes"]


def test_interest_is_what_people_named(sign_in, cpd_leader, school, page, trio, people):
    chess = TopicFactory(school=school, title="Chess")
    for person in (people[0], people[3]):
        ExpertiseFactory(
            school=school, staff=person, topic=chess, audience=Expertise.Audience.COLLEAGUES
        )

    data = sent(None, trio, [people[0], people[3]], mix="interest", size="2")
    shown = sign_in(cpd_leader).post(page, data)

    assert shown.context["groups"][0]["why"].startswith("In common: Chess and Open questions.")


def test_what_nobody_shared_plays_no_part(sign_in, cpd_leader, school, page, topic, trio):
    people = [StaffFactory(school=school, first_name=name) for name in ("Ann", "Ben", "Cy")]
    known_of = StaffFactory(school=school)
    NeedFactory(school=school, staff=known_of, topic=topic)
    NeedFactory(school=school, staff=people[0], topic=topic, level_now=1, is_shared=False)
    ExpertiseFactory(school=school, staff=people[1], topic=topic, level=4, audience="me")

    shown = sign_in(cpd_leader).post(page, sent(topic, trio, people))

    assert shown.context["groups"][0]["why"] == "Ann, Ben and Cy said nothing about it."


def test_a_team_leader_goes_by_what_they_see(sign_in, school, page, topic, trio, people):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    with school_scope(school):
        team = people[2].team
        team.leader = leader
        team.save()

    shown = sign_in(leader).post(page, sent(topic, trio, people))

    whys = " ".join(group["why"] for group in shown.context["groups"])
    lines = [line for group in shown.context["groups"] for line in group["people"]]
    words = {line["name"]: line["words"] for line in lines}
    assert words["Aisha Person"] == "wants to begin"
    assert words["Marta Person"] == ""
    assert "said nothing about it" in whys


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"topic": ""}, "how far people are is known of a topic"),
        ({"people": []}, "Choose two people at least."),
        ({"size": "99"}, "Select a valid choice"),
        ({"mix": "magic"}, "Select a valid choice"),
        ({"layout-form": ""}, "This field is required"),
        ({"seed": "-3"}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_said(sign_in, cpd_leader, page, topic, trio, people, change, told):
    shown = sign_in(cpd_leader).post(page, sent(topic, trio, people) | change)

    assert told in shown.text
    assert "groups" not in shown.context


def test_nobody_of_another_school_and_no_odd_group_gets_in(
    sign_in, cpd_leader, school, page, topic, trio, people
):
    stranger = StaffFactory(school=SchoolFactory())
    client = sign_in(cpd_leader)

    refused = client.post(page, sent(topic, trio, [*people, stranger]))
    odd = {f"group-{people[0].pk}": "x", f"group-{people[1].pk}": "9" * 30}
    odd[f"group-{stranger.pk}"] = "1"
    shown = client.post(page, sent(topic, trio, people, "show", **odd))

    assert "Choose people from the list." in refused.text
    assert shown.context["groups"] == []
    assert len(shown.context["left"]) == 6


@pytest.mark.parametrize("number", [1, 3])
def test_the_proposal_costs_the_same_for_one_group_and_three(
    sign_in, cpd_leader, school, page, topic, trio, django_assert_num_queries, number
):
    people = []
    for _ in range(3 * number):
        person = StaffFactory(school=school, team=TeamFactory(school=school))
        NeedFactory(school=school, staff=person, topic=topic, level_now=1)
        people.append(person)
    client = sign_in(cpd_leader)

    with django_assert_num_queries(24):
        client.post(page, sent(topic, trio, people))


def test_a_school_with_nobody_and_nothing_has_a_page(sign_in, cpd_leader, page):
    shown = sign_in(cpd_leader).get(page)

    assert "Choose what about and who" in shown.text
