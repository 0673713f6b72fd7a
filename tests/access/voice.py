from tests.access import ON_STAFF, Page
from tests.factories import PupilVoiceFactory

NOBODY = frozenset()


def voice(school, owner):
    return (PupilVoiceFactory(school=school, owner=owner).uuid,)


PAGES: list[Page] = [
    Page("voice:list", ON_STAFF),
    Page("voice:ask", ON_STAFF),
    Page("voice:voice", NOBODY, voice, others=404),
    Page("voice:close", NOBODY, voice, others=404, method="post"),
    Page("voice:evidence", NOBODY, voice, others=404, method="post"),
    Page("voice:delete", NOBODY, voice, others=404),
]
