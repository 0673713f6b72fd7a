"""Meetings of a network, and what its schools let each other use."""

import cpdhub.clock
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from cpdhub.walls import same_school
from networks.walls import network_wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('networks', '0008_board'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(default='CPD leaders’ meeting', max_length=120)),
                ('held_on', models.DateField(verbose_name='on which day')),
                ('starts_at', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='or by this link')),
                ('agenda', models.TextField(max_length=3000, verbose_name='what is to be talked about')),
                ('notes', models.TextField(blank=True, max_length=5000, verbose_name='what was said and agreed')),
                ('present', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, editable=False, size=None)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
            ],
            options={
                'ordering': ['-held_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ActionPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='what is done')),
                ('who', models.CharField(blank=True, max_length=120, verbose_name='who does it')),
                ('by_when', models.DateField(blank=True, null=True, verbose_name='by when')),
                ('done_on', models.DateField(editable=False, null=True)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('meeting', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='networks.meeting')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('by_when'), nulls_last=True), 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('what_for', models.TextField(max_length=1000, verbose_name='what it is for, and how to use it')),
                ('stage', models.CharField(blank=True, choices=[('trainee', 'Trainee'), ('early', 'Early career'), ('main', 'Established'), ('experienced', 'Experienced'), ('leader', 'Leader')], max_length=11, verbose_name='for whom')),
                ('review_on', models.DateField(verbose_name='when we look whether it is still right')),
                ('made_by', models.CharField(blank=True, max_length=200, verbose_name='who made it')),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='networks.theme', verbose_name='for which theme')),
            ],
            options={
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ResourceVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what is new in it')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='link')),
                ('added_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                ('file', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpdhub.storedfile')),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('resource', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='networks.resource')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.UniqueConstraint(fields=('network', 'school', 'title'), name='one_resource_of_a_title'),
        ),
        migrations.AddConstraint(
            model_name='resourceversion',
            constraint=models.UniqueConstraint(fields=('resource', 'number'), name='each_version_once'),
        ),
        migrations.AddConstraint(
            model_name='resourceversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('url', ''), _negated=True), ('file__isnull', False), _connector='OR'), name='a_link_or_a_file'),
        ),
        network_wall(
            'networks_meeting', 'networks_actionpoint', 'networks_resource',
            'networks_resourceversion',
        ),
        same_school('networks_resourceversion', file_id='cpdhub_storedfile'),
    ]
