"""The forms of activity and the entitlements CPD Hub ships with."""

from django.db import migrations

from activities.shipped import load


class Migration(migrations.Migration):
    # What a database made before the first release has applied in its place.
    replaces = [
        ("activities", "0011_first_forms"),
        ("activities", "0015_first_entitlements"),
    ]

    dependencies = [("activities", "0002_walls"), ("cpdhub", "0003_shipped")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
