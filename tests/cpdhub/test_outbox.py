"""Letters: written with what caused them, sent at least once under one Message-ID, never lost."""

import email
import smtplib
import threading
from datetime import timedelta
from email import policy

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.urls import reverse

from cpdhub import clock, emails, outbox
from cpdhub.emails import Letter
from cpdhub.models import OutboxMessage
from cpdhub.walls import installation_scope, school_scope
from tests.factories import OutboxMessageFactory, SchoolFactory, StaffFactory, UserFactory

QUERIES_OF_LETTERS = 14  # walls and savepoints, session, user, how many, which
LETTER = Letter(to="priya@school.example", subject="Hello", text="Text", html="<p>Text</p>")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path / "mail"
    return settings.MAIL_FOLDER


@pytest.fixture
def server(settings, monkeypatch):
    """A mail server whose answers the test gives: exceptions to raise, or None for "taken"."""
    settings.LETTERS_LEAVE_BY = "django.core.mail.backends.smtp.EmailBackend"
    taken, answers = [], []

    class Server:
        def __init__(self, *args, **kwargs):
            pass

        def sendmail(self, sender, recipients, content, **kwargs):
            answer = answers.pop(0) if answers else None
            if answer != "drop after data":
                raise_if(answer)
            taken.append(email.message_from_bytes(content, policy=policy.default))
            if answer == "drop after data":
                raise smtplib.SMTPServerDisconnected("gone")
            return {}

        def __getattr__(self, name):
            return lambda *args, **kwargs: (250, b"ok")

    monkeypatch.setattr(smtplib, "SMTP", Server)
    taken_and_answers = type("Taken", (), {"letters": taken, "answers": answers})
    return taken_and_answers


def raise_if(answer):
    if answer is not None:
        raise answer


def send(school, letter=LETTER):
    with school_scope(school):
        return outbox.send(letter, school=school)


def deliver(message):
    outbox.deliver(school_id=message.school_id, message_id=message.pk)
    return fresh(message)


def fresh(message):
    with message.scope():
        return OutboxMessage.across.get(pk=message.pk)


def make_due(message):
    with message.scope():
        OutboxMessage.across.filter(pk=message.pk).update(next_try_at=clock.now())


# --- sending -------------------------------------------------------------------------------------
def test_letter_lands_in_the_folder_as_text_and_html(school, folder):
    message = deliver(send(school))

    (file,) = folder.iterdir()
    sent = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (sent["To"], sent["Subject"], sent["Message-ID"]) == (
        "priya@school.example",
        "Hello",
        message.message_id,
    )
    assert sent["Auto-Submitted"] == "auto-generated"
    assert [part.get_content().strip() for part in sent.iter_parts()] == ["Text", "<p>Text</p>"]
    assert (message.attempts, message.next_try_at, message.error) == (1, None, "")


def test_letter_is_sent_once(school, server):
    message = send(school)

    deliver(message)
    deliver(message)

    assert len(server.letters) == 1


def test_letter_sent_twice_is_one_file_of_one_message_id(school, folder):
    message = deliver(send(school))
    with school_scope(school):  # as if the machine went away before it was noted
        OutboxMessage.objects.update(sent_at=None, next_try_at=clock.now())

    deliver(message)

    assert len(list(folder.iterdir())) == 1


def test_server_that_drops_after_data_gets_the_same_message_id_again(school, server):
    server.answers[:] = ["drop after data", None]
    message = send(school)

    deliver(message)
    make_due(message)
    deliver(message)

    assert [letter["Message-ID"] for letter in server.letters] == [message.message_id] * 2
    assert fresh(message).sent_at is not None


def test_refused_letter_is_tried_later_and_later_and_then_given_up(school, server, at):
    now = at("2026-10-24 12:00")
    server.answers[:] = [ConnectionRefusedError("no server")] * 20
    message = send(school)

    waits = []
    for _ in range(OutboxMessage.MOST_ATTEMPTS):
        make_due(message)
        tried = deliver(message)
        waits.append(tried.next_try_at and tried.next_try_at - now)
    make_due(message)

    assert waits == [*outbox.DELAYS, None]
    assert (tried.is_given_up, tried.error) == (True, "ConnectionRefusedError: no server")


def test_letter_given_up_is_not_due(school, server, at):
    at("2026-11-23 12:00")
    server.answers[:] = [
        smtplib.SMTPRecipientsRefused({"priya@school.example": (550, b"no such user")})
    ]

    message = deliver(send(school))

    assert (message.is_given_up, message.attempts) == (True, 1)
    with school_scope(school):
        assert not OutboxMessage.objects.due(clock.now() + timedelta(days=9)).exists()


def test_full_mailbox_is_tried_again(school, server):
    full = smtplib.SMTPRecipientsRefused({"priya@school.example": (452, b"mailbox full")})
    server.answers[:] = [full]

    assert deliver(send(school)).next_try_at is not None


def test_next_try_is_real_time_on_the_night_the_clocks_go_back(at):
    before = at("2026-10-25 00:30")

    later = outbox.next_try(4, before)

    assert later.timestamp() - before.timestamp() == 3600


def test_letter_is_not_sent_when_what_caused_it_is_rolled_back(
    school, folder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        send(school)
        transaction.set_rollback(True)

    with school_scope(school):
        assert OutboxMessage.objects.count() == 0
    assert not folder.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_it_once(server):
    message = send(SchoolFactory())
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        deliver(message)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.letters) == 1


def test_subject_of_several_lines_becomes_one(school):
    message = send(school, Letter(to="a@b.example", subject="One\r\nBcc: x@y.example", text="T"))

    assert message.subject == "One Bcc: x@y.example"


def test_outbox_of_another_school_cannot_be_sent_from_here(school, other_school, folder):
    theirs = send(other_school)

    outbox.deliver(school_id=school.pk, message_id=theirs.pk)

    assert fresh(theirs).sent_at is None
    assert not folder.exists()


# --- what others send through Django --------------------------------------------------------------
def test_django_mail_ends_in_the_outbox_of_the_installation(db, settings):
    settings.EMAIL_BACKEND = "cpdhub.outbox.OutboxBackend"
    mail = EmailMultiAlternatives("Reset\n your password", "Link", to=["a@b.example"])
    mail.attach_alternative("<p>Link</p>", "text/html")

    assert mail.send() == 1

    with installation_scope():
        message = OutboxMessage.across.get()
    assert (message.school_id, message.to, message.subject, message.text, message.html) == (
        None,
        "a@b.example",
        "Reset your password",
        "Link",
        "<p>Link</p>",
    )


def test_letter_of_no_school_is_sent(db, folder):
    with installation_scope():
        message = outbox.send(LETTER, school=None)

    assert deliver(message).sent_at is not None


# --- what a letter says ---------------------------------------------------------------------------
@pytest.fixture
def written(settings, tmp_path, teacher):
    """A letter of a template with difficult characters."""
    templates = tmp_path / "templates" / "emails"
    templates.mkdir(parents=True)
    (templates / "t.txt").write_text(
        '{% extends "emails/base.txt" %}{% block subject %}About {{ what }}{% endblock %}'
        "{% block text %}Do & say {{ what }}{% endblock %}"
    )
    (templates / "t.html").write_text(
        '{% extends "emails/base.html" %}{% block text %}<p>{{ what }}</p>{% endblock %}'
    )
    settings.TEMPLATES = [
        {
            **settings.TEMPLATES[0],
            "DIRS": [tmp_path / "templates", *settings.TEMPLATES[0]["DIRS"]],
        }
    ]
    with school_scope(teacher.school):
        return emails.letter(teacher, "t", {"what": "<b>Sam & \nAlex</b>"})


def test_letter_has_a_subject_plain_text_and_escaped_html(written, teacher):
    assert (written.to, written.subject) == (teacher.user.email, "About <b>Sam &")
    assert "Do & say <b>Sam & \nAlex</b>" in written.text
    assert written.text.rstrip().endswith(teacher.school.link("jobs:letters"))
    assert "<p>&lt;b&gt;Sam &amp; \nAlex&lt;/b&gt;</p>" in written.html


def test_address_is_the_one_they_sign_in_with(school):
    staff = StaffFactory(
        school=school, email="old@school.example", user__email="new@school.example"
    )
    uninvited = StaffFactory(school=school, user=None, email="soon@school.example")

    assert emails.address(staff) == "new@school.example"
    assert emails.address(uninvited) == "soon@school.example"


# --- the administrator's page ---------------------------------------------------------------------
@pytest.fixture
def administrator(client, db):
    client.force_login(UserFactory(is_administrator=True))
    return client


def page(view, *args):
    return reverse(view, urlconf="cpdhub.urls", args=args)


@pytest.mark.parametrize("count", [1, 3])
def test_trial_shows_all_letters_in_constant_queries(
    administrator, count, django_assert_num_queries
):
    OutboxMessageFactory.create_batch(count)

    with django_assert_num_queries(QUERIES_OF_LETTERS):
        response = administrator.get(page("outbox:letters"))

    assert len(response.context["page"]) == count


def test_trial_letter_can_be_read_and_its_links_followed(administrator):
    message = OutboxMessageFactory(
        text="Go to http://127.0.0.1/x?a=1&b=2 <script>alert(1)</script>"
    )

    response = administrator.get(page("outbox:letter", message.pk))

    assert 'href="http://127.0.0.1/x?a=1&amp;b=2"' in response.text
    assert "<script>alert" not in response.text


def test_html_of_a_letter_runs_nothing(administrator):
    message = OutboxMessageFactory(html="<script>alert(1)</script>")

    response = administrator.get(page("outbox:letter_html", message.pk))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


def test_letters_are_searched_by_address_and_subject(administrator):
    OutboxMessageFactory(to="tom@school.example", subject="Reflect")
    OutboxMessageFactory(to="ann@school.example", subject="Milestone")

    found = administrator.get(page("outbox:letters"), {"q": "TOM"}).context["page"]
    nothing = administrator.get(page("outbox:letters"), {"q": "zz"})

    assert [message.subject for message in found] == ["Reflect"]
    assert "No letter matches" in nothing.text


def test_outside_a_trial_nobody_reads_letters(administrator, settings):
    settings.TRIAL = False
    waiting = OutboxMessageFactory(subject="Private words")
    failed = OutboxMessageFactory(subject="Other words", attempts=8, next_try_at=None, error="550")

    listing = administrator.get(page("outbox:letters"))

    assert list(listing.context["page"]) == [failed]
    assert "words" not in listing.text
    for view in ("outbox:letter", "outbox:letter_html"):
        assert administrator.get(page(view, failed.pk)).status_code == 404
    assert administrator.post(page("outbox:again", waiting.pk)).status_code == 404


def test_outside_a_trial_nobody_reads_whom_a_schools_letter_is_for(administrator, settings, school):
    settings.TRIAL = False
    refused = {"attempts": 8, "next_try_at": None, "subject": "Reflect on phonics"}
    of_school = OutboxMessageFactory(
        school=school,
        to="tom@school.example",
        error="SMTPRecipientsRefused: {'tom@school.example': (550, b'5.1.1 no such user tom')}",
        **refused,
    )
    with installation_scope():
        of_none = outbox.send(LETTER, school=None)
        OutboxMessage.across.filter(pk=of_none.pk).update(to="ann@hub.example", **refused)

    def found(words):
        return list(administrator.get(page("outbox:letters"), {"q": words}).context["page"])

    listing = administrator.get(page("outbox:letters")).text

    assert "tom@" not in listing
    assert "550" in listing
    assert "5.1.1 no such user …" in listing
    assert "ann@hub.example" in listing
    assert [found(word) for word in ("tom", "phonics")] == [[], []]
    assert (found("ann@"), found(school.name)) == ([of_none], [of_school])


def test_letter_given_up_is_tried_again_by_the_administrator(administrator):
    message = OutboxMessageFactory(attempts=8, next_try_at=None, error="550")

    response = administrator.post(page("outbox:again", message.pk))

    assert response.url == page("outbox:letters")
    again = fresh(message)
    assert (again.attempts, again.error, again.next_try_at is None) == (0, "", False)


def test_walls_hide_letters_without_a_door(school):
    OutboxMessageFactory(school=school)

    assert OutboxMessage.across.count() == 0
    with installation_scope():
        assert OutboxMessage.across.count() == 1
        assert OutboxMessage.across.update(to="thief@evil.example") == 0
