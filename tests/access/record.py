from cpdhub import files
from cpdhub.walls import school_scope
from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import QualificationFactory, QualificationStepFactory

LEADERS = frozenset({HEAD, CPD})
NOBODY: frozenset[str] = frozenset()


def owner(school, owner):
    return (owner.pk,)


def qualification(school, owner):
    with school_scope(school):
        paper = files.store("diploma.pdf", "application/pdf", [b"%PDF-1.7"], school=school)
    return (QualificationFactory(school=school, owner=owner, file=paper).uuid,)


def step(school, owner):
    return (QualificationStepFactory(school=school, qualification__owner=owner).pk,)


PAGES: list[Page] = [
    Page("record:mine", ON_STAFF),
    Page("record:csv", ON_STAFF),
    Page("record:json", ON_STAFF),
    Page("record:everyone", LEADERS, method="post"),
    Page("record:person", LEADERS, owner, others=404),
    Page("record:qualifications", ON_STAFF),
    Page("record:qualification_add", ON_STAFF),
    Page("record:qualification", LEADERS, qualification, others=404),
    Page("record:qualification_change", NOBODY, qualification, others=404),
    Page("record:qualification_remove", NOBODY, qualification, others=404),
    Page("record:qualification_file", LEADERS, qualification, others=404),
    Page("record:qualification_step", NOBODY, step, others=404),
]
