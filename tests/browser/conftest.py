"""A real browser against a real server, which works as the application's plain role.

Needs Chromium on the PATH or named by CPDHUB_CHROMIUM. Without one the folder is left out with
one line; where CI is set that is a failure.
"""

import os
import shutil
import signal
from contextlib import contextmanager
from datetime import datetime

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler

from cpdhub import clock
from trial.steps import BROWSERS

ASKED = os.environ.get("CPDHUB_CHROMIUM")
CHROMIUM = shutil.which(ASKED) if ASKED else next(filter(None, map(shutil.which, BROWSERS)), None)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

if CHROMIUM is None:
    if os.environ.get("CI"):
        raise pytest.UsageError("No Chromium here, and CI requires it: install one (.ci/run does).")
    collect_ignore_glob = ["test_*.py"]


def pytest_terminal_summary(terminalreporter):
    if CHROMIUM is None:
        terminalreporter.write_line(
            "Browser tests left out: no Chromium here. Install one or set CPDHUB_CHROMIUM."
        )


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, in which Django would refuse to work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def kept_styles():
    """The browser keeps styles and scripts from one page to the next, as it does in earnest."""
    serve = StaticFilesHandler.serve

    def kept(self, request):
        response = serve(self, request)
        response.headers["Cache-Control"] = "max-age=3600"
        return response

    StaticFilesHandler.serve = kept
    yield
    StaticFilesHandler.serve = serve


class Complaints(list):
    """What the browser found fault with: errors of scripts, of the policy, of loading."""

    def listen(self, page):
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message))

    def _note(self, page, message):
        if message.type not in {"error", "warning"}:
            return
        # A page that answers 404 on purpose is reported as "failed to load" by its own address.
        if (
            message.text.startswith("Failed to load resource")
            and "/static/" not in (message.location["url"])
        ):
            return
        self.append(f"{page.url}: {message.text}")


@pytest.fixture
def new_page(browser, live_server):
    """`with new_page(width=390) as page`: a fresh visitor; the browser must find no fault."""

    @contextmanager
    def new_page(*, width=1280, height=900, **options):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(15_000)
        complaints = Complaints()
        context.on("page", complaints.listen)
        try:
            yield context.new_page()
        finally:
            context.close()
        assert complaints == []

    return new_page


@pytest.fixture
def background(running_worker, transactional_db, live_server):
    """`with background(day, hour)`: worker and beat as they would run from that moment on."""
    running_worker.forget_letters()
    running_worker.env["CPDHUB_BASE_URL"] = live_server.url

    @contextmanager
    def background(day, hour):
        moment = datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=clock.LONDON)
        with running_worker.on_the_day(moment):
            beat = running_worker.beat(seconds=1)
            try:
                yield running_worker
            finally:
                os.killpg(beat.pid, signal.SIGKILL)
                beat.wait()

    yield background
    del running_worker.env["CPDHUB_BASE_URL"]


@pytest.fixture
def page(new_page):
    """One visitor at a desk."""
    with new_page() as page:
        yield page


@pytest.fixture
def signed_in(page, client, live_server):
    """`signed_in(staff)` is the page, signed in as that person; `on=` names another page."""

    def signed_in(staff, *, on=None):
        target = on or page
        client.force_login(getattr(staff, "user", staff))
        target.context.clear_cookies()
        target.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )
        return target

    return signed_in


def faults(page, *, only=None):
    """What axe finds against the A and AA rules, or one of them, one line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.context.add_init_script(path=AXE_FILE_PATH)  # with every page that follows
        page.evaluate(AXE_FILE_PATH.read_text())
    run_only = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": RULES}
    options = {"runOnly": run_only, "resultTypes": ["violations"]}
    run = "options => axe.run(options).then(found => found.violations)"
    return [
        f"{page.url} {rule['id']}: {node['target'][0]} {node['html'][:160]}"
        for rule in page.evaluate(run, options)
        for node in rule["nodes"]
    ]


@pytest.fixture
def axe():
    """`axe(page)`: nothing against WCAG 2.2 A and AA."""

    def axe(page):
        assert faults(page) == []

    return axe


def overflow(page, width):
    """How far a page that wide scrolls sideways: 0, or words that say so."""
    page.set_viewport_size({"width": width, "height": 844})
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{page.url} scrolls {beyond} px sideways at {width} px"] if beyond > 0 else []
