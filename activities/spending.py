"""What touches money and more than one row: lines of cost, one-figure forms, carrying over."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from activities.models import Activity, Budget, Cost, NotPossible
from activities.models.budget import no_room
from cpdhub import clock


class BudgetRefuses(NotPossible):
    """A budget does not take this line; `field` is where to say so."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def save_cost(cost: Cost) -> Cost:
    """Write a line down, unless its budget is closed, for other days or has no room."""
    # The activity first, then the budget, as whoever plans an activity does.
    cost.activity = Activity.objects.select_for_update(of=("self",)).get(pk=cost.activity_id)
    if cost.budget_id:
        locked = Budget.objects.select_for_update(no_key=True, of=("self",))
        cost.budget = locked.get(pk=cost.budget_id)
    for field, text in cost.refusals().items():
        raise BudgetRefuses(field, text)
    cost.school_id = cost.activity.school_id
    cost.save()
    return cost


@transaction.atomic
def remove_cost(cost: Cost) -> None:
    """Take a line away; income of a budget that has spent it already stays."""
    Activity.objects.select_for_update(of=("self",)).get(pk=cost.activity_id)
    if cost.budget_id and cost.takes < 0:
        locked = Budget.objects.select_for_update(no_key=True, of=("self",))
        budget = locked.get(pk=cost.budget_id)
        if budget.is_hard and budget.left_now() + cost.takes < 0:
            raise BudgetRefuses("budget", f"“{budget}” has spent this money already.")
    cost.delete()


def has_one_figure(activity: Activity) -> bool:
    """Nothing yet, or one plain fee: the forms with one field for money can show it."""
    lines = list(activity.costs.all()[:2]) if activity.pk else []
    return not lines or (
        len(lines) == 1 and lines[0].kind == Cost.Kind.FEE and lines[0].budget_id is None
    )


@transaction.atomic
def set_figures(activity: Activity, *, expected: Decimal | None, actual: Decimal | None) -> None:
    """What a form with one field says: the activity's only line, a fee. None: there is none."""
    line = activity.costs.first()
    if expected is None and actual is None:
        if line:
            remove_cost(line)
        return
    line = line or Cost(activity=activity, falls_on=first_day(activity))
    if line.pk and (line.expected, line.actual) == (expected, actual):
        return
    line.expected, line.actual = expected, actual
    save_cost(line)


def first_day(activity: Activity) -> date:
    """Of its first session, else today."""
    first = activity.sessions.filter(cancelled_at=None).order_by("starts_at").first()
    return first.starts_at.astimezone(clock.LONDON).date() if first else clock.today()


@transaction.atomic
def carry_over(budget: Budget, *, to: Budget) -> Decimal:
    """Close a budget whose period is over; what it has not spent goes to the next one.

    Lines without a bill go along with their money, so that the bill can be entered and what it
    leaves, or a cancelled activity sets free, is there to spend.
    """
    # The activities first, then the budgets, as whoever plans an activity does.
    waiting = Cost.objects.filter(budget=budget, actual=None).of_school()
    activities = Activity.objects.select_for_update(of=("self",)).order_by("pk")
    held = list(activities.filter(pk__in=waiting.values("activity")))
    rows = Budget.objects.select_for_update(no_key=True, of=("self",))
    locked = {row.pk: row for row in rows.filter(pk__in=[budget.pk, to.pk]).order_by("pk")}
    budget, to = locked[budget.pk], locked[to.pk]
    if budget.carried_to_id:
        raise NotPossible("What was left has been carried over already.")
    if budget.ends_on >= clock.today():
        raise NotPossible(f"“{budget}” runs until {budget.period.partition(' to ')[2]}.")
    if to.is_closed or to.ends_on <= budget.ends_on or to.fund != budget.fund:
        raise NotPossible("Choose an open budget of the same fund that ends later.")
    lines = list(waiting.filter(activity__in=held).values_list("pk", flat=True))
    along = Cost.objects.filter(pk__in=lines)
    along.update(budget=None)  # neither has them while the money goes over
    left = budget.left_now()
    if left <= 0:
        raise NotPossible(f"Nothing is left of “{budget}”.")
    budget.carried_to, budget.carried_over = to, left
    budget.closed_at = budget.closed_at or clock.now()
    budget.save(update_fields=["carried_to", "carried_over", "closed_at"])
    wanted = sum((line.would_take for line in along), Decimal(0))
    if to.is_hard and wanted > (room := to.left_now()):
        raise NotPossible(no_room(to, room, wanted))
    along.update(budget=to, falls_on=Greatest("falls_on", Value(to.starts_on)))
    return left
