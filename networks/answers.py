"""What those who came say afterwards: the same few questions at every offer of a network.

Answers carry no person and no school. They are counted once, two weeks after the last session,
and deleted; from five answers on host and visiting schools read the counts, and never fewer.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction

from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from networks.limits import SMALL
from networks.models import Offer, OfferAnswer, OfferPlace

COUNTED = ("useful", "pitch", "send")
LINES = ("will_try", "line")


@transaction.atomic
def answer(offer: Offer, *, staff: Staff, said: OfferAnswer) -> None:
    """Once for each place; two windows take turns."""
    with school_scope(offer.school_id):
        mine = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
        place = OfferPlace.objects.filter(offer=mine, staff=staff).booked().first()
        if place is None or not place.has_come:
            raise NotPossible("Whoever came is asked, once the register says so.")
        if not mine.is_asking:
            raise NotPossible("The answers have been counted.")
        if place.has_answered:
            raise NotPossible("You have answered already. Thank you.")
        said.school_id, said.offer = mine.school_id, mine
        said.save()
        place.has_answered = True
        place.save(update_fields=["has_answered"])


def freeze(school: School, now: datetime) -> None:
    """Counted two weeks after the last session; the answers themselves go."""
    for offer in Offer.objects.filter(school=school).to_freeze():
        with transaction.atomic():
            mine = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
            answers = list(OfferAnswer.objects.filter(offer=mine))
            from_schools = OfferPlace.objects.filter(offer=mine, has_answered=True)
            is_one = from_schools.values("school").distinct().count() < 2  # never by school
            mine.results = {} if is_one or len(answers) < SMALL else counted(answers)
            mine.frozen_on = clock.day_of(now)
            mine.save(update_fields=["results", "frozen_on"])
            OfferAnswer.objects.filter(offer=mine).delete()


def counted(answers: list[OfferAnswer]) -> dict[str, Any]:
    """Counts, and the lines in no order that could tell who wrote which."""
    found: dict[str, Any] = {"n": len(answers)}
    for name in COUNTED:
        found[name] = dict(Counter(getattr(one, name) for one in answers))
    for name in LINES:
        lines = [text for one in answers if (text := getattr(one, name).strip())]
        random.SystemRandom().shuffle(lines)
        found[name] = lines
    return found


def shown(offer: Offer) -> list[dict[str, Any]]:
    """The frozen counts in words, question by question; empty when there are none."""
    if not offer.results:
        return []
    fields: dict[str, Any] = {field.name: field for field in OfferAnswer._meta.fields}
    rows = []
    for name in COUNTED:
        said = offer.results[name]
        choices = [(words, said[v]) for v, words in fields[name].choices if said.get(v)]
        rows.append({"question": fields[name].verbose_name, "choices": choices})
    for name in LINES:
        if lines := offer.results[name]:
            rows.append({"question": fields[name].verbose_name, "lines": lines})
    return rows
