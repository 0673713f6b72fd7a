"""Two budgets a year, and what the demo school's activities cost beside their fees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from activities import spending
from activities.models import Activity, Budget, Cost
from activities.models.cost import CostQuerySet
from cpdhub.models import AcademicYear, School, Staff

STRATEGY = "Teaching that raises attainment of disadvantaged pupils, as our strategy says."


def keep(school: School, crew: Sequence[Staff], today: date) -> None:
    """Last year's CPD budget was carried over; of last year's pupil premium some is left."""
    school.staff_hour_rate = Decimal(28)
    school.save(update_fields=["staff_hour_rate"])
    leader = next(post for post in crew if "cpd_leader" in post.roles)
    years = list(AcademicYear.objects.filter(starts_on__lte=today).order_by("-starts_on")[:2])
    made = [_of_year(school, year, leader, today) for year in years]
    if len(made) == 2:
        spending.carry_over(made[1], to=made[0])


def _of_year(school: School, year: AcademicYear, leader: Staff, today: date) -> Budget:
    days = {"starts_on": year.starts_on, "ends_on": year.ends_on}
    cpd = Budget.objects.create(
        school=school, name=f"CPD {year}", code="E09", amount=3200, holder=leader, **days
    )
    premium = Budget.objects.create(
        school=school, name=f"Pupil premium, teaching {year}", code="I05", amount=2400,
        fund=Budget.Fund.PUPIL_PREMIUM, is_hard=True, permitted_uses=STRATEGY,
        challenges=[2, 3], review_on=year.ends_on - timedelta(days=60), **days,
    )  # fmt: skip
    _cover(school, year)
    lines = Cost.objects.filter(falls_on__range=(year.starts_on, year.ends_on))
    lines.update(budget=cpd)
    lines.filter(activity__served__priority__title__icontains="reason").update(budget=premium)
    _surprises(school, cpd, lines, today)
    return cpd


def _cover(school: School, year: AcademicYear) -> None:
    """Days out need cover: for each teacher who goes."""
    out = Activity.objects.of_school().happening().between(year.starts_on, year.ends_on)
    for activity in out.filter(type__code__in=["school-visit", "conference"]).order_by("pk"):
        teachers = activity.participations.filter(staff__group="teacher").count()
        line = Cost(
            school=school, activity=activity, kind="cover", falls_on=spending.first_day(activity),
            cover_unit="day" if teachers < 3 else "half_day", cover_number=teachers or 1,
        )  # fmt: skip
        line.expected = line.cover_cost()
        line.actual = line.expected if activity.state == Activity.State.FINISHED else None
        line.save()


def _surprises(school: School, cpd: Budget, lines: CostQuerySet, today: date) -> None:
    """One fee came out dearer, one invoice waits to be paid, and a course we gave earned some."""
    held = lines.filter(budget=cpd, kind="fee", actual__gt=0).order_by("-falls_on", "pk")
    if dearer := held.last():
        dearer.actual, dearer.note = dearer.actual + 170, "With travel nobody had asked for"
        dearer.save()
    for number, line in enumerate(held):
        line.invoice_number, line.invoiced_on = f"INV-{line.pk + 4000}", line.falls_on
        if number or cpd.ends_on < today:
            line.paid_on = min(today, line.falls_on + timedelta(days=21))
        line.save()
    begun = Activity.objects.happening().between(cpd.starts_on, min(today, cpd.ends_on))
    if given := begun.filter(type__code="training-others", costs=None).first():
        Cost.objects.create(
            school=school, activity=given, kind="income", actual=180, budget=cpd,
            note="Two schools sent a teaching assistant each",
            falls_on=spending.first_day(given),
        )  # fmt: skip
