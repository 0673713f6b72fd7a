"""Questionnaires about a change that comes in, and about technology."""

from importlib import import_module

from django.db import migrations

load = import_module("audits.migrations.0003_shipped").load


class Migration(migrations.Migration):
    dependencies = [("audits", "0005_pupils")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
