"""The Celery app. The database holds what is due; Celery only moves it.

Its timetable is one tick (`CELERY_BEAT_SCHEDULE` in the settings).
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpdhub.settings")

app = Celery("cpdhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_powerful_role(**kwargs: Any) -> None:
    """Do not start as a database role that row-level security does not bind (see checks.py)."""
    try:
        connection.ensure_connection()
        connection.close()
    except ImproperlyConfigured as problem:
        raise SystemExit(str(problem)) from problem
    except OperationalError:
        pass  # the database may come later; every connection is asked again


@worker_ready.connect
def look_at_once(**kwargs: Any) -> None:
    """A worker that starts does not wait for the next tick to find what was left lying."""
    app.send_task("cpdhub.tasks.tick", expires=60)
