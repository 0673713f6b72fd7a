"""Letters about places at other schools, to the people who have them, in their own school."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from cpdhub import clock, emails, outbox, reminders
from cpdhub.models import Reminder, School, Staff
from cpdhub.walls import school_scope
from networks.models import Offer, OfferPlace

ANSWER = "network_answer"


def tell_school(offer: Offer, school_id: int, said: str) -> None:
    """Everybody of this school who has a place."""
    tell(offer, OfferPlace.objects.filter(offer=offer, school=school_id).booked(), said)


def tell(offer: Offer, places: Iterable[OfferPlace], said: str) -> None:
    """`said`: booked, came_free, moved or withdrawn. It leaves with this transaction."""
    for place in list(places):
        with school_scope(place.school_id):
            live = Staff.objects.live(clock.today()).select_related("user", "school")
            staff = live.filter(pk=place.staff_id).first()
            if staff is None or not emails.address(staff):
                continue
            url = (
                staff.school.link("networks:offers")  # the page of an offer may go with its host
                if said == "withdrawn"
                else staff.school.link("networks:offer", offer.network_id, offer.pk)
            )
            letter = emails.letter(
                staff, "network_place",
                {
                    "offer": offer, "said": said, "place": place, "host": offer.school.name,
                    "meetings": offer.held, "url": url,
                },
            )  # fmt: skip
            outbox.send(letter, school=staff.school)


def who_came(school: School, now: datetime) -> Iterator[reminders.Due]:
    """After the last session those who came are asked how it was, once."""
    places = OfferPlace.objects.of(school).booked().filter(has_answered=False)
    for place in places.filter(offer__in=Offer.objects.to_evaluate()).select_related("staff"):
        if place.has_come:
            yield reminders.Due(
                staff=place.staff, key=f"{place.pk} came", due_at=now, object_id=place.pk
            )


def ask(reminder: Reminder) -> emails.Letter | None:
    """Nothing when they answered meanwhile, or it is too late."""
    places = OfferPlace.objects.filter(pk=reminder.object_id, has_answered=False).booked()
    place = places.select_related("offer__school").first()
    if place is None or not place.offer.is_asking:
        return None
    offer = place.offer
    url = reminder.school.link("networks:offer_answer", offer.network_id, offer.pk)
    return emails.letter(
        reminder.staff, "network_answer", {"offer": offer, "host": offer.school.name, "url": url}
    )


def register() -> None:
    reminders.register(ANSWER, find=who_came, letter=ask, is_prompt=True)
