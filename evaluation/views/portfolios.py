"""One's own portfolios: what is in them, in which order, and who has a link."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.views.asking import ask_first
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.exports import plain_name
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from evaluation import portfolio_pdf
from evaluation.forms.portfolio import ItemForm, LinkForm, PortfolioForm, WordsForm
from evaluation.models import (
    MOST_PORTFOLIOS,
    ImportedRecord,
    Portfolio,
    PortfolioItem,
    PortfolioLink,
)
from evaluation.portfolio_shown import shown
from evaluation.portfolios import CHESTS, candidates


@require_GET
@requires(Permission.LOG_LEARNING)
def portfolios(request: StaffRequest) -> HttpResponse:
    """What I have put together, and what I brought from earlier schools."""
    context = {
        "portfolios": Portfolio.objects.owned_by(request.staff).with_numbers(),
        "imported": ImportedRecord.objects.filter(owner=request.staff),
    }
    return render(request, "evaluation/portfolios.html", context)


def own(request: StaffRequest, uuid: UUID) -> Portfolio:
    mine = Portfolio.objects.owned_by(request.staff).select_related("owner__school")
    return get_object_or_404(mine, uuid=uuid)


def _item(portfolio: Portfolio, pk: int) -> PortfolioItem:
    return get_object_or_404(portfolio.items.all(), pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
@once
def new(request: StaffRequest) -> HttpResponse:
    form = PortfolioForm(request.POST or None, instance=Portfolio(owner=request.staff))
    if request.method == "POST" and form.is_valid():
        if Portfolio.objects.owned_by(request.staff).count() >= MOST_PORTFOLIOS:
            form.add_error(None, f"You have {MOST_PORTFOLIOS} portfolios. Delete one first.")
        else:
            portfolio = form.save(commit=False)
            portfolio.school, portfolio.created_at = request.school, clock.now()
            portfolio.save()
            return redirect("portfolio:pick", portfolio.uuid)
    return render(request, "evaluation/portfolio_words.html", {"form": form})


@require_GET
@requires(Permission.LOG_LEARNING)
def portfolio(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """As its owner sees it, with the links they gave."""
    found = own(request, uuid)
    context = {
        "portfolio": found,
        "lines": shown(found, for_others=False),
        "links": [(link, link.is_working(clock.today())) for link in found.links.all()],
        "form": LinkForm(),
    }
    return render(request, "evaluation/portfolio.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def edit(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Its title and introduction."""
    found = own(request, uuid)
    form = PortfolioForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("portfolio:portfolio", uuid)
    return render(request, "evaluation/portfolio_words.html", {"form": form, "portfolio": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def delete(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Asks first. What it was picked from stays where it is."""
    found = own(request, uuid)
    if request.method == "POST":
        found.delete()
        messages.success(request, "Deleted. Its links show nothing any more.")
        return redirect("portfolio:list")
    return ask_first(
        request, question="Delete this portfolio?",
        text=f"“{found}”: your selection, its comments and its links are gone for good. What you"
        " picked it from stays on your record. To stop sharing it, end its links instead.",
        deed="Delete it", back=reverse("portfolio:portfolio", args=[uuid]),
    )  # fmt: skip


# --- what is in it --------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def pick(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Choose from one's own record, chest by chest: `?from=reflections`."""
    found = own(request, uuid)
    chest = request.GET.get("from", "learning")
    if chest not in CHESTS:
        raise Http404
    offered = candidates(request.staff, chest)
    if request.method == "POST":
        return _put_in(request, found, chest, offered)
    there = set(found.items.values_list("source", flat=True))
    words = request.GET.get("q", "").strip()[:100]
    context = {
        "portfolio": found,
        "chest": chest,
        "chests": CHESTS,
        "number": len(there),
        "has_any": bool(offered),
        "q": words,
        "offered": [(row, row.source in there) for row in offered if _has(row.title, words)],
    }
    return render(request, "evaluation/portfolio_pick.html", context)


def _has(title: str, words: str) -> bool:
    return all(word in title.casefold() for word in words.casefold().split())


def _put_in(request: StaffRequest, found: Portfolio, chest: str, offered: list) -> HttpResponse:
    chosen = set(request.POST.getlist("pick"))
    try:
        number = found.add([row.item() for row in offered if row.source in chosen])
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("portfolio:portfolio", found.uuid)
    if not chosen:
        messages.warning(request, "Nothing was ticked, so nothing was put in.")
        return redirect(f"{request.path}?from={chest}")
    messages.success(request, f"{number} put in, at the end.")
    return redirect("portfolio:portfolio", found.uuid)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
@once
def words(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Something no record holds."""
    found = own(request, uuid)
    blank = PortfolioItem(kind=PortfolioItem.Kind.WORDS, source=f"words:{uuid4()}")
    form = WordsForm(request.POST or None, instance=blank)
    if request.method == "POST" and form.is_valid():
        try:
            found.add([form.save(commit=False)])
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        return redirect("portfolio:portfolio", uuid)
    return render(request, "evaluation/portfolio_item.html", {"form": form, "portfolio": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def item(request: StaffRequest, uuid: UUID, pk: int) -> HttpResponse:
    """The comment to one thing in it."""
    found = own(request, uuid)
    row = _item(found, pk)
    form = ItemForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("portfolio:portfolio", uuid)
    line = next((line for line in shown(found, for_others=False) if line.item == row), None)
    context = {"form": form, "portfolio": found, "line": line}
    return render(request, "evaluation/portfolio_item.html", context)


@require_POST
@requires(Permission.LOG_LEARNING)
def move(request: StaffRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Up, down, to the top; or out of it."""
    found = own(request, uuid)
    row = _item(found, pk)
    if request.POST.get("way") == "out":
        row.delete()
        messages.success(request, "Taken out. It is still on your record.")
    else:
        found.move(row, request.POST.get("way", ""))
    return redirect("portfolio:portfolio", uuid)


# --- links, paper ---------------------------------------------------------------------------------
@require_POST
@requires(Permission.LOG_LEARNING)
@once
def share(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """A new secret address, until a day."""
    found = own(request, uuid)
    form = LinkForm(request.POST, instance=PortfolioLink(portfolio=found, school=request.school))
    if not form.is_valid():
        context = {
            "portfolio": found,
            "lines": shown(found, for_others=False),
            "links": [(link, link.is_working(clock.today())) for link in found.links.all()],
            "form": form,
        }
        return render(request, "evaluation/portfolio.html", context)
    link = form.save(commit=False)
    link.created_at = clock.now()
    link.save()
    messages.success(request, "The link is below. Whoever has it can read this portfolio.")
    return redirect("portfolio:portfolio", uuid)


@require_POST
@requires(Permission.LOG_LEARNING)
def end_link(request: StaffRequest, uuid: UUID, pk: int) -> HttpResponse:
    """From this moment it shows nothing."""
    found = own(request, uuid)
    link = get_object_or_404(found.links.all(), pk=pk)
    found.links.filter(pk=link.pk, ended_at=None).update(ended_at=clock.now())
    messages.success(request, "Ended. The link shows nothing any more.")
    return redirect("portfolio:portfolio", uuid)


@require_GET
@requires(Permission.LOG_LEARNING)
def pdf(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """On paper, as others read it. Made at once and kept nowhere: it is nobody else's."""
    found = own(request, uuid)
    LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="portfolio", object_id=found.pk)
    return as_file(portfolio_pdf.render(found), "application/pdf", f"portfolio {found.title}.pdf")


def as_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{plain_name(name)}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
