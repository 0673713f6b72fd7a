"""What every model that belongs to a school shares."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager, get_scope
from django_scopes.manager import DisabledQuerySet


class BuiltOnce(models.Manager):
    """The filter for the open school is built once for a school, then copied.

    A page asks managers thirty times and more, and building a filter costs five times as much
    as copying one.
    """

    _hints: dict[str, Any]
    _built: tuple[Any, Any] = (None, None)

    def get_queryset(self) -> models.QuerySet:
        scope = get_scope()
        if "school" not in scope or not scope["_enabled"] or self._hints:
            return super().get_queryset()
        now = (self.model, self._db, tuple(scope["school"]))
        before, rows = self._built
        if before != now:
            rows = super().get_queryset()
            self._built = (now, rows)
        return rows.all()


def scoped(queryset: type[models.QuerySet] = models.QuerySet, *, path: str = "school") -> Any:
    """A manager that refuses to answer while no school is open."""
    manager = ScopedManager(school=path, _manager_class=models.Manager.from_queryset(queryset))
    return type("OneSchoolManager", (BuiltOnce, type(manager)), {})()


class NotPossible(Exception):
    """A deed the state of things forbids; the text says why and what to do."""


class SchoolModel(models.Model):
    """A row of one school, behind both walls."""

    school = models.ForeignKey("cpdhub.School", models.CASCADE, related_name="+")

    objects: ClassVar[Any] = scoped()

    class Meta:
        abstract = True


class SharedManager(models.Manager):
    """For versioned data: rows of no school ship with CPD Hub, the others are a school's own."""

    def get_queryset(self) -> models.QuerySet:
        schools = get_scope().get("school")
        if schools is None:
            return DisabledQuerySet(self.model, using=self._db, missing_scopes=["school"])
        return super().get_queryset().filter(Q(school=None) | Q(school__in=schools))


def shared(queryset: type[models.QuerySet] = models.QuerySet) -> Any:
    """A manager for versioned data: the open school's rows and the shipped ones."""
    return type("SharedOnceManager", (BuiltOnce, SharedManager.from_queryset(queryset)), {})()


def remembered(*, exclude: tuple[str, ...] = ()) -> Any:
    """Keeps the history of a model's rows: who changed what, when.

    Written by statement triggers, append-only, behind both walls like the rows themselves.
    """
    return pghistory.track(
        pghistory.InsertEvent(level=pgtrigger.Statement),
        pghistory.UpdateEvent(level=pgtrigger.Statement),
        pghistory.DeleteEvent(level=pgtrigger.Statement),
        append_only=True,
        exclude=list(exclude) or None,
        attrs={"objects": scoped()},
    )
