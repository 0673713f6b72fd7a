"""Private notes have an end; forms and entitlements that came later ship with CPD Hub."""

import django.db.models.deletion
from django.db import migrations, models

from activities.shipped import load
from cpdhub.walls import same_school, wall


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_ideas"), ("cpdhub", "0003_shipped")]

    operations = [
        migrations.CreateModel(
            name="NotesEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("activity", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="notes_end", to="activities.activity")),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cpdhub.school")),
            ],
            options={
                "indexes": [models.Index(fields=["school", "on"], name="notes_end_by_day")],
            },
        ),
        wall("activities_notesend"),
        same_school("activities_notesend", activity_id="activities_activity"),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]  # fmt: skip
