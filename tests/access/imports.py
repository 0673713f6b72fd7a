from tests.access import CPD, DATA, HEAD, Page
from tests.factories import StaffImportFactory

IMPORTERS = frozenset({HEAD, CPD, DATA})


def preview(school, owner):
    return (StaffImportFactory(school=school, created_by=owner).pk,)


def written(school, owner):
    """Written already: the walk may ask to discard it, and it stays for the next visitor."""
    return (StaffImportFactory(school=school, created_by=owner, state="applied").pk,)


PAGES = [
    Page("imports:list", IMPORTERS),
    Page("imports:upload", IMPORTERS),
    Page("imports:template", IMPORTERS),
    Page("imports:staff_import", IMPORTERS, preview),
    Page("imports:mapping", IMPORTERS, preview),
    Page("imports:choose", IMPORTERS, preview, method="post"),
    Page("imports:confirm", IMPORTERS, preview),
    Page("imports:undo", IMPORTERS, written),
    Page("imports:discard", IMPORTERS, written, method="post"),
    Page("imports:problems", IMPORTERS, preview),
]
