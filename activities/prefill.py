"""What the plan page knows already when another page leads to it.

`?priority=` comes from a priority's page. `?need=` (one or more) and `?topic=`, with `?level=`
for those at these levels, come from the needs: people, priorities and what should change are
carried over. `?type=` is a type of the menu, by its code. `?provider=` comes from a provider's.
`?form=` is a form of activity; with `?first=` (a day) and perhaps `?starts=` (a time) its sessions
are laid out as well. `?idea=` is what a colleague would like to see on next term. `?step=` is a
step of an entitlement that people wait for, `?who=` (one or more) are they.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, QueryDict

from activities.entitled import people_seen_by
from activities.entitling import steps_to_answer
from activities.forms.activity import activity_types, answerable_needs, as_uuids, open_priorities
from activities.forms.layout import LayoutForm
from activities.forms.plan import said_by
from activities.models import Activity, ActivityForm, Entitlement, Idea, Provider
from audits.helpers import known_topics
from audits.models import Need, NeedSource, Topic
from audits.models.need import LEVELS
from cpdhub import clock
from cpdhub.keys import key_of
from cpdhub.models import Staff

LOOK_AGAIN_AFTER = timedelta(weeks=16)  # a term of sessions, and some weeks to try it
MOST_NAMED = 3


def from_address(query: QueryDict, staff: Staff, draft: Activity | None = None) -> dict[str, Any]:
    """What to begin with. An address that names nothing there is answers like a missing page."""
    if draft:
        return {"form": draft.form_id}
    initial: dict[str, Any] = {"kind": Activity.Kind.DIRECT, "lead": staff.pk}
    topic = topic_asked(query, staff)
    needs = needs_asked(query, staff, topic)
    if topic or needs:
        initial |= carried_over(needs, topic, today=clock.today())
    if wanted := query.get("priority"):
        if not (priority := open_priorities().filter(pk=key_of(wanted)).first()):
            raise Http404
        initial["priorities"] = [priority.pk]
    if provider := query.get("provider"):
        if not (found := Provider.objects.current().filter(pk=key_of(provider)).first()):
            raise Http404
        initial["provider"] = found.pk
    if form := form_asked(query):
        initial |= said_by(form) | {"form": form.pk, "title": initial.get("title") or form.title}
        initial |= {name: query[name] for name in ("first", "starts") if query.get(name)}
    if wanted := query.get("idea"):
        initial |= from_idea(wanted)
    if wanted := query.get("step"):
        initial |= to_catch_up(wanted, query.getlist("who"), staff)
    if code := query.get("type"):
        if not (item := activity_types().filter(code=code).first()):
            raise Http404
        initial["type"] = item.pk
    return initial


def draft_asked(query: QueryDict, staff: Staff) -> Activity | None:
    """`?draft=` is one that was thought of backwards and has neither sessions nor people yet."""
    wanted = query.get("draft")
    if not wanted:
        return None
    drafts = Activity.objects.visible_to(staff).filter(
        state=Activity.State.DRAFT, is_own_learning=False, sessions=None, participations=None
    )
    found: Activity | None = (
        drafts.filter(pk=key_of(wanted)).select_related("intended_impact", "form").first()
    )
    if found is None or not found.may_be_changed_by(staff):
        raise Http404
    return found


def form_asked(query: QueryDict) -> ActivityForm | None:
    wanted = query.get("form")
    if not wanted:
        return None
    found = ActivityForm.objects.in_use()
    if not (form := found.filter(pk=key_of(wanted)).first()):
        raise Http404
    return form


def laid_out(form: ActivityForm, query: QueryDict) -> list[dict[str, Any]]:
    """Its sessions from the day that is asked for; none where that is no day."""
    asked = LayoutForm({name: query.get(name, "") for name in ("form", "first", "starts")})
    return asked.rows(form) if query.get("first") and asked.ask_for_sessions() else []


def to_catch_up(wanted: str, who: list[str], staff: Staff) -> dict[str, Any]:
    """One step for those who wait for it; what it usually is, from the step itself."""
    if not (step := steps_to_answer().filter(pk=key_of(wanted)).first()):
        raise Http404
    chosen = [pk for one in who if (pk := key_of(one))]
    seen = people_seen_by(staff, today=clock.today()).filter(pk__in=chosen)
    is_training = step.entitlement.kind == Entitlement.Kind.TRAINING
    return {
        "title": step.title[:200],
        "purpose": f"{step.entitlement}: {step.by_when}.",
        "kind": Activity.Kind.STATUTORY if is_training else Activity.Kind.INDIRECT,
        "type": step.type_id,
        "steps": [step.pk],
        "people": list(seen.values_list("pk", flat=True)),
    }


def from_idea(wanted: str) -> dict[str, Any]:
    """What a colleague would like, for those who would come."""
    if not (idea := Idea.objects.filter(pk=key_of(wanted)).first()):
        raise Http404
    here = Staff.objects.live(clock.today()).on_staff()
    return {
        "title": idea.title,
        "pupils_will": idea.why,
        "people": list(idea.backers.filter(staff__in=here).values_list("staff", flat=True)),
    }


def topic_asked(query: QueryDict, staff: Staff) -> Topic | None:
    """One this person may know of: the words of a private offer are nobody else's."""
    wanted = query.get("topic")
    if not wanted:
        return None
    known = known_topics(staff)
    if not (topic := known.filter(pk=key_of(wanted)).first()):
        raise Http404
    return topic


def needs_asked(query: QueryDict, staff: Staff, topic: Topic | None) -> list[Need]:
    """By name, or all of a topic, those at some levels (0: not said) only if any are asked for."""
    found = answerable_needs(staff).with_whom().order_by("staff__sort_name", "title", "pk")
    named = query.getlist("need")
    if named:
        needs = list(found.filter(pk__in=as_uuids(named)))
        if len(needs) < len(set(named)):
            raise Http404
        return needs
    return list(at_levels(found.filter(topic=topic), query.getlist("level"))) if topic else []


def at_levels(needs: Any, levels: list[str]) -> Any:
    if not levels:
        return needs
    if not {*levels} <= {"0", *(str(level) for level, _ in LEVELS)}:
        raise Http404
    said = Q(level_now__in=levels)
    return needs.filter(said | Q(level_now=None)) if "0" in levels else needs.filter(said)


def carried_over(needs: list[Need], topic: Topic | None, *, today: date) -> dict[str, Any]:
    """All that the needs say, so that nobody types it a second time."""
    title = str(topic or needs[0].topic or needs[0])
    sources = NeedSource.objects.filter(need__in=needs).select_related("round")
    rounds = {source.round_id: source.round for source in sources if source.round_id}
    served = open_priorities().filter(need_sources__in=[source.pk for source in sources])
    return {
        "title": title[:200],
        "purpose": why(needs, [str(one) for one in rounds.values()]),
        "audience": for_whom(needs)[:200],
        "needs": [need.pk for need in needs],
        "priorities": list(served.values_list("pk", flat=True)),
        "people": people_of(needs),
        "staff_will": differently(needs, title)[:300],
        "pupils_will": "; ".join(dict.fromkeys(need.pupils for need in needs if need.pupils))[:300],
        "known_by": same_again([str(one) for one in rounds.values()])[:300],
        "look_again_on": today + LOOK_AGAIN_AFTER,
    }


def why(needs: list[Need], rounds: list[str]) -> str:
    """Six of us said so, in the audit “How digital is our teaching?”."""
    persons = sum(need.is_persons for need in needs)
    parts = (
        [f"{persons} {'person needs' if persons == 1 else 'people need'} this"] if persons else []
    )
    parts += [f"{need.whose} needs this" for need in needs if not need.is_persons][:MOST_NAMED]
    if not parts:
        return ""
    known = f", as “{rounds[0]}” showed" if rounds else ""
    return f"{'; '.join(parts)}{known}."


def for_whom(needs: list[Need]) -> str:
    """The teams, staff groups or the whole school; people are named one by one elsewhere."""
    return "; ".join(dict.fromkeys(need.whose for need in needs if not need.is_persons))


def differently(needs: list[Need], title: str) -> str:
    """What they said should be different; once, where several said the same."""
    titles = dict.fromkeys(str(need) for need in needs)
    said = "; ".join(titles) if 0 < len(titles) <= MOST_NAMED else title
    wanted = {need.level_wanted for need in needs if need.level_wanted}
    if len(wanted) != 1:
        return said
    level = dict(LEVELS)[wanted.pop()].lower()
    return f"{said} (and feel {level} confident)"


def same_again(rounds: list[str]) -> str:
    if not rounds:
        return ""
    return f"The same statements of “{rounds[0]}” asked again"


def people_of(needs: list[Need]) -> list[int]:
    """Whose needs they are. A whole-school need ticks nobody: whom it reaches is a choice."""
    teams = {need.team_id for need in needs if need.whom == Need.Whom.TEAM}
    groups = {need.group for need in needs if need.whom == Need.Whom.GROUP}
    people = {need.staff_id for need in needs if need.is_persons}
    if teams or groups:
        here = Staff.objects.live(clock.today()).on_staff()
        found = here.filter(Q(team__in=teams) | Q(group__in=groups))
        people |= set(found.values_list("pk", flat=True))
    return sorted(pk for pk in people if pk)
