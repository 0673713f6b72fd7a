"""Whether a text that should name nobody names a colleague: a warning, never a refusal."""

import re

from cpdhub import clock
from cpdhub.models import Staff

SHORTEST = 3
# First names that are words as well: at the beginning of a sentence they say nothing.
WORDS = {"Art", "Bill", "Dawn", "Faith", "Grace", "Hope", "Joy", "Mark", "May", "Miles", "Pat",
         "Rob", "Rose", "Ruth", "Sue", "Summer", "Will"}  # fmt: skip


def colleagues_named(*texts: str) -> list[str]:
    """The words in these texts that are names of colleagues, each once, as they were written."""
    text = "\n".join(texts)
    if not text.strip():
        return []
    names: set[str] = set()
    people = Staff.objects.live(clock.today()).values_list("first_name", "last_name")
    for first, last in people:
        names |= {first, last} | {part for part in re.split(r"[\s-]", last) if part.istitle()}
    found = []
    for name in sorted(name for name in names if len(name) >= SHORTEST):
        before = r"(?<=[\w,;:] )" if name in WORDS else r"(?<!\w)"
        if re.search(rf"{before}{re.escape(name)}(?!\w)", text):
            found.append(name)
    return found
