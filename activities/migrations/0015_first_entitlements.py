"""The entitlements CPD Hub ships with."""

from django.db import migrations

from activities import promises


def load(apps, schema_editor):
    promises.load(
        entitlement_model=apps.get_model("activities", "Entitlement"),
        step_model=apps.get_model("activities", "EntitlementStep"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    dependencies = [("activities", "0014_entitlements")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
