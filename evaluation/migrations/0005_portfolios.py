"""Portfolios, their links, and records brought from elsewhere; with their second wall."""

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
        ('cpdhub', '0003_shipped'),
        ('evaluation', '0004_observations'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Portfolio',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('title', models.CharField(max_length=120)),
                        ('introduction', models.TextField(blank=True, max_length=5000)),
                        ('created_at', models.DateTimeField(editable=False)),
                        ('revision', models.PositiveIntegerField(default=1, editable=False)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='portfolios', to='cpdhub.staff')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['-created_at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='PortfolioLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('whom', models.CharField(blank=True, help_text='Only for you, to tell your links apart. Optional.', max_length=120, verbose_name='who is it for?')),
                        ('ends_on', models.DateField(verbose_name='last day it works')),
                        ('created_at', models.DateTimeField(editable=False)),
                        ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('opened', models.PositiveIntegerField(default=0, editable=False)),
                        ('last_opened_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('portfolio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='evaluation.portfolio')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['-created_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('last_opened_at', None), ('opened', 0)), models.Q(('last_opened_at__isnull', False), ('opened__gt', 0)), _connector='OR'), name='opened_has_a_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportedRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('person_name', models.CharField(max_length=220, verbose_name='made out to')),
                        ('school_name', models.CharField(max_length=200, verbose_name='from')),
                        ('urn', models.CharField(blank=True, max_length=6, verbose_name='URN')),
                        ('exported_at', models.DateTimeField()),
                        ('imported_at', models.DateTimeField()),
                        ('is_known', models.BooleanField(help_text='Signed with a key of this installation.')),
                        ('signed_by', models.CharField(max_length=64, verbose_name='fingerprint of the key')),
                        ('digest', models.CharField(editable=False, max_length=64)),
                        ('document', models.JSONField()),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpdhub.storedfile')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imported_records', to='cpdhub.staff')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['-exported_at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('owner', 'digest'), name='imported_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PortfolioItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('kind', models.CharField(choices=[('activity', 'Learning'), ('reflection', 'Reflection'), ('role', 'Role'), ('help', 'Help given'), ('entitlement', 'Entitlement received'), ('recognition', 'Recognition'), ('imported', 'From an earlier school'), ('words', 'Own words')], max_length=12)),
                        ('source', models.CharField(editable=False, max_length=120)),
                        ('title', models.CharField(blank=True, max_length=200)),
                        ('text', models.TextField(blank=True, max_length=10000)),
                        ('comment', models.TextField(blank=True, max_length=2000, verbose_name='why it is here')),
                        ('activity', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='activities.activity')),
                        ('portfolio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='evaluation.portfolio')),
                        ('reflection', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evaluation.reflection')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ],
                    options={
                        'ordering': ['position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('portfolio', 'source'), name='in_a_portfolio_once'), models.CheckConstraint(condition=models.Q(models.Q(('activity__isnull', False), ('kind', 'activity'), ('reflection', None)), models.Q(('activity', None), ('kind', 'reflection'), ('reflection__isnull', False)), models.Q(models.Q(('kind__in', ['activity', 'reflection']), _negated=True), ('activity', None), ('reflection', None), models.Q(('title', ''), _negated=True)), _connector='OR'), name='portfolio_item_is_one_thing')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='portfolioitem',
                    trigger=pgtrigger.compiler.Trigger(name='only_ones_own_words', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."reflection_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM evaluation_reflection r\n                        JOIN evaluation_portfolio p ON p.id = NEW.portfolio_id\n                        WHERE r.id = NEW.reflection_id AND r.owner_id = p.owner_id\n                    ) THEN RAISE EXCEPTION 'a portfolio holds only what its owner wrote'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='8b00be5a5d74fa1c97dba37fa9e3c20d91128a5e', operation='INSERT OR UPDATE', pgid='pgtrigger_only_ones_own_words_970be', table='evaluation_portfolioitem', when='BEFORE')),
                ),
            ],
        ),
        wall(
            'evaluation_portfolio', 'evaluation_portfolioitem', 'evaluation_portfoliolink',
            'evaluation_importedrecord',
        ),
        may_be_pointed_at('evaluation_portfolio'),
        same_school('evaluation_portfolio', owner_id='cpdhub_staff'),
        same_school(
            'evaluation_portfolioitem',
            portfolio_id='evaluation_portfolio', activity_id='activities_activity',
            reflection_id='evaluation_reflection',
        ),
        same_school('evaluation_portfoliolink', portfolio_id='evaluation_portfolio'),
        same_school(
            'evaluation_importedrecord', owner_id='cpdhub_staff', file_id='cpdhub_storedfile',
        ),
    ]
