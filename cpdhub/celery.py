"""The Celery app and its timetable.

The database holds what is due; one tick a minute looks and queues. A tick that could
not run within its minute is dropped: the next one finds the same rows.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpdhub.settings")

app = Celery("cpdhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "tick": {"task": "cpdhub.tasks.tick", "schedule": 60.0, "options": {"expires": 60}},
}
