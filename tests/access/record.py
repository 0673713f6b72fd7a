from tests.access import CPD, HEAD, ON_STAFF, Page


def owner(school, owner):
    return (owner.pk,)


PAGES: list[Page] = [
    Page("record:mine", ON_STAFF),
    Page("record:csv", ON_STAFF),
    Page("record:json", ON_STAFF),
    Page("record:everyone", frozenset({HEAD, CPD}), method="post"),
    Page("record:person", frozenset({HEAD, CPD}), owner, others=404),
]
