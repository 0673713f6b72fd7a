"""The second wall around questionnaires (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, shared_when_of_no_school, wall

TABLES = ["audits_instrument", "audits_section", "audits_question"]


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial"), ("cpdhub", "0002_walls")]

    operations = [
        wall(*TABLES),
        shared_when_of_no_school(*TABLES),
        may_be_pointed_at(*TABLES),
        # Of a school's own; rows of no school are held together by their plain keys.
        same_school("audits_section", instrument_id="audits_instrument"),
        same_school("audits_question", section_id="audits_section"),
    ]
