"""What somebody can put into a portfolio."""

from __future__ import annotations

from collections.abc import Callable
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
    PortfolioItem,
    Post,
    Qualification,
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
    "qualifications": "Qualifications",
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
            said_of(row),
            f"Others read “{row.type.title}” instead of its title." if row.is_private else "",
            keys={"activity_id": row.pk},
        )
        for row in record.with_hours(record.activities().select_related("type"))
    ]


def said_of(row: Any) -> str:
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
            day_of(row.starts_at),
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
        said = f"{row.type.title} · {day_of(row.first)}" if row.first else row.type.title
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
            f"{row.get_kind_display()} for colleagues, {day_of(row.posted_at)}",
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


def _qualifications(owner: Staff) -> list[Candidate]:
    """What they hold, and what they are on the way to; not what came to nothing."""
    rows = Qualification.objects.owned_by(owner).exclude(state=Qualification.State.NOT_YET)
    return [
        Candidate(
            Kind.AWARD,
            f"qualification:{row.uuid}",
            row.title,
            " · ".join(
                part
                for part in (
                    row.facts, row.get_state_display(), say_day(row.day) if row.day else "",
                )
                if part
            ),
            text=row.in_class,
        )
        for row in rows
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
    day = day_of(record.exported_at)
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


def day_of(moment: Any) -> str:
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
    "qualifications": _qualifications,
    "earlier": _earlier,
}
