"""What gets in the way of a plan, to be asked before it starts."""

from django.db import migrations

from cpdhub import frameworks


def load(apps, schema_editor):
    frameworks.load(
        frameworks.THIRD,
        framework_model=apps.get_model("cpdhub", "Framework"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0013_calendar_and_working_days")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
