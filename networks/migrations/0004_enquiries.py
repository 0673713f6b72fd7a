"""One school asks another for somebody who knows."""

import django.db.models.deletion
from django.db import migrations, models

from cpdhub.walls import same_school
from networks.walls import wall_of_two_schools


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_observations_a_year'),
        ('networks', '0003_published'),
    ]

    operations = [
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=300, verbose_name='with what')),
                ('words', models.CharField(max_length=500, verbose_name='what you would like')),
                ('name', models.CharField(max_length=200)),
                ('asked_on', models.DateField()),
                ('answer', models.CharField(blank=True, choices=[('', 'Not answered yet'), ('yes', 'We can help'), ('later', 'Not now'), ('no', 'We cannot')], default='', max_length=5, verbose_name='your answer')),
                ('reply', models.CharField(blank=True, max_length=500, verbose_name='a word to them')),
                ('answered_on', models.DateField(editable=False, null=True)),
                ('helped', models.CharField(blank=True, max_length=300, verbose_name='what came of it')),
                ('asked', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ('network', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='networks.network')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
            ],
            options={
                'verbose_name_plural': 'enquiries',
                'ordering': ['-asked_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('school', models.F('asked')), _negated=True), name='no_school_asks_itself'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_on', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_on__isnull', False)), _connector='OR'), name='enquiry_answered_on_a_day')],
            },
        ),
        wall_of_two_schools("networks_enquiry", "asked_id"),
        same_school("networks_enquiry", by_id="cpdhub_staff"),
    ]
