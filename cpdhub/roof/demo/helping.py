"""What people in the demo school can help each other with, and who asked whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from activities.clashes import DoubleBooked
from activities.helping import accept_help
from activities.models import Session
from audits.models import Expertise, HelpRequest, Topic
from cpdhub import clock
from cpdhub.models import School, Staff

ME, ALL, WALL = Expertise.Audience
Q, SHOW, WATCH, SESSION = HelpRequest.Way
LEARNING, USING, SHOWING, TRAINING = Expertise.Level


@dataclass(frozen=True)
class Offer:
    """Who (an index into those of one job), what, how well, and what for."""

    job: str
    nth: int
    topic: str
    level: int
    text: str = ""
    ways: tuple[str, ...] = (Q, SHOW)
    times: str = ""
    audience: str = ALL


OFFERS = [
    Offer("Teaching assistant, Year 4", 0, "French for beginners", TRAINING, "Songs, the register and a five-minute game for any class. I grew up in Lyon.", (Q, SHOW, SESSION), "Wednesdays after school"),
    Offer("Teaching assistant, Year 4", 0, "Reading aloud to a whole class", SHOWING, "Come and listen to me on any Tuesday after lunch.", (WATCH,)),
    Offer("Office manager", 0, "Spreadsheets", TRAINING, "Bring your own lists: we make them do the adding up.", (Q, SHOW, SESSION), "Before 8:30, or Thursdays"),
    Offer("Office manager", 0, "Letters to parents in plain English", SHOWING, "I read yours and give it back shorter."),
    Offer("Data and exams officer", 0, "Reading assessment data", SHOWING, "Half an hour with your class's figures, without jargon.", (Q, SHOW)),
    Offer("Data and exams officer", 0, "Spreadsheets", USING, "Formulas I use every day, no more than that.", (Q,)),
    Offer("Year 4 teacher", 0, "Open questions in maths", SHOWING, "Plan two for tomorrow's lesson together.", (SHOW, WATCH), "Planning time on Mondays"),
    Offer("Year 4 teacher", 0, "Stop-motion animation", LEARNING, "I made one film with Year 4 and would make the next with somebody."),
    Offer("Lower KS2 leader", 0, "Open questions in maths", TRAINING, "A twilight for your team, with lesson clips of my own.", (WATCH, SESSION)),
    Offer("EYFS and KS1 leader", 0, "Continuous provision", TRAINING, "", (SHOW, WATCH, SESSION)),
    Offer("SENCO", 0, "Calm starts for anxious pupils", TRAINING, "", (Q, SHOW)),
    Offer("Deputy head", 0, "Open questions in maths", USING, "", (Q,)),
    Offer("Class teacher", 0, "Stop-motion animation", SHOWING, "One tablet, a shoe box and modelling clay. My degree was in it.", (Q, SHOW, SESSION), "Fridays after school"),
    Offer("Class teacher", 1, "Whole-class guitar", SHOWING, "Three chords, one song, one half-term.", (SHOW, WATCH)),
    Offer("Class teacher", 2, "Spreadsheets", SHOWING, "Seating plans and tracking on one sheet.", (Q, SHOW)),
    Offer("Class teacher", 3, "Talk partners", SHOWING, "", (WATCH,)),
    Offer("Class teacher", 8, "Teaching online with a visualiser", USING),
    Offer("Teaching assistant", 1, "Makaton signs", TRAINING, "Ten signs for every day, with the pupils who use them.", (SHOW, SESSION)),
    Offer("Teaching assistant", 3, "Phonics in a group of four", SHOWING, "", (SHOW, WATCH)),
    Offer("Teaching assistant", 6, "French for beginners", USING, "School French, and plenty of courage.", (Q,)),
    Offer("Higher level teaching assistant", 0, "Screen readers and larger print", SHOWING),
    Offer("Higher level teaching assistant", 2, "Talking with parents about hard things", SHOWING, audience=ME),
    Offer("Administrator", 0, "Spreadsheets", LEARNING, audience=ME),
]  # fmt: skip
TALENTS = [
    Offer("Site staff", 0, "Growing vegetables", TRAINING, "Ask me for seedlings in March.", (Q, SHOW), "Any morning", WALL),
    Offer("Midday supervisor", 0, "Bharatanatyam dance", TRAINING, "Fifteen years of it.", (SHOW, SESSION), "", WALL),
    Offer("Midday supervisor", 1, "Chess", SHOWING, "I run the lunchtime board in the wet weeks.", (SHOW,), "Lunchtimes", WALL),
    Offer("Administrator", 1, "Knitting and mending", SHOWING, "", (Q, SHOW), "", WALL),
    Offer("Class teacher", 4, "Fell running", SHOWING, "Slow is fine.", (Q,), "", WALL),
    Offer("Teaching assistant", 5, "British Sign Language", USING, "Learned for a friend, used every week.", (Q, SHOW), "", WALL),
]  # fmt: skip


def offer_and_ask(school: School, crew: list[Staff], *, today: date) -> None:
    """Offers of all kinds of people; one ask open, one accepted, one thanked for; one person who
    has as much as they can do."""
    made = {
        (offer.staff.email, str(offer.topic)): offer
        for offer in [
            *(_offer(school, crew, each) for each in OFFERS),
            *(_offer(school, crew, each, is_talent=True) for each in TALENTS),
        ]
    }
    by_name = {post.email.partition("@")[0]: post for post in crew}
    french = made["ta@oakfield.example", "French for beginners"]
    sheets = made["office@oakfield.example", "Spreadsheets"]
    teacher, leader = by_name["teacher"], by_name["team"]
    _ask(
        french, teacher, SHOW, "We start French in January and I last spoke it at sixteen. Could you"
        " show me the register and one game?", today - timedelta(days=2),
    )  # fmt: skip
    films = next(
        offer
        for offer in made.values()
        if offer.level == SHOWING and str(offer.topic) == "Stop-motion animation"
    )
    accepted = _ask(
        films, teacher, SHOW, "My first film took three weeks. How do you do it in one?",
        today - timedelta(days=12), pupils="Year 4 tell their story in pictures before they write it",
    )  # fmt: skip
    _accept(accepted, "Gladly. Friday in my room?", today)
    done = _ask(
        sheets, leader, Q, "How do I get last year's list beside this year's?",
        today - timedelta(days=40),
    )  # fmt: skip
    done.accept("Bring both files, ten minutes.", today=today - timedelta(days=39))
    done.thank(
        "It took ten minutes, and I have done it twice since.",
        can_do_it=True,
        today=today - timedelta(days=30),
    )
    sheets.shows_thanks = True
    sheets.save(update_fields=["shows_thanks"])
    _wear_out(sheets, [post for post in crew if post.job_title == "Class teacher"], today)


def _offer(
    school: School, crew: list[Staff], offer: Offer, *, is_talent: bool = False
) -> Expertise:
    people = [post for post in crew if post.job_title == offer.job]
    made: Expertise = Expertise.objects.create(
        school=school, staff=people[offer.nth], level=offer.level, text=offer.text,
        topic=Topic.named(offer.topic, school_id=school.pk), ways=list(offer.ways),
        times=offer.times, audience=offer.audience, is_talent=is_talent,
    )  # fmt: skip
    return made


def _ask(
    offer: Expertise, asker: Staff, way: str, message: str, on: date, *, pupils: str = ""
) -> HelpRequest:
    made: HelpRequest = HelpRequest.objects.create(
        school_id=offer.school_id, asker=asker, helper=offer.staff, topic=offer.topic, way=way,
        message=message, pupils=pupils, asked_on=on,
    )  # fmt: skip
    return made


def _accept(ask: HelpRequest, word: str, today: date) -> None:
    """They meet on the first Friday after the next on which both are free, half past three."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7 + 7)
    for week in range(8):
        day = friday + timedelta(weeks=week)
        session = Session(
            starts_at=clock.at(day, time(15, 30)),
            ends_at=clock.at(day, time(16, 15)),
            place="Year 2 room",
        )
        try:
            accept_help(ask, word=word, sessions=[session], today=today - timedelta(days=11))
        except DoubleBooked:
            ask.refresh_from_db()
        else:
            return


def _wear_out(offer: Expertise, askers: list[Staff], today: date) -> None:
    """Three colleagues at once: whoever comes next is sent to somebody else."""
    for number, message in enumerate(
        (
            "Can you make my club lists add up by themselves?",
            "Dinner money and trips on one sheet: is that a good idea?",
            "I have lost the column with the birthdays.",
        )
    ):
        ask = _ask(offer, askers[10 + number], Q, message, today - timedelta(days=4 + number))
        if number:
            ask.accept("This week or next.", today=today - timedelta(days=3))
