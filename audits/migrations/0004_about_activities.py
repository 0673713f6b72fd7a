"""A questionnaire may be about one activity; three that are ship with CPD Hub."""

from importlib import import_module

from django.db import migrations, models

load = import_module("audits.migrations.0003_shipped").load


class Migration(migrations.Migration):
    dependencies = [("audits", "0003_shipped")]

    operations = [
        migrations.AddField(
            model_name="round",
            name="is_about_activity",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
