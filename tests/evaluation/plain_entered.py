"""Any plain school (`plain_school.py`), and how it is entered into the database."""

from datetime import date, timedelta

from hypothesis import strategies as st

from activities.models import Attendance, Participation
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests import factories as make
from tests.evaluation.plain_school import (
    CREW,
    LAST,
    TODAY,
    Done,
    Held,
    Needed,
    Person,
    Plain,
    Wrote,
)

DAYS_AGO = [3, 40, 75, 200, 385]  # this term, last summer, and last November

# --- any school ----------------------------------------------------------------------------------
PEOPLE = st.frozensets(st.integers(0, CREW - 1), max_size=CREW)
ANY_PERSON = st.builds(
    Person,
    st.sampled_from([0, 0, 1, None]),
    st.sampled_from(["teacher", "teacher", "assistant", "support"]),
)
ANY_SESSION = st.builds(
    Held,
    st.sampled_from(DAYS_AGO),
    st.integers(1, 3),
    st.sampled_from(["held", "held", "forgotten", "off"]),
)
ANY_ACTIVITY = st.builds(
    Done,
    state=st.sampled_from(["planned", "finished", "finished", "draft", "cancelled"]),
    serves=st.sampled_from([frozenset(which) for which in ([0], [0, 1], [1], [])]),
    form=st.sampled_from([0, 1, None]),
    is_private=st.sampled_from([False, False, True]),
    is_own=st.sampled_from([False, False, False, True]),
    is_statutory=st.sampled_from([False, False, True]),
    was_logged=st.sampled_from([False, False, True]),
    cost=st.one_of(st.integers(1, 900), st.integers(1, 900), st.none()),
    is_premium=st.sampled_from([True, True, False]),
    put_down=PEOPLE,
    came=PEOPLE,
    sessions=st.lists(ANY_SESSION, min_size=1, max_size=2).map(tuple),
    answers=st.frozensets(st.integers(0, 2), max_size=2),
    review=st.one_of(
        st.none(),
        st.tuples(
            st.sampled_from(["met", "partly", "not_yet", "unknown"]),
            st.sampled_from(["keep", "change", "stop"]),
        ),
    ),
    kinds=st.frozensets(st.sampled_from(["said", "observed", "work"]), max_size=2),
    gains=st.lists(
        st.tuples(st.sampled_from(["practice", "pupils"]), st.booleans()), max_size=2
    ).map(tuple),
)  # fmt: skip
ANY_NEED = st.builds(
    Needed,
    st.one_of(
        st.tuples(st.just("person"), st.integers(0, CREW - 1)),
        st.tuples(st.just("team"), st.integers(0, 1)),
        st.just(("school", 0)),
    ),
    st.sampled_from(["identified", "planned", "met", "set_aside"]),
    st.booleans(),
    st.sampled_from([0, 1, None]),
).map(
    lambda need: Needed(
        need.whose,
        need.status,
        # What is others' is shared, and so is what is agreed.
        need.is_shared or need.whose[0] != "person" or need.status == "planned",
        need.source,
    )
)
SCHOOLS = st.builds(
    Plain,
    people=st.lists(ANY_PERSON, min_size=CREW, max_size=CREW),
    activities=st.lists(ANY_ACTIVITY, min_size=6, max_size=6),
    needs=st.lists(ANY_NEED, min_size=3, max_size=3),
    wrote=st.lists(
        st.builds(Wrote, st.integers(0, CREW - 1), st.integers(0, 5), st.booleans()),
        min_size=6,
        max_size=12,
        unique_by=lambda each: (each.who, each.about),
    ),
    readings=st.lists(st.tuples(st.integers(0, 1), st.integers(30, 80)), max_size=3),
)


# --- entered -------------------------------------------------------------------------------------
def enter(plain, school):
    """Everything as it was told; what stands for it is in `plain.rows`."""
    make.AcademicYearFactory(school=school, starts_on=LAST[0], ends_on=date(2026, 8, 31))
    year = make.AcademicYearFactory(school=school)
    plan = make.PlanFactory(school=school, year=year)
    teams = make.TeamFactory.create_batch(2, school=school)
    rows = plain.rows = {
        "year": year,
        "teams": teams,
        "forms": make.ActivityFormFactory.create_batch(2, school=school),
        "priorities": [make.PriorityFactory(school=school, plan=plan, live=True) for _ in range(2)],
        "crew": [
            make.StaffFactory(
                school=school,
                group=person.group,
                user=None,
                team=None if person.team is None else teams[person.team],
            )
            for person in plain.people
        ],
    }
    rows["head"] = make.StaffFactory(school=school, group="", roles=[Role.HEAD])
    rows["type"] = make.ActivityTypeFactory(school=school)
    rows["budget"] = make.BudgetFactory(
        school=school, fund="pupil_premium", amount=100_000, challenges=[2]
    )
    rows["needs"] = [_need(plain, need, school) for need in plain.needs]
    rows["activities"] = [_activity(plain, each, school) for each in plain.activities]
    for each in plain.wrote:
        make.ReflectionFactory(
            school=school,
            owner=rows["crew"][each.who],
            activity=rows["activities"][each.about],
            audience="everyone" if each.is_shared else "only_me",
        )
    with school_scope(school):
        criteria = [priority.criteria.get() for priority in rows["priorities"]]
    for place, (priority, value) in enumerate(plain.readings):
        make.ReadingFactory(
            school=school,
            criterion=criteria[priority],
            value=value,
            taken_on=TODAY - timedelta(days=len(plain.readings) - place),
        )


def _need(plain, need, school):
    whom, which = need.whose
    them = {"person": plain.rows["crew"], "team": plain.rows["teams"]}.get(whom)
    row = make.NeedFactory(
        school=school,
        whom=whom,
        status=need.status,
        is_shared=need.is_shared,
        met_on=TODAY if need.status == "met" else None,
        because="Not now" if need.status == "set_aside" else "",
        **({"staff" if whom == "person" else "team": them[which]} if them else {}),
    )
    if need.source is not None:
        make.NeedSourceFactory(
            school=school, need=row, kind="priority",
            priority=plain.rows["priorities"][need.source],
        )  # fmt: skip
    return row


def _activity(plain, each, school):
    rows = plain.rows
    lead = rows["crew"][0]
    activity = make.ActivityFactory(
        school=school,
        type=rows["type"],
        owner=lead,
        kind="statutory" if each.is_statutory else "direct",
        form=None if each.form is None else rows["forms"][each.form],
        is_private=each.is_private,
        is_own_learning=each.is_own,
        was_logged=each.was_logged or each.is_own,
        state="planned" if each.state == "cancelled" else each.state,
    )
    if hasattr(activity, "intended_impact"):
        with school_scope(school):
            activity.intended_impact.look_again_on = TODAY - timedelta(days=1)
            activity.intended_impact.save()
    for number in each.serves:
        make.ActivityPriorityFactory(
            school=school, activity=activity, priority=rows["priorities"][number]
        )
    for number in each.answers:
        make.ActivityNeedFactory(school=school, activity=activity, need=rows["needs"][number])
    if each.fee:
        budget = rows["budget"] if each.is_premium else None
        make.CostFactory(school=school, activity=activity, actual=each.fee, budget=budget)
    _attended(plain, each, activity, school)
    _looked_back(each, activity, lead, school)
    if each.state == "cancelled":
        activity.state, activity.cancelled_because = "cancelled", "Nobody came"
        with school_scope(school):  # not `cancel`: needs stay where they were told to be
            activity.save(update_fields=["state", "cancelled_because"])
    return activity


def _attended(plain, each, activity, school):
    crew = plain.rows["crew"]
    with school_scope(school):
        Participation.objects.bulk_create(
            Participation(school=school, activity=activity, staff=crew[n]) for n in each.put_down
        )
    for session in each.sessions:
        start = make.at_four(session.day)
        row = make.SessionFactory(
            school=school,
            activity=activity,
            starts_at=start,
            ends_at=start + timedelta(hours=session.hours),
            cancelled_at=clock.now() if session.how == "off" else None,
            register_taken_at=start if session in each.held else None,
        )
        if session in each.held:
            with school_scope(school):
                Attendance.objects.bulk_create(
                    Attendance(
                        school=school, session=row, staff=crew[n], was_present=n in each.came
                    )
                    for n in each.put_down | each.came
                )


def _looked_back(each, activity, lead, school):
    if each.review:
        make.ImpactReviewFactory(
            school=school, activity=activity, closed=True, by=lead,
            pupils_verdict=each.review[0], decision=each.review[1], what_we_change="This",
        )  # fmt: skip
    for kind in each.kinds:
        make.EvidenceFactory(school=school, activity=activity, kind=kind, by=lead)
    for about, is_good in each.gains:
        make.UnplannedGainFactory(
            school=school, activity=activity, about=about, is_good=is_good, noted_by=lead
        )
