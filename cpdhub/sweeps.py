"""What is done in every school each quarter of an hour, besides finding reminders.

Apps register their work in `AppConfig.ready`. It runs inside the school's scope, may run twice
and must find by itself what is due.
"""

import logging
from collections.abc import Callable
from datetime import datetime

import pghistory
from django.core.exceptions import ImproperlyConfigured

from cpdhub import clock
from cpdhub.models import School
from cpdhub.walls import school_scope

logger = logging.getLogger(__name__)

Work = Callable[[School, datetime], None]
WORKS: dict[str, Work] = {}


def register(name: str, work: Work) -> None:
    if name in WORKS:
        raise ImproperlyConfigured(f"There is a sweep called {name} already.")
    WORKS[name] = work


def run(*, school_id: int) -> None:
    """All of it in one school. Work that fails stops no other."""
    for name, work in WORKS.items():
        try:
            with pghistory.context(task=f"sweep:{name}"), school_scope(school_id):
                work(School.objects.get(pk=school_id), clock.now())
        except Exception:
            logger.exception("Sweep %s failed in school %s", name, school_id)
