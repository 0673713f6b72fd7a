from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import (
    AccountFactory,
    ActionPointFactory,
    MeetingFactory,
    NetworkFactory,
    ReplyFactory,
    ResourceFactory,
    ResourceVersionFactory,
    StoredFileFactory,
    ThreadFactory,
)

LEADERS = frozenset({HEAD, CPD})


def network(school, owner):
    return (NetworkFactory(school=school).pk,)


def told(school, owner):
    row = AccountFactory(school=school, is_told=True)
    return (row.network_id, row.pk)


def draft(school, owner):
    row = AccountFactory(school=school)
    return (row.network_id, row.pk)


def thread(school, owner):
    row = ThreadFactory(school=school, staff=owner)
    return (row.network_id, row.pk)


def reply(school, owner):
    row = ReplyFactory(school=school, staff=owner)
    return (row.network_id, row.pk)


def meeting(school, owner):
    row = MeetingFactory(school=school)
    return (row.network_id, row.pk)


def point(school, owner):
    row = ActionPointFactory(school=school)
    return (row.network_id, row.pk)


def resource(school, owner):
    row = ResourceFactory(school=school)
    return (row.network_id, row.pk)


def version(school, owner):
    row = ResourceVersionFactory(school=school, file=StoredFileFactory(school=school))
    return (row.network_id, row.pk)


NOBODY = frozenset[str]()
PAGES: list[Page] = [
    Page("networks:accounts", ON_STAFF, network),
    Page("networks:account", ON_STAFF, told),
    Page("networks:account_new", LEADERS, network),
    Page("networks:account_change", LEADERS, draft),
    Page("networks:board", ON_STAFF, network),
    Page("networks:thread_new", ON_STAFF, network),
    Page("networks:thread", ON_STAFF, thread),
    Page("networks:thread_change", NOBODY, thread),
    Page("networks:thread_report", ON_STAFF, thread),
    Page("networks:thread_hide", LEADERS, thread),
    Page("networks:reply", NOBODY, reply),
    Page("networks:reply_report", ON_STAFF, reply),
    Page("networks:reply_hide", LEADERS, reply),
    Page("networks:meetings", ON_STAFF, network),
    Page("networks:meeting", ON_STAFF, meeting),
    Page("networks:meeting_new", LEADERS, network),
    Page("networks:meeting_change", LEADERS, meeting),
    Page("networks:point", LEADERS, point, method="post"),
    Page("networks:resources", ON_STAFF, network),
    Page("networks:resource", ON_STAFF, resource),
    Page("networks:resource_new", LEADERS, network),
    Page("networks:resource_change", LEADERS, resource),
    Page("networks:resource_remove", LEADERS, resource),
    Page("networks:version_new", LEADERS, resource),
    Page("networks:version_file", ON_STAFF, version),
]
