"""Who can help with what, without wearing anybody out; asking them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from audits.models import Expertise, HelpRequest, Need, Question, Topic
from audits.models.instrument import Kind
from audits.profile import SURE
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible

MOST_OPEN = 3  # asks one person has open at a time


def who_can_help(topic: Topic, *, for_staff: Staff, today: date) -> list[Any]:
    """Offers of this topic in the order to ask, in one query; each with `load`, `thanks` and
    `steps`.

    First whoever knows just a little more, among them whoever is asked least. Who is asked
    enough or said "not at the moment" comes last.
    """
    offers = (
        Expertise.objects.offered(today=today)
        .filter(topic=topic)
        .exclude(staff=for_staff)
        .with_load()
        .with_thanks()
        .with_steps_above(for_staff)
        .select_related("staff__team", "topic")
        .order_by("steps", "load", "staff__sort_name", "pk")
    )
    return sorted(offers, key=is_busy)


def is_busy(offer: Any) -> bool:
    """Nobody should ask them just now. Needs `with_load`."""
    return offer.is_paused or offer.load >= MOST_OPEN


def why_busy(offer: Any) -> str:
    """The sentence that says why not now; empty when they may be asked."""
    if offer.is_paused:
        return f"{offer.staff.first_name} cannot help with this at the moment."
    if offer.load >= MOST_OPEN:
        return (
            f"{offer.staff.first_name} is helping {offer.load} colleagues already. Ask somebody"
            " else, or come back in a few weeks."
        )
    return ""


class Line:
    """One offer as the pages show it to a reader. Needs `with_load` and `with_thanks`, or the
    person it is of, who has the load."""

    def __init__(self, offer: Any, reader: Staff, person: Any = None) -> None:
        if person is not None:
            offer.staff, offer.load = person, person.load
        self.offer = offer
        self.is_own = offer.staff_id == reader.pk
        self.is_busy = is_busy(offer)
        self.is_worn = offer.load >= MOST_OPEN
        self.is_step_above = getattr(offer, "steps", 0) == 1

    @property
    def praise(self) -> str:
        """Only where the person lets colleagues read it: thanked 3 times, 2 can do it now."""
        if not (self.offer.shows_thanks and self.offer.thanks):
            return ""
        times = "once" if self.offer.thanks == 1 else f"{self.offer.thanks} times"
        learned = (
            f", {self.offer.learned} can do it by themselves now" if self.offer.learned else ""
        )
        return f"Thanked {times}{learned}"


def people_for(topic: Topic, *, reader: Staff, today: date) -> list[tuple[Staff, list[Line]]]:
    """The same, ready for `audits/_who_can_help.html`."""
    offers = who_can_help(topic, for_staff=reader, today=today)
    return [(offer.staff, [Line(offer, reader)]) for offer in offers]


def known_topics(staff: Staff) -> Any:
    """Those somebody may be told of: offered or needed by others who say so, or one's own."""
    offers = Expertise.objects.visible_to(staff).values("topic")
    needs = Need.objects.visible_to(staff).exclude(topic=None).values("topic")
    return Topic.objects.filter(Q(pk__in=offers) | Q(pk__in=needs))


@transaction.atomic
def ask_for_help(offer: Expertise, ask: HelpRequest, *, by: Staff) -> HelpRequest:
    """Put a question to whoever made the offer, unless they have their hands full."""
    # Two who ask one person at the same moment take turns, and so does who joins the topic.
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.staff_id)
    Topic.objects.select_for_update().filter(pk=offer.topic_id).first()
    now: Any = (
        Expertise.objects.offered(today=clock.today())
        .filter(pk=offer.pk).with_load().select_related("staff", "topic").first()
    )  # fmt: skip
    if now is None:
        raise NotPossible("This offer is no longer there. Look for somebody else.")
    if why := why_busy(now):
        raise NotPossible(why)
    if HelpRequest.objects.open().filter(asker=by, helper=now.staff, topic=now.topic).exists():
        raise NotPossible(f"You have asked {now.staff.first_name} about this already.")
    ask.school, ask.asker, ask.helper, ask.topic = by.school, by, now.staff, now.topic
    ask.save()
    return ask


def is_sure(question: Question, answer: Any) -> bool:
    """Whether somebody who answered so might help others with what the statement says."""
    if question.kind == Kind.CONFIDENCE:
        return (answer.value or 0) >= SURE
    return question.kind == Kind.IMPORTANCE and (answer.second or 0) >= SURE


def offer_from_answer(question: Question, answer: Any, *, by: Staff) -> Expertise:
    """What they are sure of, as an offer that only they see until they say more."""
    sure = answer.value if question.kind == Kind.CONFIDENCE else answer.second
    is_very_sure = sure > SURE
    offer, _ = Expertise.objects.get_or_create(
        staff=by,
        topic=Topic.of_question(question, school_id=by.school_id),
        defaults={
            "school": by.school,
            "level": Expertise.Level.SHOWING if is_very_sure else Expertise.Level.USING,
            "ways": [HelpRequest.Way.QUESTION],
            "source": Expertise.Source.AUDIT,
        },
    )
    return offer
