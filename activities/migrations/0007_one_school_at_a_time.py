"""Activities, sessions and attendance show of one school at a time."""

from django.db import migrations

from cpdhub.walls import one_at_a_time


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0006_costs_of_requests'),
    ]

    operations = [one_at_a_time("activities")]
