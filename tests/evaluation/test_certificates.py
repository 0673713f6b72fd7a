"""Certificates on paper, as badges, and checked by anybody."""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from activities.models import Activity, Attendance
from cpdhub import clock, jobs, signing_key
from cpdhub.models import Job, LogEntry, Staff
from cpdhub.walls import school_scope
from evaluation import badges, certificates, portable
from evaluation.models import Certificate, new_code, school_of
from tests.evaluation.test_portable import members
from tests.evaluation.test_record import attended
from tests.factories import AttendanceFactory, CertificateFactory, PortfolioFactory, StaffFactory
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")
    cache.clear()


@pytest.fixture
def mine(school, teacher):
    return CertificateFactory(school=school, owner=teacher)


def page_of(certificate, view="certificate"):
    return url(certificate.school, f"recognition:{view}", certificate.uuid)


def the_certificate(school):
    with school_scope(school):
        return Certificate.objects.select_related("owner", "school").get()


# --- codes --------------------------------------------------------------------------------------
@pytest.mark.parametrize("school_id", [0, 1, 30, 31, 32, 12_345_678])
def test_a_code_names_its_school(school_id):
    code = new_code(school_id)

    assert school_of(code) == school_id
    assert len(code) <= 24
    assert new_code(school_id) != code


@pytest.mark.parametrize(
    "code",
    ["", "A", "--", "A-BBBB-CCCC", "A-BBBB-CCCC-DDD0", "a-bbbb-cccc-dddd", "A-BBBB-CCCC-DDDD-EEEE",
     "AAAAAAAAA-BBBB-CCCC-DDDD", "-BBBB-CCCC-DDDD", "É-BBBB-CCCC-DDDD"],
)  # fmt: skip
def test_what_is_no_code_is_of_no_school(code):
    assert school_of(code) is None


# --- made ---------------------------------------------------------------------------------------
def test_for_what_was_attended_by_its_register(sign_in, teacher, school):
    day = attended(teacher, hours=2.5, title="Phonics day", state="finished", type__title="Course")
    attended(teacher, title="Not over")
    attended(teacher, title="No register", was_present=None, state="finished")
    attended(teacher, title="Away", was_present=False, state="finished")
    attended(teacher, title="Support", is_private=True, state="finished")
    attended(
        teacher, title="A book", owner=teacher, is_own_learning=True, was_logged=True,
        state="finished",
    )  # fmt: skip
    client = sign_in(teacher)
    page = client.get(url(school, "recognition:certificates"))
    assert [row.title for row in page.context["page"]] == ["Phonics day"]

    for _ in range(2):
        response = client.post(url(school, "recognition:certify", day.pk))

    row = the_certificate(school)
    assert response.url == page_of(row)
    assert (row.name, row.school_name, row.title, row.text) == (
        "Tom Teacher", "Oakfield Primary", "Phonics day", "Course, 2.5 hours, 18 November 2026"
    )  # fmt: skip
    assert row.code in client.get(response.url).text


def test_not_for_what_one_was_not_at(sign_in, teacher, school):
    theirs = attended(StaffFactory(school=school), title="Theirs", state="finished")

    response = sign_in(teacher).post(url(school, "recognition:certify", theirs.pk), follow=True)

    assert "the register must say that you were there" in response.text
    with school_scope(school):
        assert not Certificate.objects.exists()


def test_it_stays_as_it_was_on_the_day(sign_in, teacher, school):
    day = attended(teacher, title="Phonics day", state="finished")
    sign_in(teacher).post(url(school, "recognition:certify", day.pk))

    with school_scope(school):
        Activity.objects.filter(pk=day.pk).update(title="Something else")
        Staff.objects.filter(pk=teacher.pk).update(last_name="Married")
        Attendance.objects.all().delete()
        Activity.objects.get(pk=day.pk).delete()

    row = the_certificate(school)
    assert (row.name, row.title, row.activity) == ("Tom Teacher", "Phonics day", None)


def test_on_paper(sign_in, teacher, school, mine):
    response = sign_in(teacher).get(page_of(mine, "pdf"))

    assert response.content.startswith(b"%PDF")
    assert response["Cache-Control"] == "no-store"
    with school_scope(school):
        assert LogEntry.objects.get().what == "certificate"


def test_it_is_ones_own(sign_in, head, cpd_leader, mine):
    for person in (head, cpd_leader):
        client = sign_in(person)
        for view in ("certificate", "pdf", "badge"):
            assert client.get(page_of(mine, view)).status_code == 404


def test_one_that_holds_for_an_activity(school, teacher):
    day = attended(teacher)
    first = CertificateFactory(school=school, owner=teacher, activity=day)

    with pytest.raises(IntegrityError, match="one_certificate_an_activity"), transaction.atomic():
        CertificateFactory(school=school, owner=teacher, activity=day)

    with school_scope(school):
        certificates.withdraw(first, because="A mistake")
    CertificateFactory(school=school, owner=teacher, activity=day)


# --- for everyone who was there -----------------------------------------------------------------
def print_all(leader, activity):
    """As the worker would."""
    with school_scope(leader.school):
        job = jobs.start(certificates.EVERYONE, by=leader, params={"activity": activity.pk})
    jobs.run(school_id=leader.school_id, job_id=job.pk)
    with school_scope(leader.school):
        return Job.objects.select_related("result").get()


def test_everyone_who_was_there_gets_one_without_a_sign_in_too(school, cpd_leader, teacher):
    day = attended(teacher, hours=2, title="First aid", state="finished", type__title="Course")
    with school_scope(school):
        session = day.sessions.get()
        day.sessions.update(register_taken_at=session.ends_at)
    nobody = StaffFactory(school=school, user=None, email="", first_name="Nia", last_name="Bell")
    AttendanceFactory(school=school, session=session, staff=nobody)
    AttendanceFactory(school=school, session=session, was_present=False)
    mine = CertificateFactory(school=school, owner=teacher, activity=day)

    job = print_all(cpd_leader, day)
    again = print_all_names(school, day)

    assert (job.state, job.error) == ("done", "")
    assert again == ["Nia Bell", "Tom Teacher"]
    with school_scope(school):
        assert Certificate.objects.count() == 2
        assert Certificate.objects.get(owner=teacher) == mine
        content = b"".join(job.result.pieces())
    assert content.startswith(b"%PDF")


def print_all_names(school, activity):
    with school_scope(school):
        return [row.name for row in certificates.of_everyone_at(activity)]


def test_not_for_what_is_private_or_not_over(sign_in, school, cpd_leader, teacher):
    for fields in ({"is_private": True, "state": "finished"}, {"state": "planned"}):
        day = attended(teacher, title="Not this", **fields)
        with school_scope(school):
            day.sessions.update(register_taken_at=clock.now())
        assert "Not this" not in sign_in(cpd_leader).get(url(school, "recognition:keep")).text

        response = sign_in(cpd_leader).post(
            url(school, "recognition:print_all"), {"activity": day.pk}, follow=True
        )
        assert "Choose an activity first" in response.text


def test_the_leader_asks_for_them_by_activity(sign_in, school, cpd_leader, teacher):
    day = attended(teacher, title="First aid", state="finished")
    with school_scope(school):
        day.sessions.update(register_taken_at=clock.now())
    client = sign_in(cpd_leader)
    assert "First aid, 18 November 2026" in client.get(url(school, "recognition:keep")).text

    client.post(url(school, "recognition:print_all"), {"activity": day.pk})

    with school_scope(school):
        assert Job.objects.get().params == {"activity": day.pk}


# --- checked by anybody -------------------------------------------------------------------------
def test_anybody_checks_it_by_its_code(mine):
    response = Client().get(f"/verify/{mine.code}/")

    for words in (
        "This certificate is valid", "Tom Teacher", "Phonics day", "Oakfield Primary",
        "21 November 2026",
    ):  # fmt: skip
        assert words in response.text
    assert "Two hours" not in response.text
    assert mine.owner.email not in response.text
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_code_is_typed_as_it_stands_on_paper(mine):
    page = Client().get("/verify/", {"code": f" {mine.code.lower()} "}, follow=True)

    assert "This certificate is valid" in page.text


@pytest.mark.parametrize("code", ["1", "A-BBBB-CCCC-DDDD", "ZZZZZZZZ-BBBB-CCCC-DDDD", "<b>"])
def test_an_unknown_code_says_so(code):
    response = Client().get(f"/verify/{code}/")

    assert response.status_code == 404
    assert "No certificate has this code" in response.text
    assert "<b>" not in response.text.replace("<b>A", "")


def test_withdrawn_says_withdrawn_without_the_reason(sign_in, cpd_leader, teacher, school, mine):
    client = sign_in(cpd_leader)
    path = url(school, "recognition:withdraw", mine.pk)
    assert client.post(path, {"withdrawn_because": ""}).status_code == 200
    assert the_certificate(school).is_valid

    client.post(path, {"withdrawn_because": "Tom was ill that day"})

    page = Client().get(f"/verify/{mine.code}/").text
    assert "This certificate was withdrawn" in page
    assert "valid" not in page
    assert "ill" not in page.replace("will", "")
    client = sign_in(teacher)
    assert "Tom was ill that day" in client.get(page_of(mine)).text
    assert client.get(page_of(mine, "pdf")).status_code == 404
    assert client.get(page_of(mine, "badge")).status_code == 404


def test_what_was_withdrawn_is_not_made_again_unless_allowed(sign_in, cpd_leader, teacher, school):
    attended(teacher, title="Phonics day", state="finished")
    with school_scope(school):
        pk = Activity.objects.get().pk
        first = certificates.of_activity(teacher, pk)
        certificates.withdraw(first, because="Somebody else was there")
    client = sign_in(teacher)
    could = url(school, "recognition:certificates")
    certify = url(school, "recognition:certify", pk)

    assert client.get(could).context["page"].paginator.count == 0
    assert "was withdrawn" in client.post(certify, follow=True).text
    assert print_all_names(school, first.activity) == []
    allow = url(school, "recognition:allow_again", first.pk)
    assert client.post(allow).status_code == 403
    leader = sign_in(cpd_leader)
    assert "Allow a new one" in leader.get(url(school, "recognition:keep")).text
    leader.post(allow)

    sign_in(teacher).post(certify)
    with school_scope(school):
        assert [row.is_valid for row in Certificate.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize(
    "typed",
    ["{code}", " {code} ", "https://hub.example/verify/{code}/", "/verify/{code}?x=1", "A/B"],
)
def test_the_address_on_the_paper_may_be_pasted(mine, typed):
    response = Client().get("/verify/", {"code": typed.format(code=mine.code)}, follow=True)

    assert response.status_code == (404 if typed == "A/B" else 200)
    assert typed == "A/B" or "This certificate is valid" in response.text


@pytest.mark.parametrize("typed", ["/", "…", "?"])
def test_what_holds_no_letter_is_no_code(typed):
    assert "No certificate has this code" in Client().get("/verify/", {"code": typed}).text


def test_nobody_tries_codes_faster_than_people_type(mine):
    answers = {Client().get(f"/verify/A-BBBB-CCCC-DDD{n % 8 + 2}/").status_code for n in range(60)}

    assert answers == {404}
    assert Client().get(f"/verify/{mine.code}/").status_code == 429


def test_it_is_checked_after_its_owner_left(school, teacher, mine, at):
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(ends_on=date(2026, 11, 1))
    at("2031-01-01 09:00")

    assert "This certificate is valid" in Client().get(f"/verify/{mine.code}/").text


# --- Open Badges 3.0 ----------------------------------------------------------------------------
def token_of(certificate):
    with school_scope(certificate.school):
        rows = Certificate.objects.select_related("owner", "school")
        return badges.token(rows.get(pk=certificate.pk))


def as_verifier():
    """Somebody else's verifier, who was given our public key."""
    public = signing_key._key().public_key()
    return OB3Verifier(
        public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


# What the specification says a credential must have, in our own words: a class, its required
# properties, and what each must be.
URI = ("https://", "http://", "urn:")
REQUIRED = {
    "credential": {"@context": list, "id": URI, "type": list, "issuer": dict, "validFrom": str,
                   "name": str, "credentialSubject": dict},
    "issuer": {"id": URI, "type": list},
    "credentialSubject": {"type": list, "achievement": dict},
    "achievement": {"id": URI, "type": list, "name": str, "description": str, "criteria": dict},
    "identifier": {"type": str, "hashed": bool, "identityHash": str, "identityType": str},
}  # fmt: skip
TYPES = {
    "credential": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": ["Profile"],
    "credentialSubject": ["AchievementSubject"],
    "achievement": ["Achievement"],
}


def faults(name, value):
    """What is missing or of another kind."""
    found = []
    for key, kind in REQUIRED[name].items():
        given = value.get(key)
        is_right = (
            isinstance(given, str) and given.startswith(kind)
            if isinstance(kind, tuple)
            else isinstance(given, kind)
        )
        if not is_right:
            found.append(f"{name}.{key}: {given!r}")
    if name in TYPES and value["type"] != TYPES[name]:
        found.append(f"{name}.type: {value['type']}")
    return found


def test_a_badge_has_what_the_specification_requires(mine):
    signed = signing_key.read(token_of(mine))
    said = signed.payload
    subject = said["credentialSubject"]

    assert (
        faults("credential", said)
        + faults("issuer", said["issuer"])
        + faults("credentialSubject", subject)
        + faults("achievement", subject["achievement"])
        + [fault for row in subject["identifier"] for fault in faults("identifier", row)]
    ) == []
    assert said["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert subject["achievement"]["criteria"]["narrative"]
    assert datetime.fromisoformat(said["validFrom"]) <= datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_the_claims_beside_a_badge_say_the_same(mine):
    header = json.loads(signing_key._decode(token_of(mine).split(".")[0]))
    said = signing_key.read(token_of(mine)).payload

    assert set(header) == {"alg", "typ", "jwk"}
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    assert "d" not in header["jwk"]
    assert said["iss"] == said["issuer"]["id"]
    assert said["jti"] == said["id"] == f"urn:uuid:{mine.uuid}"
    assert said["sub"] == said["credentialSubject"]["id"]
    assert datetime.fromtimestamp(said["nbf"], UTC) == datetime.fromisoformat(said["validFrom"])


def test_somebody_elses_verifier_accepts_a_badge(mine):
    found = as_verifier().verify(token_of(mine))

    assert found.achievement.name == "Phonics day"
    assert found.issuer.name == "Oakfield Primary"


def test_somebody_elses_verifier_refuses_a_changed_badge(mine):
    header, payload, signature = token_of(mine).split(".")
    said = json.loads(signing_key._decode(payload))
    said["name"] = "Doctor of phonics"
    forged = signing_key._encode(json.dumps(said).encode())

    with pytest.raises(OB3VerificationError):
        as_verifier().verify(f"{header}.{forged}.{signature}")


def test_a_work_address_is_in_it_as_a_fingerprint_only(mine):
    token = token_of(mine)
    [_, row] = signing_key.read(token).payload["credentialSubject"]["identifier"]

    email = mine.owner.email
    digest = hashlib.sha256(f"{email}{row['salt']}".encode()).hexdigest()
    assert (row["identityType"], row["identityHash"]) == ("emailAddress", f"sha256${digest}")
    assert email not in json.dumps(signing_key.read(token).payload)


def test_somebody_without_an_address_gets_one_too(school):
    nobody = StaffFactory(school=school, user=None, email="", first_name="Nia", last_name="Bell")
    row = CertificateFactory(school=school, owner=nobody)
    other = CertificateFactory(school=school, owner=nobody)

    token = token_of(row)

    subject = signing_key.read(token).payload["credentialSubject"]
    assert [one["identityHash"] for one in subject["identifier"]] == ["Nia Bell"]
    assert subject["id"].startswith("urn:uuid:")
    assert subject["id"] == signing_key.read(token_of(other)).payload["sub"]
    assert as_verifier().verify(token).achievement.name == "Phonics day"


def test_a_badge_is_fetched_by_its_owner(sign_in, teacher, mine):
    response = sign_in(teacher).get(page_of(mine, "badge"))

    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"] == 'attachment; filename="badge-Phonics-day.jwt"'
    assert signing_key.read(response.content.decode()).is_ours


def test_the_issuers_address_answers_with_its_profile_and_the_key(school, mine):
    said = signing_key.read(token_of(mine)).payload["issuer"]
    path = "/verify" + said["id"].partition("/verify")[2]

    profile = Client().get(path).json()

    assert {name: profile[name] for name in said} == said
    [key] = profile["jwks"]["keys"]
    assert (key["n"], key["alg"]) == (signing_key.public_jwk()["n"], "RS256")
    assert "d" not in key
    assert Client().get("/verify/school/000000/").status_code == 404


# --- taken along --------------------------------------------------------------------------------
def test_certificates_go_into_portfolio_and_portable_record(sign_in, teacher, school, mine):
    withdrawn = CertificateFactory(school=school, owner=teacher, title="Gone")
    with school_scope(school):
        certificates.withdraw(withdrawn, because="A mistake")
        parts = members(portable.build(teacher))

    client = sign_in(teacher)
    portfolio = PortfolioFactory(school=school, owner=teacher)
    page = client.get(url(school, "portfolio:pick", portfolio.uuid), {"from": "recognition"})
    assert [row.title for row, _ in page.context["offered"]] == ["Phonics day"]
    assert f"/verify/{mine.code}/" in page.text
    names = [name for name in parts if name.startswith("certificates/")]
    assert [name.rpartition(".")[2] for name in names] == ["jwt"]
    assert signing_key.read(parts[names[0]].decode()).is_ours
    (said,) = json.loads(parts["record.json"])["certificates"]
    assert (said["code"], said["url"]) == (mine.code, mine.url)


@pytest.mark.parametrize("count", [1, 3])
def test_checking_costs_the_same(school, teacher, count, django_assert_max_num_queries):
    rows = CertificateFactory.create_batch(count, school=school, owner=teacher)
    Client().get(f"/verify/{rows[0].code}/")

    with django_assert_max_num_queries(14):  # eight of the rate limit
        Client().get(f"/verify/{rows[0].code}/")


def test_long_ago_is_valid_from_the_morning_in_london(school, teacher):
    CertificateFactory(school=school, owner=teacher, issued_on=date(2024, 7, 1))

    with school_scope(school):
        said = badges.credential_of(Certificate.objects.select_related("owner", "school").get())

    assert said["validFrom"] == "2024-06-30T23:00:00Z"
