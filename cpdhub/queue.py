"""Handing work to Celery without ever making a page wait or fail.

Every task finds its row in the database, so a message that is lost is only late: the next
tick finds the row again. A message that comes twice finds the work done.
"""

import logging
import time
from functools import partial
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError

from cpdhub.celery import app

logger = logging.getLogger(__name__)

# Redis takes the smaller number first: somebody watches a job, nobody watches a reminder.
JOB, LETTER, REMINDER = 0, 3, 6
PAUSE_SECONDS = 5  # after a failure: a dead or frozen queue is not asked again for so long

_paused_until = 0.0


def later(task: str, *, priority: int, **kwargs: Any) -> None:
    """Queue one of `cpdhub.tasks` when the transaction commits; rolled back, nothing is queued."""
    transaction.on_commit(partial(publish, task, priority=priority, **kwargs), robust=True)


def publish(task: str, *, priority: int, countdown: float | None = None, **kwargs: Any) -> bool:
    """Queue it now; says whether the queue took it."""
    global _paused_until
    if time.monotonic() < _paused_until:
        return False
    try:
        app.send_task(
            f"cpdhub.tasks.{task}",
            kwargs=kwargs,
            priority=priority,
            countdown=countdown,
        )  # never retry=False: that waits six seconds for a queue that is gone
    except (OperationalError, OSError) as problem:
        _paused_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("The queue does not answer, %s waits in the database: %s", task, problem)
        return False
    return True


def length() -> int:
    """How many messages wait; none that we know of when the queue does not answer."""
    with app.connection_for_read() as connection:
        try:
            declared = connection.channel().queue_declare(
                queue=app.conf.task_default_queue, passive=True
            )
            return int(declared.message_count)
        except (*connection.connection_errors, *connection.channel_errors):
            return 0  # an empty queue does not exist
