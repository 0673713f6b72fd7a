"""What can be booked in the demo school, and who helps it from outside."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from activities import booking
from activities.models import (
    Activity,
    Contract,
    IntendedImpact,
    Places,
    Provider,
    ProviderAnswer,
    ProviderOffer,
    Session,
)
from cpdhub.models import FrameworkItem, Reminder, School, Staff
from cpdhub.roof.demo.plans import moment

T, A = Staff.Group.TEACHER, Staff.Group.ASSISTANT
K, B, M = Provider.Kind, ProviderOffer.Basis, ProviderOffer.Mode
Q = ProviderAnswer.Question


HUB, UNIVERSITY = "Mathematics hub", "Exampleton University, School of Education"
PERSON = "Amara Nwosu, educational psychologist"
PROVIDERS: list[tuple[str, str, str, dict[str, str], list[tuple[str, int, str, int, str, dict[str, str]]]]] = [
    (HUB, K.SCHOOL, "Reasoning, fluency, subject knowledge", {"contacts": "Dr Lena Voss, lead, hub@example.org"}, [
        ("Work group: talk for reasoning", 0, B.PERSON, 18, M.BLENDED, {"follow_up": "Two visits between the meetings"}),
        ("INSET day in our school", 900, B.DAY, 6, M.HERE, {"follow_up": "A return visit after six weeks"}),
    ]),
    ("Bright Pages", K.COMPANY, "Reading schemes", {"interest": "Sells the reading scheme its courses are about", "notes": "Rang four times after one enquiry. Ask for a price without books."}, [
        ("Reading launch day", 1250, B.DAY, 6, M.HERE, {"product": "Bright Pages Reading"}),
    ]),
    (UNIVERSITY, K.UNIVERSITY, "Action research, mentoring, award-bearing study", {"website": "https://education.example.org", "checks": "Insurance seen in September; visitors sign in"}, [
        ("Postgraduate certificate in mentoring", 1800, B.PERSON, 60, M.BLENDED, {"follow_up": "A tutor for the year", "award": "60 credits at master's level"}),
        ("Critical friend for a research group", 320, B.HALF_DAY, 3, M.HERE, {"follow_up": "A visit each term"}),
    ]),
    (PERSON, K.PERSON, "Emotion coaching, anxious pupils, supervision for assistants", {}, [
        ("Emotion coaching, three twilights", 600, B.ALL, 4, M.HERE, {}),
    ]),
]  # fmt: skip
ANSWERS = [
    (
        Q.PUPILS,
        "Pupils give reasons in full sentences by the summer; ten a year group are asked each half-term.",
    ),
    (Q.WHO, "Two teachers who each still teach two days a week."),
    (Q.OUR_CLASSES, "Yes: one lesson in Year 3 and one in Year 5, watched and talked through."),
]


def open_for_booking(school: School, crew: list[Staff], *, today: date) -> None:
    """A full workshop with a queue, a twilight with room, and training two still have to do."""
    staff = [post for post in crew if post.group]
    teachers = [post for post in staff if post.group == T]
    leader = next(post for post in crew if "cpd_leader" in post.roles)
    by_name = {post.email.partition("@")[0]: post for post in crew}
    workshop = _activity(school, leader, "INSET workshop: drama for writing", "one-day-event",
        _school_day(today, 12), (time(13), 2.0), "Hall")  # fmt: skip
    Places.objects.create(
        school=school, activity=workshop, capacity=6, kept=1, kept_for="early career teachers"
    )
    me = by_name["teacher"]
    for post in [one for one in teachers if one not in (me, leader)][3:11]:
        booking.book(workshop, staff=post)
    booking.book(workshop, staff=me)
    twilight = _activity(school, leader, "Optional twilight: first steps in British Sign Language",
        "training-others", _school_day(today, 8), (time(15, 45), 1.25), "Library")  # fmt: skip
    Places.objects.create(school=school, activity=twilight, capacity=16)
    for post in [one for one in staff if one is not me][12:19]:
        booking.book(twilight, staff=post)
    booking.invite(twilight, people=[by_name["ta"], by_name["team"]], by=leader)
    training = _activity(school, leader, "Moving and handling", "training-day",
        _school_day(today, 15), (time(15, 30), 1.5), "Hall", compulsory=True)  # fmt: skip
    Places.objects.create(school=school, activity=training, groups=[A])
    assistants = [post for post in staff if post.group == A]
    for post in assistants[:-2]:
        booking.add(training, staff=post, by=leader)
    training.excuses.create(
        school=school, staff=assistants[3],
        because="I trained others in this at my last school in September and have the certificate.",
    )  # fmt: skip
    # What these letters would say is old news to people who open a demo.
    Reminder.objects.filter(kind=booking.PLACE).delete()


def _school_day(today: date, ahead: int) -> date:
    day = today + timedelta(days=ahead)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _activity(
    school: School, leader: Staff, title: str, kind: str, day: date,
    slot: tuple[time, float], place: str, *, compulsory: bool = False,
) -> Activity:  # fmt: skip
    activity = Activity.objects.create(
        school=school, title=title, owner=leader, lead=leader, is_compulsory=compulsory,
        type=FrameworkItem.objects.get(framework__code="cpd-menu", code=kind),
        kind=Activity.Kind.STATUTORY if compulsory else Activity.Kind.DIRECT,
    )  # fmt: skip
    start = moment(day, slot[0])
    Session.objects.create(
        school=school, activity=activity, starts_at=start,
        ends_at=start + timedelta(hours=slot[1]), place=place,
    )  # fmt: skip
    if not compulsory:
        activity.intended_impact = IntendedImpact.objects.create(
            school=school, activity=activity, look_again_on=day + timedelta(days=56),
            staff_will="Use it once a week for half a term and tell a colleague how it went",
            pupils_will="Join in more and say what they learned",
            known_by="A short look in three classrooms",
        )  # fmt: skip
    activity.plan()
    return activity


def write_down_providers(school: School, crew: list[Staff], *, today: date) -> None:
    """Four of different kinds: one sells something, one sold days nobody has used."""
    leader = next(post for post in crew if "cpd_leader" in post.roles)
    seen = today - timedelta(days=60)
    made = {}
    for name, kind, specialisms, more, offers in PROVIDERS:
        made[name] = _provider(school, name, kind, specialisms, **more)
        for title, price, basis, hours, mode, extra in offers:
            _offer(made[name], title, price, basis, hours, mode, seen, **extra)
    _agree(school, made[UNIVERSITY], made[PERSON], today)
    for question, answer in ANSWERS:
        ProviderAnswer.objects.create(
            school=school, provider=made[HUB], question=question, answer=answer,
            answered_on=seen, by=leader,
        )  # fmt: skip
    for words, name in (("Mathematics hub", HUB), ("Educational psychologist", PERSON)):
        Activity.objects.filter(led_by=words).update(provider=made[name], led_by="")


def _agree(school: School, university: Provider, person: Provider, today: date) -> None:
    Contract.objects.create(
        school=school, provider=university, title="Research partnership, three years",
        starts_on=today - timedelta(days=400), ends_on=today + timedelta(days=690),
        review_on=today - timedelta(days=5), price=2400, days_bought=6, days_used=Decimal("4.5"),
        hand_over="Carla and Tom lead the research group from the third year",
    )  # fmt: skip
    Contract.objects.create(
        school=school, provider=person, title="Follow-up after emotion coaching",
        starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=40), price=900,
        days_bought=3, days_used=1,
    )  # fmt: skip


def _provider(school: School, name: str, kind: str, specialisms: str, **more: str) -> Provider:
    return Provider.objects.create(
        school=school, name=name, kind=kind, specialisms=specialisms, **more
    )


def _offer(
    provider: Provider, title: str, price: int, basis: str, hours: int, mode: str, seen: date,
    **more: str,
) -> None:  # fmt: skip
    ProviderOffer.objects.create(
        school_id=provider.school_id, provider=provider, title=title, price=price, basis=basis,
        hours=hours, mode=mode, seen_on=seen, **more,
    )  # fmt: skip
