from tests.access import ON_STAFF, Page
from tests.factories import ActivityFactory, ReflectionFactory

NOBODY = frozenset()


def shared_with_everyone(school, owner):
    return (ReflectionFactory(school=school, owner=owner, audience="everyone").uuid,)


def private(school, owner):
    return (ReflectionFactory(school=school, owner=owner).uuid,)


def activity(school, owner):
    return (ActivityFactory(school=school, owner=owner, state="planned").pk,)


PAGES: list[Page] = [
    Page("reflections:list", ON_STAFF),
    Page("reflections:write", ON_STAFF),
    Page("reflections:draft", ON_STAFF, method="post"),
    Page("reflections:for_activity", ON_STAFF, activity),
    Page("reflections:reflection", ON_STAFF, shared_with_everyone),
    Page("reflections:reflection", NOBODY, private, others=404),
    Page("reflections:edit", NOBODY, private, others=404),
    Page("reflections:delete", NOBODY, shared_with_everyone, others=404),
]
