"""The frameworks CPD Hub ships: inspection, the menu of activities, what makes good CPD, standards
for a role, subjects, and what gets in the way of a plan."""

from django.db import migrations

from cpdhub import frameworks


def load(apps, schema_editor):
    frameworks.load(
        frameworks.SHIPPED,
        framework_model=apps.get_model("cpdhub", "Framework"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )
    frameworks.say_what_follows(item_model=apps.get_model("cpdhub", "FrameworkItem"))


class Migration(migrations.Migration):
    # What a database made before the first release has applied in its place.
    replaces = [
        ("cpdhub", "0003_first_frameworks"),
        ("cpdhub", "0011_second_frameworks"),
        ("cpdhub", "0014_plan_risks"),
    ]

    dependencies = [("cpdhub", "0002_walls")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
