"""The Celery app. The database holds what is due; Celery only moves it.

Its timetable is one tick (`CELERY_BEAT_SCHEDULE` in the settings).
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpdhub.settings")

app = Celery("cpdhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_at_once(**kwargs: Any) -> None:
    """A worker that starts does not wait for the next tick to find what was left lying."""
    app.send_task("cpdhub.tasks.tick", expires=60)
