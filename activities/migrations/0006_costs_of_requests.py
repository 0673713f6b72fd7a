"""What an approval put aside is known as such, so that withdrawing takes away no other cost."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import same_school


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0005_notes_end'),
    ]

    operations = [
        Together([
            pgtrigger.migrations.RemoveTrigger(
                model_name='cost',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='cost',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='cost',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='cost',
                name='request',
                field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='costs', to='activities.request', verbose_name='put aside for the request'),
            ),
            migrations.AddField(
                model_name='costevent',
                name='request',
                field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='activities.request', verbose_name='put aside for the request'),
            ),
        ]),
        same_school("activities_cost", request_id="activities_request"),
        Together([
            pgtrigger.migrations.AddTrigger(
                model_name='cost',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "activities_costevent" ("activity_id", "actual", "budget_id", "cover_number", "cover_unit", "expected", "falls_on", "id", "invoice_number", "invoiced_on", "kind", "note", "paid_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id", "school_id", "staff_id") SELECT new_values."activity_id", new_values."actual", new_values."budget_id", new_values."cover_number", new_values."cover_unit", new_values."expected", new_values."falls_on", new_values."id", new_values."invoice_number", new_values."invoiced_on", new_values."kind", new_values."note", new_values."paid_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."request_id", new_values."school_id", new_values."staff_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ca3261594a86b89f701753b00acccc1ac6fe3fcb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4397f', referencing='REFERENCING NEW TABLE AS new_values ', table='activities_cost', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='cost',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "activities_costevent" ("activity_id", "actual", "budget_id", "cover_number", "cover_unit", "expected", "falls_on", "id", "invoice_number", "invoiced_on", "kind", "note", "paid_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id", "school_id", "staff_id") SELECT new_values."activity_id", new_values."actual", new_values."budget_id", new_values."cover_number", new_values."cover_unit", new_values."expected", new_values."falls_on", new_values."id", new_values."invoice_number", new_values."invoiced_on", new_values."kind", new_values."note", new_values."paid_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."request_id", new_values."school_id", new_values."staff_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c34f9cc1d3e3202aa702a95e9b2fc2b9c88f1a7f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_654fb', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='activities_cost', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='cost',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "activities_costevent" ("activity_id", "actual", "budget_id", "cover_number", "cover_unit", "expected", "falls_on", "id", "invoice_number", "invoiced_on", "kind", "note", "paid_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id", "school_id", "staff_id") SELECT old_values."activity_id", old_values."actual", old_values."budget_id", old_values."cover_number", old_values."cover_unit", old_values."expected", old_values."falls_on", old_values."id", old_values."invoice_number", old_values."invoiced_on", old_values."kind", old_values."note", old_values."paid_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."request_id", old_values."school_id", old_values."staff_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1a71380a8cf578288b21ad743488bb5b029d14f9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_07883', referencing='REFERENCING OLD TABLE AS old_values ', table='activities_cost', when='AFTER')),
            ),
        ]),
    ]
