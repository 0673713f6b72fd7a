"""How the network of the demo looks at itself, what it does, and what its schools tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from cpdhub.models import School, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation import posts
from networks.models import (
    Account,
    ActionPoint,
    Adoption,
    Meeting,
    Network,
    NetworkReview,
    Pause,
    Rating,
    Reply,
    Resource,
    ResourceVersion,
    Strategy,
    Theme,
    Thread,
)
from networks.models.board import named

LEAD = "oakfield-primary"
# Four words by their number, of six heads; a dash: left out.
LAST_YEAR = {
    "alignment": "112120", "diversity": "011010", "accountability": "000100",
    "modelling": "101-10", "sustainability": "010011",
}  # fmt: skip
THIS_YEAR = {
    "alignment": "232223", "diversity": "121112", "accountability": "030112",
    "modelling": "2112-1", "sustainability": "111011",
}  # fmt: skip
WHY = {
    ("alignment", 0): "All six plans name talk. A year ago it was two.",
    ("alignment", 4): "Our teaching assistants can say what the network is for. That is new.",
    ("diversity", 2): "The visits are worth every minute. We still have nothing for music.",
    ("accountability", 0): "We promised to look at Year 4 writing in June and nobody did.",
    ("accountability", 1): "In our school every group has a sheet, and governors read it.",
    ("accountability", 3): "We count who came. That is not the same.",
    ("modelling", 3): "We take turns at leading meetings now. It shows.",
    ("sustainability", 5): "If Carla went, who would know where anything is?",
}
LASTING = {
    "expertise": "22-1", "fit": "2323", "passing_on": "1112", "strategy": "212-",
    "partners": "1011", "links": "2121", "resources": "0001",
}  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """A strategy, and what schools say of it in turn: (state, months ago, evidence, help)."""

    title: str
    about: str
    way: str
    months: int
    fields: dict[str, Any]
    said: tuple[tuple[str, int, str, str] | None, ...]


STRATEGIES = (
    Planned(
        "Lead practitioners for talk",
        "Two teachers of each school work a term with one other class, twice a week, and leave when"
        " the class teacher goes on alone. Pupils should give reasons in whole sentences.",
        "deepen", 26,
        {
            "lead": "Carla Mensah, Oakfield", "deputy": "Hana Birch, Birchwood",
            "challenge": "resources", "challenge_note": "Cover is shared: a day each, swapped.",
            "outputs": "Twelve filmed lessons, for use inside the schools only",
        },
        (
            ("embedded", 8, "Talk partners in every class; ask any pupil", ""),
            ("embedded", 5, "Seen by two visitors in June", ""),
            ("maintained", 6, "It runs, nobody has added to it since the summer", ""),
            ("embedded", 3, "Our own staff train new colleagues", ""),
            ("implementing", 2, "Five of seven classes", ""),
            ("stalled", 4, "", "Our lead practitioner left. A visit of one of yours for a week."),
        ),
    ),
    Planned(
        "The talk guide",
        "Twenty pages of what works in our classrooms, with a launch for all staff and a follow-up"
        " six weeks later. Every colleague should have tried three things from it.",
        "spread", 10,
        {
            "lead": "Carla Mensah, Oakfield", "challenge": "ownership",
            "outputs": "The guide, second edition\nCards for planning",
        },
        (
            ("implementing", 6, "Tried in all but two classes", ""), ("involved", 3, "", ""),
            ("aware", 6, "", ""), ("stalled", 5, "", "Somebody to run the follow-up with us"),
            None, ("unaware", 1, "", ""),
        ),
    ),
    Planned(
        "CPD leaders look at each other’s plans",
        "Three pairs, an hour each term: what does your plan say pupils will gain, and how will you"
        " know? Every plan should name its measure before money is spent.",
        "deepen", 4,
        {"lead": "Ade Cole, Castle Hill", "deputy": "Mo Reed, Fernside", "ends": 8,
         "after_the_end": "The authority’s adviser goes in July. Pairs go on by themselves, and the"
         " CPD leaders’ meeting asks after them each term."},
        (("involved", 3, "One hour in October", ""), ("involved", 3, "", ""), None, None,
         ("aware", 3, "", ""), None),
    ),
)  # fmt: skip


def show(network: Network, schools: dict[str, School], *, now: datetime, today: date) -> None:
    """Everything of this part, written by each school with itself open."""
    lead = schools[LEAD]
    others = [schools[slug] for slug in sorted(schools) if slug != LEAD]
    order = [lead, *others]
    with school_scope(lead):
        theme = Theme.objects.filter(network=network).first()
    heads = [_holding(school, Role.HEAD) for school in order]
    leaders = [_holding(school, Role.CPD_LEADER) for school in order]
    strategies = _strategies(network, order, theme, today)
    _reviews(network, heads, leaders, strategies[1], today)
    _accounts(network, order, leaders, theme, today)
    _board(network, heads, leaders, theme, now)
    _meetings(network, order, today)
    _resources(network, order, theme, today)


def _holding(school: School, role: Role) -> Staff:
    with school_scope(school):
        found: Staff = Staff.objects.with_role(role).select_related("school").order_by("pk")[0]
        return found


def _months(today: date, number: int) -> date:
    return today - timedelta(days=30 * number)


def _strategies(
    network: Network, order: list[School], theme: Theme | None, today: date
) -> list[Strategy]:
    made = []
    for one in STRATEGIES:
        fields = dict(one.fields)
        ends = fields.pop("ends", None)
        with school_scope(order[0]):
            strategy = Strategy.objects.create(
                network=network, school=order[0], title=one.title, about=one.about, way=one.way,
                theme=theme, begins_on=_months(today, one.months),
                ends_on=_months(today, -ends) if ends else None, **fields,
            )  # fmt: skip
        made.append(strategy)
        for school, said in zip(order, one.said, strict=True):
            if said is None:
                continue
            state, months, evidence, would_help = said
            with school_scope(school):
                Adoption.objects.create(
                    network=network, school=school, strategy=strategy, state=state,
                    since=_months(today, months), said_on=_months(today, min(months, 7)),
                    evidence=evidence, would_help=would_help,
                )  # fmt: skip
    with school_scope(order[0]):
        asking = Adoption.objects.asking().filter(strategy=made[0]).first()
        if asking:
            asking.agree("Dawn comes for the week after half-term.", today - timedelta(days=9))
    return made


def _reviews(
    network: Network, heads: list[Staff], leaders: list[Staff], strategy: Strategy, today: date
) -> None:
    before = _opened(network, heads[0].school, "The first look", today - timedelta(days=372))
    _answered(before, heads, LAST_YEAR, {})
    _paused(before, leaders[0], "p10", "We say “impact” and mean attendance.", today)
    _paused(
        before, leaders[1], "p5", "Three of us buy the same phonics course.", today,
        action="Buy it once, for all", who="Birchwood", by=today - timedelta(days=200),
        done=today - timedelta(days=210),
    )  # fmt: skip
    _paused(
        before, leaders[0], "p8", "Six schools, six ways.", today,
        action="Write one page on CPD and appraisal", who="Oakfield",
        by=today - timedelta(days=60),
    )  # fmt: skip
    with school_scope(heads[0].school):
        NetworkReview.objects.filter(pk=before.pk).update(
            closed_on=before.opened_on + timedelta(days=14)
        )
    review = _opened(network, heads[0].school, "One year on", today - timedelta(days=9))
    _answered(review, heads, THIS_YEAR, WHY)
    _paused(
        review, leaders[2], "p6", "Nobody knew that Fernside has a speech therapist.", today,
        action="A list of who knows what, by topic", who="CPD leaders’ meeting",
        by=today + timedelta(days=40),
    )  # fmt: skip
    lasting = _opened(
        network, heads[0].school, "Will the guide last?", today - timedelta(days=5),
        kind=NetworkReview.Kind.LASTING, strategy=strategy,
    )  # fmt: skip
    _answered(lasting, heads[:4], LASTING, {("resources", 0): "The grant printed it. Once."})
    _paused(
        lasting, leaders[0], "next_resources", "", today, action="Put £300 into next year’s plan",
        who="Heads’ meeting", by=today + timedelta(days=90),
    )  # fmt: skip


def _opened(
    network: Network, school: School, title: str, on: date, **more: Any
) -> NetworkReview:  # fmt: skip
    with school_scope(school):
        made: NetworkReview = NetworkReview.objects.create(
            network=network, school=school, title=title, opened_on=on,
            closes_on=on + timedelta(days=21), **{"kind": "propositions", **more},
        )  # fmt: skip
        return made


def _answered(
    review: NetworkReview, people: list[Staff], levels: dict[str, str],
    why: dict[tuple[str, int], str],
) -> None:  # fmt: skip
    for number, staff in enumerate(people):
        with school_scope(staff.school):
            for item, said in levels.items():
                if said[number] == "-":
                    continue
                Rating.objects.create(
                    network=review.network, review=review, school=staff.school, staff=staff,
                    name=staff.name, item=item, level=Rating.Level.values[int(said[number])],
                    comment=why.get((item, number), ""),
                )  # fmt: skip


def _paused(
    review: NetworkReview, staff: Staff, prompt: str, note: str, today: date,
    *, action: str = "", who: str = "", by: date | None = None, done: date | None = None,
) -> None:  # fmt: skip
    with school_scope(staff.school):
        Pause.objects.create(
            network=review.network, school=staff.school, review=review, prompt=prompt, note=note,
            action=action, who=who, by_when=by, done_on=done,
        )  # fmt: skip


def _accounts(
    network: Network, order: list[School], leaders: list[Staff], theme: Theme | None, today: date
) -> None:
    told = (
        (1, 40, "Reasons before answers in Year 4 maths", "observed",
         "Pupils said numbers and stopped. We wanted reasons, from those who rarely speak first.",
         "One sentence stem on each table, talk partners, and no answer without “because”. A lead"
         " practitioner taught alongside for six weeks.",
         "Two visitors counted reasons in three lessons: 4, 9, 15. The six pupils we looked at most"
         " spoke in each of the last four lessons.",
         "The same stem for two weeks. Changing it each day had only been noise.",
         "It needs quiet after the question, and we filled it ourselves.",
         "How would you know that the reasons got better, and not only more?\nWho in your school"
         " could teach alongside?"),
        (3, 90, "A reading group for teaching assistants", "reported",
         "Assistants led most of the phonics groups and had been to none of the training.",
         "Ten of them read one chapter a month in paid time, with a question each to try.",
         "They say they are surer. We did not look at the groups before, so we cannot say more.",
         "Paid time, and a head who came.", "We should have watched two groups first.",
         "What could we still look at, a year in?"),
        (0, 0, "What we learned from the launch", "", "Everybody to have tried three things.",
         "", "", "", "", ""),
    )  # fmt: skip
    for place, days, title, strength, wanted, did, changed, well, less, questions in told:
        staff = leaders[place]
        with school_scope(order[place]):
            Account.objects.create(
                network=network, school=order[place], title=title, theme=theme, wanted=wanted,
                did=did, changed=changed, strength=strength, went_well=well, went_less=less,
                questions=questions, written_by=named(staff), is_agreed=bool(did),
                shared_on=today - timedelta(days=days) if did else None,
            )  # fmt: skip


def _board(
    network: Network, heads: list[Staff], leaders: list[Staff], theme: Theme | None, now: datetime
) -> None:
    today = now.date()
    _said(network, heads[0], now, 3, "Talk week in March", "One open door in every school, all"
          " week. Dates follow from each CPD leader.", kind="notice", theme=theme,
          ends_on=today + timedelta(days=60))  # fmt: skip
    asked = _said(
        network, leaders[1], now, 12, "Years 5 and 6 in one class", "From January we teach them"
        " together. Who does it already, and what would you not do again?",
    )  # fmt: skip
    _answer(asked, leaders[4], now, 11, "We do. Plan for the older ones first, then add help.")
    _answer(asked, leaders[2], now, 8, "Come on a Tuesday morning and see ours.")
    rude = _answer(asked, leaders[5], now, 7, "Anybody who cannot manage that is in the wrong job.")
    _said(
        network, leaders[0], now, 20, "For colleagues in their first two years",
        "Three observers’ places at Castle Hill, a reading group on Thursdays, and the guide’s"
        " chapter on questions, to try with one group.", kind="bulletin", stage="early",
    )  # fmt: skip
    with school_scope(heads[0].school):
        posts.hide(
            rude, because="We do not talk to each other like that. Say it so that it helps.",
            by=f"{named(heads[0])}, {heads[0].school}",
        )  # fmt: skip
    heated = _said(
        network, leaders[3], now, 2, "Who leads what next year?", "I hear it is decided already.",
    )  # fmt: skip
    with school_scope(leaders[3].school):
        posts.report(heated, because="It is not so, and reads as if it were.",
                     by=f"{named(heads[2])}, {heads[2].school}")  # fmt: skip


def _said(
    network: Network, staff: Staff, now: datetime, days: int, title: str, text: str, **more: Any
) -> Thread:
    row = Thread(
        network=network, title=title, text=text, written_at=now - timedelta(days=days), **more
    )
    row.take_from(staff)
    with school_scope(staff.school):
        row.save()
    return row


def _answer(thread: Thread, staff: Staff, now: datetime, days: int, text: str) -> Reply:
    row = Reply(
        network=thread.network, thread=thread, text=text, written_at=now - timedelta(days=days)
    )
    row.take_from(staff)
    with school_scope(staff.school):
        row.save()
    return row


def _meetings(network: Network, order: list[School], today: date) -> None:
    pks = [school.pk for school in order]
    planned: tuple[tuple[int, str, str, list[int]], ...] = (
        (-52, "The talk guide, second edition\nWho visits whom before Christmas",
         "Two chapters are rewritten. Visits: three pairs. Nobody had looked at the sheets of Year"
         " 4 groups; we begin with them next time.", pks[:5]),
        (-17, "Sheets of Year 4 groups\nCover for the visits", "", []),
        (25, "One year on: where we are furthest apart\nNext year’s money", "", []),
    )  # fmt: skip
    made = []
    for days, agenda, notes, present in planned:
        with school_scope(order[0]):
            made.append(
                Meeting.objects.create(
                    network=network, school=order[0], held_on=today + timedelta(days=days),
                    starts_at=time(16, 15), place="In turns: at Castle Hill", agenda=agenda,
                    notes=notes, present=present,
                )
            )  # fmt: skip
    undertaken = (
        (0, 2, "Bring the sheets of two groups from Year 4", "Every school", -17, None),
        (0, 1, "Ask the university for a critical friend", "Ben Lowe", -10, None),
        (0, 0, "Send round the two chapters", "Carla Mensah", -40, -44),
        (1, 3, "Swap a day of cover with Elm Road", "Sam Khan", 20, None),
    )
    for meeting, place, text, who, by, done in undertaken:
        with school_scope(order[place]):
            ActionPoint.objects.create(
                network=network, school=order[place], meeting=made[meeting], text=text, who=who,
                by_when=today + timedelta(days=by),
                done_on=today + timedelta(days=done) if done else None,
            )  # fmt: skip


def _resources(
    network: Network, order: list[School], theme: Theme | None, today: date
) -> None:  # fmt: skip
    given = (
        (0, "The talk guide", "Twenty pages to try things from. One chapter a fortnight is plenty.",
         "", theme, 200, ("First edition", "Two chapters rewritten, shorter")),
        (1, "Sentence stems to print", "Cards for tables. One stem at a time.", "", theme, 90, ("",)),
        (2, "First week pack", "What a new colleague needs to know about how we talk with pupils.",
         "early", None, -20, ("",)),
    )  # fmt: skip
    for place, title, what_for, stage, about, days, versions in given:
        school = order[place]
        with school_scope(school):
            row = Resource.objects.create(
                network=network, school=school, title=title, what_for=what_for, stage=stage,
                theme=about, review_on=today + timedelta(days=days),
            )  # fmt: skip
            for number, note in enumerate(versions, 1):
                ResourceVersion.objects.create(
                    network=network, school=school, resource=row, number=number, note=note,
                    url=f"https://example.org/{row.pk}/{number}",
                    added_on=today - timedelta(days=200 // number),
                )  # fmt: skip
