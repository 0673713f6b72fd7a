"""Questionnaires about sharing what is learned, and about whether it will last."""

from importlib import import_module

from django.db import migrations

load = import_module("audits.migrations.0003_shipped").load


class Migration(migrations.Migration):
    dependencies = [("audits", "0006_changes")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
