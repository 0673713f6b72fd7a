"""Certificates: made from what the registers and verifiers say, on paper, checked by anybody."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from activities.models import Activity
from cpdhub import clock, pdf
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible
from cpdhub.sheets import day
from evaluation.models import Certificate, Submission, new_code
from evaluation.record import Record, between, say_hours


def may_be_certified(owner: Staff) -> list[Any]:
    """What they attended by its register and is over, each with `my_time`; the newest first.

    Own learning is nobody's to certify, and of coaching or support no paper says the title.
    """
    record = Record(owner, owner)
    over = record.activities().finished().filter(is_own_learning=False, is_private=False)
    rows = record.with_hours(over.select_related("type"))
    return [row for row in rows if row.my_time]


def of_activity(owner: Staff, pk: int) -> Certificate:
    """For an activity they attended; asking twice gives the same one, and one that was withdrawn
    is not made again unless whoever keeps recognition allows it."""
    before = Certificate.objects.owned_by(owner).filter(activity=pk)
    if there := before.valid().first():
        return there
    if before.exists():
        raise NotPossible(
            "The certificate for this was withdrawn. Whoever leads CPD can allow a new one."
        )
    row = next((row for row in may_be_certified(owner) if row.pk == pk), None)
    if row is None:
        raise NotPossible(
            "There is no certificate for this: the register must say that you were there, and the"
            " activity must be finished."
        )
    when = between(row.began_at, row.last_at)
    return _issue(
        owner, title=row.title, text=f"{row.type.title}, {say_hours(row.my_time)}, {when}",
        activity=Activity.objects.get(pk=pk),
    )  # fmt: skip


def of_recognition(submission: Submission) -> Certificate:
    verifier = submission.verifier
    assert verifier
    return _issue(
        submission.owner, title=submission.name,
        text=f"For “{submission.title}”, verified by {verifier.name}.",
        submission=submission, is_recognition=True,
    )  # fmt: skip


def _issue(owner: Staff, **fields: Any) -> Certificate:
    try:
        with transaction.atomic():
            return Certificate.objects.create(
                school=owner.school, owner=owner, code=new_code(owner.school_id), name=owner.name,
                school_name=owner.school.name, issued_on=clock.today(), **fields,
            )  # fmt: skip
    except IntegrityError:  # asked for in two windows at once
        same = {name: value for name, value in fields.items() if name in ("activity", "submission")}
        return Certificate.objects.owned_by(owner).valid().get(**same)


def withdraw(certificate: Certificate, *, because: str) -> None:
    """It says so to whoever checks it, from now on."""
    Certificate.objects.filter(pk=certificate.pk, withdrawn_at=None).update(
        withdrawn_at=clock.now(), withdrawn_because=because
    )


def allow_again(certificate: Certificate) -> None:
    """A new one may be made for what this one was for; this one stays withdrawn."""
    Certificate.objects.filter(pk=certificate.pk).exclude(withdrawn_at=None).update(activity=None)


def render(certificate: Certificate) -> bytes:
    return pdf.render(
        "certificate",
        {
            "kind": "Recognition" if certificate.is_recognition else "Certificate of attendance",
            "school": certificate.school_name,
            "name": certificate.name,
            "title": certificate.title,
            "text": certificate.text,
            "day": day(certificate.issued_on),
            "code": certificate.code,
            "url": certificate.url,
        },
    )
