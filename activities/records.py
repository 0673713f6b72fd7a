"""Saving what somebody writes about a session, for the readers the page named."""

from collections.abc import Collection

from django.db import transaction

from activities.models import NotPossible, RecordReader, Session, SessionRecord
from cpdhub import clock
from cpdhub.models import Staff


def may_write(session: Session, staff: Staff) -> bool:
    """Whoever takes part, once it is planned and while the session is on."""
    return (
        not session.activity.is_draft
        and session.cancelled_at is None
        and session.activity.state != session.activity.State.CANCELLED
        and session.activity.participations.filter(staff=staff).exists()
    )


def readers_of(session: Session, *, besides: Staff) -> list[Staff]:
    """The others who take part: who reads a private record that is saved now."""
    return list(
        Staff.objects.filter(participations__activity=session.activity_id)
        .exclude(pk=besides.pk)
        .order_by("sort_name", "pk")
    )


def own_record(session: Session, staff: Staff, *, lock: bool) -> SessionRecord | None:
    """Two windows of one person that save at once take turns."""
    if lock:
        Session.objects.select_for_update().get(pk=session.pk)
    return SessionRecord.objects.filter(session=session, author=staff).first()


@transaction.atomic
def save_record(
    session: Session,
    *,
    by: Staff,
    answers: list[dict[str, str]],
    shown_readers: Collection[int],
) -> None:
    """Whoever joined after the page was made is no reader: the author did not know of them."""
    if not may_write(session, by):
        raise NotPossible("You do not take part any more, so this was not saved.")
    record = own_record(session, by, lock=True)
    if not answers:
        if record:
            record.delete()  # a text taken back is gone
        return
    record = record or SessionRecord(
        school_id=session.school_id, session=session, author=by, revision=0, is_private=False
    )
    record.is_private = record.is_private or session.activity.is_private
    record.answers, record.written_at = answers, clock.now()
    record.revision += 1
    record.save()
    here = {person.pk for person in readers_of(session, besides=by)}
    named = here.intersection(shown_readers) if record.is_private else set()
    record.readers.exclude(staff__in=named).delete()
    RecordReader.objects.bulk_create(
        (
            RecordReader(school_id=session.school_id, record=record, staff_id=pk)
            for pk in sorted(named)
        ),
        ignore_conflicts=True,
    )
