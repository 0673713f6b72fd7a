"""The second wall around activities (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, shared_when_of_no_school, wall

REMEMBERED = [
    "activity", "allowedsession", "attendance", "booking", "budget", "cost", "cover", "design",
    "earlycareer", "entitledperson", "entitlementuse", "excuse", "giventime", "handover",
    "intendedimpact", "participation", "received", "request", "session", "standin",
]
OTHERS = [
    "activityneed", "activitypriority", "activitystep", "contract", "designfeature", "equipment",
    "loan", "places", "placesteam", "provider", "provideranswer", "provideroffer", "recordreader",
    "requeststep", "sessionrecord",
]
SHARED = [
    "activities_activityform", "activities_formsession",
    "activities_entitlement", "activities_entitlementstep",
]


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0001_initial"), ("audits", "0002_walls"), ("cpdhub", "0002_walls"),
    ]

    operations = [
        wall(
            *SHARED,
            *[f"activities_{name}" for name in REMEMBERED],
            *[f"activities_{name}event" for name in REMEMBERED],
            *[f"activities_{name}" for name in OTHERS],
        ),
        shared_when_of_no_school(*SHARED),
        may_be_pointed_at(
            "activities_activity", "activities_activityform", "activities_budget",
            "activities_entitlement", "activities_entitlementuse", "activities_equipment",
            "activities_places", "activities_provider", "activities_request",
            "activities_session", "activities_sessionrecord",
        ),
        # Of a school's own; rows of no school are held together by their plain keys.
        same_school("activities_formsession", form_id="activities_activityform"),
        same_school("activities_entitlementstep", entitlement_id="activities_entitlement"),
        # Activities, what they are for and who takes part.
        same_school(
            "activities_activity",
            owner_id="cpdhub_staff", lead_id="cpdhub_staff",
            help_request_id="audits_helprequest", provider_id="activities_provider",
        ),
        same_school(
            "activities_activitypriority",
            activity_id="activities_activity", priority_id="cpdhub_priority",
        ),
        same_school(
            "activities_activityneed", activity_id="activities_activity", need_id="audits_need",
        ),
        same_school("activities_activitystep", activity_id="activities_activity"),
        same_school("activities_intendedimpact", activity_id="activities_activity"),
        same_school(
            "activities_design", activity_id="activities_activity", topic_id="audits_topic",
        ),
        same_school("activities_designfeature", activity_id="activities_activity"),
        same_school(
            "activities_session",
            activity_id="activities_activity", register_taken_by_id="cpdhub_staff",
        ),
        same_school(
            "activities_participation",
            activity_id="activities_activity", staff_id="cpdhub_staff",
        ),
        same_school(
            "activities_attendance", session_id="activities_session", staff_id="cpdhub_staff"
        ),
        same_school(
            "activities_sessionrecord",
            session_id="activities_session", author_id="cpdhub_staff",
        ),
        same_school(
            "activities_recordreader",
            record_id="activities_sessionrecord", staff_id="cpdhub_staff",
        ),
        # Money.
        same_school(
            "activities_budget",
            holder_id="cpdhub_staff", team_id="cpdhub_team", priority_id="cpdhub_priority",
            carried_to_id="activities_budget",
        ),
        same_school(
            "activities_cost",
            activity_id="activities_activity", budget_id="activities_budget",
            staff_id="cpdhub_staff",
        ),
        # Time of the school day.
        same_school(
            "activities_allowedsession",
            session_id="activities_session", blocked_id="cpdhub_blockeddates",
            by_id="cpdhub_staff",
        ),
        same_school(
            "activities_cover", session_id="activities_session", staff_id="cpdhub_staff"
        ),
        same_school(
            "activities_giventime", session_id="activities_session", staff_id="cpdhub_staff"
        ),
        # Places, providers and things.
        same_school("activities_places", activity_id="activities_activity"),
        same_school(
            "activities_placesteam", places_id="activities_places", team_id="cpdhub_team"
        ),
        same_school(
            "activities_booking",
            activity_id="activities_activity", staff_id="cpdhub_staff", by_id="cpdhub_staff",
        ),
        same_school(
            "activities_excuse",
            activity_id="activities_activity", staff_id="cpdhub_staff",
            decided_by_id="cpdhub_staff",
        ),
        same_school("activities_provideroffer", provider_id="activities_provider"),
        same_school(
            "activities_provideranswer", provider_id="activities_provider", by_id="cpdhub_staff"
        ),
        same_school("activities_contract", provider_id="activities_provider"),
        same_school("activities_equipment", topic_id="audits_topic"),
        same_school(
            "activities_loan", equipment_id="activities_equipment", staff_id="cpdhub_staff",
        ),
        # Entitlements, early careers and what a leaver hands over.
        same_school(
            "activities_entitledperson",
            use_id="activities_entitlementuse", staff_id="cpdhub_staff",
            supporter_id="cpdhub_staff",
        ),
        same_school("activities_received", staff_id="cpdhub_staff", noted_by_id="cpdhub_staff"),
        same_school(
            "activities_earlycareer",
            staff_id="cpdhub_staff", mentor_id="cpdhub_staff", tutor_id="cpdhub_staff",
        ),
        same_school(
            "activities_handover",
            leaver_id="cpdhub_staff", to_id="cpdhub_staff", written_by_id="cpdhub_staff",
        ),
        # Requests.
        same_school(
            "activities_request",
            staff_id="cpdhub_staff", nominated_by_id="cpdhub_staff", with_staff_id="cpdhub_staff",
            activity_id="activities_activity", provider_id="activities_provider",
            need_id="audits_need", priority_id="cpdhub_priority", budget_id="activities_budget",
        ),
        same_school(
            "activities_requeststep",
            request_id="activities_request", by_id="cpdhub_staff", to_id="cpdhub_staff",
        ),
        same_school(
            "activities_standin", staff_id="cpdhub_staff", stand_in_id="cpdhub_staff",
        ),
    ]
