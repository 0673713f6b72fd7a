"""Asking after activities, judging them, and how we know: tables and walls."""

import cpdhub.clock
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0006_costs_of_requests'),
        ('audits', '0004_about_activities'),
        ('cpdhub', '0004_prompts'),
        ('evaluation', '0002_walls'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='ImpactReview',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('staff_verdict', models.CharField(blank=True, choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_yet', 'Not yet'), ('unknown', 'Cannot tell')], max_length=8, verbose_name='what staff do differently')),
                    ('staff_because', models.TextField(blank=True, max_length=1000, verbose_name='how we know')),
                    ('pupils_verdict', models.CharField(blank=True, choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_yet', 'Not yet'), ('unknown', 'Cannot tell')], max_length=8, verbose_name='what pupils gained')),
                    ('pupils_because', models.TextField(blank=True, max_length=1000, verbose_name='how we know')),
                    ('helped_by', models.CharField(blank=True, max_length=300, verbose_name='what helped')),
                    ('hindered_by', models.CharField(blank=True, max_length=300, verbose_name='what got in the way')),
                    ('reach', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('self', 'Those who took part'), ('own_pupils', 'Their own pupils'), ('colleagues', 'Colleagues who were not there'), ('other_pupils', 'Other pupils here'), ('other_schools', 'Other schools')], max_length=13), blank=True, default=list, size=None, verbose_name='how far it reached')),
                    ('decision', models.CharField(blank=True, choices=[('keep', 'Keep'), ('change', 'Change'), ('stop', 'Stop')], max_length=6)),
                    ('what_we_change', models.TextField(blank=True, max_length=1000, verbose_name='what we change')),
                    ('closed_on', models.DateField(blank=True, editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='activities.activity')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on', None)), fields=('activity',), name='one_open_review'), models.CheckConstraint(condition=models.Q(('closed_on', None), models.Q(models.Q(('staff_verdict', ''), _negated=True), models.Q(('pupils_verdict', ''), _negated=True), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='closed_with_verdicts_and_decision'), models.CheckConstraint(condition=models.Q(('closed_on', None), ('decision__in', ['', 'keep']), models.Q(('what_we_change', ''), _negated=True), _connector='OR'), name='change_says_what')],
                    'indexes': [models.Index(fields=['school', 'closed_on'], name='review_by_day')],
                    'ordering': ['-closed_on', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='ImpactReviewEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('staff_verdict', models.CharField(blank=True, choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_yet', 'Not yet'), ('unknown', 'Cannot tell')], max_length=8, verbose_name='what staff do differently')),
                    ('staff_because', models.TextField(blank=True, max_length=1000, verbose_name='how we know')),
                    ('pupils_verdict', models.CharField(blank=True, choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_yet', 'Not yet'), ('unknown', 'Cannot tell')], max_length=8, verbose_name='what pupils gained')),
                    ('pupils_because', models.TextField(blank=True, max_length=1000, verbose_name='how we know')),
                    ('helped_by', models.CharField(blank=True, max_length=300, verbose_name='what helped')),
                    ('hindered_by', models.CharField(blank=True, max_length=300, verbose_name='what got in the way')),
                    ('reach', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('self', 'Those who took part'), ('own_pupils', 'Their own pupils'), ('colleagues', 'Colleagues who were not there'), ('other_pupils', 'Other pupils here'), ('other_schools', 'Other schools')], max_length=13), blank=True, default=list, size=None, verbose_name='how far it reached')),
                    ('decision', models.CharField(blank=True, choices=[('keep', 'Keep'), ('change', 'Change'), ('stop', 'Stop')], max_length=6)),
                    ('what_we_change', models.TextField(blank=True, max_length=1000, verbose_name='what we change')),
                    ('closed_on', models.DateField(blank=True, editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('activity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='activities.activity')),
                    ('by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evaluation.impactreview')),
                    ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ImpactRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('moment', models.CharField(choices=[('end', 'At the end'), ('weeks', 'Some weeks later'), ('term', 'A term later'), ('year', 'A year later')], max_length=5)),
                    ('due_on', models.DateField()),
                    ('not_asked_because', models.CharField(blank=True, max_length=120)),
                    ('spared', models.PositiveIntegerField(default=0)),
                    ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='impact_rounds', to='activities.activity')),
                    ('round', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='about', to='audits.round')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('activity', 'moment'), name='asked_once_a_moment'), models.CheckConstraint(condition=models.Q(models.Q(('not_asked_because', ''), ('round__isnull', False)), models.Q(('round', None), models.Q(('not_asked_because', ''), _negated=True)), _connector='OR'), name='asked_or_said_why_not')],
                    'ordering': ['due_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='UnplannedGain',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('is_good', models.BooleanField(choices=[(True, 'A gain'), (False, 'A side effect, not wanted')], default=True, verbose_name='was it good or bad?')),
                    ('text', models.CharField(max_length=300, verbose_name='what happened')),
                    ('about', models.CharField(blank=True, choices=[('thinking', 'Awareness and thinking'), ('practice', 'Practice'), ('commitment', 'Commitment'), ('esteem', 'Confidence and self-esteem'), ('enjoyment', 'Enjoyment and wellbeing'), ('collaboration', 'Working together'), ('career', 'Staying, moving on, promotion'), ('offer', 'What the school offers'), ('pupils', "Pupils' learning")], max_length=13, verbose_name='what it is about')),
                    ('reach', models.CharField(blank=True, choices=[('self', 'Those who took part'), ('own_pupils', 'Their own pupils'), ('colleagues', 'Colleagues who were not there'), ('other_pupils', 'Other pupils here'), ('other_schools', 'Other schools')], max_length=13, verbose_name='for whom')),
                    ('noted_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                    ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unplanned', to='activities.activity')),
                    ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='unplanned_says_something')],
                    'ordering': ['-noted_on', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Evidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('outcome', models.CharField(choices=[('staff', 'What staff do differently'), ('pupils', 'What pupils gained')], max_length=6, verbose_name='what it is about')),
                    ('claim', models.CharField(max_length=200, verbose_name='what it shows, in one line')),
                    ('kind', models.CharField(choices=[('said', 'What colleagues say'), ('observed', 'Seen in classrooms'), ('voice', 'What pupils say'), ('work', "Pupils' work"), ('measured', 'Measured before and after')], max_length=8, verbose_name='what it is')),
                    ('before', models.CharField(blank=True, max_length=60)),
                    ('after', models.CharField(blank=True, max_length=60)),
                    ('url', models.URLField(blank=True, max_length=500, verbose_name='where it is')),
                    ('digest', models.CharField(blank=True, editable=False, max_length=64)),
                    ('dated', models.DateField(verbose_name='date')),
                    ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='activities.activity')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='evidence', to='cpdhub.staff')),
                    ('file', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpdhub.storedfile')),
                    ('reading', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='cpdhub.reading')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'verbose_name_plural': 'evidence',
                    'ordering': ['-dated', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'measured'), _negated=True), models.Q(models.Q(('before', ''), _negated=True), models.Q(('after', ''), _negated=True)), _connector='OR'), name='measured_before_and_after'), models.UniqueConstraint(condition=models.Q(('digest', ''), _negated=True), fields=('activity', 'digest'), name='a_file_once'), models.UniqueConstraint(condition=models.Q(('url', ''), _negated=True), fields=('activity', 'url'), name='an_address_once'), models.UniqueConstraint(condition=models.Q(('reading__isnull', False)), fields=('activity', 'reading'), name='a_reading_once')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='impactreview',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_impactreviewevent" ("activity_id", "by_id", "closed_on", "decision", "helped_by", "hindered_by", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupils_because", "pupils_verdict", "reach", "revision", "school_id", "staff_because", "staff_verdict", "what_we_change") SELECT new_values."activity_id", new_values."by_id", new_values."closed_on", new_values."decision", new_values."helped_by", new_values."hindered_by", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pupils_because", new_values."pupils_verdict", new_values."reach", new_values."revision", new_values."school_id", new_values."staff_because", new_values."staff_verdict", new_values."what_we_change" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7626be23f17ef47635cdecebcab7978d4ba9706b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a8301', referencing='REFERENCING NEW TABLE AS new_values ', table='evaluation_impactreview', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='impactreview',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_impactreviewevent" ("activity_id", "by_id", "closed_on", "decision", "helped_by", "hindered_by", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupils_because", "pupils_verdict", "reach", "revision", "school_id", "staff_because", "staff_verdict", "what_we_change") SELECT new_values."activity_id", new_values."by_id", new_values."closed_on", new_values."decision", new_values."helped_by", new_values."hindered_by", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pupils_because", new_values."pupils_verdict", new_values."reach", new_values."revision", new_values."school_id", new_values."staff_because", new_values."staff_verdict", new_values."what_we_change" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c38f0d1eaa834ccb340f4c736e1a247185f50731', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e0230', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='evaluation_impactreview', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='impactreview',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evaluation_impactreviewevent" ("activity_id", "by_id", "closed_on", "decision", "helped_by", "hindered_by", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupils_because", "pupils_verdict", "reach", "revision", "school_id", "staff_because", "staff_verdict", "what_we_change") SELECT old_values."activity_id", old_values."by_id", old_values."closed_on", old_values."decision", old_values."helped_by", old_values."hindered_by", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pupils_because", old_values."pupils_verdict", old_values."reach", old_values."revision", old_values."school_id", old_values."staff_because", old_values."staff_verdict", old_values."what_we_change" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='cb64492ce76765123bd9dc9a6a7d25f4de23f848', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7488d', referencing='REFERENCING OLD TABLE AS old_values ', table='evaluation_impactreview', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='impactreviewevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b74265a8577f11bae4920f80bc9e7777ccd01cbf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5727b', table='evaluation_impactreviewevent', when='BEFORE')),
            ),
        ]),
        wall(
            "evaluation_evidence", "evaluation_impactreview", "evaluation_impactreviewevent",
            "evaluation_impactround", "evaluation_unplannedgain",
        ),
        may_be_pointed_at("evaluation_evidence"),
        same_school(
            "evaluation_impactround",
            activity_id="activities_activity", round_id="audits_round",
        ),
        same_school(
            "evaluation_impactreview", activity_id="activities_activity", by_id="cpdhub_staff"
        ),
        same_school(
            "evaluation_unplannedgain",
            activity_id="activities_activity", noted_by_id="cpdhub_staff",
        ),
        same_school(
            "evaluation_evidence",
            activity_id="activities_activity", by_id="cpdhub_staff", file_id="cpdhub_storedfile",
            reading_id="cpdhub_reading",
        ),
    ]
