"""What groups of pupils said by a code, behind both walls."""

import django.contrib.postgres.fields
import django.core.validators
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
        ('audits', '0005_pupils'),
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0007_shipped_schemes'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='PupilVoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('group', models.CharField(max_length=60, verbose_name='who is asked')),
                    ('is_whole_class', models.BooleanField(default=True, verbose_name='it is a whole class')),
                    ('people', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(2000)], verbose_name='how many they are')),
                    ('code', models.CharField(blank=True, editable=False, max_length=8)),
                    ('opened_at', models.DateTimeField(editable=False)),
                    ('closes_at', models.DateTimeField(editable=False)),
                    ('closed_at', models.DateTimeField(editable=False, null=True)),
                    ('answered', models.PositiveSmallIntegerField(editable=False, null=True)),
                    ('figures', models.JSONField(default=list, editable=False)),
                    ('is_evidence', models.BooleanField(default=False, editable=False)),
                    ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='activities.activity', verbose_name='learning it is about')),
                    ('before', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='after', to='evaluation.pupilvoice')),
                    ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.instrument', verbose_name='questionnaire')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pupil_voices', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'indexes': [models.Index(fields=['school', 'owner'], name='pupil_voice_by_owner')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('school', 'code'), name='one_voice_a_code'), models.CheckConstraint(condition=models.Q(models.Q(('answered', None), ('closed_at', None), ('figures', []), models.Q(('code', ''), _negated=True)), models.Q(('closed_at__isnull', False), ('code', '')), _connector='OR'), name='voice_is_told_when_closed'), models.CheckConstraint(condition=models.Q(models.Q(('answered', None), ('figures', [])), models.Q(('answered__gte', 5), ('is_whole_class', False)), models.Q(('answered__gte', 10), ('is_whole_class', True)), _connector='OR'), name='voice_of_few_is_not_told'), models.CheckConstraint(condition=models.Q(models.Q(('is_whole_class', False), ('people__gte', 5)), models.Q(('is_whole_class', True), ('people__gte', 10)), _connector='OR'), name='voice_asks_enough_people'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opened_at'))), name='voice_ends_after_it_begins')],
                    'ordering': ['-opened_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='PupilSheet',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='evaluation.pupilvoice')),
                ],
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pupilvoice',
                trigger=pgtrigger.compiler.Trigger(name='told_stays_as_told', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closed_at" IS NOT NULL)', func="\n                    RAISE EXCEPTION 'what a group said stays as it was told'\n                        USING ERRCODE = 'check_violation';\n                ", hash='ad1ee7026aa7d2084e3c2d0b0ce5be1661ba510f', operation='UPDATE OF "figures", "answered", "closed_at", "instrument_id", "group", "people"', pgid='pgtrigger_told_stays_as_told_46f80', table='evaluation_pupilvoice', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pupilvoice',
                trigger=pgtrigger.compiler.Trigger(name='asks_what_is_published', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM audits_instrument i WHERE i.id = NEW.instrument_id\n                        AND i.state = 'published'\n                        AND (i.school_id IS NULL OR i.school_id = NEW.school_id)\n                    ) THEN RAISE EXCEPTION 'pupils are asked a published questionnaire'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='4c6080ac788f6b52a1ee8f328964951139d1c6a3', operation='INSERT OR UPDATE OF "instrument_id", "school_id"', pgid='pgtrigger_asks_what_is_published_0270e', table='evaluation_pupilvoice', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pupilsheet',
                trigger=pgtrigger.compiler.Trigger(name='handed_in_is_handed_in', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a45681e50ca4f0a4beea6724fd8735a70fb02fc0', operation='UPDATE', pgid='pgtrigger_handed_in_is_handed_in_329d4', table='evaluation_pupilsheet', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pupilsheet',
                trigger=pgtrigger.compiler.Trigger(name='only_while_it_is_open', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM evaluation_pupilvoice v\n                        WHERE v.id = NEW.voice_id AND v.closed_at IS NULL\n                        AND (SELECT count(*) FROM evaluation_pupilsheet s\n                             WHERE s.voice_id = v.id) < v.people\n                    ) THEN RAISE EXCEPTION 'nobody is asked any more'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='d4cb432c834cf49f92374a95b72f8f1de6de3aa1', operation='INSERT', pgid='pgtrigger_only_while_it_is_open_efdfc', table='evaluation_pupilsheet', when='BEFORE')),
            ),
        ]),
        wall("evaluation_pupilvoice", "evaluation_pupilsheet"),
        may_be_pointed_at("evaluation_pupilvoice"),
        same_school(
            "evaluation_pupilvoice",
            owner_id="cpdhub_staff", activity_id="activities_activity",
            before_id="evaluation_pupilvoice",
        ),
        same_school("evaluation_pupilsheet", voice_id="evaluation_pupilvoice"),
    ]
