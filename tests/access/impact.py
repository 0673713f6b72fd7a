from tests.access import Page

PAGES: list[Page] = []
