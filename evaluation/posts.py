"""The staffroom: what is asked for each kind of post, how it is found, and what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict

from activities.models import Activity
from cpdhub import clock
from cpdhub.keys import key_of
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from evaluation.models import Hideable, Post, SharingPlan
from evaluation.models.post import ABOUT_OPEN, ACCOUNT_HEADINGS, READING_HEADINGS
from evaluation.review_list import ReviewFilter

Kind = Post.Kind
NOTICE_LASTS = timedelta(days=14)
LOOKED_AT_AFTER = timedelta(days=365)
A_FEW = 5


@dataclass(frozen=True)
class Prompt:
    """What a kind of post is for, and what its page asks; `starter` stands in the box already."""

    what: str
    ask: str
    starter: str = ""


def _headings(*lines: str) -> str:
    return "\n\n".join(f"{line}\n" for line in lines)


PROMPTS: dict[str, Prompt] = {
    Kind.LOG: Prompt(
        "What you are trying or thinking about now, to talk it over.",
        "What did you try or read, what surprised you, what do you want to ask colleagues?",
    ),
    Kind.LIKED: Prompt(
        "Two lines about something good you saw in a colleague’s room or elsewhere.",
        "What did you see, and what could others take from it? Ask before you name a colleague.",
    ),
    Kind.ACCOUNT: Prompt(
        "Something that worked, told so that others can do it too.",
        "A few lines below each heading. Evidence in a sentence is plenty.",
        _headings(*ACCOUNT_HEADINGS),
    ),
    Kind.RESOURCE: Prompt(
        "Something to use: a link or a small file, and how to use it.",
        "What is it, for whom, and how do you use it?",
    ),
    Kind.READING: Prompt(
        "An article, a book or research in short, with a question to talk about.",
        "In your own words: nobody’s text may be copied here. Where is it to be found?",
        _headings(*READING_HEADINGS),
    ),
    Kind.NOTICE: Prompt(
        "Something colleagues should know until a day, then it is gone from the list.",
        "What is it, when and where, and whom does one ask?",
    ),
}  # fmt: skip


class PostFilter:
    """Read from the address; what names nothing on the lists is left out."""

    MINE, LOOK, KEEP = "mine", "look", "keep"

    def __init__(self, query: QueryDict, staff: Staff) -> None:
        self.staff = staff
        self.text = query.get("q", "").strip()[:100]
        kind, show = query.get("kind", ""), query.get("show", "")
        self.kind = kind if kind in Kind.values else ""
        self.type = query.get("type", "")[:60]
        self.by_key = key_of(query.get("by", "")) or 0
        self.kinds = Kind.choices
        self.shows = [(self.MINE, "Mine, with drafts"), (self.LOOK, "To look at again")]
        if staff.can(Permission.KEEP_STAFFROOM):
            self.shows.append((self.KEEP, "Reported or hidden"))
        self.show = show if show in dict(self.shows) else ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.kind or self.type or self.show or self.by_key)

    def types(self) -> list[tuple[str, str]]:
        """Of activities something was posted about."""
        shown = Post.objects.on_show(clock.today()).filter(ABOUT_OPEN, activity__isnull=False)
        named = shown.order_by("activity__type__title")
        return list(named.values_list("activity__type__code", "activity__type__title").distinct())

    def by(self) -> Staff | None:
        """Whose posts alone are asked for: anybody's learning log has its own page so. Nobody
        whose posts this person reads none of."""
        seen = Post.objects.visible_to(self.staff).filter(by=self.by_key).select_related("by")
        post = seen.first() if self.by_key else None
        return post.by if post else None

    def posts(self, today: date) -> Any:
        seen = Post.objects.visible_to(self.staff)
        found = {
            self.MINE: seen.of(self.staff),
            self.LOOK: seen.to_look_at(today),
            self.KEEP: seen.for_keepers(),
        }.get(self.show, seen.on_show(today))
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.type:
            found = found.about_type(self.type)
        if self.by_key:
            found = found.filter(by=self.by_key)
        return found.search(self.text).listed()


@dataclass(frozen=True)
class WorkedHere:
    """What the school found out already, beside posts with the same words."""

    judged: list[Any]
    passed_on: list[Any]

    @property
    def has_any(self) -> bool:
        return bool(self.judged or self.passed_on)


def worked_here(words: str, staff: Staff) -> WorkedHere:
    """Judged activities and what colleagues passed on: the first few with these words."""
    if not words:
        return WorkedHere([], [])
    query = QueryDict(mutable=True)
    query["q"] = words
    judged = ReviewFilter(query, staff).reviews(staff)[:A_FEW]
    passed = SharingPlan.objects.visible_to(staff).done().search(words)
    shown = passed.select_related("by", "activity").order_by("-done_on", "-pk")[:A_FEW]
    return WorkedHere(list(judged), list(shown))


def newest(today: date, most: int = 3) -> list[Post]:
    """For the home page of anybody on staff: notices first."""
    shown = Post.objects.on_show(today).select_related("by")
    told = shown.only("title", "kind", "posted_at", "by__first_name", "by__last_name")
    return list(told.notices_first()[:most])


def about(activity: Activity, staff: Staff, today: date) -> Any:
    """What was posted about an activity everybody may read of."""
    seen = Post.objects.visible_to(staff).on_show(today)
    return seen.filter(ABOUT_OPEN, activity=activity).listed()


def may_come_from(staff: Staff, named: int | None = None) -> Any:
    """Activities a post of this person may name: the school's, in which they were, not private;
    and the one it names already."""
    mine = Q(pk__in=Activity.objects.of(staff).values("pk")) | Q(pk=named)
    open_ones = Activity.objects.filter(mine, is_private=False).of_school().happening()
    return open_ones.order_by("-pk")


def is_written(kind: str, title: str, text: str) -> bool:
    """More than the headings its box begins with."""
    return bool(title.strip()) or bare(text) not in {"", bare(PROMPTS[kind].starter)}


def bare(text: str) -> str:
    return "".join(text.split())


# --- deeds ---
def keep_draft(by: Staff, *, key: UUID, kind: str, title: str, text: str) -> Post:
    """While somebody types: the draft of this page, begun with the first words. What is posted is
    not touched."""
    begun = {"school": by.school, "kind": kind, "begun_at": clock.now()}
    post: Post = Post.objects.get_or_create(by=by, uuid=key, defaults=begun)[0]
    if post.is_draft:
        post.title, post.text = title, text
        post.save(update_fields=["title", "text"])
    return post


def hide(row: Hideable, *, because: str, by: Any) -> None:
    """Out of colleagues' sight; its writer reads why. What was reported is settled by it."""
    settle(row)
    row.keep(hidden_at=clock.now(), hidden_because=because, hidden_by=by)


def show_again(row: Hideable) -> None:
    row.keep(hidden_at=None, hidden_because="", hidden_by=row.NOBODY)


def report(row: Hideable, *, because: str, by: Any) -> None:
    """To who keeps the staffroom. The last word counts; only they read it."""
    row.keep(reported_at=clock.now(), reported_because=because, reported_by=by)


def settle(row: Hideable) -> None:
    """Looked at: nothing is reported any more."""
    row.keep(reported_at=None, reported_because="", reported_by=row.NOBODY)
