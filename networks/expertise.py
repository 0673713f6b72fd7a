"""What schools of a network could help each other with: topics and schools, never people."""

from __future__ import annotations

from dataclasses import dataclass, field

from audits.models import Expertise
from cpdhub import clock
from cpdhub.models import School
from cpdhub.queries import holding
from cpdhub.walls import schools_scope
from networks.contributing import key_of_topic
from networks.models import Membership, Network, Publication

MOST = 500


@dataclass
class Known:
    """A topic, and the schools in which somebody could help with it."""

    title: str
    schools: list[School] = field(default_factory=list)


def directory(network: Network, *, words: str = "") -> list[Known]:
    """Of the member schools that share it; the topics of most schools first.

    Several schools are open while topics are read, and nothing else of theirs is.
    """
    sharing = Membership.objects.members().filter(network=network, shares_expertise=True)
    schools = {row.school_id: row.school for row in sharing.select_related("school")}
    if not schools:
        return []
    with schools_scope(list(schools)):
        offers = Expertise.objects.for_other_schools(today=clock.today())
        if words:
            offers = offers.filter(holding(words, "topic__title__unaccent"))
        rows = list(
            offers.order_by("topic__title")
            .values_list("school", "topic__title", "topic__instrument_code", "topic__question_code")
            .distinct()[:MOST]
        )
    found: dict[str, Known] = {}
    for school, title, *codes in rows:
        known = found.setdefault(key_of_topic(title, *codes), Known(title))
        if schools[school] not in known.schools:
            known.schools.append(schools[school])
    return sorted(found.values(), key=lambda row: (-len(row.schools), row.title.casefold()))


def gaps(network: Network, known: list[Known]) -> list[str]:
    """Needs that several schools share and no school offers help with: to look for outside."""
    newest = Publication.objects.standing().filter(network=network).first()
    offered = {key_of_topic(row.title, "", "") for row in known}
    needs = newest.figures["needs"] if newest else []
    return [
        need["title"]
        for need in needs
        if need["key"] not in offered and key_of_topic(need["title"], "", "") not in offered
    ]
