"""The staff bulletin; posts picked into portfolios."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from cpdhub.walls import same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0013_posts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('first', models.DateField(verbose_name='from')),
                ('last', models.DateField(verbose_name='to')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='a few words to begin with')),
                ('thanks', models.TextField(blank=True, max_length=2000, verbose_name='whom we thank, and for what')),
                ('posts', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('leaves_at', models.DateTimeField(editable=False, null=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
            ],
            options={
                'ordering': ['-last', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='bulletin_has_a_title'), models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='bulletin_ends_after_it_begins')],
            },
        ),
        migrations.AlterField(
            model_name='portfolioitem',
            name='kind',
            field=models.CharField(choices=[('activity', 'Learning'), ('reflection', 'Reflection'), ('observation', 'Observation'), ('evidence', 'Evidence'), ('role', 'Role'), ('post', 'Post'), ('help', 'Help given'), ('entitlement', 'Entitlement received'), ('recognition', 'Recognition'), ('imported', 'From an earlier school'), ('words', 'Own words')], max_length=12),
        ),
        wall("evaluation_bulletin"),
        same_school("evaluation_bulletin", by_id="cpdhub_staff"),
    ]
