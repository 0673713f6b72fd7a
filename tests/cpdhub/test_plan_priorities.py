"""One priority: writing, publishing, following it; two people at once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cpdhub import clock, plan_actions
from cpdhub.models import Milestone, MonitoringNote, Priority, Reading, SuccessCriterion
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    MilestoneFactory,
    MonitoringNoteFactory,
    PlanFactory,
    PriorityFactory,
    ReadingFactory,
    StaffFactory,
)
from tests.helpers import url


def sent(*criteria, initial=0, **fields):
    """What the form sends: the priority's fields and rows of criteria."""
    data = {"title": "Pupils explain", "criteria-INITIAL_FORMS": initial, **fields}
    data["criteria-TOTAL_FORMS"] = max(len(criteria), 3)
    for n, row in enumerate(criteria):
        data |= {f"criteria-{n}-{name}": value for name, value in row.items()}
    return data


WHOLE = {"measure": "Explaining", "unit": "%", "baseline": "41", "target": "60"}


@pytest.fixture
def priority(school, teacher):
    return PriorityFactory(
        school=school, plan=PlanFactory(school=school), title="Talk", live=True, lead=teacher
    )


@pytest.fixture
def criterion(school, priority):
    with school_scope(school):
        return priority.criteria.get()


def test_new_priority_is_a_draft_with_its_criteria(sign_in, school, cpd_leader):
    response = sign_in(cpd_leader).post(url(school, "plan:priority_new"), sent(WHOLE))

    with school_scope(school):
        made = Priority.objects.get()
        assert response.url == url(school, "plan:priority", made.pk)
        assert made.state == Priority.State.DRAFT
        assert made.criteria.get().baseline == Decimal(41)
        assert made.plan.year.starts_on <= clock.today() <= made.plan.year.ends_on


def test_new_priority_sent_twice_is_made_once(sign_in, school, cpd_leader):
    data = sent(WHOLE, once="0f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    client = sign_in(cpd_leader)

    answers = {client.post(url(school, "plan:priority_new"), data).url for _ in range(2)}

    assert len(answers) == 1
    with school_scope(school):
        assert Priority.objects.count() == 1


def test_extra_fields_change_nothing(sign_in, school, cpd_leader, other_school):
    theirs = PlanFactory(school=other_school)
    forged = {"state": "live", "plan": theirs.pk, "school": other_school.pk, "rank": 1}

    sign_in(cpd_leader).post(url(school, "plan:priority_new"), sent(WHOLE, **forged))

    with school_scope(school):
        made = Priority.objects.get()
        assert (made.state, made.school, made.rank) == (Priority.State.DRAFT, school, None)


@pytest.mark.parametrize("field", ["lead", "governor"])
def test_nobody_of_another_school_can_be_chosen(sign_in, school, cpd_leader, outsider, field):
    response = sign_in(cpd_leader).post(
        url(school, "plan:priority_new"), sent(WHOLE, **{field: outsider.pk})
    )

    assert "Select a valid choice" in response.text
    with school_scope(school):
        assert Priority.objects.count() == 0


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ("baseline", "Say where it stands now."),
        ("target", "Say where it should stand"),
        ("measure", "Say what is measured."),
    ],
)
def test_publishing_is_refused_beside_what_is_missing_and_keeps_the_text(
    sign_in, school, cpd_leader, lacking, sentence
):
    response = sign_in(cpd_leader).post(
        url(school, "plan:priority_new"),
        sent({**WHOLE, lacking: ""}, why="My long reason", publish="1"),
    )

    assert sentence in response.text or "This field is required" in response.text
    assert "My long reason" in response.text
    assert f'href="#id_criteria-0-{lacking}"' in response.text
    with school_scope(school):
        assert Priority.objects.count() == 0


def test_publishing_without_any_criterion_asks_for_the_first(sign_in, school, cpd_leader):
    draft = PriorityFactory(school=school)

    response = sign_in(cpd_leader).post(url(school, "plan:publish", draft.pk))

    assert response.status_code == 200
    for name in ("measure", "baseline", "target"):
        assert f'href="#id_criteria-0-{name}"' in response.text
    with school_scope(school):
        assert Priority.objects.get().state == Priority.State.DRAFT


def test_publishing_what_is_measured_takes_it_live(sign_in, school, cpd_leader):
    response = sign_in(cpd_leader).post(
        url(school, "plan:priority_new"), sent(WHOLE, publish="1"), follow=True
    )

    assert "is live: every colleague can read it now" in response.text


def test_live_priority_cannot_lose_its_last_whole_criterion(
    sign_in, school, cpd_leader, priority, criterion
):
    row = {"id": criterion.pk, **WHOLE, "target": ""}

    response = sign_in(cpd_leader).post(
        url(school, "plan:priority_change", priority.pk), sent(row, initial=1, revision=1)
    )

    assert "Say where it should stand" in response.text
    with school_scope(school):
        assert SuccessCriterion.objects.get().target == Decimal(60)


def test_the_only_criterion_can_be_replaced_in_one_go(
    sign_in, school, cpd_leader, priority, criterion
):
    old = {"id": criterion.pk, **WHOLE, "DELETE": "on"}
    new = {**WHOLE, "measure": "New"}

    response = sign_in(cpd_leader).post(
        url(school, "plan:priority_change", priority.pk), sent(old, new, initial=1, revision=1)
    )

    assert response.status_code == 302
    with school_scope(school):
        assert SuccessCriterion.objects.get().measure == "New"


def test_criterion_with_readings_is_not_removed(sign_in, school, cpd_leader, priority, criterion):
    ReadingFactory(school=school, criterion=criterion)
    old = {"id": criterion.pk, **WHOLE, "DELETE": "on"}

    response = sign_in(cpd_leader).post(
        url(school, "plan:priority_change", priority.pk),
        sent(old, {**WHOLE, "measure": "New"}, initial=1, revision=1),
    )

    assert "It has readings" in response.text
    with school_scope(school):
        assert Reading.objects.count() == SuccessCriterion.objects.count() == 1


def test_criterion_of_another_priority_or_school_is_not_reached(
    sign_in, school, cpd_leader, priority, criterion, other_school
):
    theirs = PriorityFactory(school=other_school, live=True)
    with school_scope(other_school):
        foreign = theirs.criteria.get()

    sign_in(cpd_leader).post(
        url(school, "plan:priority_change", priority.pk),
        sent({"id": foreign.pk, **WHOLE, "measure": "Taken"}, initial=1, revision=1),
    )

    with school_scope(other_school):
        assert SuccessCriterion.objects.get().measure != "Taken"


def test_two_people_edit_one_priority_and_no_word_is_lost(
    sign_in, school, cpd_leader, head, priority, criterion
):
    path = url(school, "plan:priority_change", priority.pk)
    row = {"id": criterion.pk, **WHOLE}
    sign_in(head).post(
        path,
        sent({**row, "target": "70"}, initial=1, revision=1, title="Talk", why="The head's why"),
    )
    mine = sent(row, initial=1, revision=1, title="Talk", why="My why")

    refused = sign_in(cpd_leader).post(path, mine)

    assert refused.status_code == 200
    assert "Helen Head changed this while you were writing" in refused.text
    differences = [(d.label, d.theirs, d.yours) for d in refused.context["form"][0].differences]
    assert differences == [
        ("Why this, why now", "The head's why", "My why"),
        ("Explaining: Target", "70", "60"),
    ]
    assert ">\nMy why</textarea>" in refused.text
    with school_scope(school):
        assert Priority.objects.get().why == "The head's why"

    kept = sign_in(cpd_leader).post(path, {**mine, "revision": 2})

    assert kept.status_code == 302
    with school_scope(school):
        found = Priority.objects.get()
        assert (found.why, found.revision) == ("My why", 3)


def test_priority_page_says_what_is_known_and_what_is_missing(
    sign_in, school, priority, criterion, cpd_leader
):
    ReadingFactory(
        school=school, criterion=criterion, value=50, taken_on=clock.today() - timedelta(days=3)
    )
    MilestoneFactory(
        school=school, priority=priority, due_on=clock.today() - timedelta(days=2), expected="Half"
    )
    MonitoringNoteFactory(school=school, priority=priority, finding="Seen in four rooms")

    page = sign_in(cpd_leader).get(url(school, "plan:priority", priority.pk)).text

    assert "41 → 50 %" in page
    assert "target 60 %, not reached yet" in page
    assert '<svg class="chart small"' in page
    assert "Show the numbers" in page
    assert "Missing: overdue since" in page
    order = [page.index(word, page.index("The way so far")) for word in ("50 %", "Half", "Seen")]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("roles", "may_plan", "may_see_impact"),
    [([], False, False), ([Role.TEAM_LEADER], True, False), ([Role.CPD_LEADER], True, True)],
)
def test_priority_page_leads_on_to_planning_and_to_impact(
    sign_in, school, priority, roles, may_plan, may_see_impact
):
    plan = f"{url(school, 'activities:plan')}?priority={priority.pk}"
    people = url(school, "impact:people", priority.pk)
    client = sign_in(StaffFactory(school=school, roles=roles))

    page = client.get(url(school, "plan:priority", priority.pk)).text

    assert (plan in page, people in page) == (may_plan, may_see_impact)
    assert page.count("btn-primary") == bool(roles)
    for address, may in ((plan, may_plan), (people, may_see_impact)):
        assert client.get(address).status_code == (200 if may else 403)


def test_closed_priority_is_not_planned_for(sign_in, school, priority, cpd_leader):
    with school_scope(school):
        plan_actions.close(priority)

    page = sign_in(cpd_leader).get(url(school, "plan:priority", priority.pk)).text

    assert "Plan an activity for this" not in page
    assert "Who it reached" in page


@pytest.mark.parametrize("count", [1, 3])
def test_priority_page_costs_the_same_with_more_on_it(
    sign_in, school, priority, criterion, teacher, count, django_assert_num_queries
):
    for n in range(count):
        ReadingFactory(
            school=school, criterion=criterion, taken_on=clock.today() - timedelta(days=n)
        )
        MilestoneFactory(school=school, priority=priority)
        MonitoringNoteFactory(school=school, priority=priority, by=teacher)
    client = sign_in(teacher)

    # Frame, priority, criteria, readings, milestones, notes, needs.
    with django_assert_num_queries(19):
        client.get(url(school, "plan:priority", priority.pk))


def test_lead_says_how_it_goes_and_cannot_change_the_priority(sign_in, school, priority, teacher):
    client = sign_in(teacher)

    response = client.post(
        url(school, "plan:progress", priority.pk),
        {"rag": "concern", "rag_note": "Two classes lag.", "revision": 1, "title": "Hacked"},
    )

    assert response.status_code == 302
    page = client.get(response.url).text
    assert "Under way, with a concern: two classes lag" in page
    assert client.get(url(school, "plan:priority_change", priority.pk)).status_code == 403
    with school_scope(school):
        assert Priority.objects.get().title == "Talk"


@pytest.mark.parametrize("view", ["plan:progress", "plan:milestone_add", "plan:note_add"])
def test_colleague_who_does_not_lead_it_only_reads(sign_in, school, priority, view):
    other = StaffFactory(school=school)

    assert sign_in(other).get(url(school, view, priority.pk)).status_code == 403


def test_lead_adds_a_reading(sign_in, school, priority, criterion, teacher):
    day = clock.today()

    sign_in(teacher).post(
        url(school, "plan:reading_add", criterion.pk),
        {"taken_on": day.isoformat(), "value": "63.5", "pupils_counted": "112"},
    )

    with school_scope(school):
        reading = Reading.objects.get()
        assert (reading.value, reading.taken_on, reading.recorded_by) == (
            Decimal("63.5"), day, teacher,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "value", "sentence"),
    [
        (1, "50", "That day has not come yet."),
        (0, "50", "There is a reading of that day already"),
        (-1, "many", "Enter a number."),
        (-1, "12345678901", "Ensure that there are no more than"),
    ],
)
def test_wrong_reading_is_refused_beside_the_field(
    sign_in, school, criterion, teacher, days, value, sentence
):
    ReadingFactory(school=school, criterion=criterion)
    day = clock.today() + timedelta(days=days)

    response = sign_in(teacher).post(
        url(school, "plan:reading_add", criterion.pk),
        {"taken_on": day.isoformat(), "value": value, "note": "My note"},
    )

    assert sentence in response.text
    assert "My note" in response.text
    with school_scope(school):
        assert Reading.objects.count() == 1


def test_removed_reading_is_put_back_once(sign_in, school, priority, criterion, teacher):
    reading = ReadingFactory(school=school, criterion=criterion, value=63, note="Autumn")
    client = sign_in(teacher)

    gone = client.post(url(school, "plan:reading_remove", reading.pk))
    page = client.get(gone.url).text
    with school_scope(school):
        assert Reading.objects.count() == 0
    path = gone.url.partition("removed=reading-")[2]
    back = url(school, "plan:put_back", "reading", int(path))
    assert back in page
    client.post(back)
    client.post(back)

    with school_scope(school):
        again = Reading.objects.get()
        assert (again.pk, again.value, again.note) == (reading.pk, Decimal(63), "Autumn")


def test_reading_is_not_put_back_over_a_newer_one(sign_in, school, criterion, teacher):
    reading = ReadingFactory(school=school, criterion=criterion, value=63)
    client = sign_in(teacher)
    event = int(client.post(url(school, "plan:reading_remove", reading.pk)).url.rpartition("-")[2])
    ReadingFactory(school=school, criterion=criterion, value=70)

    response = client.post(url(school, "plan:put_back", "reading", event), follow=True)

    assert "There is another reading in its place now." in response.text
    with school_scope(school):
        assert Reading.objects.get().value == Decimal(70)


@pytest.mark.parametrize("address", ["reading-999999999", "reading-x", "staff-1", "-", "reading-"])
def test_forged_undo_address_shows_nothing_that_works(sign_in, school, priority, teacher, address):
    client = sign_in(teacher)

    page = client.get(url(school, "plan:priority", priority.pk), {"removed": address})

    assert page.status_code == 200
    assert client.post(url(school, "plan:put_back", "staff", 1)).status_code == 404
    assert client.post(url(school, "plan:put_back", "reading", 999999999)).status_code == 404


def test_milestone_without_a_day_falls_due_with_its_half_term(
    sign_in, school, priority, cpd_leader
):
    from tests.factories import HalfTermFactory

    term = HalfTermFactory(school=school, year=priority.plan.year)

    sign_in(cpd_leader).post(
        url(school, "plan:milestone_add", priority.pk),
        {"half_term": term.pk, "expected": "Half the classes"},
    )

    with school_scope(school):
        assert Milestone.objects.get().due_on == term.ends_on


def test_milestone_needs_a_day_or_a_half_term(sign_in, school, priority, cpd_leader):
    response = sign_in(cpd_leader).post(
        url(school, "plan:milestone_add", priority.pk), {"expected": "Half"}
    )

    assert "Choose a half-term or give a day." in response.text


def test_finding_keeps_who_looked(sign_in, school, priority, teacher, head):
    sign_in(teacher).post(
        url(school, "plan:note_add", priority.pk),
        {
            "seen_on": clock.today().isoformat(),
            "method": "walk",
            "finding": "Seen in four rooms",
            "by": head.pk,
        },
    )

    with school_scope(school):
        assert MonitoringNote.objects.get().by == teacher


def test_history_tells_in_words_who_changed_what(sign_in, school, priority, cpd_leader):
    client = sign_in(cpd_leader)
    client.post(
        url(school, "plan:progress", priority.pk),
        {"rag": "on_track", "rag_note": "", "revision": 1},
    )

    page = client.get(url(school, "plan:priority_history", priority.pk)).text

    assert "Carla Leader" in page
    assert "Progress: Not started → On track" in page


def test_draft_is_deleted_for_good_and_a_live_one_never(sign_in, school, priority, cpd_leader):
    draft = PriorityFactory(school=school, plan=priority.plan)
    client = sign_in(cpd_leader)

    client.post(url(school, "plan:priority_delete", draft.pk))
    client.post(url(school, "plan:priority_delete", priority.pk))

    with school_scope(school):
        assert list(Priority.objects.all()) == [priority]


def test_closed_priority_stays_readable_and_reopens(sign_in, school, priority, cpd_leader):
    client = sign_in(cpd_leader)

    client.post(url(school, "plan:close", priority.pk))
    assert "Closed." in client.get(url(school, "plan:priority", priority.pk)).text
    client.post(url(school, "plan:publish", priority.pk))

    with school_scope(school):
        assert Priority.objects.get().is_live


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "x" * 201])
def test_hostile_titles_are_escaped_or_refused(sign_in, school, cpd_leader, text):
    response = sign_in(cpd_leader).post(
        url(school, "plan:priority_new"), sent(WHOLE, title=text), follow=True
    )

    assert "<script>alert" not in response.text
    assert len(text) < 200 or "at most 200 characters" in response.text
