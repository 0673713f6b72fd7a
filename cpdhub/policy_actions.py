"""What happens to the CPD policy: begun, published, read, worked on."""

from django.db import transaction
from django.db.models import Max

from cpdhub import clock
from cpdhub.models import Policy, PolicyObjective, PolicyReader, Priority, School, Staff
from cpdhub.plan_actions import PlanArchived, last_school_day, plan_for_this_year

# Where a first draft starts: to be changed, not to be kept.
FIRST = {
    "definition": (
        "By CPD we mean everything that deliberately helps an adult here to do their work better"
        " for pupils. Courses and INSET days belong to it, and just as much coaching, planning"
        " together, watching each other teach, reading, research and visits. It is for everyone"
        " who works here, not only for teachers, and it serves the person, the team, the school"
        " and the profession."
    ),
    "roles": (
        "Every colleague: knows what they want to get better at, and says afterwards what"
        " changed.\n"
        "Line managers: talk about it in time, and make room for it.\n"
        "The CPD leader: finds out what is needed, plans with the people concerned, and looks"
        " whether it worked.\n"
        "The headteacher and governors: protect time and money for it, and ask what pupils"
        " gained."
    ),
    "decisions": (
        "We start from what pupils need, ask who here can help before we buy, and say beforehand"
        " what should change and how we would know. Whoever is told no is told why."
    ),
}


class NewerVersion(Exception):
    """Another version of the policy is in force by now."""


@transaction.atomic
def begin(school: School) -> Policy:
    """The draft of the next version: a copy of the one in force. Asking twice gives the same."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if draft := Policy.objects.filter(state=Policy.State.DRAFT).first():
        return draft
    before = Policy.objects.in_force().first()
    texts = {
        name: getattr(before, name) for name in ("vision", "definition", "roles", "decisions")
    } if before else FIRST  # fmt: skip
    last = Policy.objects.aggregate(last=Max("version"))["last"] or 0
    draft = Policy.objects.create(school=school, version=last + 1, **texts)
    for objective in before.objectives.all() if before else ():
        PolicyObjective.objects.create(
            school=school,
            policy=draft,
            text=objective.text,
            known_by=objective.known_by,
            priority_id=objective.priority_id,
        )
    return draft


def publish(policy: Policy, *, by: Staff) -> None:
    """From now on it is in force and stays as it is. Who publishes it has read it."""
    policy.state = Policy.State.PUBLISHED
    policy.published_on = clock.today()
    policy.published_by = by
    policy.save(update_fields=["state", "published_on", "published_by"])
    if by.group:
        acknowledge(policy, by=by)


def acknowledge(policy: Policy, *, by: Staff) -> None:
    """This person has read the version in force; saying it twice is harmless."""
    if not Policy.objects.in_force().filter(pk=policy.pk).exists():
        raise NewerVersion
    PolicyReader.objects.get_or_create(
        school=policy.school, policy=policy, staff=by, defaults={"read_on": clock.today()}
    )


@transaction.atomic
def make_priority(objective: PolicyObjective) -> Priority:
    """A draft priority of this year's plan that works on an objective; asked twice, the same."""
    objective = (
        PolicyObjective.objects.select_for_update(of=("self",))
        .select_related("school", "priority__plan")
        .get(pk=objective.pk)
    )
    plan = plan_for_this_year(objective.school)
    if objective.priority and objective.priority.plan_id == plan.pk:
        return objective.priority
    if not plan.is_open:
        raise PlanArchived
    objective.priority = Priority.objects.create(
        school=objective.school,
        plan=plan,
        title=objective.text[:200],
        why=objective.text if len(objective.text) > 200 else "",
        source=Priority.Source.POLICY,
        starts_on=max(clock.today(), plan.year.starts_on),
        ends_on=last_school_day(plan),
    )
    objective.save(update_fields=["priority"])
    return objective.priority
