"""Qualifications, statuses, accredited courses and awards of one person."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0006_costs_of_requests'),
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0014_bulletins'),
    ]

    operations = [
        Together([
            migrations.AlterField(
                model_name='portfolioitem',
                name='kind',
                field=models.CharField(choices=[('activity', 'Learning'), ('reflection', 'Reflection'), ('observation', 'Observation'), ('evidence', 'Evidence'), ('role', 'Role'), ('post', 'Post'), ('help', 'Help given'), ('entitlement', 'Entitlement received'), ('recognition', 'Recognition'), ('award', 'Qualification or award'), ('imported', 'From an earlier school'), ('words', 'Own words')], max_length=12),
            ),
            migrations.CreateModel(
                name='Qualification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('kind', models.CharField(choices=[('qualification', 'Qualification'), ('status', 'Professional status'), ('course', 'Accredited course'), ('award', 'Award')], default='qualification', max_length=13, verbose_name='what it is')),
                    ('title', models.CharField(max_length=200, verbose_name='its name')),
                    ('awarded_by', models.CharField(blank=True, max_length=120, verbose_name='awarded by')),
                    ('level', models.CharField(blank=True, max_length=60)),
                    ('credits', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('under_way', 'Working towards it'), ('applied', 'Applied or put forward'), ('held', 'Held'), ('not_yet', 'Not this time')], default='under_way', max_length=9, verbose_name='how far')),
                    ('begun_on', models.DateField(blank=True, null=True, verbose_name='begun, or applied')),
                    ('awarded_on', models.DateField(blank=True, null=True, verbose_name='awarded')),
                    ('put_forward_by', models.CharField(blank=True, max_length=120, verbose_name='put forward by')),
                    ('in_class', models.TextField(blank=True, max_length=2000, verbose_name='what it changes in your classroom')),
                    ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='activities.activity', verbose_name='from which activity')),
                    ('file', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpdhub.storedfile')),
                    ('owner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='qualifications', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('awarded_on', None), ('state', 'held'), _connector='OR'), name='awarded_is_held'), models.CheckConstraint(condition=models.Q(('awarded_on', None), ('begun_on', None), ('awarded_on__gte', models.F('begun_on')), _connector='OR'), name='awarded_after_it_began')],
                    'ordering': [models.F('awarded_on').desc(nulls_last=True), models.F('begun_on').desc(nulls_last=True), '-pk'],
                },
            ),
            migrations.CreateModel(
                name='QualificationStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked', models.CharField(max_length=200, verbose_name='what it asks for')),
                    ('shown_by', models.CharField(blank=True, max_length=300, verbose_name='where you show it')),
                    ('met_on', models.DateField(blank=True, null=True, verbose_name='met on')),
                    ('qualification', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='evaluation.qualification')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
        ]),
        wall("evaluation_qualification", "evaluation_qualificationstep"),
        may_be_pointed_at("evaluation_qualification"),
        same_school(
            "evaluation_qualification",
            owner_id="cpdhub_staff", activity_id="activities_activity", file_id="cpdhub_storedfile",
        ),
        same_school(
            "evaluation_qualificationstep", qualification_id="evaluation_qualification"
        ),
    ]
