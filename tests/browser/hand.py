"""Works a page as somebody would: by what it says."""

import re

from playwright.sync_api import expect


class Hand:
    """Works one page by what it says, and counts what somebody would have to do."""

    def __init__(self, page):
        self.page = page
        self.main = page.get_by_role("main")
        self.clicks = 0
        self.fields = 0

    def press(self, name, *, within=None):
        """A button or a link."""
        within = within or self.page
        button = within.get_by_role("button", name=name, exact=True)
        button.or_(within.get_by_role("link", name=name, exact=True)).click()
        self.clicks += 1

    def see_to(self, text):
        """The one button of a line of "What needs you"."""
        self.main.get_by_role("listitem").filter(has_text=text).get_by_role("link").click()
        self.clicks += 1

    def choose(self, label):
        """One of several."""
        self.field(label).check()
        self.clicks += 1

    def tick(self, label):
        self.field(label).check()
        self.fields += 1

    def fill(self, label, text, *, within=None):
        self.field(label, within=within).fill(text)
        self.fields += 1

    def pick(self, label, option):
        self.field(label).select_option(option)
        self.fields += 1

    def field(self, label, *, within=None):
        """By the whole of its label; one that is needed has a star."""
        return (within or self.main).get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$"))

    def reads(self, *texts):
        for text in texts:
            expect(self.main).to_contain_text(text)
