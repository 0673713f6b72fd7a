"""Where somebody is with something new, for themselves."""

import django.db.models.deletion
from django.db import migrations, models

from cpdhub.walls import same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0011_focus_agreed_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('not_using', 'Not using it'), ('finding_out', 'Finding out'), ('about_to_begin', 'About to begin'), ('first_steps', 'First steps'), ('settled', 'Settled'), ('refining', 'Refining'), ('together', 'Working with others'), ('renewing', 'Renewing')], max_length=14)),
                ('said_on', models.DateField()),
                ('innovation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evaluation.innovation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_uses', to='cpdhub.staff')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
            ],
            options={
                'ordering': ['-said_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'innovation', 'said_on'), name='own_use_once_a_day')],
            },
        ),
        wall("evaluation_ownuse"),
        same_school(
            "evaluation_ownuse",
            owner_id="cpdhub_staff", innovation_id="evaluation_innovation",
        ),
    ]
