"""Groups of colleagues: what is known of people, in words, and the activities made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Count

from activities import actions
from activities.forms.activity import answerable_needs
from activities.grouping import Group, Member, Mix, crowding, met_again, sizes_of
from activities.models import Activity, ActivityForm, IntendedImpact, Participation, Session
from activities.models.pairs import COACHING
from audits.models import Expertise, Need, Topic
from audits.models.need import group_words
from cpdhub import clock
from cpdhub.models import Priority, Staff
from cpdhub.words import listed

State = Activity.State
MOST_IN_A_GROUP = 8  # more than that is a meeting
BUSY = 2  # groups at once; from then on another is a burden
MOST_NAMED = 4
MANY = 6  # from here on people may be thought to speak for everybody
AHEAD = 3  # "can show it", or fairly sure: where others can be helped from
A_LITTLE_AHEAD = 2  # who has begun, where too few can show it

# Of one person, and of several.
OFFERS = {
    1: ("is learning it", "are learning it"),
    2: ("uses it", "use it"),
    3: ("can show it", "can show it"),
    4: ("can train others", "can train others"),
}
NEEDS = {
    0: ("wants to learn it", "want to learn it"),
    1: ("wants to begin", "want to begin"),
    2: ("has begun", "have begun"),
    3: ("is fairly sure of it", "are fairly sure of it"),
    4: ("is very sure of it", "are very sure of it"),
}
NOTHING = ("said nothing about it", "said nothing about it")


@dataclass
class Known:
    """What this reader may know of those who are to learn together."""

    people: dict[int, Staff]
    topic: Topic | None = None
    levels: dict[int, int] = field(default_factory=dict)
    words: dict[int, tuple[str, str]] = field(default_factory=dict)
    asked: dict[int, Staff] = field(default_factory=dict)  # everybody with an open need of it
    interests: dict[int, set[int]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)  # of these interests
    load: dict[int, int] = field(default_factory=dict)
    met: set[frozenset[int]] = field(default_factory=set)
    ahead_from: int = AHEAD

    def members(self) -> Group:
        return [
            Member(
                pk,
                level=self.levels.get(pk, 0),
                is_ahead=self.levels.get(pk, 0) >= self.ahead_from,
                team=person.team_id,
                interests=frozenset(self.interests.get(pk, ())),
            )
            for pk, person in self.people.items()
        ]

    def name(self, pk: int) -> str:
        """The first name, where it is nobody else's here."""
        person = self.people[pk]
        same = [one for one in self.people.values() if one.first_name == person.first_name]
        return person.name if len(same) > 1 else person.first_name


def what_is_known(
    people: Sequence[Staff],
    *,
    topic: Topic | None,
    form: ActivityForm,
    mix: Mix,
    size: int,
    by: Staff,
) -> Known:
    """Levels and interests from shared needs and shown offers; who was together in this form."""
    known = Known({person.pk: person for person in people}, topic)
    if topic:
        _levels(known, topic, by)
        ahead = sum(known.levels.get(pk, 0) >= AHEAD for pk in known.people)
        if ahead < len(sizes_of(len(people), size)):
            known.ahead_from = A_LITTLE_AHEAD
    if mix == "interest":
        _interests(known, by)
    known.load = groups_of(people, by=by)
    known.met = together_before(people, form=form, by=by)
    return known


def _levels(known: Known, topic: Topic, by: Staff) -> None:
    """What somebody offers says more than what they need; whoever said "not now" is not asked."""
    needs = answerable_needs(by).filter(topic=topic, whom=Need.Whom.PERSON)
    for need in needs.select_related("staff").order_by("identified_on", "pk"):
        person: Any = need.staff
        level = need.level_now or 0
        known.asked[person.pk] = person
        known.levels[person.pk], known.words[person.pk] = min(level, 3), NEEDS[level]
    for staff, level in offers_of(topic, by).values_list("staff", "level"):
        known.levels[staff], known.words[staff] = level, OFFERS[level]


def offers_of(topic: Topic, by: Staff) -> Any:
    shown = Expertise.objects.visible_to(by).offered(today=clock.today())
    return shown.filter(topic=topic, is_paused=False)


def _interests(known: Known, by: Staff) -> None:
    """The topics of what they need or offer, as far as they show it."""
    needs = answerable_needs(by).filter(staff__in=known.people).exclude(topic=None)
    offers = Expertise.objects.visible_to(by).offered(today=clock.today())
    found = [
        *needs.values_list("staff", "topic", "topic__title"),
        *offers.filter(staff__in=known.people).values_list("staff", "topic", "topic__title"),
    ]
    for staff, topic, title in found:
        known.interests.setdefault(staff, set()).add(topic)
        known.titles[topic] = title


def groups_of(people: Sequence[Staff], *, by: Staff) -> dict[int, int]:
    """In how many groups each is that are planned or under way."""
    going = (
        Activity.objects.visible_to(by)
        .of_school()
        .filter(state__in=[State.PLANNED, State.UNDER_WAY])
        .annotate(n=Count("participations"))
        .filter(n__range=(2, MOST_IN_A_GROUP))
        .order_by()
    )
    rows = Participation.objects.filter(activity__in=going.values("pk"), staff__in=people)
    return dict(rows.order_by().values_list("staff").annotate(n=Count("pk")))


def together_before(
    people: Sequence[Staff], *, form: ActivityForm, by: Staff
) -> set[frozenset[int]]:
    """Who was in one activity of this form with whom."""
    earlier = Activity.objects.visible_to(by).filter(form=form).exclude(state=State.CANCELLED)
    rows = Participation.objects.filter(activity__in=earlier.values("pk"), staff__in=people)
    groups: dict[int, list[int]] = defaultdict(list)
    for activity, staff in rows.order_by().values_list("activity", "staff"):
        groups[activity].append(staff)
    return {
        frozenset(pair)
        for group in groups.values()
        if len(group) <= MOST_IN_A_GROUP
        for pair in combinations(group, 2)
    }


# --- in words --------------------------------------------------------------------------------


def some_names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], f"{more} more"] if more > 0 else names)


def why(group: Group, known: Known, mix: Mix) -> str:
    """Priya can show it; Tom and Aisha want to begin. Teams: Year 3; Year 4."""
    parts = []
    if known.topic:
        by_words: dict[tuple[str, str], list[str]] = {}
        for member in group:
            by_words.setdefault(known.words.get(member.pk, NOTHING), []).append(
                known.name(member.pk)
            )
        parts.append(
            "; ".join(
                f"{listed(names)} {words[len(names) > 1]}" for words, names in by_words.items()
            )
        )
    if mix == "interest":
        parts.append(in_common(group, known))
    teams = {known.people[one.pk].team_id: str(known.people[one.pk].team or "") for one in group}
    named = sorted(name for name in teams.values() if name)
    if len(named) > 1:
        parts.append(f"Teams: {'; '.join(named)}")
    return " ".join(f"{part}." for part in parts if part)


def in_common(group: Group, known: Known) -> str:
    shared = frozenset.intersection(*(member.interests for member in group))
    if shared:
        return f"In common: {listed(sorted(known.titles[topic] for topic in shared))}"
    return "Nothing that all of them named"


def to_think_about(group: Group, known: Known, mix: Mix) -> list[str]:
    """What somebody would want to know of this group before it is made."""
    found = []
    if len(group) == 1:
        found.append("One person is no group.")
    if mix == "ahead" and not any(member.is_ahead for member in group):
        found.append("Nobody in this group is ahead.")
    again = met_again(group, known.met)
    if again:
        pairs = [f"{known.name(one)} and {known.name(other)}" for one, other in again[:2]]
        more = f", and {len(again) - 2} more pairs" if len(again) > 2 else ""
        found.append(f"Together in this form before: {'; '.join(pairs)}{more}.")
    teams = {known.people[member.pk].team_id for member in group}
    if len(group) > 1 and len(teams) == 1 and None not in teams and mix in ("ahead", "teams"):
        found.append(f"All from {known.people[group[0].pk].team}.")
    return found


def few_ahead(groups: Sequence[Group], known: Known, mix: Mix) -> list[str]:
    """Where people can be helped from, if not everywhere."""
    if mix != "ahead" or known.ahead_from == AHEAD:
        return []
    without = sum(not any(member.is_ahead for member in group) for group in groups)
    here = "Too few can show it, so whoever has begun counts as a step ahead."
    if without:
        here += f" {without} {'group has' if without == 1 else 'groups have'} nobody even so."
    return [here]


def whom_it_leaves_out(
    known: Known, *, grouped: Collection[int], busy: Collection[Staff], everyone: Sequence[Staff]
) -> list[str]:
    """People who asked and are in no group, people set aside, and whom nobody speaks for."""
    found = []
    left = [known.name(pk) for pk in known.people if pk not in grouped]
    if left:
        found.append(f"In no group: {some_names(left)}.")
    if busy:
        names = some_names([person.name for person in busy])
        found.append(f"Left out, being in {BUSY} groups or more already: {names}.")
    chosen = {*known.people, *(person.pk for person in busy)}
    waiting = [str(person) for pk, person in known.asked.items() if pk not in chosen]
    if waiting:
        many = "asks" if len(waiting) == 1 else "ask"
        found.append(f"{some_names(waiting)} {many} for this and would be in no group.")
    return found + who_speaks_for_whom(known, everyone=everyone)


def who_speaks_for_whom(known: Known, *, everyone: Sequence[Staff]) -> list[str]:
    """One team with most of the places; teams and, of many people, staff groups with nobody."""
    found = []
    teams = {person.team_id: str(person.team) for person in everyone if person.team_id}
    chosen = [person.team_id for person in known.people.values()]
    here = {team for team in chosen if team}
    most = crowding(chosen, [person.team_id for person in everyone])
    if most:
        found.append(f"{chosen.count(most)} of {len(chosen)} are from {teams[most]}.")
    absent = sorted(name for pk, name in teams.items() if pk not in here)
    if len(here) > 1 and absent:  # of one team alone nobody thinks it speaks for the school
        found.append(f"Nobody from {some_names(absent)}.")
    if len(chosen) >= MANY:
        groups = {person.group for person in known.people.values()}
        others = {person.group for person in everyone} - groups
        words = [f"no {group_words(one).lower()}" for one in Staff.Group.values if one in others]
        found += [f"{', '.join(words).capitalize()} among them."] if words else []
    return found


# --- and made --------------------------------------------------------------------------------


@dataclass
class Plan:
    """What all groups have in common."""

    form: ActivityForm
    title: str
    impact: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    topic: Topic | None
    priorities: Collection[Priority]
    as_draft: bool


@transaction.atomic
def make_groups(groups: Sequence[Group], plan: Plan, *, by: Staff) -> list[Activity]:
    """One activity for each group, all of them or none."""
    made = []
    needs = needs_of(groups, plan.topic, by)
    for number, group in enumerate(groups, start=1):
        first = _leads(group)
        activity = Activity(
            type=plan.form.type,
            kind=plan.form.kind,
            is_compulsory=plan.form.is_compulsory,
            is_own_time=plan.form.is_own_time,
            title=f"{plan.title}, group {number}" if len(groups) > 1 else plan.title,
            lead_id=first.pk if first else None,
        )
        activity.take_from(plan.form)
        impact = IntendedImpact(**plan.impact) if any(plan.impact.values()) else None
        made.append(
            actions.plan_activity(
                activity, by=by, impact=impact, priorities=plan.priorities,
                sessions=sessions_of(plan), as_draft=plan.as_draft,
                people=[member.pk for member in group],
                needs=[need for member in group for need in needs[member.pk]],
                roles=roles_of(group, plan.form.roles),
            )
        )  # fmt: skip
    return made


def needs_of(groups: Sequence[Group], topic: Topic | None, by: Staff) -> dict[int, list[Need]]:
    """By person, what each group answers."""
    found: dict[int, list[Need]] = defaultdict(list)
    people = [member.pk for group in groups for member in group]
    if topic:
        for need in answerable_needs(by).filter(topic=topic, staff__in=people):
            person: Any = need.staff_id
            found[person].append(need)
    return found


def sessions_of(plan: Plan) -> list[Session]:
    """Laid out by the form; every group has its own."""
    steps = {step.pk: step for step in plan.form.sessions.all()}
    found = []
    for row in plan.rows:
        session = Session(
            name=row["name"],
            starts_at=clock.at(row["day"], row["starts"]),
            ends_at=clock.at(row["day"], row["ends"]),
        )
        session.take_from(steps[row["step"]])
        found.append(session)
    return found


def roles_of(group: Group, roles: Sequence[str]) -> dict[int, str]:
    """The form's first role for whoever is ahead, its second or "member" for the others."""
    if not roles:
        return {}
    if len(roles) == 1:
        both = roles[0] in COACHING  # each is the other's
        return {member.pk: roles[0] for member in group if both or member == _leads(group)}
    second = "member" if "member" in roles else roles[1] if len(roles) == 2 else ""
    return {
        member.pk: roles[0] if member == _leads(group) else second
        for member in group
        if second or member == _leads(group)
    }


def _leads(group: Group) -> Member | None:
    return group[0] if group[0].is_ahead else None
