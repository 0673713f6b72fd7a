"""Figures of a term, frozen; and what schools prepare for needs they share."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from networks.walls import network_wall, wall_of_contributions, wall_of_publications


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('networks', '0002_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=60)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('published_on', models.DateField()),
                ('withdrawn_on', models.DateField(null=True)),
                ('figures', models.JSONField(null=True)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
            ],
            options={
                'ordering': ['-first_day'],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_name', models.BooleanField(default=False)),
                ('shown', models.JSONField(default=dict)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributions', to='networks.publication')),
            ],
            options={
                'ordering': ['school__name'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=400)),
                ('title', models.CharField(editable=False, max_length=300, verbose_name='the shared need')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='what we have in mind')),
                ('said_on', models.DateField()),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
            ],
            options={
                'ordering': ['-said_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('network', 'school', 'key'), name='proposed_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('network', 'first_day'), name='published_once_a_term'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('figures__isnull', False), ('withdrawn_on', None)), models.Q(('figures', None), ('withdrawn_on__isnull', False)), _connector='OR'), name='withdrawn_without_figures'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gt', models.F('first_day'))), name='published_of_a_stretch'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.UniqueConstraint(fields=('publication', 'school'), name='contributed_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contribution',
            trigger=pgtrigger.compiler.Trigger(name='taken_back_is_deleted_from_the_sums', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    UPDATE networks_publication SET figures = NULL, withdrawn_on = CURRENT_DATE\n                    WHERE id = OLD.publication_id AND withdrawn_on IS NULL;\n                    RETURN NULL;\n                ', hash='764fe67bf9cd63643d85bce2996bafa8cdfa11e7', operation='DELETE', pgid='pgtrigger_taken_back_is_deleted_from_the_sums_e2297', table='networks_contribution', when='AFTER')),
        ),
        wall_of_publications(),
        wall_of_contributions(),
        network_wall("networks_proposal"),
    ]
