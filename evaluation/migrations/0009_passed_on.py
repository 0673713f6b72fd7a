"""What is passed on; certificates colleagues may see; observations in portfolios."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0006_costs_of_requests'),
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0008_pupils_voice'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='portfolioitem',
            name='portfolio_item_is_one_thing',
        ),
        Together(
            operations=[
                migrations.CreateModel(
                    name='SharingPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(max_length=200, verbose_name='what will you pass on?')),
                        ('whom', models.CharField(max_length=120, verbose_name='to whom?')),
                        ('how', models.CharField(choices=[('show', 'Come and watch, or I show you'), ('talk', 'Talk with one or two'), ('note', 'A note or something to use'), ('meeting', 'Part of a meeting'), ('session', 'A session of its own')], default='show', max_length=7, verbose_name='how?')),
                        ('due_on', models.DateField(verbose_name='by when?')),
                        ('done_on', models.DateField(blank=True, null=True, verbose_name='when was it?')),
                        ('became', models.CharField(blank=True, max_length=300, verbose_name='what came of it?')),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sharing', to='activities.activity')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff', verbose_name='who')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['due_on', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('became', ''), ('done_on__isnull', False), _connector='OR'), name='it_came_of_what_was_done')],
                    },
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='certificate',
                    name='insert_insert',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='certificate',
                    name='update_update',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='certificate',
                    name='delete_delete',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='portfolioitem',
                    name='only_ones_own_words',
                ),
                migrations.AddField(
                    model_name='certificate',
                    name='shown_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='colleagues may see it'),
                ),
                migrations.AddField(
                    model_name='certificateevent',
                    name='shown_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='colleagues may see it'),
                ),
                migrations.AddField(
                    model_name='portfolioitem',
                    name='observation',
                    field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evaluation.observation'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='certificate',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_certificateevent" ("activity_id", "code", "id", "is_recognition", "issued_on", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "school_name", "shown_at", "submission_id", "text", "title", "uuid", "withdrawn_at", "withdrawn_because") SELECT new_values."activity_id", new_values."code", new_values."id", new_values."is_recognition", new_values."issued_on", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."school_id", new_values."school_name", new_values."shown_at", new_values."submission_id", new_values."text", new_values."title", new_values."uuid", new_values."withdrawn_at", new_values."withdrawn_because" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='75c29362309384d66c4bd8709f1bcb5c702336fd', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_db597', referencing='REFERENCING NEW TABLE AS new_values ', table='evaluation_certificate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='certificate',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_certificateevent" ("activity_id", "code", "id", "is_recognition", "issued_on", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "school_name", "shown_at", "submission_id", "text", "title", "uuid", "withdrawn_at", "withdrawn_because") SELECT new_values."activity_id", new_values."code", new_values."id", new_values."is_recognition", new_values."issued_on", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."school_id", new_values."school_name", new_values."shown_at", new_values."submission_id", new_values."text", new_values."title", new_values."uuid", new_values."withdrawn_at", new_values."withdrawn_because" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a0d4c1ba9f66362c065e56f6982e7383836c2629', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_57701', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='evaluation_certificate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='certificate',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_certificateevent" ("activity_id", "code", "id", "is_recognition", "issued_on", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "school_name", "shown_at", "submission_id", "text", "title", "uuid", "withdrawn_at", "withdrawn_because") SELECT old_values."activity_id", old_values."code", old_values."id", old_values."is_recognition", old_values."issued_on", old_values."name", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."school_id", old_values."school_name", old_values."shown_at", old_values."submission_id", old_values."text", old_values."title", old_values."uuid", old_values."withdrawn_at", old_values."withdrawn_because" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9bf096aa4a682587c42b239e4a54efa7d2cfe75b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_121bb', referencing='REFERENCING OLD TABLE AS old_values ', table='evaluation_certificate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='portfolioitem',
                    trigger=pgtrigger.compiler.Trigger(name='only_ones_own_words', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."reflection_id" IS NOT NULL OR NEW."observation_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM evaluation_portfolio p\n                        LEFT JOIN evaluation_reflection r ON r.id = NEW.reflection_id\n                        LEFT JOIN evaluation_observation o ON o.id = NEW.observation_id\n                        WHERE p.id = NEW.portfolio_id\n                        AND p.owner_id IN (r.owner_id, o.owner_id)\n                    ) THEN RAISE EXCEPTION 'a portfolio holds only what its owner wrote'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='222bcda796c4004983328b045d6311c217e50557', operation='INSERT OR UPDATE', pgid='pgtrigger_only_ones_own_words_970be', table='evaluation_portfolioitem', when='BEFORE')),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='portfolioitem',
            name='kind',
            field=models.CharField(choices=[('activity', 'Learning'), ('reflection', 'Reflection'), ('observation', 'Observation'), ('evidence', 'Evidence'), ('role', 'Role'), ('help', 'Help given'), ('entitlement', 'Entitlement received'), ('recognition', 'Recognition'), ('imported', 'From an earlier school'), ('words', 'Own words')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='portfolioitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('activity__isnull', False), ('kind', 'activity'), ('observation', None), ('reflection', None)), models.Q(('activity', None), ('kind', 'reflection'), ('observation', None), ('reflection__isnull', False)), models.Q(('activity', None), ('kind', 'observation'), ('observation__isnull', False), ('reflection', None)), models.Q(models.Q(('kind__in', ['activity', 'reflection', 'observation']), _negated=True), ('activity', None), ('observation', None), ('reflection', None), models.Q(('title', ''), _negated=True)), _connector='OR'), name='portfolio_item_is_one_thing'),
        ),
        wall('evaluation_sharingplan'),
        same_school(
            'evaluation_sharingplan', activity_id='activities_activity', by_id='cpdhub_staff',
        ),
        same_school('evaluation_portfolioitem', observation_id='evaluation_observation'),
    ]
