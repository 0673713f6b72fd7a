"""The second wall around activities (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall

REMEMBERED = ["activity", "intendedimpact", "session", "participation", "attendance"]


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("cpdhub", "0002_walls")]

    operations = [
        wall(
            "activities_activitypriority",
            *[f"activities_{name}" for name in REMEMBERED],
            *[f"activities_{name}event" for name in REMEMBERED],
        ),
        may_be_pointed_at("activities_activity", "activities_session"),
        same_school("activities_activity", owner_id="cpdhub_staff", lead_id="cpdhub_staff"),
        same_school(
            "activities_activitypriority",
            activity_id="activities_activity", priority_id="cpdhub_priority",
        ),
        same_school("activities_intendedimpact", activity_id="activities_activity"),
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
    ]
