"""Staff records from files, staged until somebody confirms them."""

import django.db.models.deletion
from django.db import migrations, models

from cpdhub.walls import may_be_pointed_at, same_school, wall


class Migration(migrations.Migration):

    dependencies = [
        ('cpdhub', '0005_work_results'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, verbose_name='file name')),
                ('state', models.CharField(choices=[('uploaded', 'Being read'), ('mapping', 'Columns to be matched'), ('previewed', 'Waiting for you to confirm'), ('confirmed', 'Being written'), ('applied', 'Imported'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('failed', 'Not readable')], default='uploaded', max_length=10)),
                ('header', models.JSONField(default=list, help_text="The file's column names.")),
                ('samples', models.JSONField(default=list, help_text='Three values of each column.')),
                ('mapping', models.JSONField(default=dict, help_text='Our field to the number of its column.')),
                ('counts', models.JSONField(default=dict, help_text='Rows of each outcome.')),
                ('notes', models.JSONField(default=list, help_text='Sentences about the whole file.')),
                ('error', models.CharField(blank=True, max_length=300)),
                ('leaving_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('previewed_at', models.DateTimeField(blank=True, null=True)),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('new_teams', models.JSONField(default=list, help_text='The teams it made, for undoing.')),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.storedfile')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.job')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='StaffImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(help_text='The line in the file; 0 when it is in none.')),
                ('outcome', models.CharField(choices=[('new', 'New'), ('changed', 'Changed'), ('unchanged', 'Unchanged'), ('ask', 'For you to decide'), ('error', 'Cannot be imported'), ('left_out', 'Left out'), ('possible_leaver', 'Possible leaver')], max_length=16)),
                ('name', models.CharField(blank=True, max_length=210)),
                ('values', models.JSONField(default=dict, help_text='What the line says, field by field.')),
                ('changes', models.JSONField(default=list, help_text='[label, old, new] to be read.')),
                ('writes', models.JSONField(default=dict, help_text='Field to [old, new], to be written.')),
                ('problems', models.JSONField(default=list, help_text='[column, reason].')),
                ('candidates', models.JSONField(default=list, help_text='Colleagues of the same name.')),
                ('is_chosen', models.BooleanField(default=True)),
                ('decision', models.CharField(blank=True, choices=[('new', 'Somebody new'), ('match', 'This colleague'), ('skip', 'Leave this line out')], max_length=5)),
                ('written', models.JSONField(default=dict, help_text='Field to [before, after], as it was written: to undo exactly.')),
                ('kept', models.CharField(blank=True, max_length=200, verbose_name='why it was not undone')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpdhub.school')),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpdhub.staff')),
                ('staff_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='cpdhub.staffimport')),
            ],
            options={
                'ordering': ['line', 'name', 'pk'],
                'indexes': [models.Index(fields=['staff_import', 'outcome', 'line'], name='import_row_by_outcome')],
            },
        ),
        wall("cpdhub_staffimport", "cpdhub_staffimportrow"),
        may_be_pointed_at("cpdhub_job", "cpdhub_staffimport"),
        same_school(
            "cpdhub_staffimport", file_id="cpdhub_storedfile", job_id="cpdhub_job",
            created_by_id="cpdhub_staff", applied_by_id="cpdhub_staff",
            undone_by_id="cpdhub_staff",
        ),
        same_school(
            "cpdhub_staffimportrow", staff_import_id="cpdhub_staffimport",
            staff_id="cpdhub_staff",
        ),
    ]
