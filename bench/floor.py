"""The floor: the least a signed-in page of this application can cost.

Three statements (session, user, post; one indexed list), 75 rows of dates and numbers
through template filters, about 18 KB, the same middleware. Pages are measured against it.
"""

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_GET

from activities.models import Session
from cpdhub import school_urls
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

PAGE = """{% extends "base.html" %}{% block content %}<table>{% for session in sessions %}<tr>
<th scope="row">{{ session.pk }}</th><td>{{ session.starts_at|date:"j F Y" }}</td>
<td>{{ session.starts_at|date:"H:i" }} to {{ session.ends_at|date:"H:i" }}</td>
<td class="num">{{ session.sequence|floatformat:1 }}</td><td>{{ session.place }}</td>
<td class="muted small">One line of an ordinary table</td></tr>{% endfor %}</table>{% endblock %}"""


@require_GET
@requires(Permission.SEE_HOME)
def floor(request: StaffRequest) -> HttpResponse:
    sessions = Session.objects.order_by("-starts_at")[:75]
    page = engines["django"].from_string(PAGE).render({"sessions": sessions}, request)
    return HttpResponse(page)


def lay() -> None:
    """Add the floor to the site map, here only."""
    school_urls.urlpatterns.append(path("bench-floor/", floor, name="bench_floor"))
