"""A day several schools learn on together, behind the walls."""

import cpdhub.clock
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from cpdhub.migrating import Together
from cpdhub.walls import may_be_pointed_at, same_school, wall
from networks.walls import (
    may_be_pointed_at_in_network,
    network_wall,
    same_network,
    wall_of_guests,
)


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0007_one_school_at_a_time'),
        ('cpdhub', '0005_observations_a_year'),
        ('networks', '0009_meetings'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='SharedDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=120, verbose_name='what the day is called')),
                    ('day', models.DateField(verbose_name='date')),
                    ('purpose', models.TextField(max_length=1000, verbose_name='what it is for')),
                    ('choices_close_on', models.DateField(verbose_name='staff choose until the end of')),
                    ('wishes', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='choices each person may give for a slot')),
                    ('state', models.CharField(choices=[('planning', 'Being planned'), ('choosing', 'Staff choose'), ('timetabled', 'Timetable is out'), ('over', 'Over')], default='planning', editable=False, max_length=10)),
                    ('run', models.PositiveIntegerField(default=0, editable=False)),
                    ('asked_run', models.PositiveIntegerField(default=0, editable=False)),
                    ('figures', models.JSONField(default=dict, editable=False)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('wishes__gte', 1), ('wishes__lte', 5)), name='day_asks_for_some_wishes'),
                        models.CheckConstraint(condition=models.Q(('choices_close_on__lte', models.F('day'))), name='day_choices_close_before_it'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['planning', 'choosing']), ('run__gt', 0), _connector='OR'), name='day_out_with_a_timetable'),
                    ],
                    'ordering': ['-day', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='DaySlot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60)),
                    ('starts_at', models.TimeField(verbose_name='from')),
                    ('ends_at', models.TimeField(verbose_name='to')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='day_slot_has_length'),
                        models.UniqueConstraint(models.F('day'), models.F('starts_at'), name='one_day_slot_at_a_time'),
                        models.UniqueConstraint(models.F('day'), django.db.models.functions.text.Lower('name'), name='one_day_slot_of_a_name'),
                    ],
                    'ordering': ['starts_at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='DaySchool',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('is_everyone', models.BooleanField(default=True, verbose_name='everybody in post that day')),
                    ('people', models.PositiveIntegerField(default=0, editable=False)),
                    ('activity', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='activities.activity')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('said_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('day', 'school'), name='school_in_a_day_once'),
                    ],
                    'ordering': ['school__name', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='DayPerson',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('day', 'staff'), name='in_a_day_once'),
                    ],
                    'ordering': ['staff__sort_name'],
                },
            ),
            migrations.CreateModel(
                name='Site',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('address', models.CharField(blank=True, max_length=200)),
                    ('is_step_free', models.BooleanField(default=False, verbose_name='step-free throughout')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                    ('host', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.school', verbose_name='the school it is')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('day'), django.db.models.functions.text.Lower('name'), name='one_site_of_a_name_a_day'),
                    ],
                    'ordering': ['name', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Workshop',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('room', models.CharField(max_length=60)),
                    ('title', models.CharField(max_length=150)),
                    ('about', models.TextField(blank=True, max_length=1000, verbose_name='what it is about')),
                    ('audience', models.CharField(blank=True, max_length=150, verbose_name='who it is for')),
                    ('led_by', models.CharField(blank=True, max_length=120, verbose_name='led by')),
                    ('led_job', models.CharField(blank=True, max_length=120, verbose_name='their job')),
                    ('most', models.PositiveSmallIntegerField(default=20, verbose_name='most people')),
                    ('fewest', models.PositiveSmallIntegerField(default=0, verbose_name='fewest people it needs')),
                    ('repeats', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                    ('dropped_because', models.CharField(blank=True, editable=False, max_length=200, verbose_name='why it is off')),
                    ('is_too_small', models.BooleanField(default=False, editable=False)),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                    ('led_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.school', verbose_name='from which school')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='networks.site')),
                    ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='networks.dayslot')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('most__gte', 1), ('most__lte', 2000), ('fewest__lte', models.F('most'))), name='workshop_has_places'),
                        models.UniqueConstraint(models.F('slot'), models.F('site'), django.db.models.functions.text.Lower('room'), condition=models.Q(('dropped_because', '')), name='one_workshop_in_a_room'),
                    ],
                    'ordering': ['title', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Wish',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rank', models.PositiveSmallIntegerField()),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.dayslot')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                    ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.workshop')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('staff', 'slot', 'rank'), name='one_wish_of_a_rank'),
                        models.UniqueConstraint(fields=('staff', 'workshop'), name='one_wish_for_a_workshop'),
                        models.CheckConstraint(condition=models.Q(('rank__gte', 1), ('rank__lte', 5)), name='wishes_are_few'),
                    ],
                    'verbose_name_plural': 'wishes',
                    'ordering': ['slot__starts_at', 'rank'],
                },
            ),
            migrations.CreateModel(
                name='Seat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('run', models.PositiveIntegerField()),
                    ('rank', models.PositiveSmallIntegerField(null=True)),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.dayslot')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.staff')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                    ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.workshop')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('staff', 'slot', 'run'), name='one_seat_in_a_slot'),
                    ],
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Guest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('run', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=201)),
                    ('sort_name', models.TextField()),
                    ('job', models.CharField(blank=True, max_length=120)),
                    ('was_present', models.BooleanField(null=True)),
                    ('host', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.school')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('seat', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='guest', to='networks.seat')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                    ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.workshop')),
                ],
                options={
                    'ordering': ['sort_name', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='WorkshopRegister',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('taken_at', models.DateTimeField(default=cpdhub.clock.now)),
                    ('taken_by', models.CharField(max_length=200, verbose_name='taken by')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.sharedday')),
                    ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                    ('workshop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='register', to='networks.workshop')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sharedday',
                trigger=pgtrigger.compiler.Trigger(name='day_goes_its_way', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{planning:choosing,choosing:timetabled,timetabled:over}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='dc27630414170bc4cf63c12ca015f0abf476625a', operation='UPDATE', pgid='pgtrigger_day_goes_its_way_0fb1c', table='networks_sharedday', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='wish',
                trigger=pgtrigger.compiler.Trigger(name='wish_while_staff_choose', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM networks_sharedday d\n                        WHERE d.id = NEW.day_id AND d.state = 'choosing'\n                    ) THEN RAISE EXCEPTION 'choices are closed' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='b9cd51a907687b24ba21a564e389e1fb9deb2b26', operation='INSERT OR UPDATE', pgid='pgtrigger_wish_while_staff_choose_e7404', table='networks_wish', when='BEFORE')),
            ),
        ]),
        network_wall(
            "networks_sharedday", "networks_dayslot", "networks_site", "networks_workshop",
            "networks_dayschool", "networks_workshopregister",
        ),
        wall("networks_dayperson", "networks_wish", "networks_seat"),
        wall_of_guests("networks_guest", "networks_sharedday"),
        may_be_pointed_at_in_network(
            "networks_sharedday", "networks_dayslot", "networks_site", "networks_workshop",
            "networks_seat",
        ),
        may_be_pointed_at("networks_seat"),
        *(
            same_network(f"networks_{table}", day_id="networks_sharedday")
            for table in (
                "dayslot", "site", "workshop", "dayschool", "workshopregister", "dayperson",
                "wish", "seat", "guest",
            )
        ),
        same_network(
            "networks_workshop", slot_id="networks_dayslot", site_id="networks_site"
        ),
        same_network("networks_workshopregister", workshop_id="networks_workshop"),
        same_network(
            "networks_wish", slot_id="networks_dayslot", workshop_id="networks_workshop"
        ),
        same_network(
            "networks_seat", slot_id="networks_dayslot", workshop_id="networks_workshop"
        ),
        same_network("networks_guest", workshop_id="networks_workshop"),
        same_school("networks_dayperson", staff_id="cpdhub_staff"),
        same_school("networks_wish", staff_id="cpdhub_staff"),
        same_school("networks_seat", staff_id="cpdhub_staff"),
        same_school("networks_guest", seat_id="networks_seat"),
        same_school(
            "networks_dayschool", said_by_id="cpdhub_staff",
            activity_id="activities_activity",
        ),
    ]
