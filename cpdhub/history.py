"""What the remembered history of rows says, in words: who changed what, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import formats

from cpdhub.models import Staff, Team

EMPTY = "(empty)"
MOST = 300
SHORT = 60
# Neither machinery, nor how somebody likes to get their letters.
NOT_TOLD = {"id", "school", "revision", "wants_digest", "wants_digest_only"}
Names = dict[tuple[type[models.Model], int], str]
DEEDS = {"insert": "Added", "update": "Changed", "delete": "Removed"}


@dataclass(frozen=True)
class Edit:
    """One field before and after."""

    label: str
    before: str
    after: str

    @property
    def is_short(self) -> bool:
        return len(self.before) <= SHORT and len(self.after) <= SHORT


@dataclass(frozen=True)
class Change:
    """One deed somebody did to one row."""

    at: datetime
    by: str
    deed: str
    what: str
    edits: list[Edit]


def in_words(field: models.Field, value: Any) -> str:
    """A field's value as a person would say it."""
    if value in (None, "", []):
        return EMPTY
    if isinstance(value, list):
        return ", ".join(in_words(getattr(field, "base_field", field), part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DecimalField) and hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    if isinstance(field, models.DateField) and not isinstance(value, str):
        return formats.date_format(value, "DATETIME_FORMAT" if hasattr(value, "hour") else None)
    return str(value).replace("\r\n", "\n").strip()


def events(model: Any, **which: Any) -> models.QuerySet:
    """The remembered deeds to a model's rows."""
    found: models.QuerySet = model.pgh_event_model.objects.filter(**which)
    return found


def last_editor(row: Any) -> str:
    """The name of whoever changed this row last; empty when it was nobody who signs in, or where
    no history is kept."""
    if not hasattr(row, "pgh_event_model"):
        return ""
    event = (
        events(type(row), pgh_obj_id=row.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")
        .first()
    )
    user = _user_of(event) if event else None
    staff = Staff.objects.filter(user=user).first() if user else None
    return staff.name if staff else ""


def changes(*events: models.QuerySet) -> list[Change]:
    """What these histories (querysets of event models) tell, newest first."""
    told = [_pairs(queryset) for queryset in events]
    pairs = [pair for queryset in told for pair in queryset]
    people = _people(event for event, _ in pairs)
    by_user = {staff.user_id: staff.name for staff in people.values() if staff.user_id}
    names: Names = {(Staff, pk): staff.name for pk, staff in people.items()}
    names |= _teams(event for event, _ in pairs)
    found = [
        Change(
            at=event.pgh_created_at,
            by=by_user.get(_user_of(event) or 0, "CPD Hub"),
            deed=DEEDS[event.pgh_label],
            what=event.pgh_tracked_model._meta.verbose_name,
            edits=edits,
        )
        for event, before in pairs
        if (edits := _edits(event, before, names)) or event.pgh_label != "update"
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _pairs(events: models.QuerySet) -> list[tuple[Any, Any]]:
    """Each event of the last few hundred with the one before it about the same row."""
    latest: dict[int, Any] = {}
    pairs = []
    rows = events.select_related("pgh_context").order_by("-pgh_id")[:MOST]
    for event in reversed(rows):
        pairs.append((event, latest.get(event.pgh_obj_id)))
        latest[event.pgh_obj_id] = event
    return pairs


def _user_of(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _fields(event: Any) -> list[models.Field]:
    return [
        field for field in event.pgh_tracked_model._meta.concrete_fields
        if field.name not in NOT_TOLD and hasattr(event, field.attname)
    ]  # fmt: skip


def _people(events: Iterable[Any]) -> dict[int, Staff]:
    users, staff = set(), set()
    for event in events:
        users.add(_user_of(event))
        staff |= {
            getattr(event, field.attname)
            for field in _fields(event)
            if field.related_model is Staff
        }
    found = Staff.objects.filter(Q(user__in=users - {None}) | Q(pk__in=staff - {None}))
    return {person.pk: person for person in found}


def _teams(told: Iterable[Any]) -> Names:
    keys = {
        getattr(event, field.attname)
        for event in told
        for field in _fields(event)
        if field.related_model is Team
    }
    return {(Team, team.pk): team.name for team in Team.objects.filter(pk__in=keys - {None})}


def _edits(event: Any, before: Any, names: Names) -> list[Edit]:
    if event.pgh_label == "delete":
        before = None  # tell what it was, so that it can be read once more
    edits = []
    for field in _fields(event):
        old = getattr(before, field.attname) if before else None
        new = getattr(event, field.attname)
        if old == new or (before is None and new in (None, "", [])) or _is_unknown_key(field):
            continue
        edits.append(
            Edit(str(field.verbose_name), _say(field, old, names), _say(field, new, names))
        )
    return edits


def _is_unknown_key(field: models.Field) -> bool:
    """Keys other than people's and teams' say nothing to a reader."""
    return bool(field.related_model) and field.related_model not in (Staff, Team)


def _say(field: models.Field, value: Any, names: Names) -> str:
    if field.related_model is Staff and value:
        return names.get((Staff, value), "somebody who is not here any more")
    if field.related_model is Team and value:
        return names.get((Team, value), "a team that is no more")
    return in_words(field, value)
