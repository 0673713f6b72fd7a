"""Who takes part in a shared day, and how much is wished for, in numbers."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from cpdhub.models import School, Staff
from cpdhub.walls import person_scope, school_scope, schools_scope
from networks.limits import SMALL, band
from networks.models import DayPerson, DaySchool, Membership, Seat, SharedDay, Wish


def taking_part(row: DaySchool) -> QuerySet[Staff]:
    """Of the open school: everybody in post that day, or those it chose who still are."""
    found: QuerySet[Staff] = Staff.objects.on_staff().in_post(row.day.day)
    if not row.is_everyone:
        chosen = DayPerson.objects.filter(day=row.day_id, school=row.school_id)
        found = found.filter(pk__in=chosen.values("staff"))
    return found


def row_of(day: SharedDay, school: School | int) -> DaySchool | None:
    """How a school takes part; None: it does not."""
    found: DaySchool | None = (
        DaySchool.objects.filter(day=day, school=school).select_related("day").first()
    )
    return found


def takes_part(day: SharedDay, staff: Staff) -> bool:
    row = row_of(day, staff.school)
    return row is not None and taking_part(row).filter(pk=staff.pk).exists()


def schools_of(day: SharedDay) -> list[int]:
    """Schools that take part and are still in the network."""
    members = Membership.objects.members().filter(network=day.network_id)
    rows = DaySchool.objects.filter(day=day, school__in=members.values("school"))
    return list(rows.order_by("pk").values_list("school", flat=True))


def wanted(day: SharedDay) -> dict[int, str]:
    """How many people wish for each workshop, from five on, and so roughly that nobody learns what
    one person chose by looking before and after. Schools are opened to be counted; nobody is
    named."""
    schools = schools_of(day)
    if not schools:
        return {}
    with schools_scope(schools):
        wishes = Wish.objects.filter(day=day).order_by()
        counts = dict(wishes.values_list("workshop").annotate(n=Count("staff", distinct=True)))
    return {pk: band(n) for pk, n in counts.items() if n >= SMALL}


def seated_through(day: SharedDay, staff: Staff) -> School | None:
    """Whoever has posts in two of the schools is seated through one: which, to themselves."""
    if staff.user_id is None:
        return None
    others = [pk for pk in schools_of(day) if pk != staff.school_id]
    with person_scope(staff.user_id):
        posts = list(
            Staff.across.filter(user=staff.user_id, school__in=others).values_list("pk", "school")
        )
    for post, school in posts:
        with school_scope(school):
            if Seat.objects.standing().filter(day=day, staff=post).exists():
                return School.objects.get(pk=school)
    return None
