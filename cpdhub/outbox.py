"""Letters: written to the outbox with what caused them, sent by the worker."""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from cpdhub import clock, queue
from cpdhub.emails import Letter
from cpdhub.models import OutboxMessage, School
from cpdhub.walls import installation_scope, scope_of

# How long after each attempt the next one follows. The first also covers a worker that died
# while it sent; the last leaves a day to mend a mail server.
DELAYS = [timedelta(minutes=m) for m in (2, 5, 15, 60, 180, 360, 720)]


def send(letter: Letter, *, school: School | None) -> OutboxMessage:
    """Put a letter in the outbox: it leaves when the transaction commits, and only then.

    The school must be open, or, with None, the installation.
    """
    now = clock.now()
    message = OutboxMessage.across.create(
        school=school,
        message_id=f"<{uuid.uuid4()}@{urlsplit(settings.BASE_URL).hostname}>",
        to=letter.to,
        subject=" ".join(letter.subject.split())[:200],
        text=letter.text,
        html=letter.html,
        created_at=now,
        next_try_at=now,
    )
    _queue(message)
    return message


def send_again(message: OutboxMessage) -> None:
    """A letter that was given up gets a new round of attempts."""
    with message.scope():
        unsent = OutboxMessage.across.filter(pk=message.pk, sent_at=None)
        unsent.update(attempts=0, error="", next_try_at=clock.now())
        _queue(message)


def _queue(message: OutboxMessage) -> None:
    queue.later(
        "send_message", priority=queue.LETTER, school_id=message.school_id, message_id=message.pk
    )


def deliver(*, school_id: int | None, message_id: int) -> None:
    """Claim, send, note. A crash between the last two sends again under the same Message-ID."""
    message = _claim(school_id, message_id)
    if message is None:
        return
    sent_at, error, is_final = None, "", message.attempts >= OutboxMessage.MOST_ATTEMPTS
    try:
        _email(message).send()
        sent_at = clock.now()
    except (OSError, SMTPException, ValueError) as problem:
        error = f"{type(problem).__name__}: {problem}"[:300]
        is_final = is_final or _is_hopeless(problem)
    with scope_of(school_id):
        OutboxMessage.across.filter(pk=message.pk, sent_at=None).update(
            sent_at=sent_at,
            error=error,
            next_try_at=None if sent_at or is_final else message.next_try_at,
        )


def _claim(school_id: int | None, message_id: int) -> OutboxMessage | None:
    """Take a due letter for this attempt; until the next is due, nobody else gets it."""
    with scope_of(school_id):
        now = clock.now()
        due = OutboxMessage.across.due(now).filter(pk=message_id)
        message = due.select_for_update(skip_locked=True).first()
        if message is not None:
            message.attempts += 1
            message.next_try_at = next_try(message.attempts, now)
            message.save(update_fields=["attempts", "next_try_at"])
    return message


def next_try(attempts: int, now: datetime) -> datetime:
    """In UTC: an hour is an hour on the nights the clocks change, too."""
    return now.astimezone(UTC) + DELAYS[min(attempts, len(DELAYS)) - 1]


def _email(message: OutboxMessage) -> EmailMessage:
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=get_connection(settings.LETTERS_LEAVE_BY),
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email


def _is_hopeless(problem: Exception) -> bool:
    """The mail server says this address will never work."""
    return isinstance(problem, SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in problem.recipients.values()
    )


class OutboxBackend(BaseEmailBackend):
    """Django's way to send mail (sign-in letters), ending in the outbox table."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with installation_scope():
            return sum(self._keep(email) for email in email_messages)

    @staticmethod
    def _keep(email: EmailMessage) -> int:
        html = next(
            (
                str(content)
                for content, kind in getattr(email, "alternatives", [])
                if kind == "text/html"
            ),
            "",
        )
        recipients = email.recipients()
        for to in recipients:
            letter = Letter(to=to, subject=str(email.subject), text=str(email.body), html=html)
            send(letter, school=None)
        return 1 if recipients else 0


class FolderBackend(BaseEmailBackend):
    """Where a trial's letters go: a file each, named by Message-ID, so sent twice is one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            name = re.sub(r"[^\w.@-]", "", email.extra_headers["Message-ID"])
            unfinished = folder / f"{name}.{uuid.uuid4()}.tmp"
            unfinished.write_bytes(email.message().as_bytes())
            unfinished.replace(folder / f"{name}.eml")
        return len(email_messages)
