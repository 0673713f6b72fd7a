"""The CPD policy; areas of the self-evaluation by many hands, from reports, weighed; sub-plans."""

import cpdhub.clock
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0008_needs_rule'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='AreaComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=1000, verbose_name='comment')),
                ('written_at', models.DateTimeField(default=cpdhub.clock.now, editable=False)),
            ],
            options={
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'ordering': ['staff__sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContributorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(editable=False)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', editable=False, max_length=10)),
                ('vision', models.TextField(blank=True, max_length=600, verbose_name='our vision')),
                ('definition', models.TextField(blank=True, max_length=2000, verbose_name='what we mean by CPD')),
                ('roles', models.TextField(blank=True, max_length=4000, verbose_name='who does what')),
                ('decisions', models.TextField(blank=True, max_length=4000, verbose_name='how we decide')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='to be reviewed by')),
                ('published_on', models.DateField(blank=True, editable=False, null=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'verbose_name': 'CPD policy',
                'verbose_name_plural': 'CPD policies',
                'ordering': ['-version'],
            },
        ),
        migrations.CreateModel(
            name='PolicyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveSmallIntegerField(editable=False)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', editable=False, max_length=10)),
                ('vision', models.TextField(blank=True, max_length=600, verbose_name='our vision')),
                ('definition', models.TextField(blank=True, max_length=2000, verbose_name='what we mean by CPD')),
                ('roles', models.TextField(blank=True, max_length=4000, verbose_name='who does what')),
                ('decisions', models.TextField(blank=True, max_length=4000, verbose_name='how we decide')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='to be reviewed by')),
                ('published_on', models.DateField(blank=True, editable=False, null=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PolicyObjective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='objective')),
                ('known_by', models.CharField(blank=True, max_length=300, verbose_name='how we will know')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PolicyObjectiveEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.CharField(max_length=300, verbose_name='objective')),
                ('known_by', models.CharField(blank=True, max_length=300, verbose_name='how we will know')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PolicyReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_on', models.DateField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SubPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('subject', 'Subject'), ('phase', 'Phase or year group'), ('digital', 'Digital'), ('other', 'Other')], max_length=8)),
            ],
            options={
                'verbose_name': 'sub-plan',
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SubPlanEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('subject', 'Subject'), ('phase', 'Phase or year group'), ('digital', 'Digital'), ('other', 'Other')], max_length=8)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='areaforimprovement',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='areaforimprovement',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='areaforimprovement',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='judgement',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='judgement',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='judgement',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='priority',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='priority',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='priority',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='areaforimprovement',
            name='effort',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 little'), (2, '2 some'), (3, '3 much')], null=True),
        ),
        migrations.AddField(
            model_name='areaforimprovement',
            name='impact',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 small'), (2, '2 fair'), (3, '3 large')], null=True),
        ),
        migrations.AddField(
            model_name='areaforimprovement',
            name='source',
            field=models.CharField(choices=[('self_evaluation', 'Self-evaluation'), ('inspection', 'Inspection'), ('data', 'Pupil data'), ('staff', 'Staff'), ('pupils', 'Pupils or parents'), ('policy', 'Policy or trust')], default='self_evaluation', max_length=20, verbose_name='where it comes from'),
        ),
        migrations.AddField(
            model_name='areaforimprovement',
            name='urgency',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 can wait'), (2, '2 this year'), (3, '3 now')], null=True),
        ),
        migrations.AddField(
            model_name='areaforimprovementevent',
            name='effort',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 little'), (2, '2 some'), (3, '3 much')], null=True),
        ),
        migrations.AddField(
            model_name='areaforimprovementevent',
            name='impact',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 small'), (2, '2 fair'), (3, '3 large')], null=True),
        ),
        migrations.AddField(
            model_name='areaforimprovementevent',
            name='source',
            field=models.CharField(choices=[('self_evaluation', 'Self-evaluation'), ('inspection', 'Inspection'), ('data', 'Pupil data'), ('staff', 'Staff'), ('pupils', 'Pupils or parents'), ('policy', 'Policy or trust')], default='self_evaluation', max_length=20, verbose_name='where it comes from'),
        ),
        migrations.AddField(
            model_name='areaforimprovementevent',
            name='urgency',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 can wait'), (2, '2 this year'), (3, '3 now')], null=True),
        ),
        migrations.AddField(
            model_name='judgement',
            name='internal_note',
            field=models.TextField(blank=True, verbose_name='note among those who write it'),
        ),
        migrations.AddField(
            model_name='judgementevent',
            name='internal_note',
            field=models.TextField(blank=True, verbose_name='note among those who write it'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='areaforimprovement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_areaforimprovementevent" ("effort", "id", "impact", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "source", "text", "urgency") SELECT new_values."effort", new_values."id", new_values."impact", new_values."judgement_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."school_id", new_values."source", new_values."text", new_values."urgency" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='619c000036b0c18e9513c8c4c4bdb03b2d404868', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_89ea5', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_areaforimprovement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='areaforimprovement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_areaforimprovementevent" ("effort", "id", "impact", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "source", "text", "urgency") SELECT new_values."effort", new_values."id", new_values."impact", new_values."judgement_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."school_id", new_values."source", new_values."text", new_values."urgency" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a9a19b5d63627e9331e18eb8c0f072cc3983dc5f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5dd8a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_areaforimprovement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='areaforimprovement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_areaforimprovementevent" ("effort", "id", "impact", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "source", "text", "urgency") SELECT old_values."effort", old_values."id", old_values."impact", old_values."judgement_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."school_id", old_values."source", old_values."text", old_values."urgency" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9d42993d49c389e84435da8b299466ec8c63b694', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0c69a', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_areaforimprovement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='judgement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_judgementevent" ("applies", "grade", "id", "internal_note", "item_id", "next_review_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed_by_id", "reviewed_on", "revision", "school_id", "statement", "strengths") SELECT new_values."applies", new_values."grade", new_values."id", new_values."internal_note", new_values."item_id", new_values."next_review_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reviewed_by_id", new_values."reviewed_on", new_values."revision", new_values."school_id", new_values."statement", new_values."strengths" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='865f77451dd358737548304a3ece0c2dc9871ef3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_8d190', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_judgement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='judgement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_judgementevent" ("applies", "grade", "id", "internal_note", "item_id", "next_review_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed_by_id", "reviewed_on", "revision", "school_id", "statement", "strengths") SELECT new_values."applies", new_values."grade", new_values."id", new_values."internal_note", new_values."item_id", new_values."next_review_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reviewed_by_id", new_values."reviewed_on", new_values."revision", new_values."school_id", new_values."statement", new_values."strengths" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d53b0ea4227e01b3ef13b46021e59b0022de81aa', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_1a399', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_judgement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='judgement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_judgementevent" ("applies", "grade", "id", "internal_note", "item_id", "next_review_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed_by_id", "reviewed_on", "revision", "school_id", "statement", "strengths") SELECT old_values."applies", old_values."grade", old_values."id", old_values."internal_note", old_values."item_id", old_values."next_review_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reviewed_by_id", old_values."reviewed_on", old_values."revision", old_values."school_id", old_values."statement", old_values."strengths" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6af3cec275715ad30b30be1e4ce24a941d94c372', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_06538', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_judgement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priority',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_priorityevent" ("area_id", "carried_from_id", "ends_on", "governor_id", "id", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "pupils", "rag", "rag_note", "rank", "revision", "school_id", "source", "starts_on", "state", "sub_plan_id", "title", "why") SELECT new_values."area_id", new_values."carried_from_id", new_values."ends_on", new_values."governor_id", new_values."id", new_values."lead_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id", new_values."pupils", new_values."rag", new_values."rag_note", new_values."rank", new_values."revision", new_values."school_id", new_values."source", new_values."starts_on", new_values."state", new_values."sub_plan_id", new_values."title", new_values."why" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='358957b6d9da02165b565feb2144674d57e6d9a5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_77f53', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_priority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priority',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_priorityevent" ("area_id", "carried_from_id", "ends_on", "governor_id", "id", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "pupils", "rag", "rag_note", "rank", "revision", "school_id", "source", "starts_on", "state", "sub_plan_id", "title", "why") SELECT new_values."area_id", new_values."carried_from_id", new_values."ends_on", new_values."governor_id", new_values."id", new_values."lead_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id", new_values."pupils", new_values."rag", new_values."rag_note", new_values."rank", new_values."revision", new_values."school_id", new_values."source", new_values."starts_on", new_values."state", new_values."sub_plan_id", new_values."title", new_values."why" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1fa299b0618687cf5203b0de0024cfa05e351df0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_565a7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_priority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priority',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_priorityevent" ("area_id", "carried_from_id", "ends_on", "governor_id", "id", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "pupils", "rag", "rag_note", "rank", "revision", "school_id", "source", "starts_on", "state", "sub_plan_id", "title", "why") SELECT old_values."area_id", old_values."carried_from_id", old_values."ends_on", old_values."governor_id", old_values."id", old_values."lead_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."plan_id", old_values."pupils", old_values."rag", old_values."rag_note", old_values."rank", old_values."revision", old_values."school_id", old_values."source", old_values."starts_on", old_values."state", old_values."sub_plan_id", old_values."title", old_values."why" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='972c17888ef7d56b987d520ff3ee408279c575cc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5a60a', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_priority', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='areaforimprovement',
            constraint=models.CheckConstraint(condition=models.Q(('impact__isnull', True), ('impact__range', (1, 3)), _connector='OR'), name='impact_is_one_to_three'),
        ),
        migrations.AddConstraint(
            model_name='areaforimprovement',
            constraint=models.CheckConstraint(condition=models.Q(('urgency__isnull', True), ('urgency__range', (1, 3)), _connector='OR'), name='urgency_is_one_to_three'),
        ),
        migrations.AddConstraint(
            model_name='areaforimprovement',
            constraint=models.CheckConstraint(condition=models.Q(('effort__isnull', True), ('effort__range', (1, 3)), _connector='OR'), name='effort_is_one_to_three'),
        ),
        migrations.AddField(
            model_name='areacomment',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='areacomment',
            name='judgement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='cpdhub.judgement'),
        ),
        migrations.AddField(
            model_name='areacomment',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='contributor',
            name='judgement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='cpdhub.judgement'),
        ),
        migrations.AddField(
            model_name='contributor',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='contributor',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='contributorevent',
            name='judgement',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.judgement'),
        ),
        migrations.AddField(
            model_name='contributorevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='contributorevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cpdhub.contributor'),
        ),
        migrations.AddField(
            model_name='contributorevent',
            name='school',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='contributorevent',
            name='staff',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='policy',
            name='published_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='policy',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='policyevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='policyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cpdhub.policy'),
        ),
        migrations.AddField(
            model_name='policyevent',
            name='published_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='policyevent',
            name='school',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='policyobjective',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objectives', to='cpdhub.policy'),
        ),
        migrations.AddField(
            model_name='policyobjective',
            name='priority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='policy_objectives', to='cpdhub.priority', verbose_name='priority that works on it'),
        ),
        migrations.AddField(
            model_name='policyobjective',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='policyobjectiveevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='policyobjectiveevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cpdhub.policyobjective'),
        ),
        migrations.AddField(
            model_name='policyobjectiveevent',
            name='policy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.policy'),
        ),
        migrations.AddField(
            model_name='policyobjectiveevent',
            name='priority',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.priority', verbose_name='priority that works on it'),
        ),
        migrations.AddField(
            model_name='policyobjectiveevent',
            name='school',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='policyreader',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='cpdhub.policy'),
        ),
        migrations.AddField(
            model_name='policyreader',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='policyreader',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='subplan',
            name='lead',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='subplan',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sub_plans', to='cpdhub.plan'),
        ),
        migrations.AddField(
            model_name='subplan',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school'),
        ),
        migrations.AddField(
            model_name='priority',
            name='sub_plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='priorities', to='cpdhub.subplan', verbose_name='sub-plan'),
        ),
        migrations.AddField(
            model_name='priorityevent',
            name='sub_plan',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.subplan', verbose_name='sub-plan'),
        ),
        migrations.AddField(
            model_name='subplanevent',
            name='lead',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff'),
        ),
        migrations.AddField(
            model_name='subplanevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='subplanevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cpdhub.subplan'),
        ),
        migrations.AddField(
            model_name='subplanevent',
            name='plan',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.plan'),
        ),
        migrations.AddField(
            model_name='subplanevent',
            name='school',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school'),
        ),
        migrations.AddConstraint(
            model_name='contributor',
            constraint=models.UniqueConstraint(fields=('judgement', 'staff'), name='contributor_named_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contributor',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_contributorevent" ("id", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "staff_id") SELECT new_values."id", new_values."judgement_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."school_id", new_values."staff_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ee803b9b1329150c56c09730a4c51c2035a4cfc6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d7d75', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_contributor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contributor',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_contributorevent" ("id", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "staff_id") SELECT new_values."id", new_values."judgement_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."school_id", new_values."staff_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='980bc53d480e7fb0152f538846ee4554677c044f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_87195', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_contributor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contributor',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_contributorevent" ("id", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "staff_id") SELECT old_values."id", old_values."judgement_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."school_id", old_values."staff_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='7e009fe9a8e174c1c9b34b4ed6cfc52b52139d2d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b929e', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_contributor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contributorevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='78e3a5cbaa6bfed20d39d56fdd2a476aaea2313e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f881c', table='cpdhub_contributorevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(fields=('school', 'version'), name='one_policy_a_version'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('school',), name='one_policy_draft'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_on', None), ('state', 'draft')), models.Q(('published_on__isnull', False), ('review_on__isnull', False), ('state', 'published'), models.Q(('vision', ''), _negated=True), models.Q(('definition', ''), _negated=True)), _connector='OR'), name='published_policy_is_complete'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policy',
            trigger=pgtrigger.compiler.Trigger(name='published_stays_as_it_is', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="RAISE EXCEPTION 'a published policy is frozen: begin its next version' USING ERRCODE = 'check_violation';", hash='b29f3e479e5d9f18f4f937eaeb1fc31c42f55301', operation='DELETE OR UPDATE OF "version", "state", "vision", "definition", "roles", "decisions", "review_on", "published_on", "school_id"', pgid='pgtrigger_published_stays_as_it_is_4f3dd', table='cpdhub_policy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_policyevent" ("decisions", "definition", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_by_id", "published_on", "review_on", "revision", "roles", "school_id", "state", "version", "vision") SELECT new_values."decisions", new_values."definition", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."published_by_id", new_values."published_on", new_values."review_on", new_values."revision", new_values."roles", new_values."school_id", new_values."state", new_values."version", new_values."vision" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0d2b942fe0a05e6727f6e428e158ebdad66e1037', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c3a49', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_policy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_policyevent" ("decisions", "definition", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_by_id", "published_on", "review_on", "revision", "roles", "school_id", "state", "version", "vision") SELECT new_values."decisions", new_values."definition", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."published_by_id", new_values."published_on", new_values."review_on", new_values."revision", new_values."roles", new_values."school_id", new_values."state", new_values."version", new_values."vision" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bdf78306e733034e1f39a9898543a39a64d9a0b5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6253f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_policy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_policyevent" ("decisions", "definition", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_by_id", "published_on", "review_on", "revision", "roles", "school_id", "state", "version", "vision") SELECT old_values."decisions", old_values."definition", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."published_by_id", old_values."published_on", old_values."review_on", old_values."revision", old_values."roles", old_values."school_id", old_values."state", old_values."version", old_values."vision" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e41e2e9e8a73c0e397811c8b35e81d57d26b37a2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d954e', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_policy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='04ac3b1dfe2be20ed70ed0257a1c6efd205b43cd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d9958', table='cpdhub_policyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyobjective',
            trigger=pgtrigger.compiler.Trigger(name='frozen_when_published', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT 1 FROM cpdhub_policy p WHERE p.state = 'published'\n                        AND (TG_OP <> 'INSERT' AND p.id = OLD.policy_id\n                          OR TG_OP <> 'DELETE' AND p.id = NEW.policy_id)\n                    ) THEN RAISE EXCEPTION 'a published policy is frozen: begin its next version' USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ", hash='31bee5f39a09f6b55d5ffbcc1fe35e90e9260e13', operation='INSERT OR DELETE OR UPDATE OF "policy_id", "text", "known_by"', pgid='pgtrigger_frozen_when_published_568e5', table='cpdhub_policyobjective', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyobjective',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_policyobjectiveevent" ("id", "known_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "priority_id", "school_id", "text") SELECT new_values."id", new_values."known_by", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."policy_id", new_values."priority_id", new_values."school_id", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='195b873225a2eb6e91aaa3fb4d4fce142475edef', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4f1cf', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_policyobjective', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyobjective',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_policyobjectiveevent" ("id", "known_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "priority_id", "school_id", "text") SELECT new_values."id", new_values."known_by", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."policy_id", new_values."priority_id", new_values."school_id", new_values."text" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d31d9a701dc101b3e0a25d47ca00bc6df4e7677e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3b92b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_policyobjective', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyobjective',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_policyobjectiveevent" ("id", "known_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "priority_id", "school_id", "text") SELECT old_values."id", old_values."known_by", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."priority_id", old_values."school_id", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6dfa3d17132e361306ee464df2f804df2997b9ae', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_93689', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_policyobjective', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyobjectiveevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='910e8a91fd68a5b3b45a402182405dc2e42ba512', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9c5a6', table='cpdhub_policyobjectiveevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='policyreader',
            constraint=models.UniqueConstraint(fields=('policy', 'staff'), name='policy_is_read_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyreader',
            trigger=pgtrigger.compiler.Trigger(name='only_what_is_published', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM cpdhub_policy p\n                        WHERE p.id = NEW.policy_id AND p.state = 'published'\n                    ) THEN RAISE EXCEPTION 'only a published policy is read' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='5588760e16762eb164f0baa76c6b279311dd169e', operation='INSERT OR UPDATE', pgid='pgtrigger_only_what_is_published_e8ebd', table='cpdhub_policyreader', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='subplan',
            constraint=models.UniqueConstraint(fields=('plan', 'title'), name='one_sub_plan_of_a_title'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subplan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_subplanevent" ("id", "kind", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "school_id", "title") SELECT new_values."id", new_values."kind", new_values."lead_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id", new_values."school_id", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bc4ab8a39a0ce18e00657973be5617fadc788770', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f613a', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_subplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subplan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_subplanevent" ("id", "kind", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "school_id", "title") SELECT new_values."id", new_values."kind", new_values."lead_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id", new_values."school_id", new_values."title" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9b4f907cabaa86404049625c417f0e6b3f72b66b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_527b1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_subplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subplan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_subplanevent" ("id", "kind", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "school_id", "title") SELECT old_values."id", old_values."kind", old_values."lead_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."plan_id", old_values."school_id", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8e5f97e3f2f83b76f2bd287e4881d79a7e8d8187', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_64ff2', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_subplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subplanevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='16ca5a609d55dd183173bfa49a9b069e9354fd98', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_48ada', table='cpdhub_subplanevent', when='BEFORE')),
        ),
        wall(
            "cpdhub_policy", "cpdhub_policyevent", "cpdhub_policyobjective",
            "cpdhub_policyobjectiveevent", "cpdhub_policyreader",
        ),
        may_be_pointed_at("cpdhub_policy"),
        same_school("cpdhub_policy", published_by_id="cpdhub_staff"),
        same_school(
            "cpdhub_policyobjective", policy_id="cpdhub_policy", priority_id="cpdhub_priority"
        ),
        same_school("cpdhub_policyreader", policy_id="cpdhub_policy", staff_id="cpdhub_staff"),
        wall("cpdhub_contributor", "cpdhub_contributorevent", "cpdhub_areacomment"),
        same_school(
            "cpdhub_contributor", judgement_id="cpdhub_judgement", staff_id="cpdhub_staff"
        ),
        same_school("cpdhub_areacomment", judgement_id="cpdhub_judgement", by_id="cpdhub_staff"),
        wall("cpdhub_subplan", "cpdhub_subplanevent"),
        may_be_pointed_at("cpdhub_subplan"),
        same_school("cpdhub_subplan", plan_id="cpdhub_plan", lead_id="cpdhub_staff"),
        same_school("cpdhub_priority", sub_plan_id="cpdhub_subplan"),
        # A priority is in a sub-plan of its own plan.
        migrations.RunSQL(
            [
                "ALTER TABLE cpdhub_subplan ADD CONSTRAINT cpdhub_subplan_in_plan"
                " UNIQUE (plan_id, id)",
                "ALTER TABLE cpdhub_priority ADD CONSTRAINT sub_plan_of_the_same_plan"
                " FOREIGN KEY (plan_id, sub_plan_id) REFERENCES cpdhub_subplan (plan_id, id)"
                " DEFERRABLE INITIALLY DEFERRED",
            ],
            [
                "ALTER TABLE cpdhub_priority DROP CONSTRAINT sub_plan_of_the_same_plan",
                "ALTER TABLE cpdhub_subplan DROP CONSTRAINT cpdhub_subplan_in_plan",
            ],
        ),
    ]
