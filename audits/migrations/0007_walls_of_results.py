"""The second wall around results (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):
    dependencies = [("audits", "0006_results"), ("cpdhub", "0002_walls")]

    operations = [
        wall("audits_result"),
        may_be_pointed_at("audits_result"),
        same_school("audits_result", round_id="audits_round"),
    ]
