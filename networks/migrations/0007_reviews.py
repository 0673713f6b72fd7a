"""Reviews of a network, its strategies, and how far each school is with them."""

import cpdhub.clock
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from cpdhub.walls import same_school
from networks.walls import network_wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('networks', '0006_walls_of_offers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='what you call it')),
                ('about', models.TextField(max_length=1000, verbose_name='what it is, and what should come of it')),
                ('way', models.CharField(choices=[('deepen', 'Goes deep: a few schools work it out together'), ('spread', 'Goes wide: what works reaches every school')], max_length=6, verbose_name='which way it works')),
                ('begins_on', models.DateField(default=cpdhub.clock.today, verbose_name='begins')),
                ('lead', models.CharField(blank=True, max_length=120, verbose_name='who leads it')),
                ('deputy', models.CharField(blank=True, max_length=120, verbose_name='who takes over when they leave')),
                ('outputs', models.TextField(blank=True, max_length=1000, verbose_name='what one can hold in one’s hand')),
                ('challenge', models.CharField(blank=True, choices=[('attitudes', 'Other things come first, or people do not believe in it'), ('resources', 'Money, time or staff'), ('together', 'Working together'), ('ownership', 'Making it fit, and making it one’s own'), ('other', 'Something else, such as showing what pupils gain')], max_length=9, verbose_name='what stands most against it')),
                ('challenge_note', models.CharField(blank=True, max_length=300, verbose_name='what we do about that')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='money or outside help ends')),
                ('after_the_end', models.TextField(blank=True, max_length=1000, verbose_name='and what happens then')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='networks.theme', verbose_name='for which theme')),
            ],
            options={
                'verbose_name_plural': 'strategies',
                'ordering': ['begins_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='NetworkReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('propositions', 'Is our network working? Five propositions'), ('lasting', 'Will it last? Seven things that make work last')], max_length=12, verbose_name='what is asked')),
                ('title', models.CharField(max_length=120, verbose_name='what you call it')),
                ('opened_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                ('closes_on', models.DateField(verbose_name='answers until')),
                ('closed_on', models.DateField(editable=False, null=True)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('strategy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.strategy', verbose_name='which strategy is looked at')),
            ],
            options={
                'ordering': ['-opened_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('unaware', 'Have not heard of it'), ('aware', 'Know of it'), ('involved', 'Take part'), ('implementing', 'Putting it into practice'), ('embedded', 'Part of what we do'), ('maintained', 'Kept up, not developed further'), ('stalled', 'Stalled')], max_length=12, verbose_name='how far we are')),
                ('since', models.DateField(default=cpdhub.clock.today, verbose_name='since')),
                ('evidence', models.CharField(blank=True, max_length=300, verbose_name='how one can see that')),
                ('would_help', models.CharField(blank=True, max_length=300, verbose_name='what would help us')),
                ('said_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                ('agreed', models.CharField(blank=True, editable=False, max_length=300, verbose_name='what was agreed')),
                ('agreed_on', models.DateField(editable=False, null=True)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adoptions', to='networks.strategy')),
            ],
            options={
                'ordering': ['school__name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prompt', models.CharField(editable=False, max_length=20)),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='what we noted')),
                ('action', models.CharField(blank=True, max_length=300, verbose_name='what we will do')),
                ('who', models.CharField(blank=True, max_length=120, verbose_name='who does it')),
                ('by_when', models.DateField(blank=True, null=True, verbose_name='by when')),
                ('done_on', models.DateField(editable=False, null=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='networks.networkreview')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('action', ''), ('note', ''), _negated=True), name='pause_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('action', ''), _negated=True), models.Q(('by_when', None), ('done_on', None)), _connector='OR'), name='deeds_are_done')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('level', models.CharField(blank=True, choices=[('not_yet', 'Not yet'), ('in_places', 'In places'), ('mostly', 'Mostly'), ('throughout', 'All through')], max_length=10, verbose_name='how far it is true')),
                ('comment', models.TextField(blank=True, max_length=1000, verbose_name='why you say so')),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='networks.networkreview')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
            ],
            options={
                'ordering': ['school__name', 'name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('review', 'staff', 'item'), name='each_says_it_once'), models.CheckConstraint(condition=models.Q(('comment', ''), ('level', ''), _negated=True), name='rating_says_something')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='nothing_is_said_once_closed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT 1 FROM networks_networkreview AS asked\n                        WHERE asked.id = NEW.review_id AND asked.closed_on IS NOT NULL\n                    ) THEN\n                        RAISE EXCEPTION 'This review has closed.' USING ERRCODE = '23514';\n                    END IF;\n                    RETURN NEW;\n                ", hash='c8f57ffdd061e512c56d52773ddef8578787462f', operation='INSERT OR UPDATE', pgid='pgtrigger_nothing_is_said_once_closed_dcfdb', table='networks_rating', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.UniqueConstraint(fields=('network', 'title'), name='one_strategy_of_a_title'),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gt', models.F('begins_on')), _connector='OR'), name='strategy_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), models.Q(('after_the_end', ''), _negated=True), _connector='OR'), name='an_end_has_an_after'),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('challenge', ''), _negated=True), ('challenge_note', ''), _connector='OR'), name='a_note_on_a_challenge'),
        ),
        migrations.AddConstraint(
            model_name='networkreview',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opened_on'))), name='review_is_open_for_a_while'),
        ),
        migrations.AddConstraint(
            model_name='networkreview',
            constraint=models.CheckConstraint(condition=models.Q(('strategy', None), ('kind', 'lasting'), _connector='OR'), name='strategies_are_to_last'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.UniqueConstraint(fields=('strategy', 'school'), name='each_school_says_it_once'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed', ''), ('agreed_on', None)), models.Q(models.Q(('agreed', ''), _negated=True), ('agreed_on__isnull', False)), _connector='OR'), name='agreed_on_a_day'),
        ),
        network_wall(
            'networks_networkreview', 'networks_rating', 'networks_pause', 'networks_strategy',
            'networks_adoption',
        ),
        same_school('networks_rating', staff_id='cpdhub_staff'),
    ]
