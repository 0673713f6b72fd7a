"""What people write about a session, and what others let them read; who has which role."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from activities import actions, records
from activities.forms.layout import EveryonesRolesForm
from activities.forms.record import RecordForm
from activities.keeping import KEPT_FOR
from activities.models import NotPossible, Session, SessionRecord
from activities.views.fetch import changeable_activity, own_session, reads_notes_of
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from cpdhub.words import listed


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """For those who take part, and whoever may read something of it: others find no page."""
    session = own_session(request, pk)
    theirs = list(
        SessionRecord.objects.visible_to(request.staff)
        .by_others(request.staff)
        .filter(session=session)
        .select_related("author")
    )
    own = records.own_record(session, request.staff, lock=request.method == "POST")
    may_write = records.may_write(session, request.staff) and bool(session.prompts or own)
    is_reader = bool(session.prompts) and reads_notes_of(session.activity, request.staff)
    if not (may_write or own or theirs or is_reader):
        raise Http404
    readers = records.readers_of(session, besides=request.staff)
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        session=session,
        record=own,
        readers=[person.pk for person in readers],
    )
    if request.method == "POST" and not may_write:
        messages.error(request, "You do not take part any more, so this was not saved.")
    elif form.is_valid() and save(request, session, form):
        return redirect("activities:activity", session.activity_id)
    context: dict[str, Any] = {
        "session": session,
        "activity": session.activity,
        "form": form,
        "may_write": may_write,
        "own": own,
        "theirs": theirs,
        "who_reads": who_reads(session, readers, own),
    }
    return render(request, "activities/record.html", context)


def save(request: StaffRequest, session: Session, form: RecordForm) -> bool:
    answers = form.answers()
    try:
        records.save_record(
            session, by=request.staff, answers=answers, shown_readers=form.shown_readers
        )
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "Saved." if answers else "Nothing is written, so nothing is kept.")
    return True


def who_reads(session: Session, readers: list[Any], own: SessionRecord | None) -> str:
    """The sentence beside the boxes."""
    names = [person.name for person in readers]
    them = listed(names)
    if session.activity.is_private or (own and own.is_private):
        whom = f"Only you and {them} read this" if names else "Only you read this"
        return (
            f"{whom}: nobody else, whatever their role. Leaders see that the session took place."
            f" {notes_end(session)}"
        )
    return (
        "Everybody who takes part reads this, with whoever leads it and those who see everyone’s"
        " record: the head and the CPD leader."
    )


def notes_end(session: Session) -> str:
    """How long private notes are kept."""
    end = getattr(session.activity, "notes_end", None)
    if end is None:
        return f"{KEPT_FOR.days // 7} weeks after the activity is over these notes are destroyed."
    return f"These notes are destroyed on {end.on.day} {end.on:%B %Y}."


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def roles(request: StaffRequest, pk: int) -> HttpResponse:
    activity = changeable_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    form = EveryonesRolesForm(request.POST if request.method == "POST" else None, activity=activity)
    if form.is_valid():
        actions.give_roles(activity, form.given())
        messages.success(request, "Saved.")
        return redirect("activities:activity", pk)
    return render(request, "activities/roles.html", {"form": form, "activity": activity})
