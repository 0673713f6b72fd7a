"""The questionnaires CPD Hub ships with, their questions hung on shipped frameworks."""

from django.db import migrations

from audits import library


def load(apps, schema_editor):
    library.load(
        library.SHIPPED,
        instrument_model=apps.get_model("audits", "Instrument"),
        section_model=apps.get_model("audits", "Section"),
        question_model=apps.get_model("audits", "Question"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    # What a database made before the first release has applied in its place.
    replaces = [
        ("audits", "0003_first_instruments"),
        ("audits", "0010_second_instruments"),
    ]

    dependencies = [("audits", "0002_walls"), ("cpdhub", "0003_shipped")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
