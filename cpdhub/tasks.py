"""What the worker does. Each task finds its row by id and may come twice; the row decides.

Keyword-only ids and `**kwargs`, so that an old worker survives a new caller.
"""

from typing import Any

from celery import shared_task

from cpdhub import dispatch, jobs, outbox, reminders, sweeps


@shared_task
def tick(**kwargs: Any) -> None:
    """Find what is due in every school and queue it."""
    dispatch.tick()


@shared_task
def run_job(*, school_id: int | None, job_id: int, **kwargs: Any) -> None:
    jobs.run(school_id=school_id, job_id=job_id)


@shared_task
def send_message(*, school_id: int | None, message_id: int, **kwargs: Any) -> None:
    outbox.deliver(school_id=school_id, message_id=message_id)


@shared_task
def deliver_reminders(*, school_id: int, reminder_ids: list[int], **kwargs: Any) -> None:
    """Each in a transaction of its own: one that fails stops no other."""
    for reminder_id in reminder_ids:
        reminders.deliver(school_id=school_id, reminder_id=reminder_id)


@shared_task
def sweep_school(*, school_id: int, **kwargs: Any) -> None:
    sweeps.run(school_id=school_id)  # first: who answered late is not reminded
    reminders.sweep(school_id=school_id)


@shared_task
def tidy(*, school_id: int | None, **kwargs: Any) -> None:
    """Throw away what has served: of one school or, with None, of the installation."""
    dispatch.tidy(school_id=school_id)
