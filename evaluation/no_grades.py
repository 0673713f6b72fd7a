"""Observation looks at learning and grades nobody: what a heading may not say, and why.

Headings and look-fors are what others fill in, so a scale in one of them would grade everyone
after. What people write under them is their own and is never policed.
"""

import re

from django.core.exceptions import ValidationError

# What classes and places are called may hold a number: Year 4, class 7B, key stage 2, room 12.
CLASS = r"(year|years|y|key stage|ks|class|room|set|hall|block) ?[0-9]{1,2}[a-z]?"

# The database refuses these by itself (see `NO_NUMBER` and `NO_GRADE` in the constraints).
NO_NUMBER = rf"^([^0-9%★☆✓✔✗✘]|\m{CLASS}\M)*$"
NO_GRADE = r"\m(grade|grades|graded|grading|outstanding|inadequate|requires improvement|rag|"
NO_GRADE += r"score|scores|scored|scoring|rating|ratings|rated)\M"

GRADES = (
    "grade", "grades", "graded", "grading", "outstanding", "good", "requires improvement",
    "requiring improvement", "inadequate", "satisfactory", "unsatisfactory", "excellent",
    "excellence", "exceptional", "strong standard", "expected standard", "needs attention",
    "urgent improvement", "poor", "weak", "mediocre", "exemplary", "best", "worst", "better than",
    "above average", "below average", "average", "rag", "effective", "ineffective", "competent",
    "incompetent", "unacceptable", "merit", "distinction",
)  # fmt: skip
COLOURS = ("red", "amber", "green", "gold", "silver", "bronze", "traffic light")
SCALES = (
    "score", "scores", "scored", "scoring", "rating", "ratings", "rated", "rate", "ranking",
    "rank", "marks out of", "out of ten", "out of five", "out of four", "scale", "likert",
    "percent", "per cent", "percentage", "band", "strongly agree", "strongly disagree",
    "agree or disagree", "met or not met", "not met", "partly met", "fully met", "tick", "ticks",
    "stars", "one to four", "one to five", "one to ten", "yes or no", "thumbs up", "thumbs down",
)  # fmt: skip
# Three steps of one row, however they are parted: emerging / developing / secure.
STEPS = (
    "emerging", "beginning", "developing", "secure", "securing", "embedded", "mastered",
    "mastering", "always", "usually", "often", "sometimes", "rarely", "seldom", "never", "high",
    "medium", "low", "none", "some", "most", "all", "met", "working towards", "exceeding",
)  # fmt: skip
BETWEEN = r"(\s*[/|,;–>-]\s*|\s+(or|to)\s+)"

INSTEAD = "Say what to watch pupils do, for example “How pupils explain their answers”."


def says_no_grade(text: str) -> None:
    """A validator for headings: refuses judgement, number, colour and scale, and says why."""
    if reason := reason_against(text):
        raise ValidationError(f"{reason} {INSTEAD}", code="grade")


def reason_against(text: str) -> str:
    """Why this is no heading for an observation; empty when it is one."""
    plain = " ".join(text.split())
    if word := _found(plain, GRADES):
        return f"“{word}” judges, and observation here judges nobody."
    if word := _found(plain, COLOURS):
        return f"“{word}” reads as a colour grade, and nothing is coloured here."
    if word := _found(plain, SCALES):
        return f"“{word}” makes it a scale, and nothing is measured on one here."
    if _is_a_row_of_steps(plain):
        return "This reads as the steps of a scale, and nothing is measured on one here."
    if found := re.search(r"[0-9%★☆✓✔✗✘]", re.sub(rf"(?i)\b{CLASS}\b", "", plain)):
        return f"“{found.group()}” looks like a mark, and no numbers are given here."
    return ""


def _found(text: str, words: tuple[str, ...]) -> str:
    """The first of these words in it, as it was written."""
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    match = re.search(rf"(?i)\b({either})\b", text)
    return match.group() if match else ""


def _is_a_row_of_steps(text: str) -> bool:
    """Emerging / developing / secure; low to high; A, B, C."""
    steps = "|".join(map(re.escape, STEPS))
    in_words = rf"(?i)\b({steps})\b{BETWEEN}\b({steps})\b"
    in_letters = rf"\b[A-FU]{BETWEEN}[A-FU]\b|(?i:\b(i{{1,3}}|iv|v){BETWEEN}(i{{1,3}}|iv|v)\b)"
    return bool(re.search(in_words, text) or re.search(in_letters, text))
