"""Certificates: made from what the registers and verifiers say, on paper, checked by anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, Min, OuterRef, Subquery

from activities.models import Activity, Attendance, Session
from cpdhub import clock, jobs, pdf
from cpdhub.models import Job, Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from cpdhub.sheets import day
from evaluation.models import Certificate, Submission, new_code
from evaluation.record import Record, between, say_hours

EVERYONE = "certificates"


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
    text = _attended(row, row.my_time, row.began_at, row.last_at)
    return _issue(owner, title=row.title, text=text, activity=Activity.objects.get(pk=pk))


def _attended(activity: Activity, time: timedelta, first: datetime, last: datetime) -> str:
    return f"{activity.type.title}, {say_hours(time)}, {between(first, last)}"


def for_everyone() -> Any:
    """Activities whose certificates can be made for all who were there: over, for the school."""
    over = Activity.objects.of_school().finished().filter(is_private=False)
    held = Session.objects.filter(activity=OuterRef("pk"), register_taken_at__isnull=False)
    last = held.order_by("-starts_at").values("starts_at")[:1]
    dated = over.filter(Exists(held)).annotate(last_at=Subquery(last))
    return dated.order_by("-last_at", "-pk")


def of_everyone_at(activity: Activity) -> list[Certificate]:
    """By the register, by name; whoever has one keeps it, and what was withdrawn is not made again.
    Somebody without a sign-in too."""
    days = activity.sessions.filter(cancelled_at=None).aggregate(
        first=Min("starts_at"), last=Max("starts_at")
    )
    times = Attendance.objects.counted().filter(session__activity=activity).time_per_person()
    before = list(Certificate.objects.filter(activity=activity))
    there = {row.owner_id: row for row in before if row.withdrawn_at is None}
    withdrawn = {row.owner_id for row in before} - there.keys()
    people = Staff.objects.filter(pk__in=times.keys() - withdrawn).select_related("school")
    return [
        there.get(person.pk)
        or _issue(
            person, title=activity.title, activity=activity,
            text=_attended(activity, times[person.pk], days["first"], days["last"]),
        )
        for person in people.order_by("sort_name", "pk")
    ]  # fmt: skip


def print_all(job: Job, progress: jobs.Progress) -> None:
    """One file with a page for everyone who was there, to hand out."""
    progress(10, "Reading the register")
    with job.scope():
        activity = for_everyone().filter(pk=job.params.get("activity")).first()
        if activity is None:
            raise jobs.JobFailed("This activity has no certificates: is it finished?")
        pages = [_page(row) for row in of_everyone_at(activity)]
    if not pages:
        raise jobs.JobFailed("The register says that nobody was there.")
    progress(60, f"Setting {len(pages)} pages")
    document = pdf.render("certificate", {"pages": pages})
    jobs.store(job, f"certificates-{clock.today().isoformat()}.pdf", "application/pdf", [document])


def register() -> None:
    """Called in `AppConfig.ready`."""
    jobs.register(
        EVERYONE, title="Certificates of an activity", permission=Permission.KEEP_RECOGNITION,
        run=print_all,
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
    return pdf.render("certificate", {"pages": [_page(certificate)]})


def _page(certificate: Certificate) -> dict[str, str]:
    recognition = certificate.is_recognition
    return {
        "kind": "Recognition" if recognition else "Certificate of attendance",
        "school": certificate.school_name,
        "name": certificate.name,
        "title": certificate.title,
        "text": certificate.text,
        "day": day(certificate.issued_on),
        "code": certificate.code,
        "url": certificate.url,
    }
