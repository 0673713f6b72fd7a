from tests.access import CPD, DATA, HEAD, ON_STAFF, Page

MANAGERS = frozenset({HEAD, CPD, DATA})


def person(school, owner):
    return (owner.pk,)


PAGES = [
    Page("staff:protected", MANAGERS, person),
    Page("staff:list", ON_STAFF),
    Page("staff:export", MANAGERS),
    Page("staff:add", MANAGERS),
    Page("staff:invite_all", MANAGERS),
    Page("staff:person", ON_STAFF, person),
    Page("staff:edit", MANAGERS, person),
    Page("staff:roles", frozenset({HEAD}), person),
    Page("staff:leave", MANAGERS, person),
    Page("staff:return", MANAGERS, person, method="post"),
    Page("staff:invite", MANAGERS, person, method="post"),
]
