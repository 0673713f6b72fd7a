"""The impact dashboard and its rows."""

from django.urls import path

from cpdhub.views.jobs import ask_for
from evaluation import stories
from evaluation.fairness_report import FAIRNESS
from evaluation.views import (
    balance,
    chain,
    fairness,
    impact,
    impact_rows,
    observed,
    qualifications,
    review,
)

app_name = "impact"
urlpatterns = [
    path("", impact.impact_dashboard, name="dashboard"),
    path("governors/", impact.impact_summary, name="summary"),
    path("team/", impact.impact_team, name="team"),
    path("year/", impact_rows.impact_year, name="year"),
    path("report/", impact.impact_report, name="report"),
    path("balance/", balance.balance_page, name="balance"),
    path("balance/needs/", balance.balance_needs, name="balance_needs"),
    path("balance/activities/", balance.balance_activities, name="balance_activities"),
    path("balance/people/", balance.balance_people, name="balance_people"),
    path("balance/report/", balance.needs_report_page, name="needs_report"),
    path("fairness/", fairness.fairness_page, name="fairness"),
    path("fairness/pdf/", ask_for(FAIRNESS), name="fairness_pdf"),
    path("fairness/people/", fairness.fairness_people, name="fairness_people"),
    path("observations/", observed.school, name="observations"),
    path("hours/", impact_rows.impact_hours, name="hours"),
    path("priorities/<int:pk>/needs/", impact_rows.impact_needs, name="needs"),
    path("priorities/<int:pk>/activities/", impact_rows.impact_activities, name="activities"),
    path("priorities/<int:pk>/people/", impact_rows.impact_people, name="people"),
    path("priorities/<int:pk>/reflections/", impact_rows.impact_reflections, name="reflections"),
    # activities judged
    path("reviews/", review.reviews, name="reviews"),
    path("types/", review.types, name="types"),
    path("activities/<int:pk>/", review.what_changed, name="what_changed"),
    path("activities/<int:pk>/judge/", review.judge, name="judge"),
    path("activities/<int:pk>/evidence/", review.evidence_add, name="evidence_add"),
    path("activities/<int:pk>/unplanned/", review.unplanned_add, name="unplanned_add"),
    path("unplanned/<int:pk>/remove/", review.unplanned_remove, name="unplanned_remove"),
    path("evidence/<uuid:evidence_uuid>/file/", review.evidence_file, name="evidence_file"),
    path("evidence/<uuid:evidence_uuid>/remove/", review.evidence_remove, name="evidence_remove"),
    # taken away as a PDF
    path("reports/", impact.impact_reports, name="reports"),
    path("qualifications/", qualifications.everyone, name="qualifications"),
    path("story/pdf/", ask_for(stories.STORY), name="story_pdf"),
    path("cpd-year/pdf/", ask_for(stories.ANNUAL), name="annual_pdf"),
    path("evidence/pdf/", ask_for(stories.EVIDENCE), name="evidence_pdf"),
    path("pupil-premium/pdf/", ask_for(stories.PREMIUM), name="premium_pdf"),
    # the chain through one record
    path("chain/need/<uuid:pk>/", chain.chain_of, {"kind": "need"}, name="chain_need"),
    *[
        path(f"chain/{kind}/<int:pk>/", chain.chain_of, {"kind": kind}, name=f"chain_{kind}")
        for kind in ("judgement", "priority", "activity")
    ],
]
