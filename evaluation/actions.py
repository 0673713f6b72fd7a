"""What people do with reflections that touches more than one row."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import LogEntry, Staff
from evaluation.models import Reflection, ReflectionOpening, ReflectionReader, Sharing


@transaction.atomic
def begin_reflection(owner: Staff, *, uuid: UUID, activity: Activity | None) -> Reflection:
    """The row of a reflection somebody starts to write; asking twice gives the same one.

    It is an empty draft of theirs alone. For an activity, what was begun before is continued.
    """
    now = clock.now()
    begun = {
        "school": owner.school,
        "written_on": clock.today(),
        "draft_at": now,
    }
    if activity is None:
        reflection, _ = Reflection.objects.get_or_create(owner=owner, uuid=uuid, defaults=begun)
    else:
        reflection, _ = Reflection.objects.get_or_create(
            owner=owner, activity=activity, defaults=begun | {"uuid": uuid}
        )
    return reflection


def keep_draft(reflection: Reflection, *, texts: Mapping[str, str]) -> None:
    """Remember what the owner is typing, for them alone.

    What was saved stays as it is, with its readers, until they press Save.
    """
    reflection.draft = dict(texts)
    reflection.draft_at = clock.now()
    reflection.save(update_fields=["draft", "draft_at"])


def discard_draft(reflection: Reflection) -> None:
    """Back to what was saved; one that never was is gone."""
    if reflection.is_only_a_draft:
        reflection.delete()
        return
    reflection.draft, reflection.draft_at = {}, None
    reflection.save(update_fields=["draft", "draft_at"])


@transaction.atomic
def save_reflection(reflection: Reflection, *, sharing: Sharing) -> None:
    """Save the texts and let exactly these people read them, at once.

    `AS_NOW` leaves the readers alone; any other choice replaces them with the persons it named,
    who keep it: somebody who takes over their role later sees nothing of it.
    """
    now = clock.now()
    reflection.draft, reflection.draft_at = {}, None
    reflection.saved_at = now
    if sharing.audience != Sharing.AS_NOW:
        if reflection.audience != sharing.audience:
            only_me = sharing.audience == Reflection.Audience.ONLY_ME
            reflection.shared_at = None if only_me else now
        reflection.audience = sharing.audience
        reflection.readers.exclude(staff__in=sharing.readers).delete()
        ReflectionReader.objects.bulk_create(
            (
                ReflectionReader(school=reflection.school, reflection=reflection, staff=reader)
                for reader in sharing.readers
            ),
            ignore_conflicts=True,
        )
    reflection.save()


def open_reflection(reflection: Reflection, *, by: Staff) -> None:
    """Somebody reads it: the owner will see who and when. Nothing of the text is copied."""
    if reflection.owner_id == by.pk:
        return
    ReflectionOpening.objects.get_or_create(
        reflection=reflection,
        staff=by,
        defaults={"school": reflection.school, "first_at": clock.now()},
    )
    LogEntry.objects.create(
        school=reflection.school,
        at=clock.now(),
        by=by,
        user=by.user,
        kind=LogEntry.Kind.OPENED,
        what="reflection",
        object_id=str(reflection.pk),
    )
