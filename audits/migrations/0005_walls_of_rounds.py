"""The second wall around rounds and answers (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_rounds"), ("cpdhub", "0002_walls")]

    operations = [
        wall("audits_round", "audits_invitation", "audits_response", "audits_answer"),
        may_be_pointed_at("audits_round", "audits_invitation", "audits_response"),
        same_school("audits_round", started_by_id="cpdhub_staff"),
        same_school(
            "audits_invitation",
            round_id="audits_round", staff_id="cpdhub_staff", team_id="cpdhub_team",
            kept_team_id="cpdhub_team",
        ),
        same_school(
            "audits_response",
            round_id="audits_round", invitation_id="audits_invitation", team_id="cpdhub_team",
        ),
        same_school("audits_answer", response_id="audits_response"),
    ]
