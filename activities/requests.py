"""From asking to an answer: the only ways a request changes.

Everything here locks the request's row first, so that two people who decide at once take turns;
then the activity, then the budget, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from activities import booking, granting
from activities.deciding import deciders
from activities.models import (
    Activity,
    Budget,
    NotPossible,
    Request,
    RequestStep,
)
from cpdhub import clock
from cpdhub.models import School, Staff

State, Kind = Request.State, RequestStep.Kind
REQUEST = "request"  # a kind of letter


def locked(request: Request) -> Request:
    """As it is now, nobody else's to change until this transaction is over."""
    found: Request = (
        Request.objects.select_for_update(of=("self",))
        .select_related("staff", "school", "activity", "nominated_by")
        .get(pk=request.pk)
    )
    return found


def step(request: Request, kind: str, *, by: Staff | None, **more: Any) -> RequestStep:
    """Write down what was done and tell whoever waits for it."""
    more["words"] = more.get("words", "").strip()[:1000]
    made: RequestStep = RequestStep.objects.create(
        school_id=request.school_id, request=request, kind=kind, by=by, at=clock.now(), **more
    )
    for person in told_of(request, made):
        booking.tell(REQUEST, person, f"{made.pk}", made.pk)
    return made


def told_of(request: Request, made: RequestStep) -> list[Staff]:
    """The person it is for hears of everything; whoever decides, of what is theirs to do."""
    people = [request.staff]
    if made.kind in {Kind.ASKED, Kind.ASKED_AGAIN, Kind.ACCEPTED} and request.staff.line_manager:
        people.append(request.staff.line_manager)
    if made.kind == Kind.TURNED_DOWN and request.nominated_by:
        people.append(request.nominated_by)
    if request.is_open and made.kind != Kind.COMMENTED and made.kind != Kind.WAITS:
        holder = deciders(request.school, clock.today()).holder(request)
        people += [holder] if holder else []
    return [one for one in dict.fromkeys(people) if made.by_id != one.pk]


def to(request: Request, state: str, **changes: Any) -> None:
    request.state, request.waits_until = state, None
    for name, value in changes.items():
        setattr(request, name, value)
    request.save()


# --- one open request of a person for a place -------------------------------------------------
@contextmanager
def one_for_a_place(request: Request) -> Iterator[None]:
    """Refuses a second one before it is written, and also if the first comes in just now."""
    if not request.is_outside and (other := other_open(request)):
        raise NotPossible(there_is_one(request, other))
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_open_request_for_a_place" not in str(error):
            raise
        raise NotPossible(there_is_one(request, None)) from error


def other_open(request: Request) -> Request | None:
    rows = Request.objects.filter(staff=request.staff_id, activity=request.activity_id, title="")
    found: Request | None = rows.filter(state__in=Request.LIVE).exclude(pk=request.pk).first()
    return found


def there_is_one(request: Request, other: Request | None) -> str:
    if request.pk is None:  # somebody else thinks of them
        return f"{request.staff} is nominated for {request} already, or has asked for it."
    if other and other.state == State.NOMINATED:
        return f"You are nominated for {request}: say yes to that, under Requests."
    return f"You have a request for {request} already: find it under Requests."


# --- whoever it is for ------------------------------------------------------------------------
@transaction.atomic
def ask(request: Request, *, by: Staff, words: str = "") -> None:
    """For the first time, or again after something was changed."""
    now = locked(request)
    if now.staff_id != by.pk:
        raise NotPossible("Only the person it is for can send it.")
    if now.state == State.APPROVED or now.approved_at:
        raise NotPossible("It was approved. Ask for something else with a new request.")
    if now.state in {State.ASKED, State.APPEALED}:
        raise NotPossible("It has been sent already: somebody is about to decide.")
    if missing := what_is_missing(now):
        raise NotPossible(" ".join(missing.values()))
    kinds = {State.DRAFT: Kind.ASKED, State.NOMINATED: Kind.ACCEPTED}
    kind = kinds.get(State(now.state), Kind.ASKED_AGAIN)
    with one_for_a_place(now):
        to(now, State.ASKED, asked_at=clock.now(), decided_at=None, with_staff=None)
    step(now, kind, by=by, words=words)
    request.refresh_from_db()


def what_is_missing(request: Request) -> dict[str, str]:
    """Before it can be sent, by field, in sentences."""
    found: dict[str, str] = {}
    if not request.why.strip():
        found["why"] = "Say why: somebody decides by it."
    if request.is_outside:
        for name, text in (
            ("staff_will", "Say what you will do differently."),
            ("pupils_will", "Say what pupils will gain."),
            ("known_by", "Say how you will know."),
            ("starts_on", "Say when it is, or when it begins."),
        ):
            if not getattr(request, name):
                found[name] = text
    elif refusal := granting.not_on_offer(request.activity):
        found["activity"] = refusal
    limit = request.school.sharing_plan_above
    if limit is not None and request.cost > limit and not request.sharing_plan.strip():
        found["sharing_plan"] = (
            f"It costs more than £{limit:,.0f} with cover: say how others will learn from it."
        )
    if request.prerequisites and not request.has_prerequisites:
        found["has_prerequisites"] = "It asks for something first: tick this once you have it."
    return found


@transaction.atomic
def nominate(request: Request, *, by: Staff) -> Request:
    """Somebody thinks of a colleague, who says yes or no."""
    if request.staff_id == by.pk:
        raise NotPossible("This is for yourself: ask for it instead.")
    request.school, request.nominated_by, request.state = by.school, by, State.NOMINATED
    with one_for_a_place(request):
        request.save()
    step(request, Kind.NOMINATED, by=by, words=request.why)
    return request


@transaction.atomic
def withdraw(request: Request, *, by: Staff | None, words: str = "") -> None:
    """Not wanted any more. What was approved gives back its place and its money."""
    now = locked(request)
    if by is not None and now.staff_id != by.pk:
        raise NotPossible("Only the person it is for can withdraw it.")
    if now.state == State.DRAFT:
        now.delete()
        return
    if now.state not in {*Request.LIVE, State.APPROVED}:
        raise NotPossible(f"It is {now.get_state_display().lower()}: there is nothing to withdraw.")
    kind = Kind.TURNED_DOWN if now.state == State.NOMINATED else Kind.WITHDRAWN
    if now.state == State.APPROVED:
        granting.give_back(now, by=by)
    to(now, State.WITHDRAWN)
    step(now, kind, by=by, words=words)


@transaction.atomic
def appeal(request: Request, *, by: Staff, words: str) -> None:
    """Once: somebody else looks at it, the head where there is one."""
    now = locked(request)
    if now.staff_id != by.pk:
        raise NotPossible("Only the person it is for can appeal.")
    if now.state != State.DECLINED:
        raise NotPossible("Only what was declined can be appealed.")
    if now.was_appealed:
        raise NotPossible("It was appealed once, and that answer stands. Change it and ask again.")
    said(words, "Say what should be looked at again.")
    with one_for_a_place(now):
        to(now, State.APPEALED, with_staff=None)
    step(now, Kind.APPEALED, by=by, words=words)


@transaction.atomic
def book_with_provider(request: Request, *, by: Staff, reference: str) -> None:
    """Approved is one fact, and that the provider knows is another."""
    now = locked(request)
    if now.state != State.APPROVED:
        raise NotPossible("Book only what is approved.")
    if now.booked_at:
        raise NotPossible("It is booked already.")
    now.booked_at, now.reference = clock.now(), reference.strip()[:80]
    now.save()
    step(now, Kind.BOOKED, by=by, words=now.reference)


# --- whoever comments and decides ---------------------------------------------------------------
@transaction.atomic
def comment(request: Request, *, by: Staff, words: str) -> None:
    """What the decision should know; line managers and whoever decides."""
    now = locked(request)
    if not may_comment(now, by):
        raise NotPossible("Only their line manager and whoever decides can comment.")
    if not now.is_open:
        raise NotPossible("It is decided: a comment would come too late.")
    said(words, "Write your comment first.")
    step(now, Kind.COMMENTED, by=by, words=words)


def may_comment(request: Request, staff: Staff) -> bool:
    is_manager = request.staff.line_manager_id == staff.pk
    return is_manager or deciders(request.school, clock.today()).may_decide(staff, request)


def said(words: str, otherwise: str) -> None:
    if not words.strip():
        raise NotPossible(otherwise)


def to_decide(request: Request, by: Staff) -> Request:
    """Locked, and this person's to decide now."""
    now = locked(request)
    if by.pk == now.staff_id:
        raise NotPossible("Nobody decides about their own request. A colleague has it.")
    if not now.is_open:
        raise NotPossible(
            f"It is {now.get_state_display().lower()} already: somebody was quicker, or it was"
            " withdrawn."
        )
    who = deciders(now.school, clock.today())
    if not who.may_decide(by, now):
        holder = who.holder(now)
        raise NotPossible(f"{holder or 'Somebody else'} decides about this one.")
    return now


@transaction.atomic
def approve(
    request: Request,
    *,
    by: Staff,
    budget: Budget | None = None,
    because: str = "",
    change: str = "",
    fee: Decimal | None = None,
    day: date | None = None,
) -> Activity:
    """Yes: the activity is planned or the place taken, and the money put aside, or nothing is."""
    now = to_decide(request, by)
    if not now.staff.is_live(clock.today()):
        raise NotPossible(f"{now.staff} has left.")
    if (fee is not None and fee != now.fee) or (day is not None and day != now.starts_on):
        said(change, "Say what is changed: they read it.")
        change_it(now, fee=fee, day=day)
    if now.is_outside:
        activity = granting.planned_for(now, budget)
    else:
        activity = granting.joined(now, by, budget)
    moment = clock.now()
    to(now, State.APPROVED, approved_at=moment, decided_at=moment, activity=activity, budget=budget)
    kind = Kind.CHANGED if change.strip() else Kind.APPROVED
    step(now, kind, by=by, words=change, because=because)
    return activity


def change_it(request: Request, *, fee: Decimal | None, day: date | None) -> None:
    """Another sum, another first day; as many days as before."""
    if fee is not None:
        request.fee = fee
    if day is None:
        return
    if not request.is_outside:
        raise NotPossible("The days of what is on here are changed on its own page.")
    if day < clock.today():
        raise NotPossible("Choose a day to come.")
    if request.ends_on and request.starts_on:
        request.ends_on = day + (request.ends_on - request.starts_on)
    request.starts_on = day


@transaction.atomic
def let_wait(request: Request, *, by: Staff, until: date, words: str) -> None:
    """Not now, and not no."""
    now = to_decide(request, by)
    said(words, "Say what it waits for.")
    if until <= clock.today():
        raise NotPossible("Choose a day to come.")
    to(now, State.WAITING, waits_until=until)
    step(now, Kind.WAITS, by=by, words=words, until=until)


@transaction.atomic
def decline(request: Request, *, by: Staff, words: str) -> None:
    now = to_decide(request, by)
    said(words, "Say why not: they read it, and may appeal.")
    to(now, State.DECLINED, decided_at=clock.now())
    step(now, Kind.DECLINED, by=by, words=words)


@transaction.atomic
def send_on(request: Request, *, by: Staff, to_whom: Staff, words: str = "") -> None:
    """Somebody else who may decide has it from now on."""
    now = to_decide(request, by)
    if not deciders(now.school, clock.today()).may_decide(to_whom, now):
        raise NotPossible(f"{to_whom} may not decide about this one.")
    now.with_staff = to_whom
    now.save(update_fields=["with_staff"])
    step(now, Kind.SENT_ON, by=by, words=words, to=to_whom)


def withdraw_of_leavers(school: School, now: datetime) -> None:
    """Nobody decides about somebody who has left."""
    left = Q(staff__in=Staff.objects.left(clock.day_of(now)))
    for request in Request.objects.filter(left, state__in=Request.LIVE):
        withdraw(request, by=None, words="Has left")
