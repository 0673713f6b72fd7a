"""Recognition schemes, submissions, verifiers and certificates; with their second wall."""

import cpdhub.clock
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import may_be_pointed_at, same_school, shared_when_of_no_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0006_costs_of_requests'),
        ('cpdhub', '0003_shipped'),
        ('evaluation', '0005_portfolios'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Certificate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('code', models.CharField(editable=False, max_length=24, unique=True)),
                        ('name', models.CharField(max_length=220, verbose_name='who')),
                        ('school_name', models.CharField(max_length=200)),
                        ('title', models.CharField(max_length=250, verbose_name='for what')),
                        ('text', models.CharField(blank=True, max_length=600, verbose_name='said of it')),
                        ('is_recognition', models.BooleanField(default=False)),
                        ('issued_on', models.DateField()),
                        ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('withdrawn_because', models.CharField(blank=True, max_length=300, verbose_name='why it is withdrawn')),
                        ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='activities.activity')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certificates', to='cpdhub.staff')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                        ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='evaluation.submission')),
                    ],
                    options={
                        'ordering': ['-issued_on', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('activity__isnull', False), ('withdrawn_at', None)), fields=('owner', 'activity'), name='one_certificate_an_activity'), models.UniqueConstraint(condition=models.Q(('submission__isnull', False), ('withdrawn_at', None)), fields=('submission',), name='one_certificate_a_recognition'), models.CheckConstraint(condition=models.Q(('activity', None), ('submission', None), _connector='OR'), name='certificate_is_for_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_because', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='withdrawn_with_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='RecognitionScheme',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60)),
                        ('version', models.CharField(max_length=40)),
                        ('title', models.CharField(max_length=120)),
                        ('summary', models.CharField(max_length=600, verbose_name='what it is, in two or three sentences')),
                        ('source', models.CharField(blank=True, max_length=400, verbose_name='what it rests on')),
                        ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['title', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('school', 'code', 'version'), name='one_scheme_of_a_code_and_version', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='SchemeDimension',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('title', models.CharField(max_length=120)),
                        ('text', models.CharField(blank=True, max_length=400, verbose_name='what is asked')),
                        ('evidence_least', models.PositiveSmallIntegerField(default=0, verbose_name='pieces of evidence needed')),
                        ('evidence_words', models.CharField(blank=True, max_length=200, verbose_name='what may be evidence')),
                        ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dimensions', to='evaluation.recognitionscheme')),
                        ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['scheme', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('scheme', 'position'), name='one_dimension_a_position'), models.CheckConstraint(condition=models.Q(('evidence_least__lte', 10)), name='evidence_asked_is_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='SchemeStage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('title', models.CharField(max_length=120)),
                        ('text', models.CharField(blank=True, max_length=400, verbose_name='what is expected')),
                        ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='evaluation.recognitionscheme')),
                        ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['scheme', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('scheme', 'position'), name='one_stage_a_position')],
                    },
                ),
                migrations.CreateModel(
                    name='SchemeUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateField(default=cpdhub.clock.today)),
                        ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='evaluation.recognitionscheme')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('school', 'scheme'), name='scheme_offered_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SchemeUseEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('since', models.DateField(default=cpdhub.clock.today)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evaluation.schemeuse')),
                        ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evaluation.recognitionscheme')),
                        ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Submission',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('title', models.CharField(max_length=200, verbose_name='what you changed or looked into')),
                        ('state', models.CharField(choices=[('draft', 'Being written'), ('sent', 'With the verifier'), ('recognised', 'Recognised'), ('not_yet', 'Not yet')], default='draft', editable=False, max_length=10)),
                        ('begun_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                        ('sent_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('opened_at', models.DateTimeField(editable=False, null=True, verbose_name='the verifier opened it')),
                        ('decided_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('advice', models.TextField(blank=True, max_length=4000, verbose_name='advice')),
                        ('coach', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff', verbose_name='coach')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='cpdhub.staff')),
                        ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.recognitionscheme')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                        ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.schemestage')),
                        ('verifier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpdhub.staff')),
                    ],
                    options={
                        'ordering': ['-begun_on', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('sent_at', None), ('state', 'draft')), models.Q(('decided_at', None), ('sent_at__isnull', False), ('state', 'sent')), models.Q(('decided_at__isnull', False), ('sent_at__isnull', False), ('state__in', ['recognised', 'not_yet'])), _connector='OR'), name='submission_sent_then_decided'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('verifier__isnull', False), _connector='OR'), name='submission_has_a_verifier'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_yet'), _negated=True), models.Q(('advice', ''), _negated=True), _connector='OR'), name='not_yet_comes_with_advice'), models.CheckConstraint(condition=models.Q(models.Q(('verifier', None), models.Q(('verifier', models.F('owner')), _negated=True), _connector='OR'), models.Q(('coach', None), models.Q(('coach', models.F('owner')), _negated=True), _connector='OR'), models.Q(('verifier', None), ('coach', None), models.Q(('verifier', models.F('coach')), _negated=True), _connector='OR')), name='three_different_people')],
                    },
                ),
                migrations.CreateModel(
                    name='CertificateEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('code', models.CharField(editable=False, max_length=24)),
                        ('name', models.CharField(max_length=220, verbose_name='who')),
                        ('school_name', models.CharField(max_length=200)),
                        ('title', models.CharField(max_length=250, verbose_name='for what')),
                        ('text', models.CharField(blank=True, max_length=600, verbose_name='said of it')),
                        ('is_recognition', models.BooleanField(default=False)),
                        ('issued_on', models.DateField()),
                        ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('withdrawn_because', models.CharField(blank=True, max_length=300, verbose_name='why it is withdrawn')),
                        ('activity', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='activities.activity')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evaluation.certificate')),
                        ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school')),
                        ('submission', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evaluation.submission')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SubmissionEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(blank=True, max_length=10000, verbose_name='in your own words')),
                        ('dimension', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.schemedimension')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                        ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='evaluation.submission')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('submission', 'dimension'), name='one_entry_a_dimension')],
                    },
                ),
                migrations.CreateModel(
                    name='EntryEvidence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='activities.activity')),
                        ('reflection', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evaluation.reflection')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='evaluation.submissionentry')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('activity', None), ('reflection__isnull', False)), models.Q(('activity__isnull', False), ('reflection', None)), _connector='OR'), name='entry_evidence_is_one_thing'), models.UniqueConstraint(fields=('entry', 'activity', 'reflection'), name='entry_evidence_once', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='SubmissionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('state', models.CharField(choices=[('draft', 'Being written'), ('sent', 'With the verifier'), ('recognised', 'Recognised'), ('not_yet', 'Not yet')], default='draft', editable=False, max_length=10)),
                        ('begun_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                        ('sent_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('opened_at', models.DateTimeField(editable=False, null=True, verbose_name='the verifier opened it')),
                        ('decided_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('coach', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff', verbose_name='coach')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evaluation.submission')),
                        ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evaluation.recognitionscheme')),
                        ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school')),
                        ('stage', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evaluation.schemestage')),
                        ('verifier', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='VerifierTraining',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('trained_on', models.DateField(verbose_name='trained on')),
                        ('by_whom', models.CharField(blank=True, max_length=200, verbose_name='by whom')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                    ],
                    options={
                        'ordering': ['staff__sort_name', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('school', 'staff'), name='trained_once')],
                    },
                ),
                migrations.CreateModel(
                    name='VerifierTrainingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('trained_on', models.DateField(verbose_name='trained on')),
                        ('by_whom', models.CharField(blank=True, max_length=200, verbose_name='by whom')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evaluation.verifiertraining')),
                        ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school')),
                        ('staff', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='schemeuse',
                    trigger=pgtrigger.compiler.Trigger(name='scheme_shipped_or_own', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."scheme_id" IS NOT NULL)', func="\n            IF NOT EXISTS (\n                SELECT 1 FROM evaluation_recognitionscheme t WHERE t.id = NEW.scheme_id\n                AND (t.school_id IS NULL OR t.school_id = NEW.school_id)\n            ) THEN RAISE EXCEPTION 'scheme_id is shipped or of the same school'\n                USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='898fc18b9e98be8a2d46b952c07d3ff345c352be', operation='INSERT OR UPDATE OF "scheme_id", "school_id"', pgid='pgtrigger_scheme_shipped_or_own_23c80', table='evaluation_schemeuse', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='schemeuse',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_schemeuseevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "school_id", "since") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."scheme_id", new_values."school_id", new_values."since" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2836d7097c288d83c211a701052d32bf984e236b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_fc6cc', referencing='REFERENCING NEW TABLE AS new_values ', table='evaluation_schemeuse', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='schemeuse',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_schemeuseevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "school_id", "since") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."scheme_id", new_values."school_id", new_values."since" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d8936c52f948155fb31991be273a2397036484bd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4b268', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='evaluation_schemeuse', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='schemeuse',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_schemeuseevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "school_id", "since") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."scheme_id", old_values."school_id", old_values."since" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5d251feae63d17705b847321dbed72adfe9b9b5d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9d256', referencing='REFERENCING OLD TABLE AS old_values ', table='evaluation_schemeuse', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='schemeuseevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='970674467dd77222e01dc2561356d46c3b352b1c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_91a9d', table='evaluation_schemeuseevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submission',
                    trigger=pgtrigger.compiler.Trigger(name='scheme_shipped_or_own', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."scheme_id" IS NOT NULL)', func="\n            IF NOT EXISTS (\n                SELECT 1 FROM evaluation_recognitionscheme t WHERE t.id = NEW.scheme_id\n                AND (t.school_id IS NULL OR t.school_id = NEW.school_id)\n            ) THEN RAISE EXCEPTION 'scheme_id is shipped or of the same school'\n                USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='aebc13e6f9668468199171f3afa18e64cd840401', operation='INSERT OR UPDATE OF "scheme_id", "school_id"', pgid='pgtrigger_scheme_shipped_or_own_9bda3', table='evaluation_submission', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submission',
                    trigger=pgtrigger.compiler.Trigger(name='stage_of_its_scheme', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."stage_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM evaluation_schemestage s\n                        WHERE s.id = NEW.stage_id AND s.scheme_id = NEW.scheme_id\n                    ) THEN RAISE EXCEPTION 'the stage is one of the scheme'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='e3966b8a711c433f47702ebd56d689e00cfc7732', operation='INSERT OR UPDATE OF "stage_id", "scheme_id"', pgid='pgtrigger_stage_of_its_scheme_f80a5', table='evaluation_submission', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submission',
                    trigger=pgtrigger.compiler.Trigger(name='verifier_is_trained_and_apart', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."verifier_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM evaluation_verifiertraining t\n                        JOIN cpdhub_staff o ON o.id = NEW.owner_id\n                        WHERE t.staff_id = NEW.verifier_id\n                        AND t.school_id = NEW.school_id\n                        AND o.line_manager_id IS DISTINCT FROM NEW.verifier_id\n                    ) THEN RAISE EXCEPTION 'somebody else who is trained verifies, neither the coach nor the line manager' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='c590fd0a7e08ab2a9342f1d2a076a0ec7fc917b7', operation='INSERT OR UPDATE OF "verifier_id", "state"', pgid='pgtrigger_verifier_is_trained_and_apart_8539c', table='evaluation_submission', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submission',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_submissionevent" ("begun_on", "coach_id", "decided_at", "id", "opened_at", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "school_id", "sent_at", "stage_id", "state", "uuid", "verifier_id") SELECT new_values."begun_on", new_values."coach_id", new_values."decided_at", new_values."id", new_values."opened_at", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."scheme_id", new_values."school_id", new_values."sent_at", new_values."stage_id", new_values."state", new_values."uuid", new_values."verifier_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1a98733cd836faed6faa1f2f12cc7f64e0be0c64', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_681da', referencing='REFERENCING NEW TABLE AS new_values ', table='evaluation_submission', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submission',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_submissionevent" ("begun_on", "coach_id", "decided_at", "id", "opened_at", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "school_id", "sent_at", "stage_id", "state", "uuid", "verifier_id") SELECT new_values."begun_on", new_values."coach_id", new_values."decided_at", new_values."id", new_values."opened_at", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."scheme_id", new_values."school_id", new_values."sent_at", new_values."stage_id", new_values."state", new_values."uuid", new_values."verifier_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."begun_on" IS DISTINCT FROM (new_values."begun_on") OR old_values."coach_id" IS DISTINCT FROM (new_values."coach_id") OR old_values."decided_at" IS DISTINCT FROM (new_values."decided_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."opened_at" IS DISTINCT FROM (new_values."opened_at") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."scheme_id" IS DISTINCT FROM (new_values."scheme_id") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."sent_at" IS DISTINCT FROM (new_values."sent_at") OR old_values."stage_id" IS DISTINCT FROM (new_values."stage_id") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."uuid" IS DISTINCT FROM (new_values."uuid") OR old_values."verifier_id" IS DISTINCT FROM (new_values."verifier_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='519661b5003c6760bfc98b769891948f1298e2bf', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9b74d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='evaluation_submission', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submission',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_submissionevent" ("begun_on", "coach_id", "decided_at", "id", "opened_at", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "school_id", "sent_at", "stage_id", "state", "uuid", "verifier_id") SELECT old_values."begun_on", old_values."coach_id", old_values."decided_at", old_values."id", old_values."opened_at", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."scheme_id", old_values."school_id", old_values."sent_at", old_values."stage_id", old_values."state", old_values."uuid", old_values."verifier_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='abf320b957b54fe6cc5a55b5261af9e8adf62de3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7b40e', referencing='REFERENCING OLD TABLE AS old_values ', table='evaluation_submission', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='certificateevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7aba2b5dc91600840479565922c9b5a33eb6d885', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e6c92', table='evaluation_certificateevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='certificate',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_certificateevent" ("activity_id", "code", "id", "is_recognition", "issued_on", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "school_name", "submission_id", "text", "title", "uuid", "withdrawn_at", "withdrawn_because") SELECT new_values."activity_id", new_values."code", new_values."id", new_values."is_recognition", new_values."issued_on", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."school_id", new_values."school_name", new_values."submission_id", new_values."text", new_values."title", new_values."uuid", new_values."withdrawn_at", new_values."withdrawn_because" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cf24e53c60827aad301db501db27d9645dfb8751', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_db597', referencing='REFERENCING NEW TABLE AS new_values ', table='evaluation_certificate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='certificate',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_certificateevent" ("activity_id", "code", "id", "is_recognition", "issued_on", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "school_name", "submission_id", "text", "title", "uuid", "withdrawn_at", "withdrawn_because") SELECT new_values."activity_id", new_values."code", new_values."id", new_values."is_recognition", new_values."issued_on", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."school_id", new_values."school_name", new_values."submission_id", new_values."text", new_values."title", new_values."uuid", new_values."withdrawn_at", new_values."withdrawn_because" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d0c9882a1e5936aa6d07192b4cb46c5cef3ee68c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_57701', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='evaluation_certificate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='certificate',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_certificateevent" ("activity_id", "code", "id", "is_recognition", "issued_on", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "school_name", "submission_id", "text", "title", "uuid", "withdrawn_at", "withdrawn_because") SELECT old_values."activity_id", old_values."code", old_values."id", old_values."is_recognition", old_values."issued_on", old_values."name", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."school_id", old_values."school_name", old_values."submission_id", old_values."text", old_values."title", old_values."uuid", old_values."withdrawn_at", old_values."withdrawn_because" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='79410757387f4fb602e3ac257eedd2ea663a6272', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_121bb', referencing='REFERENCING OLD TABLE AS old_values ', table='evaluation_certificate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submissionentry',
                    trigger=pgtrigger.compiler.Trigger(name='dimension_shipped_or_own', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."dimension_id" IS NOT NULL)', func="\n            IF NOT EXISTS (\n                SELECT 1 FROM evaluation_schemedimension t WHERE t.id = NEW.dimension_id\n                AND (t.school_id IS NULL OR t.school_id = NEW.school_id)\n            ) THEN RAISE EXCEPTION 'dimension_id is shipped or of the same school'\n                USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='f286bda8ec149d19771071050fbfcbd96ba9fd9e', operation='INSERT OR UPDATE OF "dimension_id", "school_id"', pgid='pgtrigger_dimension_shipped_or_own_262ce', table='evaluation_submissionentry', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='entryevidence',
                    trigger=pgtrigger.compiler.Trigger(name='own_words_as_evidence', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."reflection_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM evaluation_submissionentry e\n                        JOIN evaluation_submission s ON s.id = e.submission_id\n                        JOIN evaluation_reflection r ON r.owner_id = s.owner_id\n                        WHERE e.id = NEW.entry_id AND r.id = NEW.reflection_id\n                    ) THEN RAISE EXCEPTION 'evidence is what its owner wrote'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='c1daff5983c5bcba72373042c53491cdbd4f4ada', operation='INSERT OR UPDATE', pgid='pgtrigger_own_words_as_evidence_45258', table='evaluation_entryevidence', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submissionevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='03da919ca8ca078145d3da3c9605f499e5426b56', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_750cc', table='evaluation_submissionevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='verifiertraining',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_verifiertrainingevent" ("by_whom", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "staff_id", "trained_on") SELECT new_values."by_whom", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."school_id", new_values."staff_id", new_values."trained_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9b3b74a1c3bf68c5427b48dfe4150f6c673b1aeb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9a023', referencing='REFERENCING NEW TABLE AS new_values ', table='evaluation_verifiertraining', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='verifiertraining',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_verifiertrainingevent" ("by_whom", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "staff_id", "trained_on") SELECT new_values."by_whom", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."school_id", new_values."staff_id", new_values."trained_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='11728b5c47487507262f588e03dacee4f31c2de0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7311f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='evaluation_verifiertraining', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='verifiertraining',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_verifiertrainingevent" ("by_whom", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "staff_id", "trained_on") SELECT old_values."by_whom", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."school_id", old_values."staff_id", old_values."trained_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='3f220514358f53858dffce322ef297152857187c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_788cc', referencing='REFERENCING OLD TABLE AS old_values ', table='evaluation_verifiertraining', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='verifiertrainingevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a5fd0545f27b4af688e87b6a75e141182a19a1bc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4bc51', table='evaluation_verifiertrainingevent', when='BEFORE')),
                ),
            ],
        ),
        wall(
            'evaluation_recognitionscheme', 'evaluation_schemestage', 'evaluation_schemedimension',
            'evaluation_schemeuse', 'evaluation_schemeuseevent',
            'evaluation_verifiertraining', 'evaluation_verifiertrainingevent',
            'evaluation_submission', 'evaluation_submissionevent',
            'evaluation_submissionentry', 'evaluation_entryevidence',
            'evaluation_certificate', 'evaluation_certificateevent',
        ),
        shared_when_of_no_school(
            'evaluation_recognitionscheme', 'evaluation_schemestage', 'evaluation_schemedimension',
        ),
        may_be_pointed_at(
            'evaluation_recognitionscheme', 'evaluation_submission', 'evaluation_submissionentry',
        ),
        # Of a school's own; rows of no school are held together by their plain keys.
        same_school('evaluation_schemestage', scheme_id='evaluation_recognitionscheme'),
        same_school('evaluation_schemedimension', scheme_id='evaluation_recognitionscheme'),
        same_school('evaluation_verifiertraining', staff_id='cpdhub_staff'),
        same_school(
            'evaluation_submission',
            owner_id='cpdhub_staff', coach_id='cpdhub_staff', verifier_id='cpdhub_staff',
        ),
        same_school('evaluation_submissionentry', submission_id='evaluation_submission'),
        same_school(
            'evaluation_entryevidence',
            entry_id='evaluation_submissionentry', activity_id='activities_activity',
            reflection_id='evaluation_reflection',
        ),
        same_school(
            'evaluation_certificate',
            owner_id='cpdhub_staff', activity_id='activities_activity',
            submission_id='evaluation_submission',
        ),
    ]
