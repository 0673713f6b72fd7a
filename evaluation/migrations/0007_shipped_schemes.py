"""The recognition schemes CPD Hub ships with."""

from django.db import migrations

from evaluation.schemes import load_shipped


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0006_recognition")]

    operations = [migrations.RunPython(load_shipped, migrations.RunPython.noop)]
