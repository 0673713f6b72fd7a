"""Pupils' voice: by a code, without names, told once as a group."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from audits.models import Instrument
from cpdhub import clock, sweeps
from cpdhub.walls import school_scope
from evaluation import pupils_voice
from evaluation.models import Evidence, PupilSheet, PupilVoice
from tests.factories import (
    ActivityFactory,
    ParticipationFactory,
    PupilSheetFactory,
    PupilVoiceFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def no_tries_yet(db):
    cache.clear()


def questionnaire(school, code="pupils-older"):
    with school_scope(school):
        return Instrument.objects.shipped().get(code=code)


@pytest.fixture
def voice(school, teacher):
    return PupilVoiceFactory(
        school=school,
        owner=teacher,
        instrument=questionnaire(school),
        people=12,
        is_whole_class=False,
    )


def page(voice, name="voice"):
    return url(voice.school, f"voice:{name}", voice.uuid)


def answered(voice, *sheets):
    for chosen in sheets:
        PupilSheetFactory(school=voice.school, voice=voice, chosen=chosen)


def closed(voice):
    with school_scope(voice.school):
        return pupils_voice.close(voice, now=clock.now())


# --- from a code to a table ---------------------------------------------------------------------


def test_teacher_gets_a_code_and_a_pupil_answers_without_an_account(school, sign_in, teacher):
    response = sign_in(teacher).post(
        url(school, "voice:ask"),
        {
            "instrument": questionnaire(school).pk, "group": "Year 5 readers",
            "people": 12, "days": 7,
        },
        follow=True,
    )  # fmt: skip
    with school_scope(school):
        voice = PupilVoice.objects.get()
    assert voice.code in response.text
    assert "oakfield/pupils/" in response.text

    pupil = Client()
    entered = pupil.post(url(school, "pupils:enter"), {"code": f" {voice.code.lower()} "})
    assert entered.url == url(school, "pupils:answer", voice.code)
    sheet = pupil.get(entered.url)
    assert "I can say in my own words what we are learning." in sheet.text
    done = pupil.post(entered.url, {"once": uuid4(), "q0": "1", "q4": "2"})
    assert done.url == url(school, "pupils:thanks")
    assert "Thank you" in pupil.get(done.url).text
    with school_scope(school):
        assert PupilSheet.objects.get().chosen == [1, 0, 0, 0, 2]
    assert "<b>1</b> of 12" in sign_in(teacher).get(page(voice)).text


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ({"people": 4}, "people", "Ask at least 5"),
        ({"people": 9, "is_whole_class": "on"}, "people", "Ask at least 10"),
        ({"group": "The pupil Amina"}, "group", "reads like a pupil"),
        ({"days": 400}, "days", "less than or equal to 42"),
        ({"instrument": 0}, "instrument", "Select a valid choice"),
    ],
)
def test_what_cannot_be_asked_says_why(school, sign_in, teacher, data, field, says):
    usual = {"instrument": questionnaire(school).pk, "group": "4P", "people": 12, "days": 7}

    response = sign_in(teacher).post(url(school, "voice:ask"), usual | data)

    assert says in " ".join(response.context["form"].errors[field])


def test_only_questionnaires_for_pupils_and_parents_are_offered(school, sign_in, teacher):
    form = sign_in(teacher).get(url(school, "voice:ask")).context["form"]

    with school_scope(school):
        codes = {row.code for row in form.fields["instrument"].queryset}
    assert codes == {"pupils-younger", "pupils-older", "pupils-what-helps", "parents-view"}


@pytest.mark.parametrize("code", ["pupils-younger", "pupils-older", "parents-view"])
def test_each_asks_five_questions_and_none_in_free_words(school, teacher, code):
    voice = PupilVoiceFactory(school=school, owner=teacher, instrument=questionnaire(school, code))

    with school_scope(school):
        assert [question.kind for question in voice.questions()] == ["choice"] * 5


def test_same_sheet_sent_twice_is_one_and_an_empty_one_is_none(school, voice):
    path = url(school, "pupils:answer", voice.code)
    pupil, once = Client(), uuid4()

    for _ in range(2):
        assert pupil.post(path, {"once": once, "q0": "1"}).status_code == 302
    empty = pupil.post(path, {"once": uuid4()})
    assert "Choose at least one answer" in empty.text
    odd = pupil.post(path, {"once": "x", "q0": "9"})
    assert odd.status_code == 200

    with school_scope(school):
        assert PupilSheet.objects.count() == 1


def test_code_ends_with_its_day_with_closing_and_with_the_last_pupil(school, voice, at):
    path = url(school, "pupils:answer", voice.code)
    answered(voice, *[[1] * 5] * 12)
    assert "Everybody has answered already" in Client().post(path, {"q0": "1"}).text
    with school_scope(school), pytest.raises(DatabaseError), transaction.atomic():
        PupilSheet.objects.create(school=school, pk=uuid4(), voice=voice, chosen=[1])
    at(f"{clock.today() + timedelta(days=8)} 09:00")
    assert Client().get(path).status_code == 404
    closed(voice)
    assert Client().get(path).status_code == 404


def test_guessing_is_slow(school, voice):
    pupil = Client()

    statuses = [pupil.get(url(school, "pupils:answer", f"X{n}")).status_code for n in range(62)]

    assert statuses[:60] == [404] * 60
    assert statuses[-1] == 429
    assert pupil.get(url(school, "pupils:answer", voice.code)).status_code == 429
    assert pupil.post(url(school, "pupils:enter"), {"code": voice.code}).status_code == 429


def test_code_of_another_school_is_no_code_here(other_school, voice):
    assert Client().get(url(other_school, "pupils:answer", voice.code)).status_code == 404
    assert Client().get("/s/no-such-school/pupils/").status_code == 404


# --- what is told -------------------------------------------------------------------------------


def test_told_once_as_a_table_and_no_sheet_is_kept(school, sign_in, teacher, voice):
    answered(voice, [1, 1, 1, 1, 1], [1, 2, 0, 0, 0], [2, 3, 1, 0, 1], [4, 4, 1, 0, 1],
             [1, 1, 1, 0, 1], [1, 1, 1, 2, 0])  # fmt: skip

    response = sign_in(teacher).post(page(voice, "close"), follow=True)

    assert "Closed: 6 answered" in response.text
    first, _, third, fourth, fifth = [line for line, _ in response.context["lines"]]
    assert (first.counts, first.n) == ([4, 1, 0, 1], 6)
    assert third.n == 5
    assert (fourth.n, fourth.counts) == (None, [])  # two of six answered it
    assert fifth.n is None  # four of six
    with school_scope(school):
        assert not PupilSheet.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            PupilVoice.objects.update(figures=[])


@pytest.mark.parametrize(("is_whole_class", "number"), [(False, 4), (True, 9)])
def test_of_few_nothing_is_told_and_nothing_kept(school, teacher, is_whole_class, number):
    voice = PupilVoiceFactory(
        school=school,
        owner=teacher,
        instrument=questionnaire(school),
        is_whole_class=is_whole_class,
    )
    answered(voice, *[[1] * 5] * number)

    told = closed(voice)

    assert (told.answered, told.figures) == (None, [])
    with school_scope(school):
        assert not PupilSheet.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            PupilVoice.objects.filter(pk=voice.pk).update(answered=number)


def test_nobody_reads_single_answers_while_it_is_open(school, sign_in, teacher, voice, head):
    answered(voice, [1, 2, 3, 4, 1])

    text = sign_in(teacher).get(page(voice)).text
    assert "I can say in my own words" not in text
    assert sign_in(head).get(page(voice)).status_code == 404


def test_before_and_after_stand_side_by_side_and_become_evidence(school, sign_in, teacher, voice):
    activity = ActivityFactory(school=school, state="planned", was_logged=True)
    ParticipationFactory(school=school, activity=activity, staff=teacher)
    colleague = StaffFactory(school=school)
    ParticipationFactory(school=school, activity=activity, staff=colleague)
    with school_scope(school):
        PupilVoice.objects.update(activity=activity)
    answered(voice, *[[3] * 5] * 5, [1] * 5)
    closed(voice)
    client = sign_in(teacher)
    again = url(school, "voice:ask") + f"?before={voice.uuid}"
    client.post(again, {"group": "Year 5 readers", "people": 12, "days": 7})
    with school_scope(school):
        after = PupilVoice.objects.get(before=voice)
        assert (after.instrument_id, after.activity_id) == (voice.instrument_id, activity.pk)
    answered(after, *[[1] * 5] * 6)
    closed(after)

    ((line, before), *_) = client.get(page(after)).context["lines"]
    assert (before.counts, line.counts) == ([1, 0, 5, 0], [6, 0, 0, 0])
    assert sign_in(colleague).get(page(after)).status_code == 404
    sign_in(teacher).post(page(after, "evidence"), {"place": "0"})
    sign_in(teacher).post(page(after, "evidence"), {"place": "1"})  # this line instead

    with school_scope(school):
        evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.before, evidence.after) == ("measured", "1 of 6", "6 of 6")
    assert "I get to explain my thinking" in evidence.claim
    assert sign_in(colleague).get(page(after)).status_code == 200
    assert sign_in(StaffFactory(school=school)).get(page(after)).status_code == 404
    assert sign_in(teacher).get(page(after, "delete")).status_code == 404


def test_it_closes_by_itself_when_its_time_is_over(school, voice, at):
    answered(voice, *[[1] * 5] * 5)

    at(f"{clock.today() + timedelta(days=8)} 09:00")
    sweeps.run(school_id=school.pk)

    with school_scope(school):
        assert PupilVoice.objects.get().answered == 5


def test_its_owner_deletes_it(school, sign_in, teacher, voice):
    client = sign_in(teacher)
    assert client.get(page(voice, "delete")).status_code == 200
    client.post(page(voice, "delete"))

    with school_scope(school):
        assert not PupilVoice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_class_that_hands_in_at_once_is_counted_exactly(transactional_db, school):
    voice = PupilVoiceFactory(school=school, people=10)
    start, refused = threading.Barrier(12), []

    def hand_in():
        start.wait()
        try:
            with school_scope(school):
                pupils_voice.hand_in(voice, sheet=uuid4(), chosen=[1])
        except Exception as why:
            refused.append(why)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 2
    with school_scope(school):
        assert voice.sheets.count() == 10


@pytest.mark.parametrize("count", [1, 3])
def test_list_in_constant_queries(school, sign_in, teacher, django_assert_num_queries, count):
    PupilVoiceFactory.create_batch(count, school=school, owner=teacher)
    client = sign_in(teacher)

    with django_assert_num_queries(15):  # 13 of the frame
        client.get(url(school, "voice:list"))


def test_nothing_yet_says_what_it_is_for(school, sign_in, teacher):
    assert "Nobody was asked yet" in sign_in(teacher).get(url(school, "voice:list")).text
