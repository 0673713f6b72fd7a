"""What the demo's schools open to each other: places taken, waited for, given back; credits; and
what those who came said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from activities import actions
from activities.models import Activity, IntendedImpact, Session
from cpdhub.models import FrameworkItem, OutboxMessage, School, Staff
from cpdhub.permissions import Role
from cpdhub.roof.demo.plans import moment
from cpdhub.walls import school_scope
from networks import answers, credits, mirroring, offering, placing, practitioners
from networks.models import (
    Network,
    NetworkRole,
    Offer,
    OfferAnswer,
    OfferPlace,
    SchoolPlaces,
    Theme,
)

LEAD = "oakfield-primary"
THEMES = ("Talk in every classroom", "Early reading", "Assistants who teach", "Oracy in science")
What = Offer.What


@dataclass(frozen=True)
class Plan:
    """An activity one school opens: its sessions by days from today (`over`: before), its places."""

    host: int
    title: str
    about: str
    days: tuple[int, ...]
    places: int
    theme: int | None = None
    what: str = What.ACTIVITY
    hours: int = 2
    credits: int = 0
    price: int = 0
    most: int | None = None
    rules: str = ""
    cover: str = ""
    guests: tuple[tuple[int, int], ...] = ()  # (school, how many)
    for_school: int | None = None
    needs: str = ""
    in_return: str = ""


PLANS = (
    Plan(
        0, "Talk rules that pupils keep", "Three twilights on setting up talk so that everybody"
        " speaks. Bring one recording of your class.", (-60, -46, -20), 10, 0,
        guests=((1, 4), (2, 3)), rules="Sign in at the office; tea from 15:30.",
    ),
    Plan(
        1, "Phonics: catching up after Year 2", "A twilight with two decodable-book lessons to"
        " watch and time to plan.", (12,), 4, 1, most=2, guests=((0, 2), (2, 2), (3, 2)),
        rules="The hall, by the side gate. No photographs of pupils.",
    ),
    Plan(
        2, "Phonics screening: what the errors tell us", "Bring last year’s papers.", (12,), 12, 1,
        price=35, guests=((4, 1),),
    ),
    Plan(
        3, "Open morning: assistants who teach, not help", "See two assistants lead a group, then"
        " talk with them.", (19,), 5, 2, what=What.VISIT, hours=3, credits=1, guests=((0, 1),),
        rules="Arrive by 8:45. Phones stay in the office.", cover="We cannot help with cover.",
    ),
    Plan(
        4, "A day of our speech and language lead", "She works beside one teacher in your school.",
        (26,), 1, 0, what=What.DAY, hours=6, credits=2, most=1, guests=((1, 1), (5, 1)),
    ),
    Plan(
        4, "Speech and language in Reception: a day beside you", "She worked beside one teacher.",
        (-25,), 1, 0, what=What.DAY, hours=6, credits=2, most=1, guests=((0, 1),),
    ),
    Plan(
        0, "Leading a subject without a team", "Written with one school after its needs audit: six"
        " people who lead a subject alone.", (26, 43, 71), 8, None,
        what=What.PROGRAMME, guests=((5, 4),), for_school=5,
        needs="Four of six subject leaders have never watched a lesson in their subject.",
        in_return="Their computing lead works with our Year 5 for two afternoons.",
    ),
    Plan(
        5, "Computing without a specialist", "How we plan it with what every school has.", (47,),
        20, None,
    ),
)  # fmt: skip
GIVEN_UP = "Our trainer has left and we have nobody else yet."
LINES = (
    ("Sentence stems on the tables", ""), ("Two minutes to think before anybody speaks", ""),
    ("Talk partners that change each week", "More time to plan with my own year group"),
    ("", "A recording of a whole lesson, not clips"), ("The talk rules, with my class", ""),
    ("Nothing yet: my class already does this", "Say beforehand for whom it is"),
)  # fmt: skip


def show(network: Network, schools: dict[str, School], *, now: datetime, today: date) -> None:
    """Oakfield leads; what goes well and what does not, in weeks around today."""
    order = [schools[LEAD], *(one for slug, one in sorted(schools.items()) if slug != LEAD)]
    crews = [_crew(school) for school in order]
    themes = _themes(network, order[0])
    with school_scope(order[0]):
        credits.grant(
            network, [one.pk for one in order], amount=6, note="Allowance for the school year"
        )
    for plan in PLANS:
        _shown(plan, network, order, crews, themes, today=today)
    for school in order:
        with school_scope(school):
            practitioners.keep_count(school.pk)
    _given_up(network, order, crews, today=today)
    _forget_letters(order)


def _crew(school: School) -> list[Staff]:
    """The head or CPD leader first, then whoever could go."""
    with school_scope(school):
        staff = list(Staff.objects.on_staff().order_by("pk")[:30])
    leads = [one for one in staff if {Role.HEAD, Role.CPD_LEADER} & set(one.roles)]
    return [*leads[:1], *(one for one in staff if one not in leads)] if leads else staff


def _themes(network: Network, lead: School) -> list[Theme]:
    with school_scope(lead):
        return [
            Theme.objects.get_or_create(network=network, title=title, defaults={"school": lead})[0]
            for title in THEMES
        ]


def _planned(plan: Plan, school: School, owner: Staff, *, today: date) -> Activity:
    """Its sessions lie ahead, so that it can be booked; `_moved` sets them to their days."""
    start = 200 if plan.days[0] < 0 else 0
    kind = FrameworkItem.objects.filter(school=None, code="training-other-schools").first()
    sessions = [
        Session(
            starts_at=(at := moment(_weekday(today + timedelta(days=days + start)), time(15, 45))),
            ends_at=at + timedelta(hours=plan.hours), place=f"{school}, hall",
        )
        for days in plan.days
    ]  # fmt: skip
    activity = Activity(
        title=plan.title, purpose=plan.about, type=kind or FrameworkItem.objects.all()[0],
        audience="Teachers and assistants of all schools in the network",
    )  # fmt: skip
    impact = IntendedImpact(
        staff_will="try one thing in their own classroom within a fortnight",
        pupils_will="say more, and give reasons", known_by="colleagues watch one lesson each",
        look_again_on=today + timedelta(days=120),
    )  # fmt: skip
    return actions.plan_activity(
        activity, by=owner, impact=impact, priorities=[], sessions=sessions, people=[],
        as_draft=False,
    )  # fmt: skip


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _shown(
    plan: Plan, network: Network, order: list[School], crews: list[list[Staff]],
    themes: list[Theme], *, today: date,
) -> Offer:  # fmt: skip
    host = order[plan.host]
    one = None if plan.for_school is None else order[plan.for_school]
    with school_scope(host):
        activity = _planned(plan, host, crews[plan.host][0], today=today)
        offer = offering.publish(
            Offer(
                network=network, school=host, what=plan.what, places=plan.places,
                theme=None if plan.theme is None else themes[plan.theme], credits=plan.credits,
                price=plan.price, most_per_school=plan.most, visiting_rules=plan.rules,
                cover_note=plan.cover, for_school=one, needs=plan.needs, in_return=plan.in_return,
                team=crews[plan.host][0].name,
                practitioner=_specialist(network, host, crews[plan.host][3], plan),
            ),
            activity,
        )  # fmt: skip
    for number, how_many in plan.guests:
        _booked(offer, crews[number], how_many)
    if plan.days[0] < 0:
        _over(offer, plan, today=today)
    return offer


def _specialist(
    network: Network, host: School, person: Staff, plan: Plan
) -> NetworkRole | None:  # fmt: skip
    """Whose day it is: a lead practitioner with ten days a year for others."""
    if plan.what != What.DAY:
        return None
    role = NetworkRole(
        network=network, school=host, part=NetworkRole.Part.SPECIALIST, days=10,
        looks_after="Speech and language",
    )  # fmt: skip
    role.take_from(person)
    found: NetworkRole | None = NetworkRole.objects.filter(staff=person, part=role.part).first()
    if found is None:
        role.save()
    return found or role


def _booked(offer: Offer, crew: list[Staff], how_many: int) -> None:
    """Those who are free at that hour, until there are so many."""
    booked = 0
    for person in crew[1:]:
        if booked == how_many:
            break
        with school_scope(person.school):
            try:
                placing.book(offer, by=crew[0], people=[person])
            except placing.NotPossible:
                continue
        booked += 1


def _over(offer: Offer, plan: Plan, *, today: date) -> None:
    """It lies behind: registers are taken, those who came have answered, and it is counted."""
    with school_scope(offer.school):
        assert offer.activity
        for session, days in zip(
            offer.activity.sessions.order_by("starts_at"), plan.days, strict=True
        ):
            at = moment(_weekday(today + timedelta(days=days)), time(15, 45))
            Session.objects.filter(pk=session.pk).update(
                starts_at=at, ends_at=at + timedelta(hours=plan.hours)
            )
        now = Offer.objects.get(pk=offer.pk)
        offering.copy(now, offer.activity)
        now.save(update_fields=offering.COPIED)
        for school in offering.coming(now):
            mirroring.follow(now, school)
        seats = list(OfferPlace.objects.filter(offer=now).booked())
        for meeting in now.held:
            came = {seat.pk: n == 0 or n != meeting.key % 7 for n, seat in enumerate(seats)}
            placing.take_register(now, key=meeting.key, came=came)
    if len(seats) > len(LINES):
        _judged(now, seats, today=today)


def _judged(now: Offer, seats: list[OfferPlace], *, today: date) -> None:
    """Six of them said how it was; one school wrote down what it tries."""
    with school_scope(now.school):
        said = [
            OfferAnswer(useful="yes", pitch="right", send="yes", will_try=t, line=x)
            for t, x in LINES
        ]
        said[1].useful, said[3].useful, said[5].useful = "soon", "soon", "partly"
        said[5].pitch, said[5].send = "easy", "some"
        now.results, now.frozen_on = answers.counted(said), today - timedelta(days=5)
        now.save(update_fields=["results", "frozen_on"])
        OfferPlace.objects.filter(pk__in=[seat.pk for seat in seats[:6]]).update(has_answered=True)
    first = seats[0]
    with school_scope(first.school_id):
        SchoolPlaces.objects.filter(offer=now.pk).update(
            question="How do they get the quiet ones to speak?",
            will_try="Talk partners in Years 1 and 4 until Easter.",
            report="Two classes use the rules daily. Year 4 found the stems too babyish and wrote"
            " their own, which worked better.",
        )  # fmt: skip


def _given_up(
    network: Network, order: list[School], crews: list[list[Staff]], *, today: date
) -> None:
    """One that did not come off: places are given back, people told."""
    plan = Plan(
        3, "Emotion coaching for a whole school", "Two twilights.", (22, 36), 12,
        guests=((1, 2),),
    )  # fmt: skip
    offer = _shown(plan, network, order, crews, [], today=today)
    with school_scope(order[3]):
        offering.withdraw(offer, GIVEN_UP)


def _forget_letters(schools: list[School]) -> None:
    """What these letters would say is old news to people who open a demo."""
    titles = [*(plan.title for plan in PLANS), "Emotion coaching for a whole school"]
    for school in schools:
        with school_scope(school):
            for title in titles:
                OutboxMessage.objects.filter(sent_at=None, subject__endswith=title).delete()
