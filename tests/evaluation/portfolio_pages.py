"""The pages of a portfolio as somebody uses them: open, tick, look what is in it."""

from tests.helpers import url


def page_of(portfolio, view="portfolio", *more):
    return url(portfolio.school, f"portfolio:{view}", portfolio.uuid, *more)


def put_in(client, portfolio, chest, *titles):
    """Tick these on the page and send it."""
    path = f"{page_of(portfolio, 'pick')}?from={chest}"
    offered = client.get(path).context["offered"]
    sources = [row.source for row, _ in offered if row.title in titles]
    return client.post(path, {"pick": sources})


def titles(client, portfolio):
    return [line.title for line in client.get(page_of(portfolio)).context["lines"]]


def offered(client, portfolio, chest):
    response = client.get(page_of(portfolio, "pick"), {"from": chest})
    return [row.title for row, _ in response.context["offered"]]
