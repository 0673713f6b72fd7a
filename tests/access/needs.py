from tests.access import CPD, HEAD, Page
from tests.factories import InstrumentFactory, QuestionFactory

LEADERS = frozenset({HEAD, CPD})


def draft(school, owner):
    return (InstrumentFactory(school=school, title=f"Of {owner.last_name}").pk,)


def published(school, owner):
    return (InstrumentFactory(school=school, title=f"Of {owner.last_name}", published=True).pk,)


def section(school, owner):
    return (QuestionFactory(school=school, text=f"Of {owner.last_name}").section_id,)


def question(school, owner):
    return (QuestionFactory(school=school, text=f"Of {owner.last_name}").pk,)


def upwards(make):
    return lambda school, owner: (*make(school, owner), "up")


PAGES: list[Page] = [
    Page("needs:instruments", LEADERS),
    Page("needs:instrument_new", LEADERS),
    Page("needs:instrument_import", LEADERS),
    Page("needs:instrument", LEADERS, published),
    Page("needs:instrument", LEADERS, draft),
    Page("needs:instrument_copy", LEADERS, published, method="post"),
    Page("needs:instrument_publish", LEADERS, draft, method="post"),
    Page("needs:instrument_delete", LEADERS, draft),
    Page("needs:instrument_csv", LEADERS, published),
    Page("needs:instrument_change", LEADERS, draft),
    Page("needs:section_add", LEADERS, draft),
    Page("needs:section_change", LEADERS, section),
    Page("needs:section_move", LEADERS, upwards(section), method="post"),
    Page("needs:section_remove", LEADERS, section),
    Page("needs:question_add", LEADERS, section),
    Page("needs:question_change", LEADERS, question),
    Page("needs:question_move", LEADERS, upwards(question), method="post"),
    Page("needs:question_remove", LEADERS, question),
]
