"""Topics of offers that schools of a network may read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0007_shared_and_lasting'),
    ]

    operations = [
        migrations.AddField(
            model_name='expertise',
            name='for_networks',
            field=models.BooleanField(default=False, verbose_name='schools we learn with may read the topic, without my name'),
        ),
    ]
