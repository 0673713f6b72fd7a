"""The second frameworks shipped: what makes good CPD, standards for a role, subjects."""

from django.db import migrations

from cpdhub import frameworks


def load(apps, schema_editor):
    frameworks.load(
        frameworks.SECOND,
        framework_model=apps.get_model("cpdhub", "Framework"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )
    frameworks.say_what_follows(item_model=apps.get_model("cpdhub", "FrameworkItem"))


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0010_framework_kinds")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
