"""What the pages of activities are tested with."""

import pytest

from activities.models import Activity
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import AcademicYearFactory, ActivityTypeFactory, PlanFactory, PriorityFactory


@pytest.fixture
def inside(school):
    with school_scope(school):
        yield school


@pytest.fixture
def a_type(inside):
    """A type of the school's menu."""
    return ActivityTypeFactory(school=inside)


@pytest.fixture
def year(school):
    return AcademicYearFactory(school=school)


@pytest.fixture
def priority(school, year):
    """A live priority of this year."""
    plan = PlanFactory(school=school, year=year)
    return PriorityFactory(school=school, plan=plan, title="Reasoning in maths", live=True)


@pytest.fixture
def plan_data(a_type):
    """Everything a planned activity needs, as the page sends it."""
    day = clock.today().isoformat()
    return {
        "do": "plan", "title": "Talk for reasoning", "type": a_type.pk, "kind": "direct",
        "staff_will": "Ask two open questions", "pupils_will": "Explain in sentences",
        "known_by": "Pupil talk in four classes", "look_again_on": day,
        "sessions-TOTAL_FORMS": "3", "sessions-INITIAL_FORMS": "0",
        "sessions-0-day": "2026-12-01", "sessions-0-starts": "15:45", "sessions-0-ends": "17:00",
        "sessions-0-place": "Hall",
    }  # fmt: skip


@pytest.fixture
def only_activity(school):
    """`only_activity()` is the one there is now."""

    def only_activity():
        with school_scope(school):
            return Activity.objects.select_related("intended_impact", "owner", "lead").get()

    return only_activity
