"""People: who signs in, and which posts they hold."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.permissions import Permission, Role, permissions_of
from cpdhub.queries import holding


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in. What they may do comes from their posts (`Staff`)."""

    email = models.EmailField("e-mail address", unique=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(
        "administrator of this installation",
        default=False,
        help_text="Opens schools and looks after the machine; sees no school's records by it.",
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_address")]

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


class Team(SchoolModel):
    """A department, year group or phase; everyone has at most one main team."""

    name = models.CharField(max_length=100)
    leader = models.ForeignKey(
        "cpdhub.Staff", models.SET_NULL, null=True, blank=True, related_name="teams_led"
    )
    most_out_per_day = models.PositiveSmallIntegerField(
        "most of the team out on one day", null=True, blank=True
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("school", Lower("name"), name="one_team_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class HalfDay(models.TextChoices):
    """The ten half-days of a school week."""

    MON_AM = "mon_am", "Monday morning"
    MON_PM = "mon_pm", "Monday afternoon"
    TUE_AM = "tue_am", "Tuesday morning"
    TUE_PM = "tue_pm", "Tuesday afternoon"
    WED_AM = "wed_am", "Wednesday morning"
    WED_PM = "wed_pm", "Wednesday afternoon"
    THU_AM = "thu_am", "Thursday morning"
    THU_PM = "thu_pm", "Thursday afternoon"
    FRI_AM = "fri_am", "Friday morning"
    FRI_PM = "fri_pm", "Friday afternoon"


def every_half_day() -> list[str]:
    """Whoever works full time, and everyone of whom nobody said otherwise."""
    return list(HalfDay.values)


def in_post(day: date, path: str = "") -> Q:
    """Begun and not ended on a day; a post without a first day has always been there."""
    begun = Q(**{f"{path}starts_on": None}) | Q(**{f"{path}starts_on__lte": day})
    return begun & (Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gt": day}))


class StaffQuerySet(models.QuerySet["Staff"]):
    def live(self, today: date) -> Self:
        """People whose post has not ended."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=today))

    def in_post(self, day: date) -> Self:
        """People whose post had begun by this day and had not ended."""
        return self.filter(in_post(day))

    def left(self, today: date) -> Self:
        return self.filter(ends_on__lte=today)

    def on_staff(self) -> Self:
        """Without governors who hold no post: those CPD is counted for."""
        return self.exclude(group="")

    def with_role(self, role: Role) -> Self:
        return self.filter(roles__contains=[role])

    def managed_by(self, staff: Staff) -> Self:
        return self.filter(line_manager=staff)

    def visible_to(self, staff: Staff, *, today: date) -> Self:
        """Colleagues; those who have left only to whoever looks after the records."""
        return self if staff.can(Permission.MANAGE_STAFF) else self.live(today)

    def named(self, words: str, *, with_code: bool = False) -> Self:
        """Whose name or e-mail (or staff code) holds all these words, accents and case aside."""
        code = ("staff_code",) if with_code else ()
        return self.filter(holding(words, "sort_name__unaccent", "email", *code))

    def not_signing_in(self) -> Self:
        """Who has not accepted an invitation, or never had one."""
        return self.filter(user=None)

    def not_invited(self) -> Self:
        return self.filter(user=None, invited_at=None)

    def able_to_be_invited(self) -> Self:
        """Not invited yet, with an address to write to."""
        return self.not_invited().exclude(email="")

    def staying_heads(self) -> Self:
        """Heads who can sign in and have no last day: a school always has one."""
        return self.with_role(Role.HEAD).filter(user__isnull=False, ends_on=None)


@remembered(exclude=("sort_name", "feed_token"))
class Staff(SchoolModel):
    """One person's post in one school, from a first day to, one day, a last.

    The name is the school's spelling of it; the same person elsewhere has another row there.
    """

    class Group(models.TextChoices):
        TEACHER = "teacher", "Teacher"
        ASSISTANT = "assistant", "Teaching assistant"
        SUPPORT = "support", "Other support"

    class Stage(models.TextChoices):
        TRAINEE = "trainee", "Trainee"
        EARLY = "early", "Early career"
        MAIN = "main", "Established"
        EXPERIENCED = "experienced", "Experienced"
        LEADER = "leader", "Leader"

    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="posts", db_index=True
    )
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    sort_name = models.GeneratedField(
        expression=Func(F("last_name"), F("first_name"), function="cpdhub_sort_name"),
        output_field=models.TextField(),
        db_persist=True,
    )
    email = models.EmailField("work e-mail", blank=True)
    staff_code = models.CharField(max_length=40, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    group = models.CharField(
        "staff group",
        max_length=10,
        choices=Group,
        blank=True,
        help_text="Leave empty for a governor who holds no post here.",
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="staff", verbose_name="main team"
    )
    line_manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="line_managed"
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=list, blank=True
    )
    career_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    fte = models.DecimalField(
        "full-time equivalent",
        max_digits=3,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    working_days = ArrayField(
        models.CharField(max_length=6, choices=HalfDay),
        verbose_name="works on",
        default=every_half_day,
        blank=True,
    )
    starts_on = models.DateField("first day", null=True, blank=True)
    ends_on = models.DateField("last day", null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    feed_token = models.UUIDField(default=uuid.uuid4, editable=False)
    wants_digest_only = models.BooleanField(
        "only the weekly digest, no single letters", default=False
    )
    wants_digest = models.BooleanField("a weekly digest, when there is something", default=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(StaffQuerySet)
    # Before a school is open: a person's own posts, behind the second wall's door (person_scope).
    across: ClassVar[Any] = models.Manager.from_queryset(StaffQuerySet)()

    class Meta:
        verbose_name_plural = "staff"
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["school", "sort_name"], name="staff_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "user"], condition=Q(user__isnull=False), name="one_post_a_school"
            ),
            models.UniqueConstraint(
                "school", Lower("email"), condition=~Q(email=""), name="one_post_per_work_email"
            ),
            models.UniqueConstraint(
                "school",
                Lower("staff_code"),
                condition=~Q(staff_code=""),
                name="one_post_per_staff_code",
            ),
            models.CheckConstraint(
                condition=Q(fte__gt=0) & Q(fte__lte=1), name="fte_between_nothing_and_full"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="last_day_not_before_first",
            ),
            models.CheckConstraint(
                condition=Q(line_manager=None) | ~Q(line_manager=F("id")),
                name="nobody_manages_themselves",
            ),
            models.CheckConstraint(
                condition=Q(working_days__contained_by=HalfDay.values),
                name="works_on_half_days_of_a_week",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def is_live(self, today: date) -> bool:
        return self.ends_on is None or self.ends_on > today

    def can(self, permission: Permission) -> bool:
        return permission in permissions_of(self.roles, is_on_staff=bool(self.group))

    def has_role(self, role: Role) -> bool:
        return role in self.roles

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in Role.values if role in self.roles]

    @property
    def may_make_themselves_manager(self) -> bool:
        """A line manager sees a person's record: nobody opens it to themselves."""
        return self.can(Permission.SEE_EVERYONES_RECORD)

    def may_change_email_of(self, person: Staff) -> bool:
        """The invitation goes to that address, and with it the person's roles."""
        return person.user_id is not None or not person.roles or self.can(Permission.GIVE_ROLES)
