"""Two people editing one colleague: which state of the post a form was made from."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0006_staff_imports'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='staff',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='staff',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='staff',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='staff',
            name='revision',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='staffevent',
            name='revision',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staff',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_staffevent" ("career_stage", "email", "ends_on", "first_name", "fte", "group", "id", "invited_at", "job_title", "last_name", "line_manager_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "roles", "school_id", "staff_code", "starts_on", "team_id", "user_id", "wants_digest", "wants_digest_only") SELECT new_values."career_stage", new_values."email", new_values."ends_on", new_values."first_name", new_values."fte", new_values."group", new_values."id", new_values."invited_at", new_values."job_title", new_values."last_name", new_values."line_manager_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."roles", new_values."school_id", new_values."staff_code", new_values."starts_on", new_values."team_id", new_values."user_id", new_values."wants_digest", new_values."wants_digest_only" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2df4caf07720038844a4cc7a7e426446c245ff5d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_cd474', referencing='REFERENCING NEW TABLE AS new_values ', table='cpdhub_staff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staff',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_staffevent" ("career_stage", "email", "ends_on", "first_name", "fte", "group", "id", "invited_at", "job_title", "last_name", "line_manager_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "roles", "school_id", "staff_code", "starts_on", "team_id", "user_id", "wants_digest", "wants_digest_only") SELECT new_values."career_stage", new_values."email", new_values."ends_on", new_values."first_name", new_values."fte", new_values."group", new_values."id", new_values."invited_at", new_values."job_title", new_values."last_name", new_values."line_manager_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."roles", new_values."school_id", new_values."staff_code", new_values."starts_on", new_values."team_id", new_values."user_id", new_values."wants_digest", new_values."wants_digest_only" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."career_stage" IS DISTINCT FROM (new_values."career_stage") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."ends_on" IS DISTINCT FROM (new_values."ends_on") OR old_values."first_name" IS DISTINCT FROM (new_values."first_name") OR old_values."fte" IS DISTINCT FROM (new_values."fte") OR old_values."group" IS DISTINCT FROM (new_values."group") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."invited_at" IS DISTINCT FROM (new_values."invited_at") OR old_values."job_title" IS DISTINCT FROM (new_values."job_title") OR old_values."last_name" IS DISTINCT FROM (new_values."last_name") OR old_values."line_manager_id" IS DISTINCT FROM (new_values."line_manager_id") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."roles" IS DISTINCT FROM (new_values."roles") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."staff_code" IS DISTINCT FROM (new_values."staff_code") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id") OR old_values."wants_digest" IS DISTINCT FROM (new_values."wants_digest") OR old_values."wants_digest_only" IS DISTINCT FROM (new_values."wants_digest_only")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='88e0f1624b7caf4df8d7c9bd1e967dbfc6b6349b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_30df7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cpdhub_staff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staff',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cpdhub_staffevent" ("career_stage", "email", "ends_on", "first_name", "fte", "group", "id", "invited_at", "job_title", "last_name", "line_manager_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "roles", "school_id", "staff_code", "starts_on", "team_id", "user_id", "wants_digest", "wants_digest_only") SELECT old_values."career_stage", old_values."email", old_values."ends_on", old_values."first_name", old_values."fte", old_values."group", old_values."id", old_values."invited_at", old_values."job_title", old_values."last_name", old_values."line_manager_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."roles", old_values."school_id", old_values."staff_code", old_values."starts_on", old_values."team_id", old_values."user_id", old_values."wants_digest", old_values."wants_digest_only" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='04ad3f4731f7fa33919df1dcf94d3c6bc1917575', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_75b5b', referencing='REFERENCING OLD TABLE AS old_values ', table='cpdhub_staff', when='AFTER')),
        ),
    ]
