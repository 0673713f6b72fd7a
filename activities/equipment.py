"""Equipment as somebody narrowed the list, who could use a thing, and letters about loans."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from activities.models import Equipment, Loan
from audits.models import Need
from cpdhub import clock, emails, reminders
from cpdhub.models import Reminder, School, Staff

LOAN = "loan"  # a kind of letter
ASKED_AGAIN_AFTER = 14  # days
STATES = [
    ("free", "Free now"),
    ("mine", "I have it"),
    ("out", "Borrowed"),
    ("overdue", "Overdue"),
    ("idle", "Not used for a term"),
    ("gone", "No longer lent"),
]


class EquipmentFilter:
    """Read from the address; what names nothing on the lists is left out."""

    def __init__(self, query: QueryDict, staff: Staff) -> None:
        self.text = query.get("q", "").strip()[:100]
        state = query.get("state", "")
        self.state = state if state in dict(STATES) else ""
        self.states, self.staff = STATES, staff

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.state)

    def equipment(self) -> QuerySet[Any]:
        today = clock.today()
        found = Equipment.objects.named(self.text).with_last_used()
        found = found.filter(is_withdrawn=self.state == "gone")
        out = Loan.objects.open()
        match self.state:
            case "free":
                found = found.filter(is_out=False)
            case "idle":
                found = found.lying_idle(today)
            case "mine":
                found = found.filter(pk__in=out.filter(staff=self.staff).values("equipment"))
            case "out":
                found = found.filter(is_out=True)
            case "overdue":
                found = found.filter(pk__in=out.overdue(today).values("equipment"))
        with_holder = Prefetch("loans", out.select_related("staff"), to_attr="held")
        return found.prefetch_related(with_holder).order_by("name", "pk")


def could_use(equipment: Equipment, reader: Staff) -> list[str]:
    """Whose open needs of its topic this reader sees; theirs to suggest it to."""
    if equipment.topic_id is None:
        return []
    needs = Need.objects.visible_to(reader).shared().here().open()
    found = needs.filter(topic=equipment.topic_id).with_whom().order_by("staff__sort_name", "pk")
    return list(dict.fromkeys(need.whose for need in found))


def loans_overdue(school: School, now: datetime) -> Iterator[reminders.Due]:
    """The morning after, then every fortnight until it is back."""
    today = now.astimezone(clock.LONDON).date()
    for loan in Loan.objects.overdue(today).select_related("staff"):
        times = ((today - loan.due_on).days - 1) // ASKED_AGAIN_AFTER
        day = loan.due_on + timedelta(days=1 + times * ASKED_AGAIN_AFTER)
        yield reminders.Due(
            staff=loan.staff,
            key=f"{loan.pk} due {loan.due_on} asked {times}",
            due_at=datetime.combine(day, time(7), tzinfo=clock.LONDON),
            object_id=loan.pk,
        )


def ask_to_bring_back(reminder: Reminder) -> emails.Letter | None:
    """Nothing when it came back meanwhile."""
    loan = (
        Loan.objects.overdue(clock.today())
        .filter(pk=reminder.object_id)
        .select_related("equipment")
        .first()
    )
    if loan is None:
        return None
    url = reminder.school.link("activities:equipment", loan.equipment_id)
    return emails.letter(reminder.staff, "loan_overdue", {"loan": loan, "url": url})
