"""What a job made stands beside what it reads; a reminder that cannot be written is put aside."""

import django.db.models.deletion
from django.db import migrations, models

from cpdhub.walls import same_school


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0004_plan_rules")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="result",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="+", to="cpdhub.storedfile", verbose_name="what it made",
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="file",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="+", to="cpdhub.storedfile", verbose_name="what it reads",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"), ("sent", "Sent"),
                    ("dropped", "Not needed any more"), ("failed", "Could not be written"),
                ],
                default="waiting", max_length=8,
            ),
        ),
        same_school("cpdhub_job", result_id="cpdhub_storedfile"),
    ]
