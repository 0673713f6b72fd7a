"""Having work recognised: written, sent, verified by somebody apart."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cpdhub.models import LogEntry, Staff
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from evaluation import recognition as rules
from evaluation.models import (
    Certificate,
    EntryEvidence,
    RecognitionScheme,
    SchemeUse,
    Submission,
    SubmissionEntry,
    VerifierTraining,
    verifiers_for,
)
from tests.evaluation.test_record import attended
from tests.factories import (
    EntryEvidenceFactory,
    RecognitionSchemeFactory,
    RecognitionSubmissionFactory,
    ReflectionFactory,
    SchemeUseFactory,
    StaffFactory,
    SubmissionEntryFactory,
    VerifierTrainingFactory,
)
from tests.helpers import url

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def verifier(school):
    verifier = StaffFactory(school=school, first_name="Vera", last_name="Fier")
    VerifierTrainingFactory(school=school, staff=verifier)
    return verifier


@pytest.fixture
def scheme(school):
    return SchemeUseFactory(school=school).scheme


@pytest.fixture
def mine(school, teacher, scheme):
    return RecognitionSubmissionFactory(
        school=school, owner=teacher, scheme=scheme, title="Talk in maths"
    )


def written(submission):
    """Every dimension has an account."""
    with school_scope(submission.school):
        dimensions = list(submission.scheme.dimensions.all())
    for dimension in dimensions:
        SubmissionEntryFactory(school=submission.school, submission=submission, dimension=dimension)
    return submission


def page_of(submission, view="submission", *more):
    return url(submission.school, f"recognition:{view}", submission.uuid, *more)


def answer(submission, outcome, advice=""):
    """What the page of its verifier sends."""
    sent_at = fresh(submission).sent_at.isoformat()
    return {"outcome": outcome, "advice": advice, "sent_at": sent_at}


def fresh(submission):
    with school_scope(submission.school):
        return Submission.objects.select_related("verifier").get(pk=submission.pk)


# --- schemes ------------------------------------------------------------------------------------
def test_two_schemes_come_with_cpd_hub_in_our_own_words(school):
    with school_scope(school):
        six, twelve = RecognitionScheme.objects.filter(school=None).order_by("-title")
        assert (six.title, six.dimensions.count(), six.stages.count()) == (
            "TLA-style recognition", 6, 4
        )  # fmt: skip
        assert (twelve.dimensions.count(), twelve.stages.count()) == (12, 0)
        assert "no award of it" in six.source


def test_nothing_is_offered_until_the_school_says_so(sign_in, teacher, cpd_leader, school):
    path = url(school, "recognition:mine")
    assert "No recognition is offered here yet" in sign_in(teacher).get(path).text
    with school_scope(school):
        shipped = RecognitionScheme.objects.get(code="enquiry-six-dimensions")
    begin = url(school, "recognition:begin", shipped.pk)
    assert sign_in(teacher).get(begin).status_code == 404

    sign_in(cpd_leader).post(url(school, "recognition:offer", shipped.pk))

    assert "TLA-style recognition" in sign_in(teacher).get(path).text
    assert sign_in(teacher).get(begin).status_code == 200
    sign_in(cpd_leader).post(url(school, "recognition:offer", shipped.pk), {"stop": "1"})
    assert sign_in(teacher).get(begin).status_code == 404


def test_a_scheme_of_our_own(sign_in, cpd_leader, school, other_school):
    client = sign_in(cpd_leader)

    response = client.post(
        url(school, "recognition:scheme_new"),
        {
            "title": "Oakfield practitioner",
            "summary": "Ours.",
            "dimensions": "Reading: What did you read?\n\n Trying : What did you try?\nSharing",
            "evidence": 2,
            "stages": "Bronze: one class",
        },
    )

    with school_scope(school):
        scheme = RecognitionScheme.objects.get(school=school)
        rows = [(row.title, row.text, row.evidence_least) for row in scheme.dimensions.all()]
        assert [row.title for row in scheme.stages.all()] == ["Bronze"]
    assert rows == [
        ("Reading", "What did you read?", 2), ("Trying", "What did you try?", 2), ("Sharing", "", 2)
    ]  # fmt: skip
    assert "What did you try?" in client.get(response.url).text
    with school_scope(other_school):
        assert not RecognitionScheme.objects.filter(title="Oakfield practitioner").exists()
    client.post(url(school, "recognition:scheme_delete", scheme.pk))
    with school_scope(school):
        assert not RecognitionScheme.objects.filter(school=school).exists()


def test_a_scheme_somebody_began_stays(sign_in, cpd_leader, school, mine):
    response = sign_in(cpd_leader).post(
        url(school, "recognition:scheme_delete", mine.scheme_id), follow=True
    )

    assert "Somebody has begun under" in response.text
    with school_scope(school):
        assert SchemeUse.objects.exists()


# --- writing ------------------------------------------------------------------------------------
def test_beginning_with_stage_and_coach(sign_in, teacher, school, scheme):
    coach = StaffFactory(school=school)
    with school_scope(school):
        stage = scheme.stages.get()

    response = sign_in(teacher).post(
        url(school, "recognition:begin", scheme.pk),
        {"title": "Talk in maths", "stage": stage.pk, "coach": coach.pk},
    )

    with school_scope(school):
        made = Submission.objects.get()
    assert response.url == page_of(made)
    assert (made.owner_id, made.coach_id, made.stage_id, made.state) == (
        teacher.pk, coach.pk, stage.pk, "draft"
    )  # fmt: skip


def test_a_stage_is_asked_for_and_one_coaches_not_oneself(sign_in, teacher, school, scheme):
    response = sign_in(teacher).post(
        url(school, "recognition:begin", scheme.pk), {"title": "Talk", "coach": teacher.pk}
    )

    assert set(response.context["form"].errors) == {"stage", "coach"}


def test_an_entry_with_evidence_from_ones_own_record(sign_in, teacher, school, mine):
    attended(teacher, title="Phonics day")
    ReflectionFactory(school=school, owner=teacher, title="Pace", learned="Wait longer")
    theirs = ReflectionFactory(school=school, audience="everyone", title="Not mine")
    client = sign_in(teacher)
    with school_scope(school):
        first, second = mine.scheme.dimensions.all()
    path = page_of(mine, "entry", first.pk)
    offered = {row.title: row.source for row in client.get(path).context["form"].offered}
    assert set(offered) == {"Phonics day", "Pace"}

    client.post(path, {"text": "I read.", "pick": [*offered.values(), f"reflection:{theirs.uuid}"]})

    lines = client.get(page_of(mine)).context["lines"]
    assert [title for title, _, _ in lines[0].evidence] == ["Pace", "Phonics day"]
    assert (lines[0].lacks, lines[1].lacks) == ("", "your account")
    assert set(client.get(path).context["form"].chosen) == set(offered.values())
    client.post(path, {"text": "I read.", "pick": [offered["Pace"]]})
    with school_scope(school):
        assert EntryEvidence.objects.get().reflection_id


def test_evidence_that_is_asked_for_is_missed(school, teacher, mine):
    with school_scope(school):
        mine.scheme.dimensions.update(evidence_least=2)
    written(mine)
    with school_scope(school):
        entry = SubmissionEntry.objects.first()
    EntryEvidenceFactory(school=school, entry=entry, activity=attended(teacher))

    with school_scope(school):
        lines = rules.sides(fresh(mine), reader=teacher)

    assert [line.lacks for line in lines] == ["a piece of evidence", "2 pieces of evidence"]


def test_more_than_ten_pieces_of_evidence_are_too_many(sign_in, teacher, school, mine):
    for number in range(11):
        ReflectionFactory(school=school, owner=teacher, title=f"Note {number}")
    client = sign_in(teacher)
    with school_scope(school):
        path = page_of(mine, "entry", mine.scheme.dimensions.first().pk)
    picked = [row.source for row in client.get(path).context["form"].offered]

    response = client.post(path, {"text": "I kept this text.", "pick": picked})

    assert "10 pieces of evidence are plenty" in response.text
    assert "I kept this text." in response.text


def test_the_database_takes_no_colleagues_words_as_evidence(school, mine):
    written(mine)
    theirs = ReflectionFactory(school=school, audience="everyone")
    with school_scope(school):
        entry = SubmissionEntry.objects.first()

    with pytest.raises(IntegrityError, match="its owner wrote"), transaction.atomic():
        EntryEvidenceFactory(school=school, entry=entry, activity=None, reflection=theirs)


# --- who may verify -----------------------------------------------------------------------------
def test_verifiers_are_trained_and_apart(school, teacher, mine, verifier):
    manager, coach, untrained, left = (StaffFactory(school=school) for _ in range(4))
    for person in (manager, coach, teacher, left):
        VerifierTrainingFactory(school=school, staff=person)
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(line_manager=manager)
        Staff.objects.filter(pk=left.pk).update(ends_on=TODAY)
        Submission.objects.filter(pk=mine.pk).update(coach=coach)

        found = verifiers_for(Submission.objects.get(), today=TODAY)

        assert list(found) == [verifier]


def refused_by_the_database(submission, verifier):
    with pytest.raises(IntegrityError), transaction.atomic(), school_scope(submission.school):
        fresh(submission).send(to=verifier)
    return True


def test_the_database_refuses_any_other_verifier(school, teacher, mine, verifier):
    manager, coach, untrained = (StaffFactory(school=school) for _ in range(3))
    for person in (manager, coach, teacher):
        VerifierTrainingFactory(school=school, staff=person)
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(line_manager=manager)
        Submission.objects.filter(pk=mine.pk).update(coach=coach)

    for person in (manager, coach, untrained, teacher):
        assert refused_by_the_database(mine, person)
    with school_scope(school):
        fresh(mine).send(to=verifier)
    assert fresh(mine).state == "sent"


def test_a_verifier_of_another_school_is_none(school, other_school, mine):
    stranger = StaffFactory(school=other_school)
    VerifierTrainingFactory(school=other_school, staff=stranger)

    assert refused_by_the_database(mine, stranger)


def test_who_became_line_manager_meanwhile_cannot_decide(sign_in, school, teacher, mine, verifier):
    written(mine)
    with school_scope(school):
        fresh(mine).send(to=verifier)
        Staff.objects.filter(pk=teacher.pk).update(line_manager=verifier)

    response = sign_in(verifier).post(
        page_of(mine, "decide"), answer(mine, "recognised"), follow=True
    )

    assert "You cannot verify this any more" in response.text
    assert fresh(mine).state == "sent"
    with school_scope(school):
        assert not Certificate.objects.exists()


def test_being_sent_needs_a_trained_verifier_from_the_list(sign_in, school, teacher, mine):
    written(mine)
    other = StaffFactory(school=school)
    client = sign_in(teacher)
    assert "nobody is trained" in client.get(page_of(mine)).text

    response = client.post(page_of(mine, "send"), {"verifier": other.pk})

    assert "verifier" in response.context["form"].errors
    with school_scope(school), pytest.raises(NotPossible, match="cannot verify this"):
        rules.send(fresh(mine), to=other)


# --- sent, decided ------------------------------------------------------------------------------
@pytest.fixture
def sent(sign_in, teacher, mine, verifier):
    written(mine)
    sign_in(teacher).post(page_of(mine, "send"), {"verifier": verifier.pk})
    return fresh(mine)


def test_what_lacks_something_is_not_sent(sign_in, school, teacher, mine, verifier):
    client = sign_in(teacher)

    response = client.post(page_of(mine, "send"), {"verifier": verifier.pk}, follow=True)

    assert "“Dimension 1” still needs your account." in response.text
    assert fresh(mine).state == "draft"


def test_the_verifier_reads_it_once_it_is_sent_and_the_owner_sees_when(
    sign_in, school, teacher, mine, verifier
):
    assert sign_in(verifier).get(page_of(mine)).status_code == 404
    written(mine)
    client = sign_in(teacher)
    client.post(page_of(mine, "send"), {"verifier": verifier.pk})
    assert "Not opened yet" in client.get(page_of(mine)).text

    assert "I read three papers." in sign_in(verifier).get(page_of(mine)).text

    assert "Opened on 21 November 2026, 9:00" in sign_in(teacher).get(page_of(mine)).text
    with school_scope(school):
        entry = LogEntry.objects.get(what="submission")
    assert (entry.by_id, entry.note) == (verifier.pk, "")


def test_recognised_brings_a_certificate(sign_in, school, teacher, sent, verifier):
    sign_in(verifier).post(page_of(sent, "decide"), answer(sent, "recognised", "Bravo"))

    with school_scope(school):
        certificate = Certificate.objects.get()
        assert certificate.title == Submission.objects.select_related("scheme").get().name
    assert (certificate.owner_id, certificate.is_recognition) == (teacher.pk, True)
    assert certificate.text == "For “Talk in maths”, verified by Vera Fier."
    text = sign_in(teacher).get(page_of(sent)).text
    assert "Bravo" in text
    assert url(school, "recognition:certificate", certificate.uuid) in text


def test_who_keeps_recognition_reads_the_scheme_and_not_the_work(
    sign_in, school, cpd_leader, sent, verifier
):
    sign_in(verifier).post(page_of(sent, "decide"), answer(sent, "recognised"))

    page = sign_in(cpd_leader).get(url(school, "recognition:keep"))

    (row,) = page.context["page"]
    with school_scope(school):
        assert row.title == Submission.objects.select_related("scheme").get().name
    assert "Talk in maths" not in page.text


def test_not_yet_comes_with_advice_and_may_be_sent_again(sign_in, school, teacher, sent, verifier):
    client = sign_in(verifier)
    response = client.post(page_of(sent, "decide"), answer(sent, "not_yet", " "))
    assert "comes with advice" in response.text

    client.post(page_of(sent, "decide"), answer(sent, "not_yet", "Show one class more"))

    client = sign_in(teacher)
    text = client.get(page_of(sent)).text
    assert "Show one class more" in text
    assert "Write on and send it again" in text
    client.post(page_of(sent, "send"), {"verifier": verifier.pk})
    assert fresh(sent).state == "sent"
    sign_in(verifier).post(page_of(sent, "decide"), answer(sent, "recognised"))
    assert fresh(sent).state == "recognised"


def test_taken_back_before_the_answer(sign_in, teacher, sent, verifier):
    late = answer(sent, "recognised")
    sign_in(teacher).post(page_of(sent, "take_back"))

    assert fresh(sent).state == "draft"
    assert sign_in(verifier).get(page_of(sent)).status_code == 404
    assert sign_in(verifier).post(page_of(sent, "decide"), late).status_code == 404


def test_with_the_verifier_it_is_not_written_on(sign_in, school, teacher, sent):
    client = sign_in(teacher)
    with school_scope(school):
        dimension = sent.scheme.dimensions.first()

    client.post(page_of(sent, "entry", dimension.pk), {"text": "Better"})
    client.post(page_of(sent, "edit"), {"title": "Better"})

    assert client.get(page_of(sent, "delete")).status_code == 404
    assert fresh(sent).title == "Talk in maths"
    with school_scope(school):
        assert set(SubmissionEntry.objects.values_list("text", flat=True)) == {
            "I read three papers."
        }
        with pytest.raises(NotPossible, match="Take it back first"):
            rules.write_entry(sent, dimension, text="Better", evidence=[])


def test_what_was_typed_while_it_was_sent_elsewhere_is_not_lost(sign_in, school, teacher, sent):
    with school_scope(school):
        dimension = sent.scheme.dimensions.first()

    response = sign_in(teacher).post(page_of(sent, "entry", dimension.pk), {"text": "Typed"})

    assert "Take it back first" in response.text
    assert response.context["form"]["text"].value() == "Typed"


def test_evidence_too_old_to_be_offered_stays(sign_in, school, teacher, mine, monkeypatch):
    old, new = (ReflectionFactory(school=school, owner=teacher) for _ in range(2))
    entry = SubmissionEntryFactory(
        school=school, submission=mine, dimension__scheme=mine.scheme, dimension__school=school
    )
    for reflection in (old, new):
        EntryEvidenceFactory(school=school, entry=entry, activity=None, reflection=reflection)
    with school_scope(school):
        offered = [one for one in rules.may_be_evidence(teacher) if str(new.uuid) in one.source]
    monkeypatch.setattr(rules, "may_be_evidence", lambda owner: offered)

    sign_in(teacher).post(page_of(mine, "entry", entry.dimension_id), {"text": "Mine"})

    with school_scope(school):
        assert EntryEvidence.objects.get().reflection_id == old.pk


def test_an_answer_is_to_what_was_read(sign_in, school, teacher, sent, verifier, at):
    late = answer(sent, "recognised", "Bravo")
    client = sign_in(teacher)
    client.post(page_of(sent, "take_back"))
    at("2026-11-21 09:30")
    client.post(page_of(sent, "send"), {"verifier": verifier.pk})

    client = sign_in(verifier)
    response = client.post(page_of(sent, "decide"), late)

    assert "sent it again while you were reading" in response.text
    assert response.context["form"]["advice"].value() == "Bravo"
    assert fresh(sent).state == "sent"
    client.post(page_of(sent, "decide"), answer(sent, "recognised"))
    assert fresh(sent).state == "recognised"


def test_who_said_not_yet_cannot_become_the_coach(sign_in, school, teacher, sent, verifier):
    sign_in(verifier).post(page_of(sent, "decide"), answer(sent, "not_yet", "More"))

    response = sign_in(teacher).post(page_of(sent, "edit"), {"title": "Talk", "coach": verifier.pk})

    assert "coach" in response.context["form"].errors


def test_decided_once(sign_in, school, sent, verifier):
    client = sign_in(verifier)
    client.post(page_of(sent, "decide"), answer(sent, "recognised"))

    response = client.post(page_of(sent, "decide"), answer(sent, "not_yet", "No"), follow=True)

    assert "It is “recognised” already." in response.text
    with school_scope(school):
        assert Certificate.objects.count() == 1


# --- who reads it -------------------------------------------------------------------------------
def test_neither_head_nor_cpd_leader_nor_line_manager_reads_it(
    sign_in, school, teacher, head, cpd_leader, sent
):
    manager = StaffFactory(school=school)
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(line_manager=manager)

    for person in (head, cpd_leader, manager):
        client = sign_in(person)
        assert client.get(page_of(sent)).status_code == 404
        assert client.post(page_of(sent, "decide"), answer(sent, "recognised")).status_code == 404
        assert "Talk in maths" not in client.get(url(school, "recognition:mine")).text
    assert "Talk in maths" not in sign_in(head).get(url(school, "recognition:keep")).text


def test_the_coach_reads_it_from_the_start(sign_in, school, teacher, mine):
    coach = StaffFactory(school=school)
    with school_scope(school):
        Submission.objects.filter(pk=mine.pk).update(coach=coach)
    client = sign_in(coach)

    assert "You are the coach" in client.get(url(school, "recognition:mine")).text
    text = client.get(page_of(mine)).text
    assert "Talk in maths" in text
    assert "Send it" not in text
    assert client.post(page_of(mine, "send")).status_code == 404


def test_a_verifier_reads_no_title_of_what_is_private(sign_in, school, teacher, sent, verifier):
    private = attended(teacher, title="Support of Zelda", is_private=True, type__title="Coaching")
    about = ReflectionFactory(school=school, owner=teacher, activity=private, learned="Much")
    with school_scope(school):
        entry = SubmissionEntry.objects.first()
    EntryEvidenceFactory(school=school, entry=entry, activity=private)
    EntryEvidenceFactory(school=school, entry=entry, activity=None, reflection=about)

    text = sign_in(verifier).get(page_of(sent)).text

    assert "Coaching" in text
    assert "Much" in text
    assert "Zelda" not in text
    assert "Zelda" in sign_in(teacher).get(page_of(sent)).text


# --- keeping it ---------------------------------------------------------------------------------
def test_the_leader_keeps_who_is_trained(sign_in, cpd_leader, school):
    person = StaffFactory(school=school, first_name="Vera", last_name="Fier")
    client = sign_in(cpd_leader)
    path = url(school, "recognition:train")

    response = client.post(path, {"staff": person.pk, "trained_on": "2026-12-01"})
    assert "still to come" in response.text
    client.post(path, {"staff": person.pk, "trained_on": "2026-11-01", "by_whom": "The hub"})

    with school_scope(school):
        row = VerifierTraining.objects.get()
    page = client.get(url(school, "recognition:keep"))
    assert "Trained on 1 November 2026, The hub" in page.text
    client.post(url(school, "recognition:untrain", row.pk))
    with school_scope(school):
        assert not VerifierTraining.objects.exists()


def test_a_verifier_with_something_to_decide_stays_on_the_list(sign_in, cpd_leader, school, sent):
    with school_scope(school):
        row = VerifierTraining.objects.get()

    response = sign_in(cpd_leader).post(url(school, "recognition:untrain", row.pk), follow=True)

    assert "Vera Fier stays on the list: a submission waits for them" in response.text
    with school_scope(school):
        assert VerifierTraining.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, teacher, cpd_leader, verifier, count, django_assert_max_num_queries
):
    for _ in range(count):
        use = SchemeUseFactory(school=school)
        row = RecognitionSubmissionFactory(school=school, owner=teacher, scheme=use.scheme)
        written(row)
        RecognitionSubmissionFactory(
            school=school, scheme=use.scheme, sent_to=verifier, recognised=True
        )
        VerifierTrainingFactory(school=school)
        with school_scope(school):
            for entry in SubmissionEntry.objects.filter(submission=row):
                EntryEvidenceFactory(school=school, entry=entry, activity=attended(teacher))
    paths = {
        page_of(row): (teacher, 24),
        url(school, "recognition:mine"): (teacher, 19),
        url(school, "recognition:keep"): (cpd_leader, 20),
        url(school, "recognition:certificates"): (teacher, 19),
    }

    for path, (person, most) in paths.items():
        client = sign_in(person)
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_what_is_asked_stays_frozen_by_its_stage(school, teacher):
    other = RecognitionSchemeFactory(school=school)
    with school_scope(school):
        stage = other.stages.get()

    with pytest.raises(IntegrityError, match="one of the scheme"), transaction.atomic():
        RecognitionSubmissionFactory(school=school, owner=teacher, stage=stage)
