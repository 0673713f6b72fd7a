"""Texts of questionnaires as they can be kept, and which words a question's kind needs."""

from audits.models.instrument import MOST_CHOICES, SIZES, USUAL_WORDS, Kind
from cpdhub.tables.cells import settled

NUMBERS = {Kind.CONFIDENCE: "four", Kind.FREQUENCY: "four", Kind.YES_PARTLY_NO: "three"}


def tidy(text: str) -> str:
    """As it can be kept: what a file gives back."""
    return settled(text)


def words_of(kind: str, words: list[str]) -> list[str]:
    """What was given, or the usual words where nothing was."""
    return words or list(USUAL_WORDS.get(kind, []))


def trouble_with(kind: str, words: list[str]) -> str:
    """What is wrong with the words of a question of this kind; empty when nothing is."""
    least, most = SIZES[kind]
    if least <= len(words) <= most:
        if len(set(_first_parts(kind, words))) < len(words) and kind != Kind.IMPORTANCE:
            return "Two of the words are the same."
        if any(len(word) > 300 for word in words):
            return "One of the words is longer than 300 characters."
        return ""
    if kind == Kind.TEXT:
        return "A few words are written freely: leave the words to choose empty."
    if kind == Kind.IMPORTANCE:
        return "This kind needs eight words: four of importance, then four of confidence."
    if kind in NUMBERS:
        return f"This kind needs {NUMBERS[Kind(kind)]} words, or none for the usual ones."
    return f"This kind needs {least} to {MOST_CHOICES} words to choose from."


def _first_parts(kind: str, words: list[str]) -> list[str]:
    """What is shown to choose: of a stage, the name before its description."""
    return [word.partition(": ")[0] for word in words] if kind == Kind.RUBRIC else words
