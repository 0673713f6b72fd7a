from tests.access import EVERYONE, Page
from tests.factories import JobFactory

NOBODY = frozenset()


def anothers_job(school, owner):
    return (JobFactory(school=school, requested_by=owner).uuid,)


PAGES = [
    Page("jobs:mine", EVERYONE),
    Page("jobs:letters", EVERYONE),
    Page("jobs:job", NOBODY, anothers_job, others=404),
    Page("jobs:file", NOBODY, anothers_job, others=404),
    Page("jobs:again", NOBODY, anothers_job, others=404, method="post"),
]
