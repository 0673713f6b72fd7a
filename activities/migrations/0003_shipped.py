"""The forms of activity and the entitlements CPD Hub ships with."""

from django.db import migrations

from activities import library, promises


def load(apps, schema_editor):
    library.load(
        form_model=apps.get_model("activities", "ActivityForm"),
        session_model=apps.get_model("activities", "FormSession"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )
    promises.load(
        entitlement_model=apps.get_model("activities", "Entitlement"),
        step_model=apps.get_model("activities", "EntitlementStep"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    # What a database made before the first release has applied in its place.
    replaces = [
        ("activities", "0011_first_forms"),
        ("activities", "0015_first_entitlements"),
    ]

    dependencies = [("activities", "0002_walls"), ("cpdhub", "0003_shipped")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
