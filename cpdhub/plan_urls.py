"""Self-evaluation and improvement plan."""

from django.urls import URLPattern, URLResolver, path

from cpdhub.views import (
    candidates,
    contributors,
    frameworks,
    plan,
    plan_parts,
    plan_years,
    policy,
    priorities,
    self_evaluation,
)

app_name = "plan"


def part_urls(kind: str, name: str) -> list[URLPattern]:
    """The pages of one kind of row: add (below its parent), change, remove."""
    part = {"kind": kind}
    return [
        path(f"{name}/new/<int:parent>/", plan_parts.part_add, part, name=f"{kind}_add"),
        path(f"{name}/<int:pk>/change/", plan_parts.part_change, part, name=f"{kind}_change"),
        path(f"{name}/<int:pk>/remove/", plan_parts.part_remove, part, name=f"{kind}_remove"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", plan.plan, name="plan"),
    path("one-page/", plan.one_page, name="one_page"),
    path("years/", plan_years.years, name="years"),
    path("years/<int:pk>/", plan.year, name="year"),
    path("years/<int:pk>/one-page/", plan.year_one_page, name="year_one_page"),
    path("years/<int:pk>/plan.csv", plan.year_csv, name="year_csv"),
    path("years/<int:pk>/vision/", plan_years.vision, name="vision"),
    path("years/<int:pk>/rank/", plan_years.rank, name="rank"),
    path("years/<int:pk>/archive/", plan_years.archive, name="archive"),
    path("years/<int:pk>/reopen/", plan_years.reopen, name="reopen"),
    path("priorities/new/", priorities.priority_new, name="priority_new"),
    path("priorities/<int:pk>/", plan.priority, name="priority"),
    path("priorities/<int:pk>/change/", priorities.priority_change, name="priority_change"),
    path("priorities/<int:pk>/progress/", priorities.progress, name="progress"),
    path("priorities/<int:pk>/publish/", priorities.publish, name="publish"),
    path("priorities/<int:pk>/close/", priorities.close, name="close"),
    path("priorities/<int:pk>/delete/", priorities.delete, name="priority_delete"),
    path("priorities/<int:pk>/history/", plan.priority_history, name="priority_history"),
    *part_urls("reading", "readings"),
    *part_urls("milestone", "milestones"),
    *part_urls("note", "notes"),
    path("sub-plans/<int:pk>/", plan.sub_plan, name="sub_plan"),
    *part_urls("subplan", "sub-plans"),
    *part_urls("area", "areas-for-improvement"),
    *part_urls("evidence", "evidence"),
    path("put-back/<slug:kind>/<int:event>/", plan_parts.put_back, name="put_back"),
    path("areas-for-improvement/<int:pk>/priority/", priorities.from_area, name="make_priority"),
    path("policy/", policy.policy, name="policy"),
    path("policy/begin/", policy.policy_begin, name="policy_begin"),
    path("policy/<int:pk>/", policy.policy_version, name="policy_version"),
    path("policy/<int:pk>/change/", policy.policy_change, name="policy_change"),
    path("policy/<int:pk>/delete/", policy.policy_discard, name="policy_discard"),
    path("policy/<int:pk>/read/", policy.policy_acknowledge, name="policy_acknowledge"),
    path(
        "policy/objectives/<int:pk>/priority/", policy.objective_priority, name="objective_priority"
    ),
    path("self-evaluation/", self_evaluation.overview, name="self_evaluation"),
    path("self-evaluation/print/", self_evaluation.two_sides, name="self_evaluation_print"),
    path("self-evaluation/report/", candidates.report, name="report"),
    path("self-evaluation/candidates/", candidates.candidates, name="candidates"),
    path("self-evaluation/framework/", self_evaluation.framework, name="framework"),
    path("self-evaluation/own-areas/", self_evaluation.own_areas, name="own_areas"),
    path("self-evaluation/own-areas/<int:pk>/", self_evaluation.own_area, name="own_area"),
    path(
        "self-evaluation/own-areas/<int:pk>/remove/",
        self_evaluation.own_area_remove,
        name="own_area_remove",
    ),
    path("self-evaluation/<int:pk>/", self_evaluation.area, name="judgement"),
    path("self-evaluation/<int:pk>/change/", self_evaluation.change, name="judgement_change"),
    path("self-evaluation/<int:pk>/people/", contributors.contributors, name="contributors"),
    path("self-evaluation/<int:pk>/comment/", contributors.comment_add, name="comment_add"),
    path(
        "self-evaluation/comments/<int:pk>/delete/",
        contributors.comment_delete,
        name="comment_delete",
    ),
    path("self-evaluation/<int:pk>/history/", self_evaluation.changes, name="judgement_history"),
    path("frameworks/", frameworks.frameworks, name="frameworks"),
    path("frameworks/import/", frameworks.upload, name="framework_import"),
    path("frameworks/import/confirm/", frameworks.confirm, name="framework_confirm"),
    path("frameworks/<int:pk>/", frameworks.framework, name="framework_shown"),
    path("frameworks/<int:pk>/framework.csv", frameworks.download, name="framework_csv"),
    path("frameworks/<int:pk>/remove/", frameworks.remove, name="framework_remove"),
]
