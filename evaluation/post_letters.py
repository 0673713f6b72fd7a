"""Letters of the staffroom: comments once a day, what is to be looked at again, what was hidden
and what was reported. Nothing of what people wrote to each other stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F

from cpdhub import clock, emails, reminders
from cpdhub.emails import Letter
from cpdhub.models import Reminder, School, Staff
from cpdhub.permissions import Role
from cpdhub.reminders import Due
from evaluation.models import Comment, Moderated, Post

DAY, WEEK = timedelta(days=1), timedelta(days=7)
FOUND_WITHIN = timedelta(days=3)  # a sweep comes four times an hour; this outlasts a long stop
HOLIDAYS = timedelta(days=70)  # no time without school days is longer


# --- comments: one letter on the next school day ---
def comments_due(school: School, now: datetime) -> Iterator[Due]:
    """The writer of a post is told on the next school day of all that was said until then."""
    for writer, days in _days_of_comments(now - FOUND_WITHIN).items():
        for morning in {_told_on(day) for day in days}:
            yield Due(
                staff=Staff(pk=writer, school=school),
                key=morning.isoformat(),
                due_at=clock.midnight(morning),
            )


def _days_of_comments(since: datetime) -> dict[int, set[date]]:
    said = comments_to_others(since).values_list("post__by", "written_at")
    days: dict[int, set[date]] = {}
    for writer, at in said:
        days.setdefault(writer, set()).add(clock.day_of(at))
    return days


def comments_to_others(since: datetime) -> Any:
    """What people said to a colleague's post and is not hidden."""
    rows = Comment.objects.filter(written_at__gte=since, hidden_at=None, post__hidden_at=None)
    return rows.exclude(by=F("post__by")).order_by("written_at", "pk")


def _told_on(day: date) -> date:
    return reminders.next_school_day(day + DAY)


def of_comments(reminder: Reminder) -> Letter | None:
    """Which posts, and who said something; none where they were all taken back."""
    morning = date.fromisoformat(reminder.key.removeprefix("comments:"))
    rows = comments_to_others(clock.midnight(morning) - HOLIDAYS).filter(
        post__by=reminder.staff, written_at__lt=clock.midnight(morning)
    )
    mornings: dict[date, date] = {}
    told = []
    for row in rows.select_related("post", "by"):
        day = clock.day_of(row.written_at)
        mornings[day] = mornings.get(day) or _told_on(day)
        if mornings[day] == morning:
            told.append(row)
    if not told:
        return None
    lines = {"posts": _lines(told, reminder.school)}
    return emails.letter(reminder.staff, "post_comments", lines)


def of_the_week(staff: Staff, now: datetime) -> list[tuple[Post, str, str]]:
    """For the digest of those who want no other letter: posts of theirs and who said something."""
    rows = comments_to_others(now - WEEK).filter(post__by=staff).select_related("post", "by")
    return _lines(rows, staff.school)


def _lines(rows: Iterable[Comment], school: School) -> list[tuple[Post, str, str]]:
    """Each post once, who said something to it, and its address."""
    names: dict[Post, dict[str, None]] = {}
    for row in rows:
        names.setdefault(row.post, {})[row.by.name] = None
    return [
        (post, ", ".join(said), school.link("staffroom:post", post.pk))
        for post, said in names.items()
    ]


# --- accounts and resources are looked at again ---
def look_again_due(school: School, now: datetime) -> Iterator[Due]:
    """Whoever looks after it, on the day; another day is told again."""
    for post in Post.objects.to_look_at(clock.day_of(now)).filter(owner__isnull=False):
        yield Due(
            staff=Staff(pk=post.owner_id, school=school),
            key=f"{post.pk}:{post.review_on}",
            object_id=post.pk,
            due_at=clock.midnight(post.review_on),
        )


def of_looking_again(reminder: Reminder) -> Letter | None:
    """None where it was looked at, taken down or handed on meanwhile."""
    still = Post.objects.to_look_at(clock.today()).filter(owner=reminder.staff)
    post = still.filter(pk=reminder.object_id).first()
    if post is None:
        return None
    url = reminder.school.link("staffroom:look_again", post.pk)
    return emails.letter(reminder.staff, "post_look_again", {"post": post, "url": url})


# --- hidden, reported ---
def hidden_due(school: School, now: datetime) -> Iterator[Due]:
    for row in _both("hidden_at", now):
        if row.hidden_by_id != row.by_id:
            yield _due_for(row, row.by_id, row.hidden_at, school)


def of_hiding(reminder: Reminder) -> Letter | None:
    row = _row(reminder)
    if row is None or not row.is_hidden:
        return None
    url = reminder.school.link("staffroom:post", _post_of(row).pk)
    what = "comment" if isinstance(row, Comment) else "post"
    return emails.letter(
        reminder.staff, "post_hidden", {"what": what, "because": row.hidden_because, "url": url}
    )


def reported_due(school: School, now: datetime) -> Iterator[Due]:
    rows = list(_both("reported_at", now))
    leaders = Staff.objects.live(clock.day_of(now)).on_staff()
    for row in rows:
        for role in (Role.CPD_LEADER, Role.HEAD):
            keepers = list(leaders.with_role(role).exclude(pk=row.by_id))
            if keepers:
                break
        for keeper in keepers:
            yield _due_for(row, keeper.pk, row.reported_at, school)


def of_report(reminder: Reminder) -> Letter | None:
    row = _row(reminder)
    if row is None or not row.is_reported:
        return None
    url = reminder.school.link("staffroom:post", _post_of(row).pk)
    what = "comment" if isinstance(row, Comment) else "post"
    return emails.letter(reminder.staff, "post_reported", {"what": what, "url": url})


def _both(moment: str, now: datetime) -> Iterator[Any]:
    for model in (Post, Comment):
        yield from model.objects.filter(**{f"{moment}__gt": now - FOUND_WITHIN})


def _due_for(row: Any, staff: int, at: datetime, school: School) -> Due:
    """The moment is in the key: hidden or reported anew is told anew."""
    name = type(row).__name__.lower()
    key = f"{name}:{row.pk}:{at:%Y-%m-%dT%H:%M:%S}"
    return Due(staff=Staff(pk=staff, school=school), key=key, object_id=row.pk, due_at=at)


def _row(reminder: Reminder) -> Any:
    model: Any = Comment if ":comment:" in reminder.key else Post
    return model.objects.filter(pk=reminder.object_id).first()


def _post_of(row: Moderated) -> Any:
    return row.post if isinstance(row, Comment) else row


def register() -> None:
    """Called in `AppConfig.ready`."""
    reminders.register("comments", find=comments_due, letter=of_comments)
    reminders.register("look_again", find=look_again_due, letter=of_looking_again)
    reminders.register("post_hidden", find=hidden_due, letter=of_hiding, is_for_all=True)
    reminders.register("post_reported", find=reported_due, letter=of_report, is_for_all=True)
