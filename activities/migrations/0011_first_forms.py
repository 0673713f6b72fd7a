"""The forms of activity CPD Hub ships with."""

from django.db import migrations

from activities import library


def load(apps, schema_editor):
    library.load(
        form_model=apps.get_model("activities", "ActivityForm"),
        session_model=apps.get_model("activities", "FormSession"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0010_forms_of_activity"),
        ("cpdhub", "0011_second_frameworks"),
    ]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
