from tests.access import ON_STAFF, Page
from tests.factories import (
    ImportedRecordFactory,
    PortfolioFactory,
    PortfolioItemFactory,
    PortfolioLinkFactory,
)

NOBODY = frozenset()


def portfolio(school, owner):
    return (PortfolioFactory(school=school, owner=owner).uuid,)


def item(school, owner):
    row = PortfolioItemFactory(school=school, portfolio__owner=owner)
    return (row.portfolio.uuid, row.pk)


def link(school, owner):
    row = PortfolioLinkFactory(school=school, portfolio__owner=owner)
    return (row.portfolio.uuid, row.pk)


def earlier(school, owner):
    return (ImportedRecordFactory(school=school, owner=owner).uuid,)


PAGES: list[Page] = [
    Page("portfolio:list", ON_STAFF),
    Page("portfolio:new", ON_STAFF),
    Page("portfolio:record", ON_STAFF),
    Page("portfolio:bring", ON_STAFF),
    Page("portfolio:imported", NOBODY, earlier, others=404),
    Page("portfolio:imported_file", NOBODY, earlier, others=404),
    Page("portfolio:imported_remove", NOBODY, earlier, others=404),
    Page("portfolio:portfolio", NOBODY, portfolio, others=404),
    Page("portfolio:edit", NOBODY, portfolio, others=404),
    Page("portfolio:delete", NOBODY, portfolio, others=404),
    Page("portfolio:pick", NOBODY, portfolio, others=404),
    Page("portfolio:words", NOBODY, portfolio, others=404),
    Page("portfolio:item", NOBODY, item, others=404),
    Page("portfolio:move", NOBODY, item, others=404, method="post"),
    Page("portfolio:share", NOBODY, portfolio, others=404, method="post"),
    Page("portfolio:end_link", NOBODY, link, others=404, method="post"),
    Page("portfolio:pdf", NOBODY, portfolio, others=404),
]
