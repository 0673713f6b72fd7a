"""The second wall around needs and topics (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):
    dependencies = [("audits", "0008_needs"), ("cpdhub", "0002_walls")]

    operations = [
        wall("audits_topic", "audits_need", "audits_needevent", "audits_needsource"),
        may_be_pointed_at("audits_topic", "audits_need"),
        same_school(
            "audits_need",
            staff_id="cpdhub_staff", team_id="cpdhub_team", topic_id="audits_topic",
            written_by_id="cpdhub_staff",
        ),
        same_school(
            "audits_needsource",
            need_id="audits_need", round_id="audits_round", priority_id="cpdhub_priority",
        ),
    ]
