"""Questionnaires, rounds, answers and needs: models, constraints, indexes and triggers."""

import cpdhub.clock
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from cpdhub.migrating import Together


class Migration(migrations.Migration):

    initial = True

    # What a database made before the first release has applied in its place.
    replaces = [
        ('audits', '0004_rounds'),
        ('audits', '0005_walls_of_rounds'),
        ('audits', '0006_results'),
        ('audits', '0007_walls_of_results'),
        ('audits', '0008_needs'),
        ('audits', '0009_walls_of_needs'),
        ('audits', '0011_leaders_beside_staff'),
        ('audits', '0012_offers_and_asks'),
        ('audits', '0013_needs_of_nobody_by_name'),
        ('audits', '0014_needs_keep_their_team'),
    ]

    dependencies = [
        ('cpdhub', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Instrument',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=60)),
                    ('version', models.CharField(max_length=40)),
                    ('title', models.CharField(max_length=200)),
                    ('purpose', models.CharField(max_length=300, verbose_name='what it is for, in one sentence')),
                    ('source', models.CharField(blank=True, help_text='Say whose ideas it uses.', max_length=300, verbose_name='what it builds on')),
                    ('licence', models.CharField(blank=True, max_length=200)),
                    ('minutes', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='minutes it takes')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', editable=False, max_length=10)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('copied_from', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='audits.instrument')),
                    ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='cpdhub.school')),
                ],
                options={
                    'verbose_name': 'questionnaire',
                    'ordering': ['title', 'version', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('school', 'code', 'version'), name='one_instrument_of_a_version', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 120)), name='minutes_are_bearable')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='instrument',
                trigger=pgtrigger.compiler.Trigger(name='published_stays_as_it_is', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="\n                    RAISE EXCEPTION 'a published questionnaire is frozen: copy it to change it'\n                        USING ERRCODE = 'check_violation';\n                ", hash='a24459492b9ab582c850fabc0e695fd34aa5ca25', operation='UPDATE OR DELETE', pgid='pgtrigger_published_stays_as_it_is_b9744', table='audits_instrument', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='instrument',
                trigger=pgtrigger.compiler.Trigger(name='copied_within_the_school', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."copied_from_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM audits_instrument i WHERE i.id = NEW.copied_from_id\n                        AND i.state = 'published'\n                        AND (i.school_id IS NULL OR i.school_id = NEW.school_id)\n                    ) THEN RAISE EXCEPTION 'only what is published, shipped or own, is copied'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='bcf76b45d92cc39ce6b2991df295dc8d6eaa526e', operation='INSERT OR UPDATE OF "copied_from_id", "school_id"', pgid='pgtrigger_copied_within_the_school_bcb85', table='audits_instrument', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='Section',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=200, verbose_name='heading')),
                    ('text', models.CharField(blank=True, max_length=500, verbose_name='a sentence below it')),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='audits.instrument')),
                    ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='cpdhub.school')),
                ],
                options={
                    'ordering': ['instrument', 'position', 'pk'],
                    'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('instrument', 'position'), name='one_section_a_place')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='section',
                trigger=pgtrigger.compiler.Trigger(name='frozen_when_published', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT 1 FROM audits_instrument i WHERE i.state = 'published' AND (TG_OP <> 'INSERT' AND i.id = OLD.instrument_id   OR TG_OP <> 'DELETE' AND i.id = NEW.instrument_id)) THEN RAISE EXCEPTION\n        'a published questionnaire is frozen: copy it to change it'\n        USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n", hash='2ddfe9a6a588a80b22113ca989d7fab7403edfe3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_frozen_when_published_dcfb5', table='audits_section', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='Question',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=60)),
                    ('position', models.PositiveSmallIntegerField()),
                    ('kind', models.CharField(choices=[('confidence', 'How confident, 1 to 4'), ('importance', 'How important and how confident, each 1 to 4'), ('frequency', 'How often'), ('yes_partly_no', 'Yes, partly or no'), ('choice', 'Choose one'), ('text', 'A few words'), ('ranking', 'Put first, second and third'), ('rubric', 'Choose the stage that fits')], max_length=15, verbose_name='answered by')),
                    ('text', models.CharField(max_length=300, verbose_name='question or statement')),
                    ('hint', models.CharField(blank=True, max_length=300, verbose_name='a hint below it')),
                    ('choices', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None, verbose_name='words to choose')),
                    ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('teacher', 'Teacher'), ('assistant', 'Teaching assistant'), ('support', 'Other support')], max_length=10), blank=True, default=list, size=None, verbose_name='only asked of')),
                    ('phases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('nursery', 'Nursery'), ('primary', 'Primary'), ('middle', 'Middle'), ('secondary', 'Secondary'), ('all_through', 'All-through'), ('special', 'Special'), ('alternative', 'Alternative provision or PRU'), ('sixteen_plus', '16 plus'), ('trust', 'Trust central team'), ('la', 'Local authority team'), ('other', 'Other')], max_length=12), blank=True, default=list, size=None, verbose_name='only in schools of phase')),
                    ('tag', models.CharField(blank=True, help_text='For example TS4: results can be gathered by it.', max_length=20, verbose_name='short label')),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='cpdhub.frameworkitem', verbose_name='belongs to')),
                    ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='cpdhub.school')),
                    ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='audits.section')),
                ],
                options={
                    'ordering': ['section', 'position', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('section', 'code'), name='one_question_of_a_code'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('section', 'position'), name='one_question_a_place')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='question',
                trigger=pgtrigger.compiler.Trigger(name='frozen_when_published', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT 1 FROM audits_section s JOIN audits_instrument i ON i.id = s.instrument_id WHERE i.state = 'published' AND (TG_OP <> 'INSERT' AND s.id = OLD.section_id   OR TG_OP <> 'DELETE' AND s.id = NEW.section_id)) THEN RAISE EXCEPTION\n        'a published questionnaire is frozen: copy it to change it'\n        USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n", hash='5f3f075119fb5932d77be81eed2ae99b17845224', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_frozen_when_published_094ca', table='audits_question', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='Round',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200)),
                    ('mode', models.CharField(choices=[('named', 'Named'), ('confidential', 'Confidential'), ('anonymous', 'Anonymous')], max_length=12, verbose_name='who may read the answers')),
                    ('opens_on', models.DateField(verbose_name='first day')),
                    ('closes_on', models.DateField(verbose_name='last day')),
                    ('opens_by_itself', models.BooleanField(default=False, editable=False)),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed')], default='draft', editable=False, max_length=6)),
                    ('closed_at', models.DateTimeField(editable=False, null=True)),
                    ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='audits.instrument')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('started_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ],
                options={
                    'ordering': ['-closes_on', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='round_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='closed_round_has_a_moment')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='round',
                trigger=pgtrigger.compiler.Trigger(name='draft_to_open_to_closed', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:open,open:closed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='3cd093a3f40bb34cfb0ddae25749c8f69a99f88c', operation='UPDATE', pgid='pgtrigger_draft_to_open_to_closed_80428', table='audits_round', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='round',
                trigger=pgtrigger.compiler.Trigger(name='begins_as_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IS DISTINCT FROM \'draft\')', func="\n                    RAISE EXCEPTION 'a round begins as a draft' USING ERRCODE = 'check_violation';\n                ", hash='58a4f41a0f5e8baee4f3ab760d1554a6f7cd0f51', operation='INSERT', pgid='pgtrigger_begins_as_a_draft_59057', table='audits_round', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='round',
                trigger=pgtrigger.compiler.Trigger(name='asks_what_is_published', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM audits_instrument i WHERE i.id = NEW.instrument_id\n                        AND i.state = 'published'\n                        AND (i.school_id IS NULL OR i.school_id = NEW.school_id)\n                    ) THEN RAISE EXCEPTION 'a round asks a published questionnaire of its school'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='335c2e4047fd8e5b48f4b70e5850813db7748957', operation='INSERT OR UPDATE OF "instrument_id", "school_id"', pgid='pgtrigger_asks_what_is_published_99a02', table='audits_round', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='round',
                trigger=pgtrigger.compiler.Trigger(name='mode_stays_once_open', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM \'draft\' AND (OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."instrument_id" IS DISTINCT FROM (NEW."instrument_id")))', func="\n                    RAISE EXCEPTION 'mode and questionnaire of a round never change once it is open'\n                        USING ERRCODE = 'check_violation';\n                ", hash='691ea53d46b8f565a30c398ffcfa96afee0e12ef', operation='UPDATE', pgid='pgtrigger_mode_stays_once_open_afa74', table='audits_round', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='round',
                trigger=pgtrigger.compiler.Trigger(name='anonymous_from_ten', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."mode" = \'anonymous\' AND NEW."state" = \'open\')', func="\n                    IF (SELECT count(*) FROM audits_invitation v WHERE v.round_id = NEW.id)\n                        < 10\n                    THEN RAISE EXCEPTION 'an anonymous round asks at least 10 people'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='f06022c05471c045d213e6aee7d90f89a0931e72', operation='UPDATE OF "state"', pgid='pgtrigger_anonymous_from_ten_8174b', table='audits_round', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('group', models.CharField(blank=True, choices=[('teacher', 'Teacher'), ('assistant', 'Teaching assistant'), ('support', 'Other support')], max_length=10)),
                    ('is_leader', models.BooleanField(default=False)),
                    ('kept_group', models.CharField(blank=True, choices=[('teacher', 'Teacher'), ('assistant', 'Teaching assistant'), ('support', 'Other support')], max_length=10)),
                    ('spent', models.BooleanField(default=False)),
                    ('reminded', models.PositiveSmallIntegerField(default=0)),
                    ('kept_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.team')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audit_invitations', to='cpdhub.staff')),
                    ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.team')),
                    ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='audits.round')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('round', 'staff'), name='asked_once_a_round'), models.CheckConstraint(condition=models.Q(('reminded__lte', 2)), name='reminded_twice_at_most')],
                },
            ),
            migrations.CreateModel(
                name='Topic',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=300)),
                    ('instrument_code', models.SlugField(blank=True, editable=False, max_length=60)),
                    ('question_code', models.SlugField(blank=True, editable=False, max_length=60)),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'ordering': [django.db.models.functions.text.Lower('title'), 'pk'],
                    'constraints': [models.UniqueConstraint(models.F('school'), django.db.models.functions.text.Lower('title'), name='one_topic_of_a_title'), models.UniqueConstraint(condition=models.Q(('question_code', ''), _negated=True), fields=('school', 'instrument_code', 'question_code'), name='one_topic_a_statement')],
                },
            ),
            migrations.CreateModel(
                name='Need',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('title', models.CharField(max_length=300, verbose_name='what should be different')),
                    ('whom', models.CharField(choices=[('person', 'One person'), ('team', 'A team'), ('group', 'A staff group'), ('school', 'The whole school')], max_length=6, verbose_name='whose need')),
                    ('group', models.CharField(blank=True, choices=[('teacher', 'Teacher'), ('assistant', 'Teaching assistant'), ('support', 'Other support')], max_length=10, verbose_name='staff group')),
                    ('is_shared', models.BooleanField(default=True, editable=False)),
                    ('pupils', models.CharField(blank=True, max_length=200, verbose_name='which pupils will gain')),
                    ('level_now', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Not yet'), (2, 'A little'), (3, 'Fairly'), (4, 'Very')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='where it stands now')),
                    ('level_wanted', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Not yet'), (2, 'A little'), (3, 'Fairly'), (4, 'Very')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='where it should be')),
                    ('balance', models.CharField(choices=[('individual', 'Individual'), ('team', 'Team'), ('school', 'School'), ('national', 'National')], default='school', max_length=10, verbose_name='serves mainly')),
                    ('horizon', models.CharField(choices=[('now', 'This term'), ('year', 'This year'), ('long', 'Longer: a change of practice')], default='year', max_length=4, verbose_name='how soon')),
                    ('status', models.CharField(choices=[('identified', 'To decide'), ('agreed', 'Agreed'), ('planned', 'Planned'), ('being_met', 'Being met'), ('met', 'Met'), ('set_aside', 'Set aside')], default='identified', editable=False, max_length=10)),
                    ('because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it is set aside')),
                    ('identified_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                    ('met_on', models.DateField(editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='cpdhub.staff', verbose_name='person')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='cpdhub.frameworkitem')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='cpdhub.team')),
                    ('written_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='needs', to='audits.topic')),
                ],
                options={
                    'ordering': ['-identified_on', 'pk'],
                    'indexes': [models.Index(fields=['school', 'status'], name='need_by_status')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('group', ''), ('staff__isnull', False), ('team', None), ('whom', 'person')), models.Q(('group', ''), ('is_shared', True), ('staff', None), ('team__isnull', False), ('whom', 'team')), models.Q(('is_shared', True), ('staff', None), ('team', None), ('whom', 'group'), models.Q(('group', ''), _negated=True)), models.Q(('group', ''), ('is_shared', True), ('staff', None), ('team', None), ('whom', 'school')), _connector='OR'), name='need_is_somebodys'), models.CheckConstraint(condition=models.Q(models.Q(('level_now', None), ('level_now__range', (1, 4)), _connector='OR'), models.Q(('level_wanted', None), ('level_wanted__range', (1, 4)), _connector='OR'), models.Q(('level_now', None), ('level_wanted', None), ('level_wanted__gt', models.F('level_now')), _connector='OR')), name='need_wants_more_than_there_is'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'set_aside'), models.Q(('because', ''), _negated=True)), models.Q(models.Q(('status', 'set_aside'), _negated=True), ('because', '')), _connector='OR'), name='set_aside_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('met_on__isnull', False), ('status', 'met')), models.Q(models.Q(('status', 'met'), _negated=True), ('met_on', None)), _connector='OR'), name='met_on_a_day'), models.CheckConstraint(condition=models.Q(('is_shared', True), ('status__in', ['identified', 'met', 'set_aside']), _connector='OR'), name='agreed_needs_are_shared')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='need',
                trigger=pgtrigger.compiler.Trigger(name='stays_of_nobody_by_name', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."whom" = \'person\' AND NOT (OLD."whom" = \'person\'))', func="\n                    IF EXISTS (\n                        SELECT 1 FROM audits_needsource s\n                        LEFT JOIN audits_round r ON r.id = s.round_id\n                        WHERE s.need_id = NEW.id AND (s.kind = 'walk' OR r.mode = 'anonymous')\n                    ) THEN RAISE EXCEPTION\n                        'what a walk or an anonymous audit showed is of no named person'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='e2c5b3af89ac9326b600925e2466d472f0e4bf7b', operation='UPDATE OF "whom"', pgid='pgtrigger_stays_of_nobody_by_name_19a36', table='audits_need', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='need',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "audits_needevent" ("balance", "because", "group", "horizon", "id", "identified_on", "is_shared", "level_now", "level_wanted", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "school_id", "staff_id", "status", "subject_id", "team_id", "topic_id", "whom", "written_by_id") SELECT new_values."balance", new_values."because", new_values."group", new_values."horizon", new_values."id", new_values."identified_on", new_values."is_shared", new_values."level_now", new_values."level_wanted", new_values."met_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."school_id", new_values."staff_id", new_values."status", new_values."subject_id", new_values."team_id", new_values."topic_id", new_values."whom", new_values."written_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c8d376385505035bbc15dbed6b987dc7536a8f43', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_cb7f9', referencing='REFERENCING NEW TABLE AS new_values ', table='audits_need', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='need',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "audits_needevent" ("balance", "because", "group", "horizon", "id", "identified_on", "is_shared", "level_now", "level_wanted", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "school_id", "staff_id", "status", "subject_id", "team_id", "topic_id", "whom", "written_by_id") SELECT new_values."balance", new_values."because", new_values."group", new_values."horizon", new_values."id", new_values."identified_on", new_values."is_shared", new_values."level_now", new_values."level_wanted", new_values."met_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."school_id", new_values."staff_id", new_values."status", new_values."subject_id", new_values."team_id", new_values."topic_id", new_values."whom", new_values."written_by_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."balance" IS DISTINCT FROM (new_values."balance") OR old_values."because" IS DISTINCT FROM (new_values."because") OR old_values."group" IS DISTINCT FROM (new_values."group") OR old_values."horizon" IS DISTINCT FROM (new_values."horizon") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."identified_on" IS DISTINCT FROM (new_values."identified_on") OR old_values."is_shared" IS DISTINCT FROM (new_values."is_shared") OR old_values."level_now" IS DISTINCT FROM (new_values."level_now") OR old_values."level_wanted" IS DISTINCT FROM (new_values."level_wanted") OR old_values."met_on" IS DISTINCT FROM (new_values."met_on") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."staff_id" IS DISTINCT FROM (new_values."staff_id") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."subject_id" IS DISTINCT FROM (new_values."subject_id") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."topic_id" IS DISTINCT FROM (new_values."topic_id") OR old_values."whom" IS DISTINCT FROM (new_values."whom") OR old_values."written_by_id" IS DISTINCT FROM (new_values."written_by_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a7d319e5785b164b2aa84b21eb9c6976b5c6da72', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_312f4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='audits_need', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='need',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "audits_needevent" ("balance", "because", "group", "horizon", "id", "identified_on", "is_shared", "level_now", "level_wanted", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "school_id", "staff_id", "status", "subject_id", "team_id", "topic_id", "whom", "written_by_id") SELECT old_values."balance", old_values."because", old_values."group", old_values."horizon", old_values."id", old_values."identified_on", old_values."is_shared", old_values."level_now", old_values."level_wanted", old_values."met_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."school_id", old_values."staff_id", old_values."status", old_values."subject_id", old_values."team_id", old_values."topic_id", old_values."whom", old_values."written_by_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ba9138c6988fb63dca7f2122e529269d540e1a1c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7432e', referencing='REFERENCING OLD TABLE AS old_values ', table='audits_need', when='AFTER')),
            ),
            migrations.CreateModel(
                name='NeedEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                    ('whom', models.CharField(choices=[('person', 'One person'), ('team', 'A team'), ('group', 'A staff group'), ('school', 'The whole school')], max_length=6, verbose_name='whose need')),
                    ('group', models.CharField(blank=True, choices=[('teacher', 'Teacher'), ('assistant', 'Teaching assistant'), ('support', 'Other support')], max_length=10, verbose_name='staff group')),
                    ('is_shared', models.BooleanField(default=True, editable=False)),
                    ('level_now', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Not yet'), (2, 'A little'), (3, 'Fairly'), (4, 'Very')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='where it stands now')),
                    ('level_wanted', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Not yet'), (2, 'A little'), (3, 'Fairly'), (4, 'Very')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='where it should be')),
                    ('balance', models.CharField(choices=[('individual', 'Individual'), ('team', 'Team'), ('school', 'School'), ('national', 'National')], default='school', max_length=10, verbose_name='serves mainly')),
                    ('horizon', models.CharField(choices=[('now', 'This term'), ('year', 'This year'), ('long', 'Longer: a change of practice')], default='year', max_length=4, verbose_name='how soon')),
                    ('status', models.CharField(choices=[('identified', 'To decide'), ('agreed', 'Agreed'), ('planned', 'Planned'), ('being_met', 'Being met'), ('met', 'Met'), ('set_aside', 'Set aside')], default='identified', editable=False, max_length=10)),
                    ('because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it is set aside')),
                    ('identified_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                    ('met_on', models.DateField(editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='audits.need')),
                    ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff', verbose_name='person')),
                    ('subject', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.frameworkitem')),
                    ('team', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.team')),
                    ('written_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cpdhub.staff')),
                    ('topic', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='audits.topic')),
                ],
                options={
                    'abstract': False,
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='needevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='199d5decb92fb41a78a994ddc3349d78f877bcfd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c52ac', table='audits_needevent', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='NeedSource',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('audit', 'An audit'), ('priority', 'A priority of the plan'), ('own', 'Said by the person'), ('appraisal', 'Appraisal objective (its title only)'), ('career', 'Career aim'), ('induction', 'Induction'), ('walk', 'Learning walk'), ('pupils', 'What pupils said')], max_length=9, verbose_name='how we know')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='in a few words')),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='audits.need')),
                    ('priority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='need_sources', to='cpdhub.priority')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='audits.question')),
                    ('round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='audits.round')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'audit'), ('question__isnull', False), ('round__isnull', False)), models.Q(models.Q(('kind', 'audit'), _negated=True), ('question', None), ('round', None)), _connector='OR'), name='audit_source_has_its_statement'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'priority'), ('priority__isnull', False)), models.Q(models.Q(('kind', 'priority'), _negated=True), ('priority', None)), _connector='OR'), name='priority_source_has_its_priority'), models.UniqueConstraint(fields=('need', 'kind', 'round', 'question', 'priority'), name='one_source_of_a_kind', nulls_distinct=False)],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='needsource',
                trigger=pgtrigger.compiler.Trigger(name='walks_name_nobody', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."kind" = \'walk\')', func="\n                    IF EXISTS (\n                        SELECT 1 FROM audits_need n WHERE n.id = NEW.need_id AND n.whom = 'person'\n                    ) THEN RAISE EXCEPTION 'a learning walk says nothing about a named person'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='a77078ab034291307167cf644ee455eebddf2eab', operation='INSERT OR UPDATE', pgid='pgtrigger_walks_name_nobody_87056', table='audits_needsource', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='needsource',
                trigger=pgtrigger.compiler.Trigger(name='question_of_its_audit', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."kind" = \'audit\')', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM audits_round r\n                        JOIN audits_section s ON s.instrument_id = r.instrument_id\n                        JOIN audits_question q ON q.section_id = s.id\n                        WHERE r.id = NEW.round_id AND q.id = NEW.question_id\n                        AND (r.mode <> 'anonymous' OR NOT EXISTS (\n                            SELECT 1 FROM audits_need n\n                            WHERE n.id = NEW.need_id AND n.whom = 'person'))\n                    ) THEN RAISE EXCEPTION\n                        'a need comes from a statement of its audit; an anonymous one names nobody'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='14d873362e812377fd23d5abe13040d03b0801f8', operation='INSERT OR UPDATE', pgid='pgtrigger_question_of_its_audit_b61d0', table='audits_needsource', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='HelpRequest',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('way', models.CharField(choices=[('question', 'Answer a question'), ('show', 'Show it, step by step'), ('watch', 'Be watched doing it'), ('session', 'Run a session for several')], max_length=8, verbose_name='what would help')),
                    ('message', models.CharField(max_length=500, verbose_name='what you would like help with')),
                    ('pupils', models.CharField(blank=True, max_length=200, verbose_name='what your pupils will gain')),
                    ('state', models.CharField(choices=[('asked', 'Asked'), ('accepted', 'Accepted'), ('declined', 'Not now'), ('done', 'Done'), ('taken_back', 'Taken back')], default='asked', editable=False, max_length=10)),
                    ('answer', models.CharField(blank=True, max_length=300, verbose_name='a word to them')),
                    ('asked_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                    ('is_answer_seen', models.BooleanField(default=False, editable=False)),
                    ('answered_on', models.DateField(editable=False, null=True)),
                    ('ended_on', models.DateField(editable=False, null=True)),
                    ('thanks', models.CharField(blank=True, max_length=300, verbose_name='your thanks')),
                    ('can_do_it', models.BooleanField(default=False, verbose_name='I can do it by myself now')),
                    ('asker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='help_asked', to='cpdhub.staff')),
                    ('helper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='help_given', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='help_requests', to='audits.need')),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='help_requests', to='audits.topic')),
                ],
                options={
                    'ordering': ['-asked_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('asker', models.F('helper')), _negated=True), name='nobody_asks_themselves'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'accepted'])), fields=('asker', 'helper', 'topic'), name='asked_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('answered_on', None), ('ended_on', None), ('state', 'asked')), models.Q(('answered_on__isnull', False), ('ended_on', None), ('state__in', ['accepted', 'declined'])), models.Q(('answered_on__isnull', False), ('ended_on__isnull', False), ('state', 'done')), models.Q(('ended_on__isnull', False), ('state', 'taken_back')), _connector='OR'), name='help_answered_and_ended_on_days'), models.CheckConstraint(condition=models.Q(models.Q(('can_do_it', False), ('thanks', '')), models.Q(('state', 'done'), models.Q(('thanks', ''), _negated=True)), _connector='OR'), name='thanks_for_what_was_done')],
                },
            ),
            migrations.CreateModel(
                name='Expertise',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('level', models.PositiveSmallIntegerField(choices=[(1, 'Learning it'), (2, 'Using it'), (3, 'Can show it'), (4, 'Can train others')], default=3, verbose_name='how well do you know it?')),
                    ('text', models.CharField(blank=True, max_length=300, verbose_name='what you could do for somebody')),
                    ('ways', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('question', 'Answer a question'), ('show', 'Show it, step by step'), ('watch', 'Be watched doing it'), ('session', 'Run a session for several')], max_length=8), size=None, verbose_name='how you would help')),
                    ('is_talent', models.BooleanField(default=False, verbose_name='a talent or interest outside school work')),
                    ('times', models.CharField(blank=True, max_length=120, verbose_name='when it suits you')),
                    ('audience', models.CharField(choices=[('me', 'Only me'), ('colleagues', 'Colleagues here'), ('display', 'Colleagues, and the printed list of talents')], default='me', max_length=10, verbose_name='who may see this')),
                    ('shows_thanks', models.BooleanField(default=False, verbose_name='colleagues may also read how I was thanked for it')),
                    ('is_paused', models.BooleanField(default=False, editable=False, verbose_name='not at the moment')),
                    ('source', models.CharField(choices=[('own', 'Said by the person'), ('audit', 'An answer in an audit')], default='own', editable=False, max_length=5)),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='cpdhub.staff')),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='audits.topic')),
                ],
                options={
                    'verbose_name': 'offer',
                    'constraints': [models.UniqueConstraint(fields=('staff', 'topic'), name='one_offer_a_topic'), models.CheckConstraint(condition=models.Q(('level__range', (1, 4))), name='offer_has_a_level'), models.CheckConstraint(condition=models.Q(('ways', []), _negated=True), name='offer_says_how'), models.CheckConstraint(condition=models.Q(models.Q(('audience', 'display'), _negated=True), ('is_talent', True), _connector='OR'), name='talents_on_display')],
                },
            ),
            migrations.CreateModel(
                name='Response',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('group', models.CharField(blank=True, choices=[('teacher', 'Teacher'), ('assistant', 'Teaching assistant'), ('support', 'Other support')], max_length=10)),
                    ('draft', models.JSONField(default=dict)),
                    ('draft_at', models.DateTimeField(null=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('is_late', models.BooleanField(default=False)),
                    ('revision', models.PositiveIntegerField(default=1)),
                    ('invitation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='response', to='audits.invitation')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.team')),
                    ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='audits.round')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('invitation__isnull', False), models.Q(('draft', {}), ('draft_at', None), ('is_late', False), ('revision', 1), ('sent_at', None)), _connector='OR'), name='anonymous_response_has_no_time'), models.CheckConstraint(condition=models.Q(('invitation', None), models.Q(('group', ''), ('team', None)), _connector='OR'), name='group_stands_on_the_invitation')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='response',
                trigger=pgtrigger.compiler.Trigger(name='invited_unless_anonymous', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM audits_round r WHERE r.id = NEW.round_id\n                        AND r.state <> 'draft'\n                        AND (r.mode = 'anonymous') = (NEW.invitation_id IS NULL)\n                        AND (NEW.invitation_id IS NULL OR EXISTS (\n                            SELECT 1 FROM audits_invitation v\n                            WHERE v.id = NEW.invitation_id AND v.round_id = r.id))\n                    ) THEN RAISE EXCEPTION\n                        'an answer hangs on its invitation, an anonymous one on none'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='528ca576942c58ef017bf60598750a43514b0e21', operation='INSERT OR UPDATE OF "invitation_id", "round_id"', pgid='pgtrigger_invited_unless_anonymous_78d6c', table='audits_response', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('value', models.PositiveSmallIntegerField(null=True)),
                    ('second', models.PositiveSmallIntegerField(null=True)),
                    ('ranking', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                    ('text', models.TextField(blank=True, max_length=2000)),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='audits.question')),
                    ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='audits.response')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('response', 'question'), name='answered_once'), models.CheckConstraint(condition=models.Q(('value__isnull', False), ('second__isnull', False), models.Q(('ranking', []), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='answer_says_something')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='answer',
                trigger=pgtrigger.compiler.Trigger(name='question_of_its_round', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM audits_response a\n                        JOIN audits_round r ON r.id = a.round_id\n                        JOIN audits_section s ON s.instrument_id = r.instrument_id\n                        JOIN audits_question q ON q.section_id = s.id\n                        WHERE a.id = NEW.response_id AND q.id = NEW.question_id\n                    ) THEN RAISE EXCEPTION 'an answer is to a question of its round'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='f3ff445f31e70c4cdbea1d6f018e16267163bbe2', operation='INSERT OR UPDATE OF "question_id", "response_id"', pgid='pgtrigger_question_of_its_round_25247', table='audits_answer', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='Result',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('breakdown', models.CharField(choices=[('all', 'Everyone'), ('team', 'By team'), ('group', 'By staff group'), ('rank', 'Leaders and other staff')], max_length=5)),
                    ('key', models.CharField(max_length=20)),
                    ('label', models.CharField(max_length=120)),
                    ('n', models.PositiveIntegerField(null=True)),
                    ('counts', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None)),
                    ('second_counts', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None)),
                    ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='audits.question')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='audits.round')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('round', 'question', 'breakdown', 'key'), name='published_once'), models.CheckConstraint(condition=models.Q(('n__gte', 5), models.Q(('counts', []), ('n', None), ('second_counts', [])), _connector='OR'), name='below_five_no_number')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='result',
                trigger=pgtrigger.compiler.Trigger(name='stays_as_published', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2c8a687522fd2b0ea90130c51c41cfe5b84f42c5', operation='UPDATE', pgid='pgtrigger_stays_as_published_33881', table='audits_result', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='result',
                trigger=pgtrigger.compiler.Trigger(name='published_at_close', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM audits_round r\n                        JOIN audits_section s ON s.instrument_id = r.instrument_id\n                        JOIN audits_question q ON q.section_id = s.id\n                        WHERE r.id = NEW.round_id AND r.state = 'open' AND q.id = NEW.question_id\n                    ) THEN RAISE EXCEPTION\n                        'results are of questions of their round, written when it closes'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='99b7dc375ea42968c3ab973c139e56a217ef4f07', operation='INSERT', pgid='pgtrigger_published_at_close_ebc17', table='audits_result', when='BEFORE')),
            ),
        ]),
    ]
