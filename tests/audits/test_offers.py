"""Offers of help: whose they are, who finds them, in which order, and asking."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from audits import helpers, needs
from audits.models import Expertise, HelpRequest, Topic
from cpdhub import clock
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from tests.factories import (
    ExpertiseFactory,
    HelpRequestFactory,
    NeedFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
)
from tests.helpers import url


@pytest.fixture
def topic(school):
    return TopicFactory(school=school, title="Stop-motion animation")


@pytest.fixture
def offer_data():
    return {
        "topic": "Spreadsheets", "level": "3", "ways": ["question"], "audience": "colleagues",
        "text": "Bring your lists",
    }  # fmt: skip


def offers(school):
    with school_scope(school):
        return list(
            Expertise.objects.order_by("topic__title").values_list(
                "staff__first_name", "topic__title", "audience"
            )
        )


def busy(helper, number=helpers.MOST_OPEN):
    return HelpRequestFactory.create_batch(number, school=helper.school, helper=helper)


def helping(topic, person):
    with school_scope(person.school):
        found = helpers.who_can_help(topic, for_staff=person, today=clock.today())
        return [(offer.staff.first_name, offer.load) for offer in found]


# --- whose they are ------------------------------------------------------------------------------
def test_offer_is_its_owners_alone_until_they_show_it(school, teacher, head):
    offer = ExpertiseFactory(school=school, staff=teacher, audience="me")

    with school_scope(school):
        assert list(Expertise.objects.visible_to(teacher)) == [offer]
        assert not Expertise.objects.visible_to(head).exists()
        Expertise.objects.update(audience="colleagues")
        assert list(Expertise.objects.visible_to(head)) == [offer]


def test_offers_of_people_who_left_are_no_longer_found(school, teacher, topic):
    gone = StaffFactory(school=school, ends_on=clock.today())
    ExpertiseFactory(school=school, staff=gone, topic=topic)

    assert helping(topic, teacher) == []


def test_database_keeps_the_rules(school):
    offer = ExpertiseFactory(school=school)
    ask = HelpRequestFactory(school=school)

    with school_scope(school):
        for broken in ({"level": 5}, {"ways": []}, {"audience": "display"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Expertise.objects.filter(pk=offer.pk).update(**broken)
        for broken in (
            {"helper": ask.asker_id},
            {"state": "accepted"},
            {"state": "done"},
            {"thanks": "Thank you"},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                HelpRequest.objects.filter(pk=ask.pk).update(**broken)


def test_nobody_asks_the_same_twice_at_a_time(school):
    ask = HelpRequestFactory(school=school)

    with pytest.raises(DatabaseError), transaction.atomic():
        HelpRequestFactory(school=school, asker=ask.asker, helper=ask.helper, topic=ask.topic)


# --- in which order ------------------------------------------------------------------------------
def test_whoever_knows_a_little_more_comes_first(school, teacher, topic):
    for name, level in (("Trainer", 4), ("Learner", 1), ("Shower", 3), ("User", 2)):
        person = StaffFactory(school=school, first_name=name)
        ExpertiseFactory(school=school, staff=person, topic=topic, level=level)

    assert helping(topic, teacher) == [("User", 0), ("Shower", 0), ("Trainer", 0), ("Learner", 0)]

    ExpertiseFactory(school=school, staff=teacher, topic=topic, level=2, audience="me")
    assert helping(topic, teacher)[0] == ("Shower", 0)


def test_own_need_says_how_far_somebody_is(school, teacher, topic):
    for name, level in (("User", 2), ("Shower", 3)):
        person = StaffFactory(school=school, first_name=name)
        ExpertiseFactory(school=school, staff=person, topic=topic, level=level)
    NeedFactory(school=school, staff=teacher, topic=topic, level_now=2, is_shared=False)

    assert helping(topic, teacher) == [("Shower", 0), ("User", 0)]


def test_among_equals_whoever_is_asked_least_comes_first_and_the_worn_out_last(
    school, teacher, topic
):
    people = {}
    for name in ("Ann", "Bea", "Cleo", "Dora"):
        people[name] = StaffFactory(school=school, first_name=name)
        ExpertiseFactory(school=school, staff=people[name], topic=topic, is_paused=name == "Dora")
    busy(people["Ann"])
    busy(people["Bea"], 1)

    assert helping(topic, teacher) == [("Cleo", 0), ("Bea", 1), ("Dora", 0), ("Ann", 3)]


@pytest.mark.parametrize("count", [1, 3])
def test_who_can_help_is_one_query(school, teacher, topic, count, django_assert_num_queries):
    for _ in range(count):
        ExpertiseFactory(school=school, topic=topic)

    with school_scope(school), django_assert_num_queries(1):
        found = helpers.who_can_help(topic, for_staff=teacher, today=clock.today())
        assert [str(offer.staff.team or offer.topic) for offer in found] == [str(topic)] * count


def test_topics_of_what_somebody_keeps_to_themselves_are_told_to_nobody(school, teacher, head):
    for audience in ("me", "colleagues"):
        topic = TopicFactory(school=school, title=f"For {audience}")
        ExpertiseFactory(school=school, staff=teacher, topic=topic, audience=audience)

    with school_scope(school):
        told = {p: {str(t) for t in helpers.known_topics(p)} for p in (teacher, head)}

    assert told == {teacher: {"For me", "For colleagues"}, head: {"For colleagues"}}


# --- the pages -----------------------------------------------------------------------------------
def test_teacher_says_what_they_can_help_with(sign_in, school, teacher, offer_data):
    response = sign_in(teacher).post(url(school, "needs:offer_add"), offer_data, follow=True)

    assert "Colleagues find it" in response.text
    assert offers(school) == [("Tom", "Spreadsheets", "colleagues")]


def test_same_topic_in_other_capitals_is_the_same(sign_in, school, teacher, topic, offer_data):
    offer_data |= {"topic": "  stop-MOTION  animation "}

    sign_in(teacher).post(url(school, "needs:offer_add"), offer_data)
    again = sign_in(teacher).post(url(school, "needs:offer_add"), offer_data)

    assert offers(school) == [("Tom", "Stop-motion animation", "colleagues")]
    assert "You have said so already" in again.text


def test_statement_of_an_audit_however_long_is_a_topic(sign_in, school, teacher, offer_data):
    long = "I plan " * 42
    made = ExpertiseFactory(school=school, staff=teacher, topic__title=long.strip())
    path = url(school, "needs:offer_change", made.pk)

    sign_in(teacher).post(path, offer_data | {"topic": long.strip()})

    assert offers(school) == [("Tom", long.strip(), "colleagues")]
    with school_scope(school):
        assert Expertise.objects.get().text == "Bring your lists"


def test_list_of_talents_takes_talents_only(sign_in, school, teacher, offer_data):
    offer_data |= {"audience": "display"}

    refused = sign_in(teacher).post(url(school, "needs:offer_add"), offer_data)
    sign_in(teacher).post(url(school, "needs:offer_add"), offer_data | {"is_talent": "on"})
    ExpertiseFactory(school=school, topic__title="Not for walls")
    page = sign_in(teacher).get(url(school, "needs:talents"))

    assert "is of talents and interests" in refused.text
    assert "Spreadsheets" in page.text
    assert "Not for walls" not in page.text


def test_changing_and_deleting_an_offer(sign_in, school, teacher, offer_data):
    offer = ExpertiseFactory(school=school, staff=teacher)
    client = sign_in(teacher)

    client.post(url(school, "needs:offer_change", offer.pk), offer_data | {"audience": "me"})
    assert offers(school) == [("Tom", "Spreadsheets", "me")]

    client.post(url(school, "needs:offer_delete", offer.pk))
    assert offers(school) == []


def test_directory_finds_by_topic_name_and_job_and_filters(sign_in, school, teacher):
    team = TeamFactory(school=school, name="Lower KS2")
    dawn = StaffFactory(
        school=school, first_name="Dawn", job_title="Teaching assistant", group="assistant",
        team=team,
    )  # fmt: skip
    ExpertiseFactory(school=school, staff=dawn, topic__title="French café songs", level=4)
    ExpertiseFactory(school=school, topic__title="Rugby")
    client = sign_in(teacher)

    for query in (
        {"q": "cafe dawn"}, {"q": "assistant"}, {"level": 4}, {"group": "assistant"},
        {"team": team.pk},
    ):  # fmt: skip
        page = client.get(url(school, "needs:helpers"), query)
        assert [person.first_name for person, _ in page.context["people"]] == ["Dawn"], query
    assert "Nobody found" in client.get(url(school, "needs:helpers"), {"q": "chess"}).text


def test_directory_shows_thanks_only_where_the_person_agrees(sign_in, school, teacher):
    offer = ExpertiseFactory(school=school)
    ask = HelpRequestFactory(school=school, helper=offer.staff, topic=offer.topic)
    with school_scope(school):
        ask.accept("", today=clock.today())
        ask.thank("Splendid", can_do_it=True, today=clock.today())
    client = sign_in(teacher)

    assert "Thanked" not in client.get(url(school, "needs:helpers")).text
    with school_scope(school):
        Expertise.objects.update(shows_thanks=True)
    assert "Thanked once, 1 can do it" in client.get(url(school, "needs:helpers")).text
    assert "Splendid" in client.get(url(school, "needs:ask", offer.pk)).text


@pytest.mark.parametrize("count", [1, 3])
def test_directory_takes_the_same_queries_for_any_number(
    sign_in, school, other_school, teacher, count, django_assert_num_queries
):
    for _ in range(count):
        offer = ExpertiseFactory(school=school, staff__team=TeamFactory(school=school))
        ExpertiseFactory(school=school, staff=offer.staff)
    ExpertiseFactory(school=other_school, topic__title="Theirs")
    client = sign_in(teacher)

    with django_assert_num_queries(17):
        response = client.get(url(school, "needs:helpers"))

    assert len(response.context["people"]) == count
    assert "Theirs" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_own_page_takes_the_same_queries_for_any_number(
    sign_in, school, teacher, count, django_assert_num_queries
):
    ExpertiseFactory.create_batch(count, school=school, staff=teacher)
    HelpRequestFactory.create_batch(count, school=school, helper=teacher)
    HelpRequestFactory.create_batch(count, school=school, asker=teacher)
    HelpRequestFactory(school=school, topic__title="Between others")
    client = sign_in(teacher)

    with django_assert_num_queries(15):
        response = client.get(url(school, "needs:offers"))

    assert [len(response.context[name]) for name in ("offers", "of_me", "by_me")] == [count] * 3
    assert "Between others" not in response.text


def test_not_at_the_moment_closes_and_opens_all_offers(sign_in, school, teacher, head):
    offer = ExpertiseFactory(school=school, staff=teacher)
    sign_in(teacher).post(url(school, "needs:offers_pause"), {"do": "pause"})

    page = sign_in(head).get(url(school, "needs:ask", offer.pk))
    assert "cannot help with this at the moment" in page.text

    sign_in(teacher).post(url(school, "needs:offers_pause"), {"do": "resume"})
    assert "Ask Tom" in sign_in(head).get(url(school, "needs:ask", offer.pk)).text


# --- asking --------------------------------------------------------------------------------------
def test_asking_puts_it_on_the_helpers_home(sign_in, school, teacher, head):
    offer = ExpertiseFactory(school=school, staff=teacher, topic__title="Spreadsheets")

    sign_in(head).post(
        url(school, "needs:ask", offer.pk), {"message": "Could you?", "way": "question"}
    )

    assert "Helen asks for your help" in sign_in(teacher).get(url(school, "home")).text


def test_nobody_is_asked_more_than_three_things_at_once(sign_in, school, teacher, topic):
    offer = ExpertiseFactory(school=school, topic=topic)
    other = ExpertiseFactory(school=school, topic=topic, staff__first_name="Olive")
    busy(offer.staff)

    page = sign_in(teacher).get(url(school, "needs:ask", offer.pk))
    sign_in(teacher).post(url(school, "needs:ask", offer.pk), {"message": "Me", "way": "show"})

    assert "helping 3 colleagues already" in page.text
    assert page.context["others"] == [other]
    with school_scope(school):
        assert not HelpRequest.objects.filter(asker=teacher).exists()


def test_offer_hidden_meanwhile_cannot_be_asked(school, teacher):
    offer = ExpertiseFactory(school=school)
    with school_scope(school):
        Expertise.objects.update(audience="me")

        with pytest.raises(NotPossible, match="no longer there"):
            helpers.ask_for_help(offer, HelpRequest(way="show", message="Me"), by=teacher)


def test_need_somebody_came_from_goes_with_the_ask(sign_in, school, teacher):
    offer = ExpertiseFactory(school=school)
    need = NeedFactory(school=school, staff=teacher, pupils="Year 4", is_shared=False)
    theirs = NeedFactory(school=school, is_shared=False)
    client = sign_in(teacher)
    path = url(school, "needs:ask", offer.pk)

    page = client.get(path, {"need": str(need.pk)})
    refused = client.post(path, {"message": "Me", "way": "show", "need": str(theirs.pk)})
    client.post(path, {"message": "Me", "way": "show", "need": str(need.pk)})

    assert page.context["form"].initial["pupils"] == "Year 4"
    assert "need" in refused.context["form"].errors
    with school_scope(school):
        assert HelpRequest.objects.get().need == need


def test_colleagues_need_goes_with_nobody_elses_ask(sign_in, school, head):
    """Its owner shared it with those who plan, not with whoever offers help."""
    offer = ExpertiseFactory(school=school)
    theirs = NeedFactory(school=school, title="Cope with Year 9", topic=offer.topic)
    teams = NeedFactory(school=school, whom="school")
    client = sign_in(head)
    path = url(school, "needs:ask", offer.pk)
    ask = {"message": "Me", "way": "show"}

    page = client.get(path, {"need": str(theirs.pk)})
    refused = client.post(f"{path}?need={theirs.pk}", ask | {"need": str(theirs.pk)})
    client.post(f"{path}?need={teams.pk}", ask | {"need": str(teams.pk)})

    assert "Cope with Year 9" not in page.text
    assert "need" in refused.context["form"].errors
    with school_scope(school):
        assert HelpRequest.objects.get().need == teams


# --- from an audit -------------------------------------------------------------------------------
@pytest.fixture
def sent(school, teacher, confidential, sign_in):
    """Very sure of one statement, not yet of the other."""
    from tests.audits.pages import asked, path

    client = sign_in(teacher)
    names = [asked(confidential, kind) for kind in ("confidence", "importance")]
    client.post(path(confidential), {names[0]: "4", f"{names[1]}_1": "4", f"{names[1]}_2": "1"})
    client.post(path(confidential, view="answer_send"))
    return confidential, [int(name[1:]) for name in names]


def test_what_somebody_is_sure_of_becomes_an_offer_only_they_see(sign_in, school, teacher, sent):
    round_, (sure, unsure) = sent
    client = sign_in(teacher)
    page = client.get(url(school, "needs:answer_own", round_.pk))

    made = client.post(url(school, "needs:offer_from_answer", round_.pk, sure), follow=True)
    again = client.post(url(school, "needs:offer_from_answer", round_.pk, sure))
    refused = client.post(url(school, "needs:offer_from_answer", round_.pk, unsure))

    assert page.text.count("I could help others with this") == 1
    assert "Only you see this so far" in made.text
    assert (again.status_code, refused.status_code) == (302, 404)
    assert offers(school) == [("Tom", "About confidence", "me")]
    with school_scope(school):
        assert Topic.objects.get().question_code
        assert Expertise.objects.get().source == "audit"


def test_nobody_offers_from_anothers_answers(sign_in, school, head, sent):
    round_, (sure, _) = sent

    response = sign_in(head).post(url(school, "needs:offer_from_answer", round_.pk, sure))

    assert response.status_code == 404


@pytest.fixture
def meanwhile():
    """`meanwhile(first, second)`: the second begins before what the first did is committed. What
    went wrong in the second, which somebody would see as an error page."""

    def meanwhile(school, first, second):
        done, wrong = threading.Event(), []

        def do():
            try:
                with school_scope(school):
                    second()
            except DatabaseError as error:
                wrong.append(error)
            finally:
                done.set()
                connection.close()

        with school_scope(school):
            first()
            thread = threading.Thread(target=do)
            thread.start()
            assert not done.wait(0.5), "nothing made the second wait"
        thread.join()
        return wrong

    return meanwhile


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asks_first", [True, False])
def test_asking_while_the_topic_is_joined_asks_under_the_name_that_stays(
    transactional_db, meanwhile, asks_first
):
    asker = StaffFactory()
    school = asker.school
    offer, into = ExpertiseFactory(school=school), TopicFactory(school=school)

    def ask():
        helpers.ask_for_help(offer, HelpRequest(way="show", message="Me"), by=asker)

    def join():
        needs.merge_topics(offer.topic, into)

    deeds = (ask, join) if asks_first else (join, ask)
    assert meanwhile(school, *deeds) == []
    with school_scope(school):
        assert HelpRequest.objects.get().topic == into
        assert list(Topic.objects.all()) == [into]
