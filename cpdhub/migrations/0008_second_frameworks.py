"""The second frameworks shipped, and the kinds they are of: what makes good CPD, roles, subjects."""

from django.db import migrations, models

from cpdhub import frameworks


def load(apps, schema_editor):
    frameworks.load(
        frameworks.SECOND,
        framework_model=apps.get_model("cpdhub", "Framework"),
        item_model=apps.get_model("cpdhub", "FrameworkItem"),
    )


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0007_staff_revision")]

    operations = [
        # Choices live in Python alone: the table does not change.
        migrations.AlterField(
            model_name="framework",
            name="kind",
            field=models.CharField(
                choices=[
                    ("inspection", "Evaluation areas"),
                    ("menu", "Types of activity"),
                    ("quality", "What makes good CPD"),
                    ("role", "Standards for a role"),
                    ("subject", "Subjects"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
