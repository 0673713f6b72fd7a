"""What stands in a staff bulletin, on the page, on paper and in the letter; and sending it once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from activities.models import Session
from activities.reports import for_the_wall
from cpdhub import clock, emails, pdf, reminders
from cpdhub.emails import Letter
from cpdhub.models import Reminder, School, Staff
from cpdhub.models.base import NotPossible
from cpdhub.reminders import Due
from cpdhub.sheets import day
from evaluation.models import Bulletin, Certificate, Post

USUAL = timedelta(days=28)  # what a new one looks back on, and how far ahead each looks
UNDO = timedelta(minutes=15)
FOUND_WITHIN = timedelta(days=3)
MOST_COMING = 12
MOST_OFFERED = 60


@dataclass(frozen=True)
class Contents:
    """What is in one now: only what people said may stand there."""

    celebrated: list[Certificate]
    posts: list[Post]
    coming: list[Session]

    @property
    def is_empty(self) -> bool:
        return not (self.celebrated or self.posts or self.coming)


def contents(bulletin: Bulletin) -> Contents:
    shown = Certificate.objects.shown()
    celebrated = shown.filter(shown_at__gte=clock.midnight(bulletin.first))
    celebrated = celebrated.filter(shown_at__lt=clock.midnight_after(bulletin.last))
    posts = may_be_ticked(bulletin.first, bulletin.last).filter(pk__in=bulletin.posts)
    return Contents(list(celebrated), list(posts), coming(bulletin.last))


def may_be_ticked(first: date, last: date) -> Any:
    """Posts of these days on show now whose writers agreed; the newest first."""
    agreed = Post.objects.on_show(clock.today()).filter(may_be_printed=True)
    then = agreed.filter(posted_at__gte=clock.midnight(first))
    then = then.filter(posted_at__lt=clock.midnight_after(last))
    return then.select_related("by").order_by("-posted_at", "-pk")


def coming(after: date) -> list[Session]:
    """What everybody may read of the four weeks after it."""
    ahead = Session.objects.between(after + timedelta(days=1), after + USUAL)
    sessions = ahead.select_related("activity").order_by("starts_at", "pk")
    return for_the_wall(list(sessions))[:MOST_COMING]


# --- sending it once ---
def send(bulletin: Bulletin) -> None:
    """In a quarter of an hour, or when the next school day begins; until then it can be stopped."""
    now = clock.now()
    leaves_at = reminders.next_allowed(now + UNDO)
    if not Bulletin.objects.filter(pk=bulletin.pk, leaves_at=None).update(leaves_at=leaves_at):
        raise NotPossible("It is on its way already.")
    bulletin.leaves_at = leaves_at


def stop(bulletin: Bulletin) -> None:
    unsent = Bulletin.objects.filter(pk=bulletin.pk, leaves_at__gt=clock.now())
    if not unsent.update(leaves_at=None):
        raise NotPossible("It has left: letters cannot be called back.")


def due(school: School, now: datetime) -> Iterator[Due]:
    """Everybody on staff who can sign in. The moment is in the key: stopped and sent again is told
    again."""
    leaving = Bulletin.objects.filter(leaves_at__gt=now - FOUND_WITHIN)
    for bulletin in leaving:
        people = Staff.objects.live(clock.day_of(now)).on_staff().filter(user__isnull=False)
        for staff in people:
            key = f"{bulletin.pk}:{bulletin.leaves_at:%Y-%m-%dT%H:%M:%S}"
            yield Due(staff=staff, key=key, object_id=bulletin.pk, due_at=bulletin.leaves_at)


def letter(reminder: Reminder) -> Letter | None:
    """None where it was stopped or deleted meanwhile."""
    found = Bulletin.objects.filter(pk=reminder.object_id).first()
    if found is None or not found.has_left(clock.now()):
        return None
    if f"{found.leaves_at:%Y-%m-%dT%H:%M:%S}" not in reminder.key:
        return None
    school = reminder.school
    inside = contents(found)
    posts = [(post, school.link("staffroom:post", post.pk)) for post in inside.posts]
    context = {
        "bulletin": found,
        "inside": inside,
        "posts": posts,
        "url": school.link("staffroom:bulletin", found.pk),
    }
    return emails.letter(reminder.staff, "bulletin", context)


def register() -> None:
    """Called in `AppConfig.ready`."""
    reminders.register("bulletin", find=due, letter=letter)


# --- on paper ---
def render(bulletin: Bulletin) -> bytes:
    return pdf.render("bulletin", data_of(bulletin))


def data_of(bulletin: Bulletin) -> dict[str, Any]:
    """What the template reads: what the page says, with each post in full."""
    inside, school = contents(bulletin), str(bulletin.school)
    return {
        "title": bulletin.title,
        "school": school,
        "period": f"{day(bulletin.first)} to {day(bulletin.last)}",
        "words": bulletin.words,
        "thanks": bulletin.thanks,
        "celebrated": [
            {"name": row.name, "title": row.title, "text": row.text} for row in inside.celebrated
        ],
        "posts": [
            {
                "title": post.title,
                "facts": f"{post.get_kind_display()} · {post.by}",
                "parts": [{"heading": heading, "text": text} for heading, text in post.parts],
            }
            for post in inside.posts
        ],
        "coming": [
            {"day": session.day, "title": session.activity.title, "place": session.place}
            for session in inside.coming
        ],
        "footer": f"{school}, for colleagues. Made with CPD Hub on {day(clock.today())}.",
    }
