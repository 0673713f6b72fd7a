from cpdhub import clock
from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import (
    ActivityFactory,
    CertificateFactory,
    RecognitionSchemeFactory,
    RecognitionSubmissionFactory,
    SchemeUseFactory,
    VerifierTrainingFactory,
    first_dimension,
)

NOBODY = frozenset()
LEADERS = frozenset({HEAD, CPD})


def offered(school, owner):
    return (SchemeUseFactory(school=school).scheme.pk,)


def scheme(school, owner):
    return (RecognitionSchemeFactory(school=school).pk,)


def submission(school, owner):
    return (RecognitionSubmissionFactory(school=school, owner=owner).uuid,)


def entry(school, owner):
    row = RecognitionSubmissionFactory(school=school, owner=owner)
    return (row.uuid, first_dimension(row).pk)


def activity(school, owner):
    return (ActivityFactory(school=school, owner=owner, state="planned").pk,)


def certificate(school, owner):
    return (CertificateFactory(school=school, owner=owner).uuid,)


def certificate_number(school, owner):
    return (CertificateFactory(school=school, owner=owner).pk,)


def withdrawn(school, owner):
    taken = {"withdrawn_at": clock.now(), "withdrawn_because": "A mistake"}
    return (CertificateFactory(school=school, owner=owner, **taken).pk,)


def training(school, owner):
    return (VerifierTrainingFactory(school=school, staff=owner).pk,)


PAGES: list[Page] = [
    Page("recognition:mine", ON_STAFF),
    Page("recognition:scheme", ON_STAFF, offered),
    Page("recognition:begin", ON_STAFF, offered),
    Page("recognition:submission", NOBODY, submission, others=404),
    Page("recognition:edit", NOBODY, submission, others=404),
    Page("recognition:delete", NOBODY, submission, others=404),
    Page("recognition:entry", NOBODY, entry, others=404),
    Page("recognition:send", NOBODY, submission, others=404, method="post"),
    Page("recognition:take_back", NOBODY, submission, others=404, method="post"),
    Page("recognition:decide", NOBODY, submission, others=404, method="post"),
    Page("recognition:certificates", ON_STAFF),
    Page("recognition:certify", ON_STAFF, activity, method="post"),
    Page("recognition:certificate", NOBODY, certificate, others=404),
    Page("recognition:pdf", NOBODY, certificate, others=404),
    Page("recognition:badge", NOBODY, certificate, others=404),
    Page("recognition:show", NOBODY, certificate, others=404, method="post"),
    Page("recognition:invested", ON_STAFF, method="post"),
    Page("recognition:keep", LEADERS),
    Page("recognition:scheme_new", LEADERS),
    Page("recognition:offer", LEADERS, scheme, method="post"),
    Page("recognition:scheme_delete", LEADERS, scheme),
    Page("recognition:train", LEADERS, method="post"),
    Page("recognition:untrain", LEADERS, training),
    Page("recognition:print_all", LEADERS, method="post"),
    Page("recognition:withdraw", LEADERS, certificate_number),
    Page("recognition:allow_again", LEADERS, withdrawn, method="post"),
]
