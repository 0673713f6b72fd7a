"""For load balancers and monitors. They read no session and no person."""

import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.models import Job, OutboxMessage, Pulse, Reminder
from cpdhub.walls import installation_scope

logger = logging.getLogger(__name__)

BEAT_WITHIN = timedelta(minutes=5)
LATE = timedelta(minutes=15)


class NotReady(Exception):
    """A part does not do its work; the text says which and since when."""


@login_not_required
@require_GET
@transaction.non_atomic_requests
def livez(request: HttpRequest) -> HttpResponse:
    """The web process answers: send it visitors."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_GET
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything works, or somebody should look: 200 or 503."""
    parts = {name: _state(check) for name, check in CHECKS.items()}
    is_ready = all(state["ok"] for state in parts.values())
    status = 200 if is_ready else 503
    if _may_see_details(request):
        return JsonResponse({"ready": is_ready, "parts": parts}, status=status)
    return HttpResponse("ok" if is_ready else "not ready", "text/plain", status=status)


def _may_see_details(request: HttpRequest) -> bool:
    token = request.GET.get("token", "")
    if settings.HEALTH_TOKEN:
        return secrets.compare_digest(token.encode(), settings.HEALTH_TOKEN.encode())
    return settings.TRIAL


def _state(check: Callable[[], str]) -> dict[str, object]:
    try:
        return {"ok": True, "what": check()}
    except (NotReady, DatabaseError, redis.RedisError, OSError) as problem:
        logger.warning("Not ready: %s", problem)
        return {"ok": False, "what": str(problem).strip()[:300]}


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "answers"


def _queue() -> str:
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None
    ) as server:
        server.ping()
    return "answers"


def _beat() -> str:
    pulse = Pulse.objects.filter(name="beat").first()
    if pulse is None:
        raise NotReady("beat and worker have not been seen yet")
    if pulse.beat_at < _ago(BEAT_WITHIN):
        raise NotReady(f"beat or worker were last seen {_when(pulse.beat_at)}")
    return f"last seen {_when(pulse.beat_at)}"


def _reminders() -> str:
    with installation_scope():
        first = Reminder.across.due(clock.now()).first()
    return _oldest("reminder", first.due_at if first else None)


def _letters() -> str:
    with installation_scope():
        first = OutboxMessage.across.due(clock.now()).only("next_try_at").first()
    return _oldest("letter", first.next_try_at if first else None)


def _jobs() -> str:
    with installation_scope():
        first = Job.across.abandoned(clock.now()).order_by("next_try_at").first()
    return _oldest("job", first.next_try_at if first else None)


def _oldest(what: str, due_at: datetime | None) -> str:
    if due_at is None:
        return f"no {what} is due"
    if due_at < _ago(LATE):
        raise NotReady(f"a {what} has been due since {_when(due_at)}")
    return f"the oldest {what} is due since {_when(due_at)}"


def _ago(age: timedelta) -> datetime:
    return clock.now().astimezone(UTC) - age


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(clock.LONDON):%-d %B %Y, %H:%M:%S}"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "queue": _queue,
    "beat": _beat,
    "reminders": _reminders,
    "letters": _letters,
    "jobs": _jobs,
}
