from cpdhub.walls import school_scope
from tests.access import CPD, EVERYONE, HEAD, ON_STAFF, Page
from tests.factories import (
    AreaCommentFactory,
    AreaForImprovementFactory,
    EvidencePointerFactory,
    FrameworkFactory,
    FrameworkItemFactory,
    JudgementFactory,
    MilestoneFactory,
    MonitoringNoteFactory,
    PlanFactory,
    PolicyFactory,
    PolicyObjectiveFactory,
    PriorityFactory,
    ReadingFactory,
    SubPlanFactory,
    SuccessCriterionFactory,
)

WRITERS = frozenset({HEAD, CPD})


def plan(school, owner):
    return (PlanFactory(school=school).pk,)


def archived(school, owner):
    from cpdhub import clock

    return (PlanFactory(school=school, archived_at=clock.now()).pk,)


def sub_plan(school, owner):
    return (SubPlanFactory(school=school).pk,)


def draft(school, owner):
    return (PriorityFactory(school=school).pk,)


def live(school, owner):
    return (PriorityFactory(school=school, live=True).pk,)


def criterion(school, owner):
    priority = PriorityFactory(school=school, live=True)
    with school_scope(school):
        return (priority.criteria.get().pk,)


def of_live(factory):
    def make(school, owner):
        return (factory(school=school, priority=PriorityFactory(school=school, live=True)).pk,)

    return make


def reading(school, owner):
    priority = PriorityFactory(school=school, live=True)
    row = SuccessCriterionFactory(school=school, priority=priority)
    return (ReadingFactory(school=school, criterion=row).pk,)


def item(school, owner):
    return (JudgementFactory(school=school).item_id,)


def own_area(school, owner):
    area = FrameworkItemFactory(school=school, framework__code="own-areas")
    return (area.pk,)


def framework(school, owner):
    return (FrameworkFactory(school=school).pk,)


def area(school, owner):
    return (AreaForImprovementFactory(school=school).pk,)


def evidence(school, owner):
    return (EvidencePointerFactory(school=school).pk,)


def removed_reading(school, owner):
    (pk,) = reading(school, owner)
    from cpdhub import history
    from cpdhub.models import Reading

    with school_scope(school):
        Reading.objects.get(pk=pk).delete()
        return "reading", history.events(Reading, pgh_label="delete", pgh_obj_id=pk).get().pk


def policy(school, owner):
    return (PolicyFactory(school=school, published=True).pk,)


def policy_draft(school, owner):
    return (PolicyFactory(school=school).pk,)


def objective(school, owner):
    return (PolicyObjectiveFactory(school=school).pk,)


def comment(school, owner):
    return (AreaCommentFactory(school=school, by=owner).pk,)


milestone, note = of_live(MilestoneFactory), of_live(MonitoringNoteFactory)

PAGES: list[Page] = [
    Page("plan:plan", EVERYONE),
    Page("plan:one_page", EVERYONE),
    Page("plan:years", EVERYONE),
    Page("plan:year", EVERYONE, plan),
    Page("plan:year_one_page", EVERYONE, plan),
    Page("plan:year_csv", EVERYONE, plan),
    Page("plan:vision", WRITERS, plan),
    Page("plan:rank", WRITERS, plan),
    Page("plan:archive", WRITERS, plan),
    Page("plan:reopen", WRITERS, archived, method="post"),
    Page("plan:priority_new", WRITERS),
    Page("plan:priority", EVERYONE, live),
    Page("plan:priority_change", WRITERS, draft),
    Page("plan:progress", WRITERS, live),
    Page("plan:publish", WRITERS, live, method="post"),
    Page("plan:close", WRITERS, live, method="post"),
    Page("plan:priority_delete", WRITERS, draft),
    Page("plan:priority_history", WRITERS, live),
    Page("plan:reading_add", WRITERS, criterion),
    Page("plan:reading_change", WRITERS, reading),
    Page("plan:reading_remove", WRITERS, reading),
    Page("plan:milestone_add", WRITERS, live),
    Page("plan:milestone_change", WRITERS, milestone),
    Page("plan:milestone_remove", WRITERS, milestone),
    Page("plan:note_add", WRITERS, live),
    Page("plan:note_change", WRITERS, note),
    Page("plan:note_remove", WRITERS, note),
    Page("plan:sub_plan", EVERYONE, sub_plan),
    Page("plan:subplan_add", WRITERS, plan),
    Page("plan:subplan_change", WRITERS, sub_plan),
    Page("plan:subplan_remove", WRITERS, sub_plan),
    Page("plan:area_add", WRITERS, item),
    Page("plan:area_change", WRITERS, area),
    Page("plan:area_remove", WRITERS, area),
    Page("plan:evidence_add", WRITERS, item),
    Page("plan:evidence_change", WRITERS, evidence),
    Page("plan:evidence_remove", WRITERS, evidence),
    Page("plan:put_back", WRITERS, removed_reading, method="post"),
    Page("plan:make_priority", WRITERS, area, method="post"),
    Page("plan:policy", EVERYONE),
    Page("plan:policy_version", EVERYONE, policy),
    Page("plan:policy_begin", WRITERS, method="post"),
    Page("plan:policy_change", WRITERS, policy_draft),
    Page("plan:policy_discard", WRITERS, policy_draft),
    Page("plan:policy_acknowledge", ON_STAFF, policy, method="post"),
    Page("plan:objective_priority", WRITERS, objective, method="post"),
    Page("plan:self_evaluation", EVERYONE),
    Page("plan:self_evaluation_print", EVERYONE),
    Page("plan:report", WRITERS),
    Page("plan:candidates", WRITERS),
    Page("plan:framework", WRITERS),
    Page("plan:own_areas", WRITERS),
    Page("plan:own_area", WRITERS, own_area),
    Page("plan:own_area_remove", WRITERS, own_area),
    Page("plan:judgement", EVERYONE, item),
    Page("plan:judgement_change", WRITERS, item),
    Page("plan:contributors", WRITERS, item),
    Page("plan:comment_add", WRITERS, item),
    Page("plan:comment_delete", frozenset(), comment, others=404, method="post"),
    Page("plan:judgement_history", WRITERS, item),
    Page("plan:frameworks", EVERYONE),
    Page("plan:framework_shown", EVERYONE, framework),
    Page("plan:framework_csv", EVERYONE, framework),
    Page("plan:framework_import", WRITERS),
    Page("plan:framework_confirm", WRITERS, method="post"),
    Page("plan:framework_remove", WRITERS, framework),
]
