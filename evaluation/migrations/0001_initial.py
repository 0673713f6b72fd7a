"""Reflections: models, constraints and indexes."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from cpdhub.migrating import Together


class Migration(migrations.Migration):

    initial = True

    # What a database made before the first release has applied in its place.
    replaces = [
        ('evaluation', '0003_drafts_of_reflections'),
        ('evaluation', '0004_shared_with_a_coach'),
    ]

    dependencies = [
        ('activities', '0001_initial'),
        ('cpdhub', '0001_initial'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Reflection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('title', models.CharField(blank=True, max_length=200, verbose_name='what it is about')),
                    ('will_try', models.TextField(blank=True, max_length=10000, verbose_name='what will you try, and with whom?')),
                    ('learned', models.TextField(blank=True, max_length=10000, verbose_name='what did you learn?')),
                    ('seen_in_pupils', models.TextField(blank=True, max_length=10000, verbose_name='what did you see in pupils?')),
                    ('audience', models.CharField(choices=[('only_me', 'Only me'), ('line_manager', 'My line manager'), ('coach', 'My coach'), ('cpd_leader', 'CPD leader'), ('everyone', 'Everyone here')], default='only_me', max_length=12)),
                    ('shared_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('written_on', models.DateField()),
                    ('saved_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('draft', models.JSONField(blank=True, default=dict, editable=False)),
                    ('draft_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reflections', to='activities.activity')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reflections', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'ordering': ['-written_on', '-pk'],
                    'indexes': [models.Index(fields=['school', 'owner'], name='reflection_by_owner')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('activity__isnull', False)), fields=('owner', 'activity'), name='one_reflection_per_activity'), models.CheckConstraint(condition=models.Q(models.Q(('audience', 'only_me'), ('shared_at', None)), models.Q(models.Q(('audience', 'only_me'), _negated=True), ('shared_at__isnull', False)), _connector='OR'), name='shared_has_a_moment'), models.CheckConstraint(condition=models.Q(('audience', 'only_me'), ('saved_at__isnull', False), _connector='OR'), name='only_what_was_saved_is_shared'), models.CheckConstraint(condition=models.Q(('saved_at__isnull', False), ('draft_at__isnull', False), _connector='OR'), name='reflection_is_saved_or_a_draft')],
                },
            ),
            migrations.CreateModel(
                name='ReflectionReader',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reflection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='evaluation.reflection')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('reflection', 'staff'), name='one_reader_once')],
                },
            ),
            migrations.CreateModel(
                name='ReflectionOpening',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('first_at', models.DateTimeField()),
                    ('reflection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='evaluation.reflection')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('reflection', 'staff'), name='one_opening_a_reader')],
                },
            ),
        ]),
    ]
