"""People's names as files write them."""

import re
import unicodedata
from functools import lru_cache

TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev", "revd"}
TITLES |= {"fr", "father", "sr", "sister", "canon", "lady", "lord", "madam"}
# Small words that begin a surname: Ludwig van Beethoven.
PARTICLES = {"van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le"}
PARTICLES |= {"al", "el", "bin", "bint", "ibn", "ben", "ter", "ten", "st", "st.", "mac", "mc", "ap"}
NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)  # surnames and managers come again and again
def key(text: str) -> str:
    """The same for every spelling of a name: case, accents, apostrophes, hyphens, spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
        text = text.casefold().replace("ø", "o").replace("ł", "l").replace("ß", "ss")
    return NOT_LETTERS.sub("", text.casefold())


def person_key(first: str, last: str) -> str:
    return f"{key(first)} {key(last)}"


def split(full: str) -> tuple[str, str] | None:
    """(first, last) of "Forename Surname" or "Surname, Forename"; None when it is one word."""
    if "," in full:
        last, _, first = full.partition(",")
        words, surname = _without_titles(first.split()), _without_titles(last.split())
        return (" ".join(words), " ".join(surname)) if words and surname else None
    words = _without_titles(full.split())
    if len(words) < 2:
        return None
    begins = len(words) - 1
    while begins > 1 and words[begins - 1].casefold() in PARTICLES:
        begins -= 1
    return " ".join(words[:begins]), " ".join(words[begins:])


def _without_titles(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0].casefold().rstrip(".") in TITLES:
        words = words[1:]
    return words
