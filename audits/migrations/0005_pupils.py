"""Questionnaires for pupils and for parents and carers."""

from django.db import migrations

from audits import library

NEW = ("pupils-younger", "pupils-older", "pupils-what-helps", "parents-view")


def load(apps, schema_editor):
    library.load(
        NEW,
        instrument_model=apps.get_model("audits", "Instrument"),
        section_model=apps.get_model("audits", "Section"),
        question_model=apps.get_model("audits", "Question"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_about_activities")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
