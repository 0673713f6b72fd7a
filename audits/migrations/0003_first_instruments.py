"""The questionnaires CPD Hub ships with."""

from django.db import migrations

from audits import library


def load(apps, schema_editor):
    library.load(
        library.FIRST,
        instrument_model=apps.get_model("audits", "Instrument"),
        section_model=apps.get_model("audits", "Section"),
        question_model=apps.get_model("audits", "Question"),
    )


class Migration(migrations.Migration):
    dependencies = [("audits", "0002_walls")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
