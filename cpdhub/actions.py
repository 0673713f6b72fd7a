"""What is done to people's posts: deeds that touch several rows or send something."""

from collections.abc import Iterable
from datetime import date, timedelta

import pghistory
from django.conf import settings
from django.core import signing
from django.db import transaction

from cpdhub import clock, emails, outbox
from cpdhub.models import LogEntry, School, Staff, User
from cpdhub.permissions import Permission, Role

INVITATION_DAYS = 14
# Two people who press "Invite" at once, or one who presses twice, send one letter.
BETWEEN_INVITATIONS = timedelta(minutes=2)
SALT = "cpdhub.invitation"


class LastHead(Exception):
    """The school would be without a head who can sign in."""


class NotInvitable(Exception):
    """No letter was sent; the message says why."""


class InvitationUsed(Exception):
    """Somebody already signs in with this post."""


def _write(kind: LogEntry.Kind, person: Staff, *, by: Staff, note: str = "") -> None:
    LogEntry.write(kind, by=by, what="staff", object_id=person.pk, note=note)


def _locked(person: Staff) -> Staff:
    """The row as it is now. The school's row first: who may be the last head is decided in turn."""
    School.objects.select_for_update(no_key=True).get(pk=person.school_id)
    return Staff.objects.select_for_update().get(pk=person.pk)


def _hold_a_head(person: Staff) -> None:
    """Refuse to take the last head away."""
    others = Staff.objects.staying_heads().exclude(pk=person.pk)
    if person.has_role(Role.HEAD) and not others.exists():
        raise LastHead


# --- posts ---
@transaction.atomic
def mark_as_leaving(person: Staff, *, on: date, by: Staff) -> None:
    """From this day on they cannot sign in here. Everything they did stays."""
    person = _locked(person)
    _hold_a_head(person)
    person.ends_on = on
    person.save(update_fields=["ends_on"])
    _write(LogEntry.Kind.LEFT, person, by=by, note=f"on {on.isoformat()}")


@transaction.atomic
def bring_back(person: Staff, *, by: Staff) -> bool:
    """They may sign in again. Says whether their roles are kept.

    Access with roles is given only by somebody who may give roles; else they come back without.
    """
    person = _locked(person)
    had_left = not person.is_live(clock.today())
    keeps_roles = not (had_left and person.roles) or by.can(Permission.GIVE_ROLES)
    if not keeps_roles:
        person.roles = []
    person.ends_on = None
    person.save(update_fields=["ends_on", "roles"])
    note = "" if keeps_roles else "without their roles"
    _write(LogEntry.Kind.RETURNED, person, by=by, note=note)
    return keeps_roles


@transaction.atomic
def give_roles(person: Staff, roles: Iterable[str], *, by: Staff) -> None:
    """Exactly these roles from now on; their next click already obeys them."""
    person = _locked(person)
    wanted = [role for role in Role.values if role in set(roles)]
    if set(wanted) == set(person.roles):
        return
    if Role.HEAD not in wanted:
        _hold_a_head(person)
    note = f"{', '.join(person.roles) or 'none'} → {', '.join(wanted) or 'none'}"
    person.roles = wanted
    person.save(update_fields=["roles"])
    _write(LogEntry.Kind.ROLES_CHANGED, person, by=by, note=note)


# --- invitations ---
@transaction.atomic
def invite(person: Staff, *, by: Staff) -> None:
    """Send the letter that lets somebody choose a password; again, if they lost it."""
    person = (
        Staff.objects.select_for_update(of=("self",)).select_related("school").get(pk=person.pk)
    )
    _refuse_invitation(person)
    _send_invitations([person], by=by)


@transaction.atomic
def invite_all(*, by: Staff) -> int:
    """Invite everyone not yet invited who has an address; says how many letters went."""
    people = list(
        Staff.objects.live(clock.today())
        .able_to_be_invited()
        .select_related("school", "user")
        .select_for_update(of=("self",))
    )
    _send_invitations(people, by=by)
    return len(people)


def _refuse_invitation(person: Staff) -> None:
    now = clock.now()
    if person.user_id:
        raise NotInvitable(f"{person.name} can sign in already.")
    if not person.email:
        raise NotInvitable(f"{person.name} has no e-mail address yet. Add one first.")
    if not person.is_live(clock.today()):
        raise NotInvitable(f"{person.name} has left. Bring them back first.")
    if person.invited_at and now - person.invited_at < BETWEEN_INVITATIONS:
        raise NotInvitable(f"An invitation to {person.name} has just been sent.")


def _send_invitations(people: list[Staff], *, by: Staff) -> None:
    now = clock.now()
    for person in people:
        context = {
            "by": by,
            "url": invitation_url(person),
            "days": INVITATION_DAYS,
            "until": now + timedelta(days=INVITATION_DAYS),
        }
        outbox.send(emails.letter(person, "invitation", context), school=person.school)
    Staff.objects.filter(pk__in=[person.pk for person in people]).update(invited_at=now)
    LogEntry.objects.bulk_create(
        LogEntry(
            school_id=person.school_id,
            by=by,
            user_id=by.user_id,
            kind=LogEntry.Kind.INVITED,
            what="staff",
            object_id=str(person.pk),
        )
        for person in people
    )


def invitation_token(person: Staff) -> str:
    """A signed word that stands for this post and this address, from now for two weeks."""
    issued = int(clock.now().timestamp())
    return signing.dumps([person.school_id, person.pk, person.email.lower(), issued], salt=SALT)


def invitation_url(person: Staff) -> str:
    return f"{settings.BASE_URL}/accounts/invitation/{invitation_token(person)}/"


@transaction.atomic
def accept_invitation(person: Staff, *, user: User) -> None:
    """From now on this user signs in with this post. Only the first to accept gets it."""
    locked = Staff.objects.select_for_update().get(pk=person.pk)
    if locked.user_id:
        raise InvitationUsed
    locked.user = user
    with pghistory.context(user=user.pk):
        locked.save(update_fields=["user"])
    person.user = user
