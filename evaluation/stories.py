"""Reports about impact people take away as a PDF: the story of a priority, the year of CPD, what we
could show an inspector, what pupil premium paid for. Without names of people, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.http import QueryDict

from activities.models import Activity, Budget, Cost
from activities.models.adding_up import KNOWN
from activities.models.querysets import ActivityQuerySet
from cpdhub import clock
from cpdhub.jobs import JobFailed
from cpdhub.keys import key_of
from cpdhub.models import AcademicYear, Priority, Staff
from cpdhub.permissions import Permission
from cpdhub.sheets import Column, Report, Sheet, Table, day, figures
from cpdhub.templatetags.cpdhub import plain, pounds
from evaluation import dashboard, judgements, school_year
from evaluation import figures as counted
from evaluation.figures import Chain
from evaluation.models import Decision, Evidence, ImpactReview, UnplannedGain, strength_of

NO_NAMES = (
    "Sentences are printed as they were written; nobody is named besides. What fewer than five"
    " people said is not in it."
)
LINKS = [Column("Link", 2), Column("Figure", 2), Column("In words", 5)]


def _year(query: QueryDict) -> tuple[AcademicYear, list[AcademicYear]]:
    year, years = school_year.begun(query.get("year"), today=clock.today())
    if year is None:
        raise JobFailed("The academic year of this report is not there any more.")
    return year, years


def _sure(chain: Chain) -> str:
    return f"Evidence: {chain.strength.lower()}."


def _links(chain: Chain) -> list[list[Any]]:
    return [
        [link.what, link.figure, link.note]
        for link in dashboard.links_of(chain, for_governors=True)
    ]


# --- the story of a priority ---------------------------------------------------------------------
def story(by: Staff, query: QueryDict) -> Sheet:
    """Year by year: what we set out to change, did, found out and decided."""
    priorities = Priority.objects.readable().select_related(
        "plan__year", "carried_from__plan__year"
    )
    priority = priorities.filter(pk=key_of(query.get("priority", ""))).first()
    if priority is None:
        raise JobFailed("The priority of this report is not there any more.")
    told = [priority]
    while earlier := told[-1].carried_from:
        told.append(earlier)
    told.reverse()
    chains = {
        chain.priority.pk: chain
        for each in told
        for chain in counted.chains(each.plan.year, now=clock.now())
        if chain.priority.pk == each.pk
    }
    tables = []
    for each in told:
        if chain := chains.get(each.pk):
            tables += _chapter(each, chain)
    return Sheet(
        title=f"Impact story: {priority}",
        period=f"{told[0].plan.year} to {priority.plan.year}"
        if told[1:]
        else str(priority.plan.year),
        finding=priority.why,
        tables=tables,
        note=NO_NAMES,
    )


def _chapter(priority: Priority, chain: Chain) -> list[Table]:
    year = priority.plan.year
    reviews = list(
        judgements.judged()
        .filter(activity__served__priority=priority)
        .select_related("activity__type")
        .order_by("closed_on", "pk")
    )
    return [
        Table(f"{year}: the chain", LINKS, _links(chain), text=_sure(chain)),
        _measures(priority, f"{year}: what pupils gained"),
        _judged(reviews, f"{year}: what we judged"),
        _sustaining(reviews, f"{year}: what helped and what got in the way"),
        _unplanned([review.activity_id for review in reviews], f"{year}: what else happened"),
    ]


def _measures(priority: Priority, title: str) -> Table:
    rows = [
        [
            str(criterion), plain(criterion.baseline), plain(criterion.target),
            "; ".join(f"{plain(r.value)} on {day(r.taken_on)}" for r in criterion.readings.all()),
        ]
        for criterion in priority.criteria.prefetch_related("readings")
    ]  # fmt: skip
    columns = [Column("Measure", 3), *figures("Baseline", "Target"), Column("Readings", 3)]
    return Table(title, columns, rows, none="Nothing is measured.")


def _judged(reviews: Iterable[ImpactReview], title: str) -> Table:
    reviews = list(reviews)
    kinds: dict[int, list[str]] = {}
    seen = Evidence.objects.filter(
        activity__in=[review.activity_id for review in reviews], outcome=Evidence.Outcome.PUPILS
    )
    for activity, kind in seen.values_list("activity", "kind"):
        kinds.setdefault(activity, []).append(kind)
    rows = [
        [
            str(review.activity), review.get_staff_verdict_display(),
            review.get_pupils_verdict_display(), strength_of(kinds.get(review.activity_id, ())),
            " ".join(filter(None, [f"{review.get_decision_display()}.", review.what_we_change])),
        ]
        for review in reviews
    ]  # fmt: skip
    columns = [
        Column("Activity", 3), Column("Staff", 1.3), Column("Pupils", 1.3),
        Column("How sure we are", 2), Column("Decided", 3.5),
    ]  # fmt: skip
    return Table(title, columns, rows, none="Nothing was judged.")


def _sustaining(reviews: Iterable[ImpactReview], title: str) -> Table:
    rows = [
        [str(review.activity), review.helped_by, review.hindered_by]
        for review in reviews
        if review.helped_by or review.hindered_by
    ]
    columns = [Column("Activity", 2), Column("Helped by", 2), Column("In the way", 2)]
    return Table(title, columns, rows, none="Nobody has said.")


def _unplanned(activities: list[int], title: str) -> Table:
    gains = UnplannedGain.objects.filter(activity__in=activities).order_by("-is_good", "noted_on")
    rows = [
        ["Gain" if gain.is_good else "Side effect", gain.text, gain.get_about_display()]
        for gain in gains
    ]
    columns = [Column("", 1), Column("What", 4), Column("About", 2)]
    return Table(title, columns, rows, none="Nothing unplanned was noted.")


# --- the year of CPD -----------------------------------------------------------------------------
def annual(by: Staff, query: QueryDict) -> Sheet:
    """What the CPD leader tells governors and staff once a year."""
    year, years = _year(query)
    today = clock.today()
    this, last = school_year.periods(year, today=today, years=years)
    chains = counted.chains(year, now=clock.now())
    totals = school_year.totals(this, last, today=today)
    reviews = judgements.judged(school_year.whole(year)).select_related("activity__type")
    return Sheet(
        title=f"Our CPD in {year}",
        period=f"{day(this.first)} to {day(this.last)}",
        finding=dashboard.finding(chains, first=this.first, last=this.last),
        tables=[
            *(Table(str(chain.priority), LINKS, _links(chain)) for chain in chains),
            _groups(totals),
            _types(
                judgements.by_type(reviews), f"Which types of activity worked, judged in {year}"
            ),
            _judged(
                reviews.exclude(decision=Decision.KEEP).order_by("decision", "pk"),
                "What we change and what we stop",
            ),
            _kinds_of_impact(reviews.values("activity")),
        ],
        note=NO_NAMES,
    )


def _groups(totals: school_year.Totals) -> Table:
    rows = [
        [group.name, group.people, group.each, group.each_last_year, group.none_yet]
        for group in dashboard.groups(totals.groups, for_governors=True)
    ]
    columns = [
        Column("Staff group", 2.5),
        *figures("People", "Hours each", "Last year", "None yet"),
    ]
    text = dashboard.year_finding(totals, for_governors=True)
    return Table("Who has had what", columns, rows, text=text, none="Not shown: small numbers.")


def _types(types: list[judgements.OfType], title: str) -> Table:
    rows = [
        [row.name, *map(str, (row.total, row.met, row.partly, row.not_yet, row.unknown)),
         pounds(row.money)]
        for row in types
    ]  # fmt: skip
    names = figures("Judged", "Met", "Partly", "Not yet", "Cannot tell", "Fees")
    text = judgements.finding(types)
    return Table(title, [Column("Type", 3), *names], rows, text=text, none="Nothing was judged.")


def _kinds_of_impact(activities: Any) -> Table:
    found = (
        UnplannedGain.objects.filter(activity__in=activities)
        .exclude(about="")
        .values_list("about", "is_good")
        .annotate(n=Count("pk"))
        .order_by("about", "-is_good")
    )
    words = dict(UnplannedGain.About.choices)
    rows = [[words[about], "gain" if good else "side effect", str(n)] for about, good, n in found]
    columns = [Column("About", 3), Column("", 1.5), *figures("Notes")]
    return Table("What nobody had planned", columns, rows, none="Nothing unplanned was noted.")


# --- a short file for a conversation with an inspector -------------------------------------------
def evidence_file(by: Staff, query: QueryDict) -> Sheet:
    """For each priority what we claim, how sure we are, and what we would show."""
    year, _ = _year(query)
    tables = []
    for chain in counted.chains(year, now=clock.now()):
        seen = Evidence.objects.filter(
            activity__served__priority=chain.priority, activity__in=judgements.seen_by_all()
        ).order_by("outcome", "-dated")
        rows = [
            [each.get_outcome_display(), " ".join(filter(None, [each.claim, each.measure])),
             each.strength, day(each.dated)]
            for each in seen.distinct()
        ]  # fmt: skip
        columns = [
            Column("About", 1.5), Column("What it shows", 4), Column("How sure", 1.6),
            Column("Date", 1.4),
        ]  # fmt: skip
        said = f"Why: {chain.priority.why} " if chain.priority.why else ""
        tables.append(
            Table(
                str(chain.priority), columns, rows, text=said + _sure(chain),
                none="No evidence yet.",
            )
        )  # fmt: skip
    return Sheet(
        title=f"What we can show: {year}", period=day(clock.today()), tables=tables,
        finding="What we set out to change, what we would show, and how sure we are of it.",
        note=f"{NO_NAMES} Lessons are not graded here, and no grade is in it.",
    )  # fmt: skip


# --- pupil premium -------------------------------------------------------------------------------
def premium(by: Staff, query: QueryDict) -> Sheet:
    """CPD paid for by pupil premium, for the strategy statement: by challenge, with its cost."""
    year, _ = _year(query)
    lines = (
        Cost.objects.of_school()
        .filter(
            budget__fund=Budget.Fund.PUPIL_PREMIUM,
            falls_on__range=(year.starts_on, year.ends_on),
            activity__is_private=False,
        )
        .order_by()
    )
    sums = dict(lines.values_list("activity").annotate(sum=Sum(KNOWN)))
    challenges: dict[int, set[str]] = {}
    for activity, words in lines.values_list("activity", "budget__challenges"):
        challenges.setdefault(activity, set()).update(map(str, words))
    rows = _paid_for(_activities(lines), sums, challenges)
    columns = [
        Column("Activity", 3), Column("Challenges", 1.5), Column("What pupils will gain", 3),
        *figures("Cost"), Column("Judged", 1.5),
    ]  # fmt: skip
    none = "No line of cost is paid for by pupil premium in this year."
    return Sheet(
        title=f"Pupil premium and CPD, {year}",
        period=f"{day(year.starts_on)} to {day(year.ends_on)}",
        finding=f"{pounds(sum(filter(None, sums.values()), Decimal(0)))} of tier 1, teaching, for"
        f" {len(rows)} activit{'y' if len(rows) == 1 else 'ies'}.",
        tables=[Table("For the strategy statement", columns, rows, none=none)],
        note="Challenges are numbered as in the statement; the budget says which it answers.",
    )


def _paid_for(
    activities: ActivityQuerySet, sums: dict[int, Any], challenges: dict[int, set[str]]
) -> list[list[str]]:
    reviews = {r.activity_id: r for r in judgements.judged().filter(activity__in=sums)}
    return [
        [
            str(activity), ", ".join(sorted(challenges[activity.pk])),
            getattr(getattr(activity, "intended_impact", None), "pupils_will", ""),
            pounds(sums[activity.pk] or 0),
            reviews[activity.pk].get_pupils_verdict_display()
            if activity.pk in reviews
            else "Not judged yet",
        ]
        for activity in activities
    ]  # fmt: skip


def _activities(lines: Any) -> ActivityQuerySet:
    found: ActivityQuerySet = Activity.objects.filter(pk__in=lines.values("activity"))
    return found.select_related("intended_impact").order_by("title", "pk")


STORY = Report("impact_story", "Impact story of a priority", Permission.SEE_IMPACT, story)
ANNUAL = Report("cpd_year", "Our CPD in a year", Permission.SEE_IMPACT, annual)
EVIDENCE = Report("evidence_file", "What we can show", Permission.SEE_IMPACT, evidence_file)
PREMIUM = Report("pupil_premium_cpd", "Pupil premium and CPD", Permission.SEE_IMPACT, premium)
ALL = (STORY, ANNUAL, EVIDENCE, PREMIUM)


def register() -> None:
    for report in ALL:
        report.register()
