"""How many prompts one person gets in a half-term is for the school to say; readings may be
pointed at."""

import django.core.validators
from django.db import migrations, models

from cpdhub.walls import may_be_pointed_at


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0003_shipped")]

    operations = [
        migrations.AddField(
            model_name="school",
            name="most_prompts",
            field=models.PositiveSmallIntegerField(
                default=3,
                validators=[django.core.validators.MaxValueValidator(10)],
                verbose_name="prompts for one person in a half-term, at most",
            ),
        ),
        may_be_pointed_at("cpdhub_reading"),
    ]
