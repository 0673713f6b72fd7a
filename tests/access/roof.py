from tests.access import EVERYONE, Page

PAGES = [
    Page("home", EVERYONE),
]
