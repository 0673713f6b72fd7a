from cpdhub import files
from cpdhub.walls import school_scope
from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import BulletinFactory, CommentFactory, PostFactory

KEEPERS = frozenset({HEAD, CPD})
NOBODY = frozenset()


def post(school, owner):
    return (PostFactory(school=school, by=owner).pk,)


def resource(school, owner):
    return (PostFactory(school=school, by=owner, resource=True).pk,)


def with_file(school, owner):
    with school_scope(school):
        file = files.store("stems.pdf", "application/pdf", [b"%PDF-1.7"], school=school)
    return (PostFactory(school=school, by=owner, file=file).pk,)


def comment(school, owner):
    return (CommentFactory(school=school, by=owner).pk,)


def bulletin(school, owner):
    return (BulletinFactory(school=school).pk,)


def sent(school, owner):
    return (BulletinFactory(school=school, leaves_at="2026-01-05T08:00:00+00:00").pk,)


PAGES: list[Page] = [
    Page("staffroom:posts", ON_STAFF),
    Page("staffroom:new", ON_STAFF),
    Page("staffroom:draft", ON_STAFF, method="post"),
    Page("staffroom:wall", ON_STAFF),
    Page("staffroom:post", ON_STAFF, post),
    Page("staffroom:edit", NOBODY, post),
    Page("staffroom:delete", NOBODY, post),
    Page("staffroom:file", ON_STAFF, with_file),
    Page("staffroom:comment", ON_STAFF, post, method="post"),
    Page("staffroom:report", ON_STAFF, post),
    Page("staffroom:hide", KEEPERS, post),
    Page("staffroom:look_again", KEEPERS, resource),
    Page("staffroom:comment_edit", NOBODY, comment),
    Page("staffroom:comment_delete", NOBODY, comment),
    Page("staffroom:comment_report", ON_STAFF, comment),
    Page("staffroom:comment_hide", KEEPERS, comment),
    Page("staffroom:bulletins", ON_STAFF),
    Page("staffroom:bulletin_new", KEEPERS),
    Page("staffroom:bulletin", ON_STAFF, sent),
    Page("staffroom:bulletin_edit", KEEPERS, bulletin),
    Page("staffroom:bulletin_tick", KEEPERS, bulletin, method="post"),
    Page("staffroom:bulletin_send", KEEPERS, bulletin),
    Page("staffroom:bulletin_delete", KEEPERS, bulletin),
    Page("staffroom:bulletin_pdf", ON_STAFF, sent),
]
