"""What was done with a provider, and the list of providers as somebody narrowed it."""

import re
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from activities.filters import first_session, how_many_people, time_attended
from activities.models import Activity, Provider, ProviderOffer
from cpdhub.models import Staff

LONG_WORD, MOST_WORDS = 5, 8
MISSING = [("follow_up", "Without follow-up"), ("independent", "Tied to a product")]


class ProviderFilter:
    """Read from the address; what names nothing on the lists is left out."""

    def __init__(self, query: QueryDict) -> None:
        self.text = query.get("q", "").strip()[:100]
        kind, watch = query.get("kind", ""), query.get("watch", "")
        self.kind = kind if kind in Provider.Kind.values else ""
        self.watch = watch if watch in dict(MISSING) else ""
        self.shows_past = query.get("past") == "1"
        self.kinds, self.watches = Provider.Kind.choices, MISSING

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.kind or self.watch or self.shows_past)

    def providers(self) -> QuerySet[Any]:
        found = Provider.objects.named(self.text)
        if not self.shows_past:
            found = found.current()
        if self.kind:
            found = found.filter(kind=self.kind)
        offers = ProviderOffer.objects.filter(provider=OuterRef("pk"))
        if self.watch == "follow_up":
            found = found.filter(Exists(offers.filter(follow_up="")))
        if self.watch == "independent":
            found = found.filter(Exists(offers.exclude(product="").filter(independent="")))
        return found.annotate(
            offered=Count("offers", distinct=True),
            held=Count(
                "activity",
                filter=~Q(activity__state__in=Activity.NOT_HAPPENING),
                distinct=True,
            ),
        ).order_by("name", "pk")


def activities_with(provider: Provider, staff: Staff) -> QuerySet[Any]:
    """What this reader may see of what was done with them, newest first."""
    return (
        Activity.objects.visible_to(staff)
        .of_school()
        .happening()
        .filter(provider=provider)
        .annotate(first_at=first_session(), people=how_many_people(), time=time_attended())
        .order_by("-first_at", "-pk")
    )


def offers_about(title: str) -> list[ProviderOffer]:
    """Offers of those we may work with that share a long word with it, at most five."""
    words = [word for word in re.findall(r"\w+", title) if len(word) >= LONG_WORD]
    if not words:
        return []
    alike = Q()
    for word in words[:MOST_WORDS]:
        alike |= Q(title__icontains=word) | Q(provider__specialisms__icontains=word)
    found = ProviderOffer.objects.filter(alike, provider__is_current=True)
    return list(found.select_related("provider").order_by("title", "pk")[:5])
