"""Innovations: what is new, its map, where teams are, what is next."""

import cpdhub.clock
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('evaluation', '0009_passed_on'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Innovation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=120, verbose_name='what is new')),
                    ('goal', models.CharField(max_length=400, verbose_name='what it is like once it is there')),
                    ('pupils', models.CharField(blank=True, max_length=300, verbose_name='what pupils have of it')),
                    ('begun_on', models.DateField(default=cpdhub.clock.today, editable=False)),
                    ('ended_on', models.DateField(editable=False, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('copied_from', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='evaluation.innovation')),
                    ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='innovations_led', to='cpdhub.staff')),
                    ('priority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='innovations', to='cpdhub.priority')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('goal', ''), _negated=True)), name='innovation_says_what_it_is')],
                    'ordering': ['title', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Component',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=120)),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('innovation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='evaluation.innovation')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('innovation', 'position'), name='one_component_a_place')],
                    'ordering': ['innovation', 'position'],
                },
            ),
            migrations.CreateModel(
                name='NextStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('band', models.CharField(choices=[('ideal', 'Ideal'), ('acceptable', 'Acceptable'), ('developing', 'Developing'), ('not_in_use', 'Not in use')], max_length=10, verbose_name='where to')),
                    ('action', models.CharField(max_length=300, verbose_name='what we do')),
                    ('due_on', models.DateField(verbose_name='by when')),
                    ('done_on', models.DateField(editable=False, null=True)),
                    ('component', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='evaluation.component')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.team')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('action', ''), _negated=True), name='step_says_what_is_done')],
                    'ordering': ['due_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Placement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('band', models.CharField(choices=[('ideal', 'Ideal'), ('acceptable', 'Acceptable'), ('developing', 'Developing'), ('not_in_use', 'Not in use')], max_length=10)),
                    ('placed_on', models.DateField()),
                    ('known_by', models.CharField(blank=True, max_length=200, verbose_name='how we know')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('component', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='evaluation.component')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.team')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('component', 'team', 'placed_on'), name='placed_once_a_day', nulls_distinct=False)],
                    'ordering': ['placed_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Variation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('band', models.CharField(choices=[('ideal', 'Ideal'), ('acceptable', 'Acceptable'), ('developing', 'Developing'), ('not_in_use', 'Not in use')], max_length=10)),
                    ('text', models.CharField(max_length=300)),
                    ('component', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variations', to='evaluation.component')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('component', 'band'), name='one_variation_a_band'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='variation_says_something')],
                    'ordering': ['component', 'pk'],
                },
            ),
        ]),
        wall(
            "evaluation_innovation", "evaluation_component", "evaluation_variation",
            "evaluation_placement", "evaluation_nextstep",
        ),
        may_be_pointed_at("evaluation_innovation", "evaluation_component"),
        same_school(
            "evaluation_innovation",
            lead_id="cpdhub_staff", priority_id="cpdhub_priority",
            copied_from_id="evaluation_innovation",
        ),
        same_school("evaluation_component", innovation_id="evaluation_innovation"),
        same_school("evaluation_variation", component_id="evaluation_component"),
        same_school(
            "evaluation_placement",
            component_id="evaluation_component", team_id="cpdhub_team", by_id="cpdhub_staff",
        ),
        same_school(
            "evaluation_nextstep", component_id="evaluation_component", team_id="cpdhub_team"
        ),
    ]
