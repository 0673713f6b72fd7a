"""The frameworks shipped first: inspection areas of 2019 and 2025, and the menu of activities."""

from django.db import migrations

from cpdhub import frameworks


def load(apps, schema_editor):
    frameworks.load(
        ["inspection-2019", "inspection-2025", "cpd-menu"],
        framework_model=apps.get_model("cpdhub", "Framework"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


def unload(apps, schema_editor):
    apps.get_model("cpdhub", "Framework").objects.filter(school=None).delete()


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0002_walls")]

    operations = [migrations.RunPython(load, unload)]
