"""A network of schools, which schools are in it, and what each of them shares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models, transaction
from django.db.models import Count, F, Q

from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from networks.models.base import NetworkManager, of_networks


class SeenNetworks(NetworkManager):
    """Networks the open school is in, or is invited to."""

    def shown_to(self, schools: list[int]) -> Q:
        State = Membership.State
        seen = Membership.across.filter(school__in=schools, state__in=[State.MEMBER, State.INVITED])
        return Q(pk__in=seen.values("network"))


class SeenMemberships(NetworkManager):
    """Every school's in networks the open school sees, and all of its own."""

    def shown_to(self, schools: list[int]) -> Q:
        State = Membership.State
        seen = Membership.across.filter(school__in=schools, state__in=[State.MEMBER, State.INVITED])
        return Q(school__in=schools) | Q(network__in=seen.values("network"))


class NetworkQuerySet(models.QuerySet["Network"]):
    def with_size(self) -> Self:
        member = Q(memberships__state=Membership.State.MEMBER)
        return self.annotate(size=Count("memberships", filter=member))


class Network(models.Model):
    """Schools that learn together: a cluster, a trust, a hub, an authority's partnership.

    It is always seen from one of its schools. What it is for is said three times: what pupils,
    adults and leaders are to learn, and how the three hang together.
    """

    class Kind(models.TextChoices):
        CLUSTER = "cluster", "Cluster of neighbouring schools"
        FEDERATION = "federation", "Federation"
        TRUST = "trust", "Multi-academy trust"
        HUB = "hub", "Teaching school hub"
        AUTHORITY = "authority", "Local-authority partnership"
        LEARNING = "learning", "Learning network around one question"
        LEADERS = "leaders", "Group of headteachers or CPD leaders"
        AGENCIES = "agencies", "Multi-agency group"

    class State(models.TextChoices):
        FORMING = "forming", "Being set up"
        AT_WORK = "at_work", "At work"
        EMBEDDING = "embedding", "Embedding what worked"
        ENDED = "ended", "Ended"

    class Strength(models.TextChoices):
        """The words evidence has everywhere in CPD Hub."""

        NONE = "", "No evidence yet"
        REPORTED = "reported", "People tell us so"
        OBSERVED = "observed", "Seen in our classrooms"
        MEASURED = "measured", "Measured in our schools"
        RESEARCH = "research", "Research elsewhere"

    school = models.ForeignKey(
        School, models.SET_NULL, null=True, related_name="+", editable=False,
        verbose_name="founded by",
    )  # fmt: skip
    name = models.CharField(max_length=120)
    kind = models.CharField("what it is", max_length=10, choices=Kind, default=Kind.CLUSTER)
    state = models.CharField("where it stands", max_length=10, choices=State, default=State.FORMING)
    purpose = models.TextField("what it is for", max_length=1000)
    pupils_learn = models.CharField("what pupils are to learn better", max_length=300, blank=True)
    adults_learn = models.CharField("what adults are to learn", max_length=300, blank=True)
    leaders_learn = models.CharField("what leaders are to learn", max_length=300, blank=True)
    how_they_connect = models.TextField("how the three hang together", max_length=1000, blank=True)
    evidence = models.TextField("why this focus: the evidence", max_length=1000, blank=True)
    strength = models.CharField(
        "how strong that is", max_length=9, choices=Strength, blank=True, default=Strength.NONE
    )
    pupil_group = models.CharField(
        "which pupils should gain most", max_length=200, blank=True,
        help_text="A group, never names: “disadvantaged pupils in Years 3 and 4”.",
    )  # fmt: skip
    appraisal = models.TextField(
        "how CPD and appraisal go together", max_length=1000, blank=True,
        help_text="One text all schools can stand behind. Appraisal itself stays in each school.",
    )  # fmt: skip
    founded_on = models.DateField(default=clock.today, editable=False)
    ends_on = models.DateField("planned to end", null=True, blank=True)
    after_the_end = models.TextField(
        "who carries it on when the money or the adviser goes", max_length=1000, blank=True
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = of_networks(NetworkQuerySet, SeenNetworks)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("founded_on")),
                name="network_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def focuses(self) -> list[tuple[str, str]]:
        """The three, in words; empty where nobody said."""
        return [
            ("Pupils", self.pupils_learn),
            ("Adults", self.adults_learn),
            ("Leaders", self.leaders_learn),
        ]

    @classmethod
    @transaction.atomic
    def found(cls, network: Network, *, by: Staff) -> Network:
        """The school that founds it is its first member, and leads it."""
        network.school = by.school
        network.save()
        Membership.objects.create(
            network=network, school=by.school, is_lead=True, state=Membership.State.MEMBER,
            since=clock.today(), contact=by.name, contact_email=by.email,
            contact_on=clock.today(),
        )  # fmt: skip
        return network


class MembershipQuerySet(models.QuerySet["Membership"]):
    def members(self) -> Self:
        return self.filter(state=Membership.State.MEMBER)

    def invited(self) -> Self:
        return self.filter(state=Membership.State.INVITED)

    def leads(self) -> Self:
        return self.members().filter(is_lead=True)


class Membership(models.Model):
    """A school in a network, or invited to it, and what it shares there.

    Its head says yes, and says what the network may see; each of the three can be taken back, and
    the school can leave, at any moment.
    """

    class State(models.TextChoices):
        INVITED = "invited", "Invited"
        MEMBER = "member", "Member"
        DECLINED = "declined", "Declined"
        LEFT = "left", "Left"

    class Figures(models.TextChoices):
        NOTHING = "nothing", "Nothing"
        TOTALS = "totals", "Counted in totals of at least three schools"
        NAME = "name", "Counted in totals, and shown under our school’s name"

    SHARING = ("figures", "shares_offers", "shares_expertise")
    ASKED_AGAIN_AFTER = timedelta(days=90)  # a no is a no for a term

    network = models.ForeignKey(Network, models.CASCADE, related_name="memberships")
    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.INVITED, editable=False)
    is_lead = models.BooleanField("leads the network", default=False, editable=False)
    since = models.DateField(null=True, editable=False)
    invited_words = models.CharField("a word to their head", max_length=300, blank=True)
    declined_on = models.DateField(null=True, editable=False)
    figures = models.CharField(
        "figures of our CPD", max_length=7, choices=Figures, default=Figures.NOTHING
    )
    shares_offers = models.BooleanField("activities we open to others", default=True)
    shares_expertise = models.BooleanField(
        "topics colleagues can help with, never who", default=False
    )
    contact = models.CharField("who to talk to about CPD", max_length=120, blank=True)
    contact_email = models.EmailField("their work e-mail", blank=True)
    contact_on = models.DateField(null=True, editable=False)
    credits = models.IntegerField("place credits", default=0, editable=False)

    objects: ClassVar[Any] = of_networks(MembershipQuerySet, SeenMemberships)
    across: ClassVar[Any] = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        ordering = ["-is_lead", "school__name"]
        constraints = [
            models.UniqueConstraint(fields=["network", "school"], name="in_a_network_once"),
            models.CheckConstraint(condition=Q(credits__gte=0), name="credits_never_negative"),
            models.CheckConstraint(
                condition=Q(state="member", since__isnull=False) | ~Q(state="member"),
                name="member_since_a_day",
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(state="member"), name="members_lead"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="membership_goes_its_ways",
                field="state",
                transitions=[
                    ("invited", "member"), ("invited", "declined"), ("member", "left"),
                    ("declined", "invited"), ("left", "invited"),
                ],
            ),
            pgtrigger.Trigger(
                name="leads_by_leave_of_who_leads",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("is_lead"),
                condition=pgtrigger.Q(old__is_lead=False, new__is_lead=True),
                func="""
                    IF NOT NEW.network_id = ANY (networks_led()) THEN
                        RAISE EXCEPTION 'only who leads lets others lead'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="shares_what_it_says_itself",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("figures", "shares_offers", "shares_expertise"),
                func="""
                    IF (OLD.figures, OLD.shares_offers, OLD.shares_expertise) IS DISTINCT FROM
                       (NEW.figures, NEW.shares_offers, NEW.shares_expertise)
                       AND NOT NEW.school_id::text = ANY (
                           string_to_array(current_setting('app.school_ids', true), ','))
                    THEN
                        RAISE EXCEPTION 'each school says itself what it shares'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.school_id} in {self.network_id}, {self.state}"

    @property
    def is_member(self) -> bool:
        return self.state == self.State.MEMBER

    def may_lead(self, staff: Staff) -> bool:
        """Write for the whole network: CPD leader or head of a school that leads it."""
        return self.is_member and self.is_lead and staff.can(Permission.WORK_IN_NETWORKS)

    def join(self) -> None:
        self._move([self.State.INVITED], self.State.MEMBER, since=clock.today())

    def decline(self) -> None:
        self._move([self.State.INVITED], self.State.DECLINED, declined_on=clock.today())

    @property
    def asked_again_from(self) -> date | None:
        """The first day on which a school that said no can be invited again."""
        if self.state != self.State.DECLINED or self.declined_on is None:
            return None
        return self.declined_on + self.ASKED_AGAIN_AFTER

    def ask(self, words: str) -> None:
        """Invite a school again that declined or left."""
        self._move(
            [self.State.DECLINED, self.State.LEFT], self.State.INVITED, invited_words=words,
            since=None,
        )  # fmt: skip

    @transaction.atomic
    def hand_on_lead(self, to: Membership) -> None:
        """Another member leads as well."""
        locked = Membership.objects.select_for_update(of=("self",)).get(pk=to.pk)
        if not locked.is_member:
            raise NotPossible("Only a member school can lead the network.")
        to.is_lead = True
        to.save(update_fields=["is_lead"])

    @transaction.atomic
    def leave(self) -> None:
        """Out at once; `leaving.leave` sees to what it shared and to who leads."""
        self._move([self.State.MEMBER], self.State.LEFT, is_lead=False, credits=0)

    @transaction.atomic
    def _move(self, sources: list[Membership.State], to: Membership.State, **changes: Any) -> None:
        locked = Membership.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if locked.state not in sources:
            raise NotPossible(f"Your school is “{locked.get_state_display().lower()}” already.")
        for field, value in {"state": to, **changes}.items():
            setattr(self, field, value)
        self.save(update_fields=["state", *changes])
