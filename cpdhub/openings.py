"""A school begins: opened from the register by the installation's administrator, for its head."""

import re
import unicodedata
from datetime import timedelta

from django.db import IntegrityError, transaction

from cpdhub import actions, clock, emails, outbox, years
from cpdhub.models import Establishment, LogEntry, School, Staff, User
from cpdhub.permissions import Role
from cpdhub.walls import school_scope

NOT_IN_ADDRESSES = {"new", "hub", "accounts", "static"}


class AlreadyOpen(Exception):
    """The school is here already; `school` says which one."""

    def __init__(self, school: School) -> None:
        self.school = school


class SlugTaken(Exception):
    """Another school has this address."""


def propose_slug(name: str) -> str:
    """St Mary's CE Primary School → st-marys-ce-primary; a number when that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"['’`]", "", plain)
    words = re.findall(r"[a-z0-9]+", plain)
    if len(words) > 2 and words[-1] == "school":
        words.pop()
    base = "-".join(words)[:60].strip("-") or "school"
    taken = set(School.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken | NOT_IN_ADDRESSES:
        number += 1
        slug = f"{base}-{number}"
    return slug


TEAMS = (School.Phase.TRUST, School.Phase.LOCAL_AUTHORITY, School.Phase.OTHER)


def team_of(name: str) -> Establishment:
    """What stands in for an establishment of the register where there is none: a trust's central
    team, an authority, a university. Its number begins with T, so that it is never a URN."""
    last = School.objects.filter(urn__startswith="T").order_by("-urn").first()
    number = int(last.urn[1:]) + 1 if last else 1
    return Establishment(urn=f"T{number:05}", name=name)


@transaction.atomic
def open_school(
    establishment: Establishment,
    *,
    name: str,
    slug: str,
    phase: str,
    head: dict[str, str],
    by: User,
) -> School:
    """The school, its academic year and its head's post, with the invitation: all or nothing.

    Sent twice, the second finds it open. The installation must be open.
    """
    if there := School.objects.filter(urn=establishment.urn).first():
        raise AlreadyOpen(there)
    try:
        with transaction.atomic():
            school = School.objects.create(
                name=name,
                slug=slug,
                urn=establishment.urn,
                dfe_number=establishment.dfe_number,
                phase=phase,
                gias_phase=establishment.phase_name,
                local_authority=establishment.la_name,
            )
    except IntegrityError as problem:  # two administrators at the same moment
        if there := School.objects.filter(urn=establishment.urn).first():
            raise AlreadyOpen(there) from None
        raise SlugTaken from problem
    with school_scope(school):
        years.add_year(school, years.first_year_of(clock.today()))
        person = Staff.objects.create(
            school=school,
            job_title="Lead" if phase in TEAMS else "Headteacher",
            group=Staff.Group.TEACHER,
            career_stage=Staff.Stage.LEADER,
            roles=[Role.HEAD],
            **head,
        )
        LogEntry.objects.create(
            school=school, user=by, kind=LogEntry.Kind.SCHOOL_OPENED, what="school",
            object_id=str(school.pk),
        )  # fmt: skip
        _send(person, by=by)
    return school


class NotInvitable(Exception):
    """No letter was sent; the text says why."""


def invite_head(school: School, *, by: User) -> Staff:
    """Send the head's invitation once more. Says to whom."""
    with school_scope(school):
        person: Staff | None = (
            Staff.objects.with_role(Role.HEAD)
            .live(clock.today())
            .filter(user=None)
            .exclude(email="")
            .select_for_update()
            .first()
        )
        if person is None:
            raise NotInvitable("The head of this school can sign in already.")
        if person.invited_at and clock.now() - person.invited_at < actions.BETWEEN_INVITATIONS:
            raise NotInvitable(f"An invitation to {person.name} has just been sent.")
        _send(person, by=by)
        return person


def _send(person: Staff, *, by: User) -> None:
    """The usual invitation, in the administrator's name: they have no post in the school."""
    now = clock.now()
    context = {
        "by": {"name": by.email},
        "url": actions.invitation_url(person),
        "days": actions.INVITATION_DAYS,
        "until": now + timedelta(days=actions.INVITATION_DAYS),
    }
    outbox.send(emails.letter(person, "invitation", context), school=person.school)
    person.invited_at = now
    person.save(update_fields=["invited_at"])
    LogEntry.objects.create(
        school=person.school, user=by, kind=LogEntry.Kind.INVITED, what="staff",
        object_id=str(person.pk),
    )  # fmt: skip
