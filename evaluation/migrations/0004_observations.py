"""Observations, what a school looks for, open doors and learning walks, behind both walls."""

import django.contrib.postgres.fields
import django.db.models.deletion
import evaluation.no_grades
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0006_costs_of_requests'),
        ('audits', '0003_shipped'),
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0003_reviews'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='LookFors',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveSmallIntegerField()),
                    ('agreed_on', models.DateField()),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('school', 'version'), name='one_version_of_look_fors')],
                    'verbose_name_plural': 'look-fors',
                    'ordering': ['-version'],
                },
            ),
            migrations.CreateModel(
                name='LookFor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('heading', models.CharField(max_length=120, validators=[evaluation.no_grades.says_no_grade])),
                    ('hint', models.CharField(blank=True, max_length=300, validators=[evaluation.no_grades.says_no_grade])),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('look_fors', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='evaluation.lookfors')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('look_fors', 'position'), name='look_fors_in_order'), models.CheckConstraint(condition=models.Q(('heading__iregex', '^([^0-9%★☆✓✔✗✘]|\\m(year|years|y|key stage|ks|class|room|set|hall|block) ?[0-9]{1,2}[a-z]?\\M)*$'), ('hint__iregex', '^([^0-9%★☆✓✔✗✘]|\\m(year|years|y|key stage|ks|class|room|set|hall|block) ?[0-9]{1,2}[a-z]?\\M)*$'), models.Q(('heading__iregex', '\\m(grade|grades|graded|grading|outstanding|inadequate|requires improvement|rag|score|scores|scored|scoring|rating|ratings|rated)\\M'), _negated=True), models.Q(('hint__iregex', '\\m(grade|grades|graded|grading|outstanding|inadequate|requires improvement|rag|score|scores|scored|scoring|rating|ratings|rated)\\M'), _negated=True)), name='look_for_is_no_grade')],
                    'ordering': ['position'],
                },
            ),
            migrations.CreateModel(
                name='Observation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('asked_at', models.DateTimeField(editable=False)),
                    ('purpose', models.CharField(choices=[('developmental', 'To develop together'), ('induction', 'Induction (statutory)')], default='developmental', max_length=14, verbose_name='what it is for')),
                    ('kind', models.CharField(choices=[('one', 'One colleague watches'), ('joint', 'Two colleagues watch, then agree one note'), ('reciprocal', 'Each watches the other in turn'), ('pursuit', 'Following pupils through their day')], default='one', max_length=10, verbose_name='how')),
                    ('state', models.CharField(choices=[('asked', 'Asked'), ('agreed', 'Agreed'), ('held', 'Took place'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn')], default='asked', editable=False, max_length=9)),
                    ('starts_at', models.DateTimeField(blank=True, null=True)),
                    ('place', models.CharField(blank=True, max_length=100, verbose_name='class or place')),
                    ('focus', models.CharField(blank=True, max_length=200, validators=[evaluation.no_grades.says_no_grade], verbose_name='what to look at')),
                    ('owner_agreed_at', models.DateTimeField(editable=False, null=True)),
                    ('talk', models.TextField(blank=True, max_length=10000, verbose_name='what we talked about')),
                    ('agreed_note', models.TextField(blank=True, max_length=10000, verbose_name='what both saw')),
                    ('own_words', models.TextField(blank=True, max_length=10000, verbose_name='in my own words')),
                    ('next_step', models.CharField(blank=True, max_length=300, verbose_name='one small next step')),
                    ('lends_step', models.BooleanField(default=False, verbose_name="my next step may stand in the school's summary, without my name")),
                    ('video', models.URLField(blank=True, max_length=500, verbose_name='link to a video')),
                    ('video_until', models.DateField(blank=True, null=True, verbose_name='the link works until')),
                    ('owner_closed_at', models.DateTimeField(editable=False, null=True)),
                    ('closed_at', models.DateTimeField(editable=False, null=True)),
                    ('notes_end_on', models.DateField(editable=False, null=True)),
                    ('notes_gone_at', models.DateTimeField(editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='observations', to='activities.activity', verbose_name='learning it follows')),
                    ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('look_fors', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='evaluation.lookfors')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='observations', to='cpdhub.staff')),
                    ('return_of', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='returned_by', to='evaluation.observation')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='audits.topic', verbose_name='topic')),
                ],
                options={
                    'indexes': [models.Index(fields=['school', 'owner'], name='observation_by_owner'), models.Index(fields=['school', 'starts_at'], name='observation_by_day'), models.Index(fields=['school', 'notes_end_on'], name='observation_by_end')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['developmental', 'induction'])), name='observation_is_no_appraisal'), models.CheckConstraint(condition=models.Q(('focus__iregex', '^([^0-9%★☆✓✔✗✘]|\\m(year|years|y|key stage|ks|class|room|set|hall|block) ?[0-9]{1,2}[a-z]?\\M)*$'), models.Q(('focus__iregex', '\\m(grade|grades|graded|grading|outstanding|inadequate|requires improvement|rag|score|scores|scored|scoring|rating|ratings|rated)\\M'), _negated=True)), name='observation_focus_is_no_grade'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'withdrawn']), models.Q(models.Q(('focus', ''), _negated=True), ('owner_agreed_at__isnull', False), ('starts_at__isnull', False)), _connector='OR'), name='focus_is_agreed_first'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('owner_closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='closed_observation_has_a_moment'), models.CheckConstraint(condition=models.Q(models.Q(('notes_gone_at', None), ('state__in', ['held', 'closed'])), models.Q(('agreed_note', ''), ('next_step', ''), ('own_words', ''), ('talk', ''), ('video', '')), _connector='OR'), name='notes_only_of_what_took_place'), models.CheckConstraint(condition=models.Q(models.Q(('notes_end_on__isnull', False), ('state__in', ['held', 'closed'])), models.Q(models.Q(('state__in', ['held', 'closed']), _negated=True), ('notes_end_on', None)), _connector='OR'), name='notes_have_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('video', ''), ('video_until', None)), models.Q(models.Q(('video', ''), _negated=True), ('video_until__isnull', False)), _connector='OR'), name='video_has_an_end'), models.CheckConstraint(condition=models.Q(('return_of', models.F('pk')), _negated=True), name='observation_returns_another')],
                    'ordering': ['-starts_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='ObservationFocus',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('heading', models.CharField(max_length=120, validators=[evaluation.no_grades.says_no_grade])),
                    ('observation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='headings', to='evaluation.observation')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('observation', 'position'), name='headings_in_order'), models.CheckConstraint(condition=models.Q(('heading__iregex', '^([^0-9%★☆✓✔✗✘]|\\m(year|years|y|key stage|ks|class|room|set|hall|block) ?[0-9]{1,2}[a-z]?\\M)*$'), models.Q(('heading__iregex', '\\m(grade|grades|graded|grading|outstanding|inadequate|requires improvement|rag|score|scores|scored|scoring|rating|ratings|rated)\\M'), _negated=True)), name='heading_is_no_grade')],
                    'ordering': ['position'],
                },
            ),
            migrations.CreateModel(
                name='ObservationOpening',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('first_at', models.DateTimeField()),
                    ('observation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='evaluation.observation')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('observation', 'staff'), name='one_observation_opening_a_reader')],
                },
            ),
            migrations.CreateModel(
                name='ObservationReader',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('observation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='evaluation.observation')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('observation', 'staff'), name='one_observation_reader_once')],
                },
            ),
            migrations.CreateModel(
                name='Observer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('agreed_at', models.DateTimeField(editable=False, null=True)),
                    ('notes', models.JSONField(blank=True, default=list)),
                    ('pupils_said', models.TextField(blank=True, max_length=10000, verbose_name='what pupils said when asked')),
                    ('noted_at', models.DateTimeField(editable=False, null=True)),
                    ('closed_at', models.DateTimeField(editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('observation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='observers', to='evaluation.observation')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('observation', 'staff'), name='one_observer_once')],
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='OpenDoor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('doing', models.CharField(max_length=200, verbose_name='what you would see')),
                    ('when', models.CharField(max_length=120, verbose_name='when')),
                    ('place', models.CharField(blank=True, max_length=100, verbose_name='class or place')),
                    ('until', models.DateField(verbose_name='on the board until')),
                    ('opened_on', models.DateField(editable=False)),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_doors', to='cpdhub.staff')),
                ],
                options={
                    'indexes': [models.Index(fields=['school', 'until'], name='open_door_by_end')],
                    'ordering': ['-opened_on', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='LearningWalk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('walked_on', models.DateField(verbose_name='day of the walk')),
                    ('rooms', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None, verbose_name='rooms, as numbers')),
                    ('focus', models.CharField(max_length=200, validators=[evaluation.no_grades.says_no_grade], verbose_name='what to look at')),
                    ('patterns', models.TextField(blank=True, max_length=10000, verbose_name='patterns across rooms')),
                    ('pupil_talk', models.TextField(blank=True, max_length=10000, verbose_name='what pupils told us')),
                    ('wonderings', models.TextField(blank=True, max_length=10000, verbose_name='what we wonder now')),
                    ('audience', models.CharField(choices=[('only_me', 'Only me'), ('leaders', 'Head and CPD leader'), ('everyone', 'Everyone here')], default='only_me', max_length=8, verbose_name='who may read this')),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='learning_walks', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='audits.topic', verbose_name='topic')),
                ],
                options={
                    'ordering': ['-walked_on', '-pk'],
                    'indexes': [models.Index(fields=['school', 'walked_on'], name='walk_by_day')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('focus__iregex', '^([^0-9%★☆✓✔✗✘]|\\m(year|years|y|key stage|ks|class|room|set|hall|block) ?[0-9]{1,2}[a-z]?\\M)*$'), models.Q(('focus__iregex', '\\m(grade|grades|graded|grading|outstanding|inadequate|requires improvement|rag|score|scores|scored|scoring|rating|ratings|rated)\\M'), _negated=True)), name='walk_focus_is_no_grade'), models.CheckConstraint(condition=models.Q(('audience__in', ['only_me', 'leaders', 'everyone'])), name='walk_has_an_audience')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='lookfor',
                trigger=pgtrigger.compiler.Trigger(name='agreed_stays_agreed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    RAISE EXCEPTION 'agreed look-fors stay as they are: agree a new version'\n                        USING ERRCODE = 'check_violation';\n                ", hash='062280b75d3f38286735ff1c0c4e0bc8bb61f40f', operation='UPDATE', pgid='pgtrigger_agreed_stays_agreed_09333', table='evaluation_lookfor', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='asked_agreed_held_closed', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{asked:agreed,asked:withdrawn,agreed:withdrawn,agreed:held,held:closed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='b1b798f53d5bf6446f1973d14a49d208c34387c7', operation='UPDATE', pgid='pgtrigger_asked_agreed_held_closed_df9ef', table='evaluation_observation', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='purpose_and_owner_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id"))', func="\n                    RAISE EXCEPTION 'what an observation is for, and whose it is, never changes'\n                        USING ERRCODE = 'check_violation';\n                ", hash='fd0fbf4b3682696429e370a74a2d34e09ebd407f', operation='UPDATE OF "purpose", "owner_id"', pgid='pgtrigger_purpose_and_owner_stay_1962e', table='evaluation_observation', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='closed_by_everyone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'closed\' AND OLD."state" IS DISTINCT FROM \'closed\')', func="\n                    IF EXISTS (\n                        SELECT 1 FROM evaluation_observer o\n                        WHERE o.observation_id = NEW.id AND o.closed_at IS NULL\n                    ) THEN RAISE EXCEPTION 'an observation is closed by everyone in it'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='ebedaeba823c220b2647c50b59fa6f50a708f5c6', operation='UPDATE OF "state"', pgid='pgtrigger_closed_by_everyone_c03b8', table='evaluation_observation', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observer',
                trigger=pgtrigger.compiler.Trigger(name='nobody_observes_themselves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT 1 FROM evaluation_observation o\n                        WHERE o.id = NEW.observation_id AND o.owner_id = NEW.staff_id\n                    ) THEN RAISE EXCEPTION 'nobody observes themselves'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='b5fe661465cd2213877801be0f50c0c102cbe016', operation='INSERT OR UPDATE OF "staff_id", "observation_id"', pgid='pgtrigger_nobody_observes_themselves_182a8', table='evaluation_observer', when='BEFORE')),
            ),
        ]),
        wall(
            "evaluation_lookfors", "evaluation_lookfor", "evaluation_opendoor",
            "evaluation_observation", "evaluation_observationfocus", "evaluation_observer",
            "evaluation_observationreader", "evaluation_observationopening",
            "evaluation_learningwalk",
        ),
        may_be_pointed_at("evaluation_lookfors", "evaluation_observation"),
        same_school("evaluation_lookfors", written_by_id="cpdhub_staff"),
        same_school("evaluation_lookfor", look_fors_id="evaluation_lookfors"),
        same_school("evaluation_opendoor", staff_id="cpdhub_staff"),
        same_school(
            "evaluation_observation",
            owner_id="cpdhub_staff", asked_by_id="cpdhub_staff", topic_id="audits_topic",
            activity_id="activities_activity", look_fors_id="evaluation_lookfors",
            return_of_id="evaluation_observation",
        ),
        same_school(
            "evaluation_observationfocus", observation_id="evaluation_observation",
        ),
        same_school(
            "evaluation_observer",
            observation_id="evaluation_observation", staff_id="cpdhub_staff",
        ),
        same_school(
            "evaluation_observationreader",
            observation_id="evaluation_observation", staff_id="cpdhub_staff",
        ),
        same_school(
            "evaluation_observationopening",
            observation_id="evaluation_observation", staff_id="cpdhub_staff",
        ),
        same_school("evaluation_learningwalk", author_id="cpdhub_staff", topic_id="audits_topic"),
    ]
