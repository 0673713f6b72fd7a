"""Items say which items of earlier versions they take up; frameworks are of more kinds."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0009_policy_and_leadership")]

    operations = [
        migrations.AddField(
            model_name="frameworkitem",
            name="follows",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SlugField(db_index=False, max_length=60),
                blank=True,
                default=list,
                help_text="Codes of the items in earlier versions that it takes up, besides its own.",
                size=None,
            ),
        ),
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
    ]
