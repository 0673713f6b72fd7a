"""The main job, from an empty school to the head's report, with nothing in it pretended.

A real server, browser, queue, worker and beat. Only the clock is moved: two school days.
"""

import email
import re
from datetime import date
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cpdhub.models import Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from tests.browser.conftest import overflow
from tests.browser.hand import Hand
from tests.factories import PASSWORD, SchoolFactory, StaffFactory
from tests.helpers import url

FILE = Path(__file__).parent.parent / "data" / "staff" / "starters.csv"
TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"
FOUR = ["Siobhán O'Brien", "Maria Núñez", "Tom Reid", "Priya Shah"]
PRIORITY = "Pupils explain their reasoning"
ACTIVITY = "Talk that teaches: questions worth answering"
WILL_TRY = "Sentence stems with Year 4 in maths."


@pytest.fixture
def oakfield(transactional_db, settings, live_server):
    """A school on its first day: three colleagues who can sign in, term dates, nothing else."""
    settings.BASE_URL = live_server.url
    school = SchoolFactory(name="Oakfield Primary", slug="oakfield")
    with school_scope(school):
        add_year(school, 2026)
    for first, last, roles, code, starts_on in [
        ("Helen", "Head", [Role.HEAD], "", None),
        ("Carla", "Leader", [Role.CPD_LEADER], "", None),
        ("Priya", "Shah", [], "PSH", date(2022, 9, 1)),
        ("Tom", "Reid", [], "TRE", date(2019, 9, 1)),
    ]:
        staff = StaffFactory(
            school=school,
            first_name=first,
            last_name=last,
            roles=roles,
            staff_code=code,
            starts_on=starts_on,
            job_title="Class teacher",
            user__email=f"{first}.{last}@oakfield.example".lower(),
        )
        staff.user.set_password(PASSWORD)
        staff.user.save()
    return school


def sign_in(page, name):
    hand = Hand(page)
    hand.fill("E-mail address", f"{name}@oakfield.example")
    hand.fill("Password", PASSWORD)
    hand.press("Sign in")


def import_staff(leader):
    leader.press("Staff imports")
    leader.press("Import a file")
    leader.main.get_by_label("Staff file (CSV or XLSX)").set_input_files(FILE)
    leader.press("Upload and look")
    leader.reads(
        "What will starters.csv change?",
        "5 new people, 1 with changes, 1 unchanged, 2 missing from the file.",
        "Zoë D'Angelo-Lévy",
    )
    leader.press("Continue")
    leader.press("Import")
    leader.reads("5 people added, 1 colleague changed.")


def make_priority(leader):
    leader.press("Plan")
    leader.press("Add the first priority")
    leader.fill("Title", PRIORITY)
    measure = leader.page.get_by_role("group", name="Measure 1")
    leader.fill("What is measured", "Pupils who give a reason unasked", within=measure)
    leader.fill("Unit", "%", within=measure)
    leader.fill("Baseline (now)", "41", within=measure)
    leader.fill("Target", "60", within=measure)
    leader.press("Save as a draft")
    leader.press("Publish")
    expect(leader.page.get_by_role("heading", name=PRIORITY, level=1)).to_be_visible()
    expect(leader.page.get_by_role("button", name="Publish")).to_have_count(0)


def plan_activity(leader):
    """From the list of what needs the leader: the priority has nothing that serves it yet."""
    leader.press("Home")
    leader.see_to(f"Nothing serves “{PRIORITY}” yet")
    leader.fill("Title", ACTIVITY)
    leader.pick("Type of activity", "Staff or team meeting")
    expect(leader.field(PRIORITY)).to_be_checked()
    leader.fill("What staff will do differently", "Plan two open questions for every maths lesson")
    leader.fill("What pupils will gain", "Year 4 explain their reasoning in full sentences")
    leader.fill("How we will know", "Pupil talk sampled in four classes, before and after")
    leader.fill("When we will look again", "2027-02-10")
    for number, day in enumerate([TUESDAY, "2026-12-01"], start=1):
        session = leader.page.get_by_role("group", name=f"Session {number}")
        for label, text in [("Date", day), ("From", "15:30"), ("To", "16:30"), ("Place", "Hall")]:
            leader.fill(label, text, within=session)
    for name in FOUR:
        leader.main.get_by_role("checkbox", name=name).check()
    leader.press("Save as draft")
    leader.reads("Kept as a draft: only planners and its lead see it.")
    leader.press("Plan it")
    leader.reads("Planned: everyone here can see it now.", *FOUR)


def take_attendance(leader):
    leader.press("Home")
    leader.see_to(f"Attendance for {ACTIVITY}")
    leader.main.get_by_role("checkbox", name="Tom Reid").uncheck()
    leader.press("Save register")
    leader.reads("3 there, 1 away.")


def prompts(worker):
    """The letters that ask about the activity: whom each is to, its subject, its text.

    The weekly digest may come as well: leaders of a new school have something to see to.
    """
    found = []
    for file in worker.mail.glob("*.eml"):
        letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        text = letter.get_body(("plain",)).get_content()
        if ACTIVITY in letter["Subject"]:
            found.append((letter["To"], letter["Subject"], text))
    return found


def reflect(page, address):
    """What Priya does with the link of her letter, on her phone."""
    page.goto(address)
    sign_in(page, "priya.shah")
    priya = Hand(page)
    priya.reads("How did it go?", ACTIVITY)
    priya.fill("What will you try, and with whom?", WILL_TRY)
    priya.fill("What did you learn?", "Waiting three seconds changes who answers.")
    priya.choose("CPD leader, Carla Leader")
    assert overflow(page, 390) == []
    priya.press("Save")
    priya.reads(WILL_TRY, "You and Carla Leader")
    return priya


def measure_again(leader):
    leader.press("Home")
    leader.see_to(f"“{PRIORITY}” has not been measured again")
    leader.fill("Date", WEDNESDAY)
    leader.fill("Value (%)", "48")
    leader.press("Save")
    leader.reads("Saved: 48 on 25 November 2026", "41 → 48 %")


def chain_on(page):
    """The links of the one priority's chain."""
    chain = page.get_by_role("list").filter(has_text="People reached")
    return chain.get_by_role("listitem")


def read_the_chain(head):
    head.press("Impact")
    head.reads(
        "Is our CPD making a difference?", "One is on the way.", "repeated measure", "1 activity,"
    )
    assert [" ".join(text.split()) for text in chain_on(head.page).all_text_contents()] == [
        "Needs none nobody said what is needed",
        "Activities 1 0 finished, 3 hours",
        "People reached 3 of 4 1 not reached",
        "Shared a reflection 1 of 3 who took part",
        "Pupils 41 → 48 % target 60 %",
    ]


def open_the_rows(reader, link, *texts):
    """What is behind a figure, in one click, and back."""
    chain_on(reader.page).filter(has_text=link).get_by_role("link").click()
    reader.reads(*texts)
    reader.page.go_back()


def fetch_report(head):
    head.press("Report as PDF")
    with head.page.expect_download() as fetched:
        head.main.get_by_role("link", name=re.compile("^Download impact-oakfield")).click()
    return Path(fetched.value.path()).read_bytes()


def test_main_job(oakfield, background, at, new_page):
    with new_page() as desk:
        leader = Hand(desk)
        at(f"{TUESDAY} 14:00")
        with background(TUESDAY, "14:00") as worker:
            desk.goto("/")
            sign_in(desk, "carla.leader")
            import_staff(leader)
            make_priority(leader)
            plan_activity(leader)
            at(f"{TUESDAY} 16:45")
            take_attendance(leader)
        assert prompts(worker) == []

        at(f"{WEDNESDAY} 07:30")
        with background(WEDNESDAY, "07:30") as worker:
            worker.wait_for(lambda: prompts(worker), seconds=60)
            [(to, subject, text)] = prompts(worker)
            assert (to, subject) == ("priya.shah@oakfield.example", f"How did it go? {ACTIVITY}")
            at(f"{WEDNESDAY} 16:10")
            with new_page(width=390, height=844) as phone:
                priya = reflect(phone, re.search(r"http\S+/reflections/\S+", text).group())
            measure_again(leader)
            leader.press("Impact")
            open_the_rows(leader, "Shared", "Priya Shah", WILL_TRY)
            with new_page() as other_desk:
                other_desk.goto("/")
                sign_in(other_desk, "helen.head")
                head = Hand(other_desk)
                read_the_chain(head)
                open_the_rows(head, "Activities", ACTIVITY)
                open_the_rows(head, "People reached", "3 of 4 people", "Tom Reid", "never came")
                open_the_rows(head, "Shared", "0 you may read; 1 shared with somebody else.")
                report = fetch_report(head)

    assert len(prompts(worker)) == 1  # none to Tom, who was away
    assert (priya.clicks, priya.fields) == (2, 2)
    assert report.startswith(b"%PDF")
    assert len(report) > 5_000


def test_activity_that_happened_is_logged_in_three_clicks_and_six_fields(
    oakfield, at, signed_in, page
):
    at(f"{TUESDAY} 16:45")
    with school_scope(oakfield):
        leader = Staff.objects.select_related("user").get(last_name="Leader")
    hand = Hand(signed_in(leader))
    page.goto(url(oakfield, "home"))

    hand.press("Log an activity")
    hand.fill("What was it?", ACTIVITY)
    hand.pick("Type of activity", "Staff or team meeting")
    hand.fill("Date", TUESDAY)
    hand.fill("Hours", "1")
    hand.tick("Whole school")
    hand.press("Log it")

    hand.reads("Logged.", ACTIVITY, "Priya Shah", "Tom Reid")
    assert hand.clicks <= 3
    assert hand.fields <= 6
