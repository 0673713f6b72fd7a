"""How often a school means to observe one person in a year."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0004_prompts'),
    ]

    operations = [
        migrations.AddField(
            model_name='school',
            name='observations_a_year',
            field=models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='developmental observations of one person a year'),
        ),
    ]
