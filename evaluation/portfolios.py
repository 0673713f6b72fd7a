"""What somebody can put into a portfolio, and how what is in it is shown, to them and to others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Min, Q

from activities.entitled_facts import facts
from activities.models import Activity, EntitlementStep, Participation
from activities.models.pairs import COACHING
from audits.models import HelpRequest
from cpdhub import clock
from cpdhub.models import Staff, Team
from evaluation.models import (
    Certificate,
    Evidence,
    ImportedRecord,
    Observation,
    Portfolio,
    PortfolioItem,
    Post,
    Reflection,
    SharingPlan,
)
from evaluation.record import Record, between, say_day, say_hours

Kind = PortfolioItem.Kind
MOST_OFFERED = 300
# What a portfolio is picked from: in the address, in words.
CHESTS = {
    "learning": "Learning",
    "reflections": "Reflections",
    "observations": "Observations",
    "evidence": "Evidence",
    "roles": "Roles and leading",
    "posts": "Posts",
    "help": "Help given",
    "entitlements": "Entitlements",
    "recognition": "Recognition",
    "earlier": "Earlier schools",
}


@dataclass(frozen=True)
class Candidate:
    """Something of one's own record that may go into a portfolio."""

    kind: PortfolioItem.Kind
    source: str
    title: str
    facts: str = ""
    note: str = ""  # what to know before others read it
    text: str = ""
    keys: dict[str, int] = field(default_factory=dict)

    def item(self) -> PortfolioItem:
        """Activities and reflections by key; anything else as it is said now."""
        if self.keys:
            return PortfolioItem(kind=self.kind, source=self.source, **self.keys)
        text = "\n".join(part for part in (self.facts, self.text) if part)
        return PortfolioItem(
            kind=self.kind, source=self.source, title=self.title[:200], text=text[:10_000]
        )


# --- what there is to pick from -------------------------------------------------------------------
def candidates(owner: Staff, chest: str) -> list[Candidate]:
    """Of one chest, the newest first."""
    return _OF[chest](owner)[:MOST_OFFERED]


def _learning(owner: Staff) -> list[Candidate]:
    record = Record(owner, owner)
    return [
        Candidate(
            Kind.ACTIVITY,
            f"activity:{row.pk}",
            row.title,
            _said_of(row),
            f"Others read “{row.type.title}” instead of its title." if row.is_private else "",
            keys={"activity_id": row.pk},
        )
        for row in record.with_hours(record.activities().select_related("type"))
    ]


def _said_of(row: Any) -> str:
    said = [row.type.title, between(row.began_at, row.last_at)]
    if row.my_time:
        said.append(say_hours(row.my_time))
    return " · ".join(said)


def _reflections(owner: Staff) -> list[Candidate]:
    rows = Record(owner, owner).reflections().select_related("activity")
    only_me = Reflection.Audience.ONLY_ME
    return [
        Candidate(
            Kind.REFLECTION,
            f"reflection:{row.uuid}",
            row.about,
            say_day(row.written_on),
            "Only you can read it now." if row.audience == only_me else "",
            keys={"reflection_id": row.pk},
        )
        for row in rows
    ]


def _observations(owner: Staff) -> list[Candidate]:
    """Of their own lessons, once closed: their own words and next step, never another's notes."""
    rows = Observation.objects.owned_by(owner).filter(state=Observation.State.CLOSED)
    return [
        Candidate(
            Kind.OBSERVATION,
            f"observation:{row.uuid}",
            row.focus,
            _day(row.starts_at),
            "Others read your own words and your next step, not who watched or what they noted.",
            keys={"observation_id": row.pk},
        )
        for row in rows.order_by("-starts_at", "-pk")
    ]


def _evidence(owner: Staff) -> list[Candidate]:
    """What they put forward for an activity, as it says there."""
    rows = Evidence.objects.filter(by=owner).select_related("activity")
    return [
        Candidate(
            Kind.EVIDENCE,
            f"evidence:{row.uuid}",
            row.claim,
            " · ".join(
                part
                for part in (
                    row.get_kind_display(), row.measure, row.activity.title_for_all,
                    say_day(row.dated),
                )
                if part
            ),
        )
        for row in rows
    ]  # fmt: skip


def _roles(owner: Staff) -> list[Candidate]:
    """Roles held here, teams led, activities led, and how many they coached: never whom."""
    here, today = owner.school.name, clock.today()
    since = f"Since {say_day(owner.starts_on)}. " if owner.starts_on else ""
    found = [
        Candidate(Kind.ROLE, f"role:{name}", f"{name} at {here}", f"On {say_day(today)}.")
        for name in owner.role_names
    ]
    if owner.job_title:
        post = f"{owner.job_title} at {here}"
        found.append(Candidate(Kind.ROLE, "role:post", post, since.strip()))
    for team in Team.objects.filter(leader=owner):
        found.append(Candidate(Kind.ROLE, f"team:{team.pk}", f"Leader of {team.name}, {here}"))
    pairs = Participation.objects.filter(staff=owner, role__in=COACHING, activity__is_private=True)
    number = pairs.exclude(activity__state__in=Activity.NOT_HAPPENING).count()
    if number:
        said = "one colleague" if number == 1 else f"{number} colleagues"
        found.append(Candidate(Kind.ROLE, "role:coach", f"Coached or mentored {said} at {here}"))
    led = Activity.objects.happening().filter(lead=owner, is_private=False, is_own_learning=False)
    led = led.select_related("type").annotate(first=Min("sessions__starts_at"))
    for row in led.order_by(F("first").desc(nulls_last=True), "-pk"):
        said = f"{row.type.title} · {_day(row.first)}" if row.first else row.type.title
        found.append(Candidate(Kind.ROLE, f"led:{row.pk}", f"Led “{row.title}”"[:200], said))
    for share in SharingPlan.objects.done().filter(by=owner).order_by("-done_on", "-pk"):
        said = f"{share.get_how_display()} · {share.whom} · {say_day(share.done_on)}"
        found.append(Candidate(Kind.ROLE, f"shared:{share.pk}", f"Passed on: {share.what}", said))
    return found


def _posts(owner: Staff) -> list[Candidate]:
    """What they told colleagues, as it says there now; not what was hidden, nor what others said
    to it."""
    rows = Post.objects.filter(by=owner, posted_at__isnull=False, hidden_at=None)
    return [
        Candidate(
            Kind.POST,
            f"post:{row.pk}",
            row.title,
            f"{row.get_kind_display()} for colleagues, {_day(row.posted_at)}",
            text=row.text,
        )
        for row in rows
    ]


def _help(owner: Staff) -> list[Candidate]:
    """Whom they helped stays between the two."""
    rows = HelpRequest.objects.filter(helper=owner, state=HelpRequest.State.DONE)
    return [
        Candidate(
            Kind.HELP,
            f"help:{row.pk}",
            f"Helped a colleague with {row.topic.title}",
            say_day(row.ended_on),
            f"It was {row.asker}: that name stays here.",
        )
        for row in rows.select_related("topic", "asker").order_by("-ended_on", "pk")
    ]


def _entitlements(owner: Staff) -> list[Candidate]:
    """Steps they received, each with the last day."""
    last: dict[tuple[str, str], date] = {}
    for fact in facts([], today=clock.today(), of=owner.pk):
        if fact.is_receipt:
            key = (fact.entitlement, fact.step)
            last[key] = max(fact.on, last.get(key, fact.on))
    wanted = Q(pk=None)
    for entitlement, step in last:
        wanted |= Q(code=step, entitlement__code=entitlement)
    steps = {
        (row.entitlement.code, row.code): row
        for row in EntitlementStep.objects.filter(wanted).select_related("entitlement")
    }
    return [
        Candidate(
            Kind.ENTITLEMENT,
            f"step:{key[0]}:{key[1]}"[:120],
            steps[key].title,
            f"{steps[key].entitlement.title}, received on {say_day(on)}",
        )
        for key, on in sorted(last.items(), key=lambda pair: pair[1], reverse=True)
        if key in steps
    ]


def _recognition(owner: Staff) -> list[Candidate]:
    """Certificates that hold, with the code by which readers check them."""
    return [
        Candidate(
            Kind.RECOGNITION, f"certificate:{row.uuid}", row.title,
            f"{row.text} Check it at {row.url}",
        )
        for row in Certificate.objects.owned_by(owner).valid()
    ]  # fmt: skip


def _earlier(owner: Staff) -> list[Candidate]:
    """What a record brought from an earlier school holds, with where it comes from."""
    return [
        candidate
        for record in ImportedRecord.objects.filter(owner=owner).select_related("owner")
        for candidate in of_imported(record)
    ]


def of_imported(record: ImportedRecord) -> list[Candidate]:
    """Each says where it comes from, and whose it is if the name is another's. Of what was private
    there, the type or the day stands instead of the title, as with what is private here."""
    whose = "" if is_theirs(record) else f", made out to {record.person_name or 'nobody'}"
    vouched = "" if record.is_known else ", which this hub cannot check"
    day = _day(record.exported_at)
    mark = f"From the record of {record.school_name} of {day}{whose}{vouched}."
    found = []
    for number, row in enumerate(record.document.get("activities", [])):
        said = " · ".join(part for part in (row["type"], row["when"], row["hours"]) if part)
        title, note = row["title"], ""
        if row.get("is_private"):
            title, note = row["type"] or "Learning", f"It is “{title}”: that title stays here."
        found.append(_imported(record, f"a{number}", title, said, mark, note=note))
    for number, row in enumerate(record.document.get("reflections", [])):
        text = "\n\n".join(text for text in row["texts"] if text)
        title, note = f"Reflection: {row['about']}", ""
        if row.get("is_private"):
            note = f"It is about “{row['about']}”: that title stays here."
            title = f"Reflection: {row['title']}" if row.get("title") else "Reflection"
        found.append(
            _imported(record, f"r{number}", title, row["when"], mark, text=text, note=note)
        )
    return found


def is_theirs(record: ImportedRecord) -> bool:
    """Made out to the name of whoever brought it."""
    return record.person_name.casefold() == record.owner.name.casefold()


def _imported(
    record: ImportedRecord, key: str, title: str, said: str, mark: str, *, text: str = "", note: str
) -> Candidate:
    source = f"imported:{record.uuid}:{key}"
    facts = " · ".join(part for part in (said, mark) if part)
    return Candidate(Kind.IMPORTED, source, title, facts, note, text=text)


def _day(moment: Any) -> str:
    return say_day(clock.day_of(moment))


_OF: dict[str, Callable[[Staff], list[Candidate]]] = {
    "learning": _learning,
    "reflections": _reflections,
    "observations": _observations,
    "evidence": _evidence,
    "roles": _roles,
    "posts": _posts,
    "help": _help,
    "entitlements": _entitlements,
    "recognition": _recognition,
    "earlier": _earlier,
}


# --- what is in one -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shown:
    """An item in words, for its owner or for whoever has the link."""

    item: PortfolioItem
    title: str
    facts: str = ""
    parts: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


def shown(portfolio: Portfolio, *, for_others: bool) -> list[Shown]:
    """In its owner's order. What is no longer on their record is left out for others.

    Others read no title of a private activity: it would say who was supported, and by whom.
    """
    items = list(portfolio.items.select_related("observation"))
    record = Record(portfolio.owner, portfolio.owner)
    activities = _activities(record, [item.activity_id for item in items if item.activity_id])
    wanted = [item.reflection_id for item in items if item.reflection_id]
    reflections = record.reflections().filter(pk__in=wanted).select_related("activity")
    by_pk = {row.pk: row for row in reflections}
    lines = []
    for item in items:
        if item.activity_id:
            line = _of_activity(item, activities.get(item.activity_id), for_others)
        elif item.reflection_id:
            line = _of_reflection(item, by_pk.get(item.reflection_id), for_others)
        elif item.observation_id:
            line = _of_observation(item, for_others)
        else:
            line = Shown(item, item.title, parts=[("", item.text)] if item.text else [])
        if line is not None:
            lines.append(line)
    return lines


def _activities(record: Record, pks: Iterable[int]) -> dict[int, Any]:
    pks = list(pks)
    if not pks:
        return {}
    found = record.activities().filter(pk__in=pks).select_related("type")
    return {row.pk: row for row in record.with_hours(found)}


def _of_activity(item: PortfolioItem, row: Any, for_others: bool) -> Shown | None:
    if row is None:
        note = "It is no longer on your record, so others do not see it."
        gone = "An activity you are no longer down for"
        return None if for_others else Shown(item, gone, note=note)
    note = f"{row.title}: others read “{row.type.title}” only." if row.is_private else ""
    title = row.type.title if row.is_private else row.title
    return Shown(item, title, _said_of(row), note="" if for_others else note)


def _of_reflection(item: PortfolioItem, row: Any, for_others: bool) -> Shown | None:
    if row is None:
        return None
    about, note = row.about, ""
    if row.activity and row.activity.is_private:
        for_them = row.title or f"Reflection of {say_day(row.written_on)}"
        about, note = (for_them, "") if for_others else (about, f"Others read “{for_them}”.")
    parts = [
        (str(row._meta.get_field(name).verbose_name).capitalize(), getattr(row, name))
        for name in ("learned", "will_try", "seen_in_pupils")
        if getattr(row, name)
    ]
    return Shown(item, about, say_day(row.written_on), parts, note)


def _of_observation(item: PortfolioItem, for_others: bool) -> Shown:
    row: Any = item.observation
    assert row
    parts = [
        (words, getattr(row, name))
        for name, words in (("own_words", "My own words"), ("next_step", "Next step"))
        if getattr(row, name)
    ]
    note = "" if for_others else "Others do not read who watched, nor what they noted."
    when = _day(row.starts_at) if row.starts_at else ""
    return Shown(item, row.focus or "An observation", when, parts, note)
