"""What every row that a network shares has in common."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django_scopes import get_scope
from django_scopes.manager import DisabledQuerySet

from cpdhub.models import School
from cpdhub.walls import school_scope


class NetworkManager(models.Manager):
    """Rows of the networks the open school is in, and its own; none while no school is open."""

    def get_queryset(self) -> models.QuerySet:
        scope = get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        if scope.get("school") is None:
            return DisabledQuerySet(self.model, using=self._db, missing_scopes=["school"])
        return super().get_queryset().filter(self.shown_to(scope["school"]))

    def shown_to(self, schools: list[int]) -> Q:
        from networks.models.network import Membership

        inside = Membership.across.filter(school__in=schools, state=Membership.State.MEMBER)
        return Q(school__in=schools) | Q(network__in=inside.values("network"))


def of_networks(
    queryset: type[models.QuerySet] = models.QuerySet,
    manager: type[models.Manager] = NetworkManager,
) -> Any:
    """A manager of rows that a network shares."""
    return type("OfNetworks", (manager.from_queryset(queryset),), {})()


class NetworkModel(models.Model):
    """A row of one network, written by one school in it, read by every member."""

    network = models.ForeignKey("networks.Network", models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="+")

    objects: ClassVar[Any] = of_networks()

    class Meta:
        abstract = True

    @classmethod
    def taken_away(cls, network: int, school: int, heir: int | None) -> None:
        """Its writer leaves the network: what it wrote goes with it."""
        cls.objects.filter(network=network, school=school).delete()


class OfTheNetwork(NetworkModel):
    """What a leading school writes for all. When that school leaves, a school that leads then
    keeps it: other schools have answered it."""

    class Meta:
        abstract = True

    @classmethod
    def taken_away(cls, network: int, school: int, heir: int | None) -> None:
        if heir is None:
            super().taken_away(network, school, heir)
        else:
            cls.handed_on(network, school, heir)

    @classmethod
    def handed_on(cls, network: int, school: int, heir: int) -> None:
        """To a school that leads: by it, as who leads no longer may change nothing of all."""
        with school_scope(heir):
            cls.objects.filter(network=network, school=school).update(school=heir)
