"""Accounts of practice, and the board: threads and what is answered to them."""

import cpdhub.clock
import django.db.models.deletion
from django.db import migrations, models

from cpdhub.walls import same_school
from networks.walls import network_wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('networks', '0007_reviews'),
    ]

    operations = [
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hidden_at', models.DateTimeField(editable=False, null=True)),
                ('hidden_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why')),
                ('reported_at', models.DateTimeField(editable=False, null=True)),
                ('reported_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='what is wrong')),
                ('written_by', models.CharField(blank=True, editable=False, max_length=330)),
                ('written_at', models.DateTimeField(default=cpdhub.clock.now, editable=False)),
                ('changed_at', models.DateTimeField(editable=False, null=True)),
                ('hidden_by', models.CharField(blank=True, editable=False, max_length=330)),
                ('reported_by', models.CharField(blank=True, editable=False, max_length=330)),
                ('kind', models.CharField(choices=[('talk', 'Something to talk about'), ('notice', 'Announcement'), ('bulletin', 'Bulletin')], default='talk', max_length=8, verbose_name='what it is')),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField(max_length=10000)),
                ('stage', models.CharField(blank=True, choices=[('trainee', 'Trainee'), ('early', 'Early career'), ('main', 'Established'), ('experienced', 'Experienced'), ('leader', 'Leader')], max_length=11, verbose_name='for whom')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day it is shown')),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('staff', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='networks.theme', verbose_name='for which theme')),
            ],
            options={
                'ordering': ['-written_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hidden_at', models.DateTimeField(editable=False, null=True)),
                ('hidden_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why')),
                ('reported_at', models.DateTimeField(editable=False, null=True)),
                ('reported_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='what is wrong')),
                ('written_by', models.CharField(blank=True, editable=False, max_length=330)),
                ('written_at', models.DateTimeField(default=cpdhub.clock.now, editable=False)),
                ('changed_at', models.DateTimeField(editable=False, null=True)),
                ('hidden_by', models.CharField(blank=True, editable=False, max_length=330)),
                ('reported_by', models.CharField(blank=True, editable=False, max_length=330)),
                ('text', models.TextField(max_length=2000, verbose_name='your answer')),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('staff', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ('thread', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='networks.thread')),
            ],
            options={
                'verbose_name_plural': 'replies',
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('wanted', models.TextField(max_length=2000, verbose_name='what we wanted for our pupils')),
                ('did', models.TextField(blank=True, max_length=4000, verbose_name='what we did')),
                ('changed', models.TextField(blank=True, max_length=4000, verbose_name='what changed, and how we know')),
                ('strength', models.CharField(blank=True, choices=[('', 'No evidence yet'), ('reported', 'People tell us so'), ('observed', 'Seen in our classrooms'), ('measured', 'Measured in our schools'), ('research', 'Research elsewhere')], default='', max_length=9, verbose_name='how sure we are')),
                ('went_well', models.TextField(blank=True, max_length=2000, verbose_name='what made it work')),
                ('went_less', models.TextField(blank=True, max_length=2000, verbose_name='what did not, and what we would change')),
                ('questions', models.TextField(blank=True, max_length=1000, verbose_name='questions to talk about')),
                ('written_by', models.CharField(editable=False, max_length=330)),
                ('is_agreed', models.BooleanField(default=False, verbose_name='Colleagues I name have agreed, and nobody can tell which pupils are meant')),
                ('shared_on', models.DateField(editable=False, null=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='networks.theme', verbose_name='for which theme')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('shared_on'), descending=True, nulls_first=True), '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('shared_on', None), models.Q(('is_agreed', True), models.Q(('did', ''), _negated=True), models.Q(('changed', ''), _negated=True), models.Q(('questions', ''), _negated=True)), _connector='OR'), name='what_is_shared_is_told_whole')],
            },
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_because', '')), models.Q(('hidden_at__isnull', False), models.Q(('hidden_because', ''), _negated=True)), _connector='OR'), name='thread_hidden_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('reported_because', '')), models.Q(('reported_at__isnull', False), models.Q(('reported_because', ''), _negated=True)), _connector='OR'), name='thread_reported_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('written_by', ''), _connector='OR'), name='thread_says_something'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('kind', 'notice'), _connector='OR'), name='announcements_end'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_because', '')), models.Q(('hidden_at__isnull', False), models.Q(('hidden_because', ''), _negated=True)), _connector='OR'), name='reply_hidden_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('reported_because', '')), models.Q(('reported_at__isnull', False), models.Q(('reported_because', ''), _negated=True)), _connector='OR'), name='reply_reported_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reply_says_something'),
        ),
        network_wall('networks_thread', 'networks_reply'),
        network_wall('networks_account', shown='shared_on IS NOT NULL'),
        same_school('networks_thread', staff_id='cpdhub_staff'),
        same_school('networks_reply', staff_id='cpdhub_staff'),
    ]
