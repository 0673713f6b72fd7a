"""What comes of an ask for help: a small activity for two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from activities import actions
from activities.models import Activity, IntendedImpact, NotPossible, Session
from audits.models import HelpRequest, Need
from cpdhub import clock
from cpdhub.models import Framework, FrameworkItem, Priority

Way = HelpRequest.Way
# The type of the CPD menu that each way of helping is.
TYPES = {
    Way.QUESTION: "talking",
    Way.SHOW: "coaching",
    Way.WATCH: "observing",
    Way.SESSION: "training-others",
}
LOOK_AGAIN_AFTER = timedelta(weeks=6)


@transaction.atomic
def accept_help(
    ask: HelpRequest, *, word: str, sessions: Sequence[Session], today: date
) -> Activity | None:
    """Say yes, and make the activity: planned when what it should change is known, else a draft.

    A question somebody answers without meeting needs none.
    """
    ask.accept(word, today=today)
    if ask.way == Way.QUESTION and not sessions:
        return None
    activity = Activity(
        type=type_of(ask, today=today),
        title=f"{str(ask.topic)[:150]}, with {ask.helper}"[:200],
        lead=ask.helper,
        kind=Activity.Kind.DIRECT,
        help_request=ask,
    )
    impact = impact_of(ask, sessions, today=today)
    # It is the asker's to look after, like their learning; the helper leads it.
    return actions.plan_activity(
        activity,
        by=ask.asker,
        impact=impact,
        priorities=priorities_of(ask),
        needs=needs_of(ask),
        sessions=sessions,
        people=[ask.asker_id, ask.helper_id],
        as_draft=not impact.is_complete,
    )


def type_of(ask: HelpRequest, *, today: date) -> FrameworkItem:
    """From the menu as it is today."""
    menus = Framework.objects.of_kind(Framework.Kind.MENU).valid_on(today)
    types = FrameworkItem.objects.filter(framework__in=menus, items=None)
    found = types.filter(code=TYPES[Way(ask.way)]).first() or types.first()
    if found is None:
        raise NotPossible("The school's menu has no type of activity, so none can be made.")
    return found


def impact_of(ask: HelpRequest, sessions: Sequence[Session], *, today: date) -> IntendedImpact:
    """What it should change, from the topic or a need of the school, a group or a team. Never
    from the message, and not from what the asker shared with those who plan: everybody reads it."""
    days = [session.starts_at.astimezone(clock.LONDON).date() for session in sessions]
    aim = f"Use what we tried: {ask.topic}"
    if ask.need and not ask.need.is_persons:
        aim = ask.need.title
    return IntendedImpact(
        staff_will=aim[:300],
        pupils_will=ask.pupils,
        known_by=f"{ask.asker.first_name} looks at pupils' work or talk before and after, and"
        f" says what changed",
        look_again_on=max(days, default=today) + LOOK_AGAIN_AFTER,
    )


def needs_of(ask: HelpRequest) -> list[Need]:
    """The need they shared and asked for, while it is open."""
    return [ask.need] if ask.need and ask.need.is_shared and ask.need.is_open else []


def priorities_of(ask: HelpRequest) -> list[Priority]:
    """Those the shared need comes from."""
    if not (ask.need and ask.need.is_shared):
        return []
    return list(Priority.objects.live().filter(need_sources__need=ask.need).distinct())
