"""More questionnaires CPD Hub ships with, their questions hung on shipped frameworks."""

from django.db import migrations

from audits import library


def load(apps, schema_editor):
    library.load(
        library.SECOND,
        instrument_model=apps.get_model("audits", "Instrument"),
        section_model=apps.get_model("audits", "Section"),
        question_model=apps.get_model("audits", "Question"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0009_walls_of_needs"),
        ("cpdhub", "0011_second_frameworks"),
    ]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
