"""The staffroom: posts and comments to them."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0006_costs_of_requests'),
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0012_own_use'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Post',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hidden_at', models.DateTimeField(editable=False, null=True)),
                    ('hidden_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why')),
                    ('reported_at', models.DateTimeField(editable=False, null=True)),
                    ('reported_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='what is wrong')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('kind', models.CharField(choices=[('log', 'Learning log'), ('account', 'Account of practice'), ('liked', 'Seen and liked'), ('notice', 'Notice'), ('reading', 'Reading'), ('resource', 'Resource')], editable=False, max_length=8)),
                    ('title', models.CharField(max_length=120)),
                    ('text', models.TextField(max_length=10000)),
                    ('url', models.URLField(blank=True, max_length=500, verbose_name='link')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day it is shown')),
                    ('review_on', models.DateField(blank=True, null=True, verbose_name='when is it looked at again?')),
                    ('looked_at_on', models.DateField(editable=False, null=True)),
                    ('licence', models.CharField(choices=[('school', 'For this school only'), ('cc-by-4.0', 'May be passed on with our name: CC BY 4.0'), ('cc-by-sa-4.0', 'May be passed on with our name, on the same terms: CC BY-SA 4.0'), ('cc-by-nc-4.0', 'May be passed on with our name, not sold: CC BY-NC 4.0')], default='school', max_length=12, verbose_name='who may use it?')),
                    ('is_agreed', models.BooleanField(default=False, verbose_name='Colleagues I name have agreed, and nobody can tell which pupils are meant')),
                    ('may_be_printed', models.BooleanField(default=False, verbose_name='The CPD leader may choose it for the staff bulletin')),
                    ('begun_at', models.DateTimeField(editable=False)),
                    ('posted_at', models.DateTimeField(editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='posts', to='activities.activity', verbose_name='which activity does it come from?')),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='cpdhub.staff')),
                    ('file', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpdhub.storedfile')),
                    ('hidden_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff', verbose_name='who looks after it?')),
                    ('priority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='posts', to='cpdhub.priority', verbose_name='which priority is it about?')),
                    ('reported_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_because', '')), models.Q(('hidden_at__isnull', False), models.Q(('hidden_because', ''), _negated=True)), _connector='OR'), name='post_hidden_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('reported_because', '')), models.Q(('reported_at__isnull', False), models.Q(('reported_because', ''), _negated=True)), _connector='OR'), name='post_reported_with_a_reason'), models.UniqueConstraint(fields=('by', 'uuid'), name='one_post_a_page'), models.CheckConstraint(condition=models.Q(('posted_at', None), models.Q(models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='posted_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('ends_on', None), models.Q(('kind', 'notice'), _negated=True)), models.Q(('kind', 'notice'), models.Q(('posted_at', None), ('ends_on__isnull', False), _connector='OR')), _connector='OR'), name='notices_and_only_they_end'), models.CheckConstraint(condition=models.Q(models.Q(('owner', None), ('review_on', None), models.Q(('kind__in', ['account', 'resource']), _negated=True)), models.Q(('kind__in', ['account', 'resource']), models.Q(('posted_at', None), ('review_on__isnull', False), _connector='OR')), _connector='OR'), name='what_is_kept_is_looked_at_again'), models.CheckConstraint(condition=models.Q(('kind', 'account'), models.Q(('is_agreed', False), ('licence', 'school')), _connector='OR'), name='accounts_have_a_licence'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'account'), _negated=True), ('posted_at', None), ('is_agreed', True), _connector='OR'), name='accounts_are_agreed')],
                    'indexes': [models.Index(fields=['school', '-posted_at'], name='post_newest_first')],
                    'ordering': ['-posted_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Comment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hidden_at', models.DateTimeField(editable=False, null=True)),
                    ('hidden_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why')),
                    ('reported_at', models.DateTimeField(editable=False, null=True)),
                    ('reported_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='what is wrong')),
                    ('text', models.TextField(max_length=2000, verbose_name='your comment')),
                    ('written_at', models.DateTimeField(editable=False)),
                    ('changed_at', models.DateTimeField(editable=False, null=True)),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                    ('hidden_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('reported_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('post', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='evaluation.post')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_because', '')), models.Q(('hidden_at__isnull', False), models.Q(('hidden_because', ''), _negated=True)), _connector='OR'), name='comment_hidden_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('reported_because', '')), models.Q(('reported_at__isnull', False), models.Q(('reported_because', ''), _negated=True)), _connector='OR'), name='comment_reported_with_a_reason'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_says_something')],
                    'ordering': ['written_at', 'pk'],
                },
            ),
        ]),
        wall("evaluation_post", "evaluation_comment"),
        may_be_pointed_at("evaluation_post"),
        same_school(
            "evaluation_post",
            activity_id="activities_activity", priority_id="cpdhub_priority",
            file_id="cpdhub_storedfile", by_id="cpdhub_staff", owner_id="cpdhub_staff",
            hidden_by_id="cpdhub_staff", reported_by_id="cpdhub_staff",
        ),
        same_school(
            "evaluation_comment",
            post_id="evaluation_post", by_id="cpdhub_staff", hidden_by_id="cpdhub_staff",
            reported_by_id="cpdhub_staff",
        ),
    ]
