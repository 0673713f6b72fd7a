"""Where am I with it? Asked of oneself, kept for oneself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from evaluation import own_use
from evaluation.models import Innovation, OwnUse


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def where_am_i(request: StaffRequest, pk: int) -> HttpResponse:
    """One question a page, by the address (`?a=yn`); at the end it may be kept."""
    innovation = get_object_or_404(Innovation, pk=pk)
    sent = request.POST.get("a") if request.method == "POST" else request.GET.get("a")
    interview = own_use.after(sent or "")
    if request.method == "POST":
        if interview.level:
            own_use.keep(innovation, owner=request.staff, level=interview.level)
            messages.success(request, "Kept for you. Nobody else reads it.")
            return redirect("innovations:where_am_i", pk)
        messages.error(request, "Answer the questions first.")
    context = {
        "innovation": innovation,
        "interview": interview,
        "mine": OwnUse.objects.owned_by(request.staff).filter(innovation=innovation),
    }
    return render(request, "evaluation/where_am_i.html", context)


@require_POST
@requires(Permission.LOG_LEARNING)
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """What I once said, taken away."""
    row = get_object_or_404(OwnUse.objects.owned_by(request.staff), pk=pk)
    row.delete()
    messages.success(request, "Taken away.")
    return redirect("innovations:where_am_i", row.innovation_id)
