"""What a job title says about somebody's staff group, and a roster's role about the person."""

import re

from cpdhub.models import Staff

GOVERNOR = re.compile(r"\b(governors?|trustees?|clerk to)\b")
ASSISTANT = re.compile(
    r"\b(tas?|hlta|lsa|sta|teaching assist\w*|learning (support|mentor|coach)\w*|class\w* assist\w*"
    r"|support assist\w*|cover supervisor|nursery (nurse|practitioner|assist\w*)|early years (pract"
    r"|educ|assist)\w*|sen assist\w*|1:1|one to one)\b"
)
NOT_TEACHING = re.compile(
    r"\b(business|finance|office|admin\w*|site|premises|estates?|facilities|catering|kitchen|cook"
    r"|hr|human resources|it|ict support|network|technician|data|exams?|receptionist|secretary"
    r"|cleaner|caretaker|midday|lunch\w*|librarian|welfare|attendance|safeguarding|dsl|counsellor"
    r"|nurse|bursar|marketing|clerk|pa|boarding|minibus|operations|operating)\b"
)
TEACHER = re.compile(
    r"\b(teach\w*|head\s?teacher|heads?|principal|slts?|ects?|nqts?|senco|sendco|lecturer|tutor"
    r"|(subject|phase|year|curriculum|department|faculty|key stage|ks\d|eyfs|english|maths|science)"
    r" (lead|leader|coordinator|co-ordinator)|leader|lead practitioner|qts)\b"
)

PUPILS = {"student", "students", "pupil", "pupils", "learner", "learners", "child"}
FAMILY = {"guardian", "parent", "parents", "relative", "carer", "contact", "family", "sibling"}
ROSTER_TITLES = {
    "teacher": "Teacher",
    "aide": "Teaching assistant",
    "administrator": "Administrator",
    "principal": "Headteacher",
    "proctor": "Invigilator",
}


def guess(job_title: str) -> str:
    """A proposal, for new people only. Governors hold no post; without a title most teach."""
    title = job_title.casefold()
    if not title:
        return Staff.Group.TEACHER
    if GOVERNOR.search(title):
        return ""
    if ASSISTANT.search(title):
        return Staff.Group.ASSISTANT
    if TEACHER.search(title) and not NOT_TEACHING.search(title):
        return Staff.Group.TEACHER
    return Staff.Group.SUPPORT


def named(text: str) -> str | None:
    """The group a file names in a column of its own; None when it says nothing we know."""
    said = text.casefold().strip()
    for group in Staff.Group:
        if said in {group.value, group.label.casefold(), f"{group.label.casefold()}s"}:
            return group.value
    if re.search(r"non.?teach|support|admin|other|associate", said):
        return Staff.Group.ASSISTANT if ASSISTANT.search(said) else Staff.Group.SUPPORT
    if ASSISTANT.search(said):
        return Staff.Group.ASSISTANT
    if re.search(r"\bteach(er|ers|ing)\b|\bleadership\b", said):
        return Staff.Group.TEACHER
    return None
