"""What the demo school asked afterwards, how it judged, and what it decided: some of it with a clear
effect, some with none, some not yet known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from audits import rounds
from audits.models import Round
from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.roof.demo.audits import answer_round, open_round
from cpdhub.years import first_year_of
from evaluation import asking
from evaluation.models import (
    Decision,
    Evidence,
    ImpactReview,
    ImpactRound,
    Moment,
    Reach,
    UnplannedGain,
    Verdict,
)
from evaluation.models.review import LONG

LEAST_USEFUL = (
    "Too much at once",
    "",
    "The part about assessment",
    "Nothing for the youngest",
    "",
    "The video",
)
V, D, K, R = Verdict, Decision, Evidence.Kind, Reach  # fmt: skip

OPEN_FOR = timedelta(days=14)
CHANGES = (
    "Shorter, and with a lesson to plan in it",
    "With a second meeting six weeks later",
    "Only for those who asked for it",
    "By a colleague instead of somebody from outside",
)
BECAUSE = {
    V.MET: "Seen in books and heard in lessons of the classes it was for",
    V.PARTLY: "Seen in some classes",
    V.NOT_YET: "Nothing seen that was not there before",
    V.UNKNOWN: "Nobody looked beforehand, so nobody can tell",
}


@dataclass(frozen=True)
class Judged:
    """One activity of the demo school as it was judged, so many weeks after its last session."""

    title: str
    staff: tuple[str, str]
    pupils: tuple[str, str]
    decision: str
    change: str = ""
    helped: str = ""
    hindered: str = ""
    reach: tuple[str, ...] = (R.SELF, R.OWN_PUPILS)
    after: int = 6
    year: int = -1  # this school year is 0
    lower: float = 0  # how much less than usual people liked it
    asked: tuple[str, ...] = (Moment.END, Moment.WEEKS)
    evidence: tuple[tuple[str, str, str, str, str], ...] = ()
    unplanned: tuple[tuple[bool, str, str, str], ...] = ()


OAKFIELD = (
    Judged("Lesson study: Year 3 number", (V.MET, "All four plan with the same three representations."), (V.MET, "Year 3 moved from counting to knowing; the group that had been behind moved most."), D.KEEP, helped="Cover for three mornings", reach=(R.SELF, R.OWN_PUPILS, R.OTHER_PUPILS), asked=(Moment.END, Moment.TERM), evidence=(("pupils", K.MEASURED, "Facts recalled in a minute, Year 3", "7", "15"), ("staff", K.OBSERVED, "Number lines in every maths lesson we looked into", "", "")), unplanned=((True, "Two of them now lead maths meetings", "career", R.SELF),)),
    Judged("Phonics clinic for TAs", (V.MET, "The same words and order in every group."), (V.MET, "Year 1 check: well above last year, and the gap in the lowest group closed."), D.KEEP, helped="The same slot every week", asked=(Moment.END, Moment.WEEKS), evidence=(("pupils", K.MEASURED, "Meeting the phonics standard, Year 1", "68 %", "83 %"), ("pupils", K.WORK, "Spelling books of the lowest group", "", "")), unplanned=((True, "TAs ask each other before they ask the teacher", "collaboration", R.COLLEAGUES),)),
    Judged("INSET: talk for reasoning", (V.PARTLY, "Stems are on every wall; half of us wait three seconds."), (V.PARTLY, "Reasons in full sentences in Years 5 and 6, not yet below."), D.CHANGE, "Half a day less, and a second session in spring with our own lesson clips.", helped="Everyone heard the same", hindered="Nobody came back to it until May", lower=0.3, evidence=(("staff", K.OBSERVED, "Stems seen in nine of fourteen rooms", "", ""), ("pupils", K.VOICE, "Year 5: “you have to say because”", "", "")), unplanned=((False, "The maths hub day pushed out planning time", "offer", R.SELF),)),
    Judged("Emotion coaching", (V.PARTLY, "Three of nine use it; the others found it hard to remember in the moment."), (V.UNKNOWN, "Nothing was measured before, so nobody can say."), D.STOP, "We stop it: six hundred pounds, no baseline, and a calmer corridor has other reasons.", hindered="No follow-up, and no teacher was there", lower=0.7, asked=(Moment.END, Moment.TERM), evidence=(("staff", K.SAID, "“I forget it when it matters”", "", ""),)),
    Judged("Writing moderation with three schools", (V.MET, "We mark against the same examples."), (V.UNKNOWN, "Too early: writing is read again in June."), D.CHANGE, "Fewer books, and a teacher from each year group.", reach=(R.SELF, R.OTHER_SCHOOLS), evidence=(("staff", K.SAID, "All five say they mark more alike", "", ""),)),
    Judged("Retrieval practice: what the research says", (V.NOT_YET, "Two meetings about research, no lesson that looked different."), (V.NOT_YET, "Nothing seen in books."), D.STOP, "We stop meetings about research alone: next time with a lesson planned in it.", lower=0.5, hindered="Nobody tried it with a class in between"),
    Judged("Fluency: modelling talk", (V.MET, "Everybody models the sentence before asking for one."), (V.PARTLY, "63 % give a reason in full sentences, from 41 %."), D.KEEP, helped="Three short meetings in a row", after=3, year=0, evidence=(("pupils", K.MEASURED, "Pupils giving a reason in full sentences", "41 %", "63 %"),)),
    Judged("Author visit: how writers choose words", (V.NOT_YET, "A lovely morning; no lesson has changed."), (V.NOT_YET, "As many read at home as in September."), D.STOP, "We stop paying for visits without lessons before and after.", after=4, year=0, lower=0.4, evidence=(("pupils", K.SAID, "Pupils remember the author’s dog", "", ""),), unplanned=((True, "Three families joined the library", "enjoyment", R.OWN_PUPILS), (False, "Year 4 missed their library hour", "offer", R.OWN_PUPILS))),
    Judged("The first two minutes of a lesson", (V.MET, "Seen in all rooms but two."), (V.MET, "82 % of lessons begin with everybody at work, from 48 %."), D.KEEP, helped="Planned together, tried the next morning", after=6, year=0, evidence=(("pupils", K.MEASURED, "Lessons in which every pupil has begun after two minutes", "48 %", "82 %"), ("staff", K.OBSERVED, "Forty rooms looked into for two minutes each", "", ""))),
    Judged("School library association conference", (V.PARTLY, "New lists are in use in one class."), (V.UNKNOWN, "Nothing read yet since the baseline."), D.CHANGE, "Two go, and report with a lesson.", after=4, year=0, reach=(R.SELF,)),
)  # fmt: skip


def look_back(school: School, *, now: datetime) -> None:
    """People were asked, and most of it was judged; the newest is still open or waits."""
    chance = random.Random(f"judged by {school.slug}")
    today = clock.day_of(now)
    found: dict[str, list[Any]] = {}
    for activity in asking.with_days():
        if activity.last_at and clock.day_of(activity.last_at) < today:
            found.setdefault(activity.title, []).append(activity)
    year_began = date(first_year_of(today), 9, 1)
    told = {judged.title for judged in OAKFIELD}
    for title, held in found.items():
        old = [each for each in held if clock.day_of(each.last_at) < year_began]
        for activity in old if title not in told else []:
            _judge(activity, _plainly(activity, chance), today)
    for judged in OAKFIELD:
        held = sorted(found.get(judged.title, []), key=lambda each: each.last_at)
        if held:
            activity = held[-1]
            _ask(activity, judged, chance, now)
            _judge(activity, judged, today)


def _plainly(activity: Any, chance: random.Random) -> Judged:
    """In a line each, as most are. What goes on for weeks tends to do more than a single day."""
    goes_on = activity.last_at - activity.first_at > LONG
    weights = (5, 4, 1, 2) if goes_on else (1, 3, 4, 4)
    pupils = chance.choices((V.MET, V.PARTLY, V.NOT_YET, V.UNKNOWN), weights)[0]
    decision = {V.MET: D.KEEP, V.PARTLY: chance.choice((D.KEEP, D.CHANGE))}.get(
        pupils, chance.choice((D.CHANGE, D.KEEP, D.STOP))
    )
    change = "" if decision == D.KEEP else chance.choice(CHANGES)
    kind = {V.MET: K.WORK, V.PARTLY: K.OBSERVED}.get(pupils, K.SAID)
    evidence = (("pupils", kind, BECAUSE[pupils], "", ""),) if pupils != V.UNKNOWN else ()
    staff = V.MET if pupils == V.MET else V.PARTLY
    return Judged(
        activity.title, (staff, ""), (pupils, BECAUSE[pupils]), decision, change,
        evidence=evidence,
    )  # fmt: skip


def _ask(activity: Any, judged: Judged, chance: random.Random, now: datetime) -> None:
    """At the moments of the story that lie far enough in the past to be over."""
    today = clock.day_of(now)
    for moment, due_on in asking.planned(activity).items():
        closes_on = due_on + OPEN_FOR
        people, _ = asking.people(activity, moment, today, most=10)
        if moment not in judged.asked or closes_on >= today or len(people) < asking.LEAST:
            continue
        title = asking.TITLES[Moment(moment)].format(activity.title)
        round_ = open_round(
            activity.school, asking.INSTRUMENTS[Moment(moment)], title,
            asking.mode_for(len(people)), Staff.objects.filter(pk__in=people),
            activity.lead or activity.owner, due_on, OPEN_FOR.days, is_about_activity=True,
        )  # fmt: skip
        _answered(round_, chance, judged, due_on)
        rounds.close(round_, now=clock.midnight(closes_on))
        ImpactRound.objects.create(
            school=activity.school, activity=activity, moment=moment, due_on=due_on, round=round_
        )


def _answered(round_: Round, chance: random.Random, judged: Judged, due_on: date) -> None:
    sent_at = None if round_.is_anonymous else clock.midnight(due_on + timedelta(days=1))
    answer_round(
        round_, chance, share=0.7, sent_at=sent_at, lower=judged.lower - 0.5, wishes=LEAST_USEFUL
    )


def _judge(activity: Any, judged: Judged, today: date) -> None:
    last = clock.day_of(activity.last_at)
    on = min(last + timedelta(weeks=judged.after), today - timedelta(days=1))
    lead = activity.lead or activity.owner
    ImpactReview.objects.create(
        school=activity.school, activity=activity, by=lead, staff_verdict=judged.staff[0],
        staff_because=judged.staff[1], pupils_verdict=judged.pupils[0],
        pupils_because=judged.pupils[1], decision=judged.decision, what_we_change=judged.change,
        helped_by=judged.helped, hindered_by=judged.hindered, reach=list(judged.reach),
        closed_on=on,
    )  # fmt: skip
    for outcome, kind, claim, before, after in judged.evidence:
        Evidence.objects.create(
            school=activity.school, activity=activity, outcome=outcome, kind=kind, claim=claim,
            before=before, after=after, dated=on, by=lead,
        )  # fmt: skip
    for is_good, text, about, reach in judged.unplanned:
        UnplannedGain.objects.create(
            school=activity.school, activity=activity, is_good=is_good, text=text, about=about,
            reach=reach, noted_by=lead, noted_on=on,
        )  # fmt: skip
