"""The staffroom: what one colleague tells the others, and what they say to it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.signals import post_delete

from activities.models import Activity
from cpdhub.models import Priority, Staff, StoredFile
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission
from evaluation.models.evidence import destroy_file

LONGEST_POST = 10_000  # characters: some five pages
LONGEST_COMMENT = 2_000
# What the boxes of two kinds begin with, in our own words.
ACCOUNT_HEADINGS = (
    "What our pupils needed",
    "What we did",
    "What changed, and how we know",
    "What we would do again, and what not",
)
READING_HEADINGS = (
    "What it says, in three sentences",
    "What I make of it",
    "A question to talk about",
)
HEADINGS = {*ACCOUNT_HEADINGS, *READING_HEADINGS}


class Hideable(models.Model):
    """What its writer answers for, and what may be hidden with a reason the writer reads."""

    NOBODY: ClassVar[Any] = None  # where it says who hid or reported it, and nobody did

    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_because = models.CharField("why", max_length=300, blank=True, editable=False)
    reported_at = models.DateTimeField(null=True, editable=False)
    reported_because = models.CharField("what is wrong", max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_because="")
                | Q(hidden_at__isnull=False) & ~Q(hidden_because=""),
                name="%(class)s_hidden_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None, reported_because="")
                | Q(reported_at__isnull=False) & ~Q(reported_because=""),
                name="%(class)s_reported_with_a_reason",
            ),
        ]

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_reported(self) -> bool:
        return self.reported_at is not None

    def keep(self, **words: Any) -> None:
        """These alone: its writer may be changing the rest."""
        for name, value in words.items():
            setattr(self, name, value)
        self.save(update_fields=[*words])


class Moderated(Hideable, SchoolModel):
    """Kept by the school's own CPD leader and head."""

    hidden_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="+", editable=False
    )
    reported_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta(Hideable.Meta):
        abstract = True


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, staff: Staff) -> Self:
        """What was posted and is not hidden; one's own; for who keeps the staffroom hidden ones
        too, never a draft of somebody else's."""
        read = Q(posted_at__isnull=False)
        looked_after = read & Q(owner=staff)
        if not staff.can(Permission.KEEP_STAFFROOM):
            read &= Q(hidden_at=None)
        return self.filter(Q(by=staff) | looked_after | read)

    def on_show(self, today: date) -> Self:
        """In the staffroom today: a notice is gone from it after its last day."""
        lasts = Q(ends_on=None) | Q(ends_on__gte=today)
        return self.filter(lasts, posted_at__isnull=False, hidden_at=None)

    def of(self, staff: Staff) -> Self:
        """Written or looked after by this person, drafts of their own too."""
        return self.filter(Q(by=staff) | Q(owner=staff, posted_at__isnull=False))

    def to_look_at(self, today: date) -> Self:
        """Accounts and resources whose day to look again has come."""
        return self.filter(posted_at__isnull=False, hidden_at=None, review_on__lte=today)

    def for_keepers(self) -> Self:
        """What somebody reported, in the post or a comment to it, and what is hidden."""
        mine = Q(reported_at__isnull=False) | Q(hidden_at__isnull=False)
        said = Comment.objects.filter(mine, post=OuterRef("pk"))
        return self.filter(mine | Exists(said), posted_at__isnull=False)

    def about_type(self, code: str) -> Self:
        """From an activity of this type that everybody may read of."""
        return self.filter(ABOUT_OPEN, activity__type__code=code)

    def search(self, words: str) -> Self:
        """By what everybody may read: never by the title of a private activity."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(text__icontains=word)
                | Q(by__sort_name__icontains=word)
                | (ABOUT_OPEN & Q(activity__title__icontains=word))
            )
        return found

    def listed(self) -> Self:
        """Notices first, then the newest; with what a line shows, and `said`: comments."""
        said = Count("comments", filter=Q(comments__hidden_at=None))
        shown = self.select_related("by", "activity__type", "priority")
        return shown.annotate(said=said).notices_first()

    def notices_first(self) -> Self:
        """Then the newest; drafts before what is posted."""
        is_notice = models.ExpressionWrapper(Q(kind=Post.Kind.NOTICE), models.BooleanField())
        return self.alias(is_notice=is_notice).order_by(
            "-is_notice", F("posted_at").desc(nulls_first=True), "-pk"
        )


class Post(Moderated):
    """What one colleague tells the others: a day in a learning log, an account of practice, a
    thing seen and liked, a notice, a reading, a resource.

    For colleagues on staff only. No history is kept of it on purpose: what its writer deletes is
    gone. It may say which activity it comes from; of a private one nobody ever reads that.
    """

    class Kind(models.TextChoices):
        LOG = "log", "Learning log"
        ACCOUNT = "account", "Account of practice"
        LIKED = "liked", "Seen and liked"
        NOTICE = "notice", "Notice"
        READING = "reading", "Reading"
        RESOURCE = "resource", "Resource"

    class Licence(models.TextChoices):
        SCHOOL = "school", "For this school only"
        BY = "cc-by-4.0", "May be passed on with our name: CC BY 4.0"
        BY_SA = "cc-by-sa-4.0", "May be passed on with our name, on the same terms: CC BY-SA 4.0"
        BY_NC = "cc-by-nc-4.0", "May be passed on with our name, not sold: CC BY-NC 4.0"

    KEPT_RIGHT = (Kind.ACCOUNT, Kind.RESOURCE)  # somebody looks at these again

    # Which page somebody is writing on, before anything of it is saved.
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, editable=False)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=LONGEST_POST)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="posts",
        verbose_name="which activity does it come from?",
    )  # fmt: skip
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="posts",
        verbose_name="which priority is it about?",
    )  # fmt: skip
    url = models.URLField("link", max_length=500, blank=True)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    ends_on = models.DateField("last day it is shown", null=True, blank=True)
    owner = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="who looks after it?",
    )  # fmt: skip
    review_on = models.DateField("when is it looked at again?", null=True, blank=True)
    looked_at_on = models.DateField(null=True, editable=False)
    licence = models.CharField(
        "who may use it?", max_length=12, choices=Licence, default=Licence.SCHOOL
    )
    is_agreed = models.BooleanField(
        "Colleagues I name have agreed, and nobody can tell which pupils are meant", default=False
    )
    may_be_printed = models.BooleanField(
        "The CPD leader may choose it for the staff bulletin", default=False
    )
    by = models.ForeignKey(Staff, models.CASCADE, related_name="posts", editable=False)
    begun_at = models.DateTimeField(editable=False)
    posted_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(PostQuerySet)

    class Meta:
        ordering = ["-posted_at", "-pk"]
        indexes = [models.Index(fields=["school", "-posted_at"], name="post_newest_first")]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(fields=["by", "uuid"], name="one_post_a_page"),
            models.CheckConstraint(
                condition=Q(posted_at=None) | ~Q(title="") & ~Q(text=""),
                name="posted_says_something",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) & ~Q(kind="notice")
                | Q(kind="notice") & (Q(posted_at=None) | Q(ends_on__isnull=False)),
                name="notices_and_only_they_end",
            ),
            models.CheckConstraint(
                condition=Q(review_on=None, owner=None) & ~Q(kind__in=["account", "resource"])
                | Q(kind__in=["account", "resource"])
                & (Q(posted_at=None) | Q(review_on__isnull=False)),
                name="what_is_kept_is_looked_at_again",
            ),
            models.CheckConstraint(
                condition=Q(kind="account") | Q(licence="school", is_agreed=False),
                name="accounts_have_a_licence",
            ),
            models.CheckConstraint(
                condition=~Q(kind="account") | Q(posted_at=None) | Q(is_agreed=True),
                name="accounts_are_agreed",
            ),
        ]

    def __str__(self) -> str:
        return self.title or "Without a title yet"

    @property
    def is_draft(self) -> bool:
        return self.posted_at is None

    @property
    def is_kept_right(self) -> bool:
        return self.kind in self.KEPT_RIGHT

    @property
    def may_be_passed_on(self) -> bool:
        return self.licence != self.Licence.SCHOOL

    @property
    def shown_activity(self) -> Activity | None:
        """Of private and own learning, of drafts and what was cancelled, nothing is said."""
        activity = self.activity
        if activity is None or activity.is_private or activity.is_own_learning:
            return None
        return None if activity.state in Activity.NOT_HAPPENING else activity

    @property
    def shown_priority(self) -> Priority | None:
        priority = self.priority
        return None if priority is None or priority.state == Priority.State.DRAFT else priority

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(heading, text): the headings its box began with are told from the rest."""
        found = [("", "")]
        for line in self.text.splitlines():
            if line.strip() in HEADINGS:
                found.append((line.strip(), ""))
            else:
                found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
        texts = [(heading, text.strip()) for heading, text in found]
        return [(heading, text) for heading, text in texts if text]

    @property
    def words(self) -> str:
        """What was written, without those headings: for a line of a list."""
        return " ".join(text for _, text in self.parts)

    def has_ended(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on < today

    def is_to_look_at(self, today: date) -> bool:
        return self.review_on is not None and self.review_on <= today and not self.is_draft

    def may_be_changed_by(self, staff: Staff) -> bool:
        """Its writer; and who looks after it, once it is posted."""
        looks_after = self.owner_id == staff.pk and not self.is_draft
        return self.by_id == staff.pk or looks_after

    def may_be_looked_at_by(self, staff: Staff) -> bool:
        """Who says that it is still right, or hands it on: who keeps the staffroom too, as people
        leave."""
        if not self.is_kept_right or self.is_draft:
            return False
        return self.may_be_changed_by(staff) or staff.can(Permission.KEEP_STAFFROOM)


post_delete.connect(destroy_file, sender=Post)
ABOUT_OPEN = Q(activity__is_private=False, activity__is_own_learning=False) & ~Q(
    activity__state__in=Activity.NOT_HAPPENING
)


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, staff: Staff) -> Self:
        """To posts one reads: all but hidden ones; one's own hidden ones, and for who keeps the
        staffroom everybody's."""
        found = self.filter(post__in=Post.objects.visible_to(staff))
        if staff.can(Permission.KEEP_STAFFROOM):
            return found
        return found.filter(Q(by=staff) | Q(hidden_at=None))


class Comment(Moderated):
    """What one colleague says to a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments", editable=False)
    by = models.ForeignKey(Staff, models.CASCADE, related_name="+", editable=False)
    text = models.TextField("your comment", max_length=LONGEST_COMMENT)
    written_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = scoped(CommentQuerySet)

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            *Moderated.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
