"""The second wall around reflections (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial"), ("activities", "0002_walls")]

    operations = [
        wall(
            "evaluation_reflection", "evaluation_reflectionreader", "evaluation_reflectionopening"
        ),
        may_be_pointed_at("evaluation_reflection"),
        same_school(
            "evaluation_reflection", owner_id="cpdhub_staff", activity_id="activities_activity"
        ),
        same_school(
            "evaluation_reflectionreader",
            reflection_id="evaluation_reflection", staff_id="cpdhub_staff",
        ),
        same_school(
            "evaluation_reflectionopening",
            reflection_id="evaluation_reflection", staff_id="cpdhub_staff",
        ),
    ]
