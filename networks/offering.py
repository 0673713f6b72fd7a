"""What a school opens to a network: the copy others read follows the activity it is made from.

Everything here runs with the host's school open and locks the offer first: whoever books waits.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete, post_save

from activities.models import Activity, Session
from cpdhub import clock
from cpdhub.models import School
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from networks import mirroring, offer_letters, placing, practitioners
from networks.models import Network, Offer, OfferPlace, SchoolPlaces

COPIED = (
    "title", "about", "audience", "type", "kind", "impact", "sessions", "starts_at", "ends_at"
)  # fmt: skip
# What the copy is made of; taking a register changes none of it.
READ = {
    "title", "purpose", "audience", "type", "kind", "state", "is_private", "cancelled_because",
    "starts_at", "ends_at", "place", "cancelled_at",
}  # fmt: skip
OPEN_ALREADY = "It is open to this network already: change it there."
NO_MORE = "It does not take place any more."


def could_be_open() -> Any:
    """Activities a school can open to others: planned, nobody's own, with a session to come, and
    not an entry for what another school offers."""
    to_come = Session.objects.filter(
        activity=OuterRef("pk"), cancelled_at=None, starts_at__gt=clock.now()
    )
    going = Q(state__in=[Activity.State.PLANNED, Activity.State.UNDER_WAY])
    found = Activity.objects.of_school().filter(Exists(to_come), going, is_private=False)
    return found.exclude(Exists(SchoolPlaces.objects.filter(activity=OuterRef("pk"))))


def is_openable(activity: Activity) -> bool:
    return bool(could_be_open().filter(pk=activity.pk).exists())


def openable(network: Network) -> Any:
    """Of these, those that are not open to this network yet."""
    open_now = Offer.objects.filter(network=network, activity=OuterRef("pk"))
    open_now = open_now.exclude(state=Offer.State.WITHDRAWN)
    found = could_be_open().exclude(Exists(open_now))
    return found.select_related("type").order_by("title", "pk")


def copy(offer: Offer, activity: Activity) -> None:
    """What others may read of the activity, as it is now."""
    offer.title, offer.about, offer.audience = activity.title, activity.purpose, activity.audience
    offer.type = activity.type if activity.type.school_id is None else None
    offer.kind = activity.kind
    impact = getattr(activity, "intended_impact", None)
    offer.impact = {} if impact is None else {
        "staff_will": impact.staff_will, "pupils_will": impact.pupils_will,
        "known_by": impact.known_by,
        "look_again_on": impact.look_again_on.isoformat() if impact.look_again_on else "",
    }  # fmt: skip
    sessions = list(activity.sessions.order_by("starts_at", "pk"))
    offer.sessions = [
        {
            "key": one.pk, "start": one.starts_at.isoformat(), "end": one.ends_at.isoformat(),
            "place": one.place, "off": one.cancelled_at is not None,
        }
        for one in sessions
    ]  # fmt: skip
    held = [one for one in sessions if one.cancelled_at is None]
    offer.starts_at = min((one.starts_at for one in held), default=None)
    offer.ends_at = max((one.ends_at for one in held), default=None)


@transaction.atomic
def publish(offer: Offer, activity: Activity) -> Offer:
    """Opened for the first time, or again after it was withdrawn."""
    before = Offer.objects.filter(network=offer.network, activity=activity).first()
    if before and not before.is_withdrawn:
        raise NotPossible(OPEN_ALREADY)
    if before:
        offer.pk, offer._state.adding = before.pk, False
        if before.results:  # what those who came said is there already, and stays
            offer.results, offer.frozen_on = before.results, before.frozen_on
    if activity.is_private or activity.is_own_learning:
        raise NotPossible("Only those who take part know of this, so it stays in your school.")
    offer.activity, offer.state, offer.because = activity, Offer.State.OPEN, ""
    copy(offer, activity)
    if offer.pk:  # counters are the database's
        names = [one.name for one in Offer._meta.concrete_fields]
        offer.save(update_fields=[n for n in names if n not in {"id", "taken", "waiting"}])
    else:
        try:
            with transaction.atomic():
                offer.save()
        except IntegrityError as error:  # two people at once
            raise NotPossible(OPEN_ALREADY) from error
    if offer.practitioner_id:
        practitioners.keep_count(offer.school_id)
    return offer


def locked(offer: Offer | int) -> Offer:
    """The offer, nobody else's to give places of until this transaction is over."""
    pk = offer if isinstance(offer, int) else offer.pk
    found: Offer = Offer.objects.select_for_update(of=("self",)).get(pk=pk)
    return found


@transaction.atomic
def follow(offer: Offer) -> bool:
    """The copy is made again. What changed is put right in the schools that come, whose people
    are told of other times. Says whether anything changed; done twice, it changes nothing."""
    mine = locked(offer)
    if mine.is_withdrawn:
        return False
    activity = mine.activity
    if activity is None or activity.state in Activity.NOT_HAPPENING:
        withdraw(mine, activity.cancelled_because if activity else "")
        return True
    if activity.is_private or activity.is_own_learning:
        withdraw(mine, "")
        return True
    before = {name: getattr(mine, _column(name)) for name in COPIED}
    times = mine.held
    copy(mine, activity)
    if before == {name: getattr(mine, _column(name)) for name in COPIED}:
        return False
    mine.save(update_fields=COPIED)
    has_moved = _to_come(times) != _to_come(mine.held)
    for school in coming(mine):
        mirroring.follow(mine, school)
        if has_moved:
            offer_letters.tell_school(mine, school, "moved")
    return True


def _column(name: str) -> str:
    return "type_id" if name == "type" else name


def _to_come(meetings: list[Any]) -> list[Any]:
    now = clock.now()
    return [(one.key, one.starts_at, one.ends_at, one.place) for one in meetings
            if one.ends_at > now]  # fmt: skip


def coming(offer: Offer) -> list[int]:
    """Schools of those who have a place."""
    seats = OfferPlace.objects.filter(offer=offer).booked()
    return sorted(set(seats.order_by().values_list("school", flat=True)))


@transaction.atomic
def withdraw(offer: Offer, because: str) -> None:
    """It is open to the network no longer. Places are given back and people told; who has been
    there keeps what they attended, and their place."""
    mine = locked(offer)
    if mine.is_withdrawn:
        return
    mine.state, mine.because = Offer.State.WITHDRAWN, because.strip()[:300] or NO_MORE
    mine.save(update_fields=["state", "because"])
    told = list(OfferPlace.objects.filter(offer=mine).open())
    if not mine.is_over:
        offer_letters.tell(mine, told, "withdrawn")
    for place in told:
        if not place.has_come:
            placing.release(mine, place, because=mine.because)
    for school in {place.school_id for place in told}:
        mirroring.end(mine, school, because=mine.because)
    if mine.practitioner_id:
        practitioners.keep_count(mine.school_id)


def set_state(offer: Offer, state: str) -> None:
    """Closed to bookings, or open again."""
    with transaction.atomic():
        mine = locked(offer)
        if mine.is_withdrawn:
            raise NotPossible("It was withdrawn. Open the activity again instead.")
        mine.state = state
        mine.save(update_fields=["state"])
        if state == Offer.State.OPEN:
            placing.promote(mine)


# --- keeping the copy true ------------------------------------------------------------------
def follow_activity(school_id: int, activity_id: int) -> None:
    with school_scope(school_id):
        for offer in Offer.objects.filter(school=school_id, activity=activity_id):
            follow(offer)


def has_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """An activity or one of its sessions was saved: afterwards its offers are looked at. What is
    new, or somebody's own, is open to nobody."""
    written = kwargs.get("update_fields")
    if written is not None and READ.isdisjoint(written):
        return
    known = instance if sender is Activity else instance._state.fields_cache.get("activity")
    if kwargs.get("created") and sender is Activity or known and known.is_own_learning:
        return
    activity = instance.pk if sender is Activity else instance.activity_id
    deed = partial(follow_activity, instance.school_id, activity)
    transaction.on_commit(deed, robust=True)


def catch_up(school: School, now: Any) -> None:
    """What no signal told of (sessions added many at once; a day that is over): each quarter of an
    hour."""
    practitioners.keep_count(school.pk)
    own = Offer.objects.filter(school=school).exclude(state=Offer.State.WITHDRAWN)
    for offer in own.still_to_come():
        follow(offer)


def connect() -> None:
    for sender in (Activity, Session):
        post_save.connect(has_changed, sender=sender, dispatch_uid=f"offers.{sender.__name__}")
    post_delete.connect(has_changed, sender=Session, dispatch_uid="offers.session_gone")
