"""An activity is judged against what was intended, with evidence, and something is decided."""

import io
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import Image

from cpdhub import clock
from cpdhub.models import StoredFile
from cpdhub.walls import school_scope
from evaluation import reviewing, uploads
from evaluation.models import Evidence, ImpactReview, UnplannedGain, strength_of
from evaluation.pupil_names import looks_like_a_pupil
from tests.factories import (
    ActivityFactory,
    ActivityPriorityFactory,
    EvidenceFactory,
    ImpactReviewFactory,
    ParticipationFactory,
    PriorityFactory,
    ReadingFactory,
    StaffFactory,
    SuccessCriterionFactory,
    UnplannedGainFactory,
)
from tests.helpers import url

CLOSED = {
    "staff_verdict": "met", "pupils_verdict": "partly", "pupils_because": "Year 4 explain more",
    "decision": "change", "what_we_change": "A second session", "reach": ["own_pupils"],
    "do": "close",
}  # fmt: skip


@pytest.fixture
def activity(school, teacher):
    return ActivityFactory(school=school, state="finished", title="Oracy", lead=teacher)


def page_of(school, client, staff, activity):
    client.force_login(staff.user)
    return client.get(url(school, "impact:what_changed", activity.pk))


# --- judging -------------------------------------------------------------------------------------
def test_lead_judges_and_everyone_reads_what_was_decided(school, client, teacher, activity):
    client.force_login(teacher.user)

    answer = client.post(url(school, "impact:judge", activity.pk), CLOSED, follow=True)

    assert "Keep it, changed; for pupils partly met" in answer.content.decode()
    stranger = StaffFactory(school=school)
    page = page_of(school, client, stranger, activity).content.decode()
    assert "A second session" in page
    assert "Evidence" not in page


def test_draft_is_kept_and_read_by_those_who_know_only(school, client, teacher, activity):
    client.force_login(teacher.user)
    client.post(
        url(school, "impact:judge", activity.pk), {"staff_because": "Half of us", "do": "keep"}
    )

    with school_scope(school):
        assert ImpactReview.objects.open().get().staff_because == "Half of us"
    form = client.get(url(school, "impact:judge", activity.pk)).content.decode()
    assert "Half of us" in form
    assert page_of(school, client, StaffFactory(school=school), activity).status_code == 404


@pytest.mark.parametrize(
    ("without", "field", "words"),
    [
        ("pupils_verdict", "pupils_verdict", "Choose one; “Cannot tell” is an answer too."),
        ("decision", "decision", "What is decided: keep, change or stop?"),
        ("what_we_change", "what_we_change", "Say what we change, or why we stop."),
    ],
)
def test_it_closes_with_verdicts_and_a_decision_only(
    school, client, teacher, activity, without, field, words
):
    client.force_login(teacher.user)
    sent = {name: value for name, value in CLOSED.items() if name != without}

    answer = client.post(url(school, "impact:judge", activity.pk), sent)

    assert answer.context["form"].errors[field] == [words]
    with school_scope(school):
        assert not ImpactReview.objects.exists()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"pupils_verdict": ""}, "closed_with_verdicts_and_decision"),
        ({"decision": ""}, "closed_with_verdicts_and_decision"),
        ({"decision": "stop"}, "change_says_what"),
    ],
)
def test_database_closes_nothing_half_judged(activity, fields, name):
    with pytest.raises(IntegrityError, match=name):
        ImpactReviewFactory(school=activity.school, activity=activity, closed=True, **fields)


def test_it_may_be_judged_again_and_the_last_one_stands(school, client, teacher, activity):
    old = clock.today() - timedelta(days=300)
    earlier = ImpactReviewFactory(school=school, activity=activity, closed=True, closed_on=old)
    client.force_login(teacher.user)
    sent = CLOSED | {"pupils_verdict": "met", "after": earlier.pk}
    client.post(url(school, "impact:judge", activity.pk), sent)

    page = page_of(school, client, teacher, activity).content.decode()

    assert "for pupils met" in page
    assert "Keep it; for pupils partly met" in page  # before
    with school_scope(school):
        assert ImpactReview.objects.standing().get().pupils_verdict == "met"


def test_two_judge_at_once_and_the_second_is_shown_both(school, client, teacher, activity):
    ImpactReviewFactory(school=school, activity=activity, revision=2, helped_by="Time")
    client.force_login(teacher.user)

    answer = client.post(url(school, "impact:judge", activity.pk), CLOSED | {"revision": "1"})

    assert answer.context["form"].differences
    with school_scope(school):
        assert not ImpactReview.objects.closed().exists()


def test_whoever_closes_second_is_told_and_may_send_it_again(school, client, teacher, activity):
    client.force_login(teacher.user)
    path = url(school, "impact:judge", activity.pk)
    made_before = client.get(path).context["form"].initial["after"]
    head = StaffFactory(school=school, first_name="Helen", last_name="Head")
    ImpactReviewFactory(school=school, activity=activity, closed=True, by=head)

    sent = CLOSED | {"after": made_before or ""}
    answer = client.post(path, sent)
    form = answer.context["form"]
    assert "Helen Head closed a review while you were writing" in form.non_field_errors()[0]
    assert "A second session" in answer.content.decode()

    again = client.post(path, CLOSED | {"after": form["after"].value()})
    assert again.status_code == 302
    with school_scope(school):
        assert ImpactReview.objects.standing().get().decision == "change"


def test_nothing_is_judged_before_it_has_begun(school, client, teacher):
    planned = ActivityFactory(school=school, state="planned", lead=teacher)
    client.force_login(teacher.user)

    assert client.get(url(school, "impact:judge", planned.pk)).status_code == 403


def test_what_a_judgement_stands_on_is_not_taken_away_by_its_author(school, client, activity):
    member = StaffFactory(school=school)
    ParticipationFactory(school=school, activity=activity, staff=member)
    evidence = EvidenceFactory(school=school, activity=activity, by=member)
    ImpactReviewFactory(school=school, activity=activity, closed=True)
    client.force_login(member.user)

    answer = client.post(url(school, "impact:evidence_remove", evidence.uuid), follow=True)

    assert "It was judged on this evidence" in answer.content.decode()
    with school_scope(school):
        assert Evidence.objects.exists()


def test_files_go_with_their_activity(school, client, teacher, activity):
    client.force_login(teacher.user)
    add(client, school, activity, upload=SimpleUploadedFile("book.png", png()))

    with school_scope(school):
        activity.delete()
        assert not StoredFile.objects.exists()


def test_people_say_nothing_of_pupils_before_a_term_has_passed(activity):
    early = reviewing.Asked("end", "At the end", clock.today(), "5 of 6", ("Fine 3.0 of 4",))
    late = reviewing.Asked("term", "A term later", clock.today(), "5 of 6", ("Better 3.0 of 4",))

    for asked, strength in (([early], "No evidence yet"), ([early, late], "Self-reported")):
        staff, pupils = reviewing.outcomes(activity, None, [], asked)
        assert (staff.strength, pupils.strength) == ("Self-reported", strength)


def test_participants_read_all_and_judge_nothing(school, client, activity):
    member = StaffFactory(school=school)
    ParticipationFactory(school=school, activity=activity, staff=member)

    page = page_of(school, client, member, activity)

    assert "Evidence" in page.content.decode()
    assert client.get(url(school, "impact:judge", activity.pk)).status_code == 403


def test_what_came_of_a_private_activity_is_read_by_those_in_it(school, client, head, cpd_leader):
    coach = StaffFactory(school=school)
    activity = ActivityFactory(
        school=school, state="finished", title="Coaching", lead=coach, owner=cpd_leader,
        is_private=True,
    )  # fmt: skip
    ImpactReviewFactory(school=school, activity=activity, closed=True)
    evidence = EvidenceFactory(school=school, activity=activity, by=coach)

    for staff in (head, cpd_leader, StaffFactory(school=school)):
        assert page_of(school, client, staff, activity).status_code == 404
        assert "Coaching" not in client.get(url(school, "impact:reviews")).content.decode()
        file = client.get(url(school, "impact:evidence_file", evidence.uuid))
        assert file.status_code == 404
    assert page_of(school, client, coach, activity).status_code == 200


# --- how we know ---------------------------------------------------------------------------------
def png(width=40, height=30, **fields):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG", **fields)
    return out.getvalue()


def add(client, school, activity, **fields):
    sent = {
        "outcome": "pupils", "kind": "work", "claim": "Longer answers", "dated": clock.today()
    } | fields  # fmt: skip
    return client.post(url(school, "impact:evidence_add", activity.pk), sent)


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("book.png", png(), "book.jpg"),
        ("../../etc/passwd.pdf", b"%PDF-1.7 ...", "passwd.pdf"),
        ("notes.exe", "What Year 4 said, über alles".encode(), "notes.txt"),
        ("x" * 255 + ".png", png(), "x" * 80 + ".jpg"),
    ],
)
def test_file_is_kept_as_what_it_is(school, client, teacher, activity, name, content, kept):
    client.force_login(teacher.user)

    answer = add(client, school, activity, upload=SimpleUploadedFile(name, content))

    assert answer.status_code == 302
    with school_scope(school):
        evidence = Evidence.objects.get()
        assert evidence.file.name == kept
    file = client.get(url(school, "impact:evidence_file", evidence.uuid))
    assert file["Content-Disposition"] == f'attachment; filename="{kept}"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]
    file.close()


def bomb():
    """A picture of 40,000 × 40,000 pixels says so in its first bytes."""
    picture = bytearray(png())
    picture[16:24] = (40_000).to_bytes(4, "big") * 2
    picture[29:33] = zlib.crc32(picture[12:29]).to_bytes(4, "big")
    return bytes(picture)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.png", b"<!doctype html><script>alert(1)</script>", "Only pictures"),
        ("drawing.svg", b"<svg onload=alert(1)></svg>", "Only pictures"),
        ("list.zip", b"PK\x03\x04" + bytes(100), "Only pictures"),
        ("run.exe", b"MZ" + bytes(range(256)), "Only pictures"),
        ("huge.png", bomb(), "million pixels"),
        ("long.txt", b"a" * (uploads.LARGEST + 1), "larger than 5 MB"),
    ],
)
def test_anything_else_is_refused_beside_the_field(
    school, client, teacher, activity, name, content, words
):
    client.force_login(teacher.user)

    answer = add(client, school, activity, upload=SimpleUploadedFile(name, content))

    assert words in answer.context["form"].errors["upload"][0]
    with school_scope(school):
        assert not Evidence.objects.exists()
        assert not StoredFile.objects.exists()


def test_picture_whose_notes_are_broken_is_refused(activity, monkeypatch):
    def broken(picture):
        raise AttributeError

    monkeypatch.setattr(uploads.ImageOps, "exif_transpose", broken)
    with pytest.raises(uploads.Refused, match="broken"):
        uploads.check(SimpleUploadedFile("book.png", png()))


def test_picture_is_drawn_anew_without_what_hid_in_it(activity):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    script = b"<script>alert(1)</script>"
    checked = uploads.check(SimpleUploadedFile("book.png", png(exif=exif) + script))

    assert b"taken at home" not in checked.content
    assert script not in checked.content
    assert checked.content_type == "image/jpeg"


def test_same_file_address_or_reading_comes_once(school, client, teacher, activity):
    client.force_login(teacher.user)
    sent = {"upload": png()}
    for _ in range(2):
        upload = SimpleUploadedFile("book.png", sent["upload"])
        answer = add(client, school, activity, upload=upload, url="https://example.org/a")

    errors = answer.context["form"].errors
    assert errors["upload"] == ["This file is here already."]
    assert errors["url"] == ["This address is here already."]


def test_school_has_room_for_so_much(school, client, teacher, activity, monkeypatch):
    monkeypatch.setattr(uploads, "ROOM", 10)
    client.force_login(teacher.user)

    answer = add(client, school, activity, upload=SimpleUploadedFile("book.png", png()))

    assert "room for files is full" in answer.context["form"].errors["upload"][0]


def test_reading_of_the_plan_is_a_repeated_measure(school, client, teacher, activity):
    priority = PriorityFactory(school=school, live=True)
    ActivityPriorityFactory(school=school, activity=activity, priority=priority)
    criterion = SuccessCriterionFactory(
        school=school, priority=priority, measure="Expected in writing", unit="%", baseline=42,
        target=60,
    )  # fmt: skip
    reading = ReadingFactory(school=school, criterion=criterion, value=61)
    client.force_login(teacher.user)

    assert add(client, school, activity, reading=reading.pk).status_code == 302
    again = add(client, school, activity, reading=reading.pk)

    assert again.context["form"].errors["reading"] == ["This reading is here already."]
    page = page_of(school, client, teacher, activity).content.decode()
    assert "from 42 % to 61 %" in page
    assert "Repeated measure" in page


def test_measure_says_before_and_after(school, client, teacher, activity):
    client.force_login(teacher.user)

    answer = add(client, school, activity, kind="measured", before="42 %")

    assert answer.context["form"].errors["after"] == ["Say what it was, with the unit: 42 %."]


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], "No evidence yet"),
        (["said"], "Self-reported"),
        (["said", "said"], "Self-reported, more than once"),
        (["said", "observed"], "Observed"),
        (["voice", "work", "observed"], "Pupils' work or voice, more than once"),
        (["measured", "work"], "Repeated measure"),
    ],
)
def test_strength_is_that_of_the_strongest_and_whether_it_came_again(kinds, words):
    assert strength_of(kinds) == words


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Pupil Amina reads now", True),
        ("Pupil Progress meetings", False),
        ("The pupil Amina reads now", True),
        ("Tom Reid (Y4) explains", True),
        ("Most pupils in Year 4 explain", False),
        ("A pupil in Year 4, pupil A", False),
        ("Pupil Premium pupils gained", False),
    ],
)
def test_pupils_are_not_named(text, is_named):
    assert looks_like_a_pupil(text) == is_named


def test_own_evidence_is_taken_away_with_its_file(school, client, activity):
    member = StaffFactory(school=school)
    ParticipationFactory(school=school, activity=activity, staff=member)
    client.force_login(member.user)
    add(client, school, activity, upload=SimpleUploadedFile("book.png", png()))
    with school_scope(school):
        evidence = Evidence.objects.get()
    path = url(school, "impact:evidence_remove", evidence.uuid)

    assert "Take this evidence away?" in client.get(path).content.decode()
    client.post(path)

    with school_scope(school):
        assert not Evidence.objects.exists()
        assert not StoredFile.objects.exists()


def test_anothers_evidence_is_not_for_a_participant_to_take_away(school, client, activity):
    member = StaffFactory(school=school)
    ParticipationFactory(school=school, activity=activity, staff=member)
    evidence = EvidenceFactory(school=school, activity=activity)
    client.force_login(member.user)

    assert client.post(url(school, "impact:evidence_remove", evidence.uuid)).status_code == 403


# --- what else happened --------------------------------------------------------------------------
def test_side_effect_is_noted_and_stands_apart(school, client, activity):
    member = StaffFactory(school=school)
    ParticipationFactory(school=school, activity=activity, staff=member)
    client.force_login(member.user)
    sent = {"is_good": "False", "text": "Less time for art", "about": "offer"}

    answer = client.post(url(school, "impact:unplanned_add", activity.pk), sent, follow=True)

    page = answer.content.decode()
    assert "Side effect" in page
    assert "Less time for art" in page
    with school_scope(school):
        assert not UnplannedGain.objects.get().is_good


# --- pages ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 3])
def test_what_changed_costs_the_same(
    school, client, cpd_leader, activity, number, django_assert_num_queries
):
    EvidenceFactory.create_batch(number, school=school, activity=activity)
    UnplannedGainFactory.create_batch(number, school=school, activity=activity)
    for _ in range(number):
        ImpactReviewFactory(school=school, activity=activity, closed=True)
    client.force_login(cpd_leader.user)

    with django_assert_num_queries(20):
        page = client.get(url(school, "impact:what_changed", activity.pk))

    assert page.content.decode().count("Take away") == 2 * number


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_reviews_costs_the_same(
    school, client, cpd_leader, number, django_assert_num_queries
):
    for n in range(number):
        done = ActivityFactory(school=school, state="finished", title=f"Done {n}")
        ImpactReviewFactory(school=school, activity=done, closed=True)
        ActivityFactory(school=school, state="finished", title=f"Waiting {n}")
    client.force_login(cpd_leader.user)

    with django_assert_num_queries(17):
        page = client.get(url(school, "impact:reviews")).content.decode()

    assert page.count("Done ") == number


def test_list_is_narrowed_and_says_when_nothing_fits(school, client, teacher):
    stopped = ActivityFactory(school=school, state="finished", title="Brain gym")
    ImpactReviewFactory(
        school=school, activity=stopped, closed=True, decision="stop", pupils_verdict="not_yet",
        what_we_change="No effect seen",
    )  # fmt: skip
    kept = ActivityFactory(school=school, state="finished", title="Oracy")
    ImpactReviewFactory(school=school, activity=kept, closed=True)
    client.force_login(teacher.user)

    def shown(**query):
        return client.get(url(school, "impact:reviews"), query).content.decode()

    assert "Brain gym" in shown(decision="stop")
    assert "Oracy" not in shown(decision="stop")
    assert "Brain gym" in shown(q="effect")
    assert "Nothing fits" in shown(pupils="unknown")


def test_nothing_judged_yet_says_what_will_stand_here(school, client, teacher):
    client.force_login(teacher.user)

    assert "Nothing judged yet" in client.get(url(school, "impact:reviews")).content.decode()
