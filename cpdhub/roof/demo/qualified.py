"""What people of the demo school hold and work towards: degrees, a status, courses, awards."""

from __future__ import annotations

from datetime import date, timedelta

from cpdhub.models import School, Staff
from evaluation.models import Qualification, QualificationStep

Kind, State = Qualification.Kind, Qualification.State
A_YEAR = 365

# Whose (the local part of an address, or the number in the crew), what, and its steps: what it asks
# for, where it is shown, how many days ago it was met.
OWNED: list[tuple[str | int, dict, list[tuple[str, str, int | None]]]] = [
    ("teacher", {"title": "Certificate in primary mathematics teaching", "awarded_by": "University of the North", "level": "Level 7", "credits": 40, "begun_on": 420, "in_class": "I draw every problem before we touch a number. Half the class now does it unasked."},
     [("Module 1: number sense", "Essay, 68", 250), ("Module 2: talk in mathematics", "Two lessons on film", 60), ("Module 3: a small study of my class", "", None)]),
    ("teacher", {"kind": Kind.AWARD, "title": "Early reading teacher of the year, county", "awarded_by": "County reading association", "state": State.APPLIED, "begun_on": 25, "put_forward_by": "Helen Marsh"}, []),
    ("teacher", {"title": "PGCE primary", "awarded_by": "University of the North", "level": "Level 7", "state": State.HELD, "awarded_on": 4 * A_YEAR}, []),
    ("ta", {"kind": Kind.STATUS, "title": "Higher level teaching assistant", "state": State.APPLIED, "begun_on": 70, "in_class": "I lead the pre-teaching group by myself on Tuesdays."},
     [("GCSE English and mathematics", "Certificates in the office", 70), ("A whole class taught, seen by the assessor", "", None), ("Account of a group I lead", "Reflection of the autumn group", 20)]),
    ("ta", {"title": "NVQ supporting teaching and learning", "awarded_by": "City college", "level": "NVQ 3", "state": State.HELD, "begun_on": 5 * A_YEAR, "awarded_on": 3 * A_YEAR}, []),
    ("team", {"title": "NPQ for leading teaching", "awarded_by": "Regional teaching school hub", "begun_on": 300}, [("Case study handed in", "With Carla", 12), ("Assessment window in spring", "", None)]),
    ("cpd", {"title": "MA in education", "awarded_by": "University of the North", "level": "Master’s", "credits": 180, "state": State.HELD, "begun_on": 7 * A_YEAR, "awarded_on": 4 * A_YEAR}, []),
    ("office", {"title": "Diploma of school business management", "level": "Level 4", "begun_on": 200}, [("Unit: procurement", "Marked", 40), ("Unit: people", "", None)]),
    ("head", {"title": "NPQ for headship", "state": State.HELD, "awarded_on": 6 * A_YEAR}, []),
    (8, {"kind": Kind.COURSE, "title": "Phonics online, accredited", "awarded_by": "Reading trust", "state": State.HELD, "begun_on": 150, "awarded_on": 90}, []),
    (12, {"kind": Kind.STATUS, "title": "Specialist leader of education", "state": State.NOT_YET, "begun_on": 260}, [("Three years of leading a subject", "Two so far", None)]),
]  # fmt: skip


def qualify(school: School, crew: list[Staff], *, today: date) -> None:
    """A few who study, a few who hold; one still waits for an answer, one was told not this time."""
    by_name = {post.email.partition("@")[0]: post for post in crew if post.email}
    for whose, fields, steps in OWNED:
        owner = crew[whose] if isinstance(whose, int) else by_name[whose]
        days = {
            name: today - timedelta(days=fields[name])
            for name in ("begun_on", "awarded_on")
            if name in fields
        }
        row = Qualification.objects.create(school=school, owner=owner, **(fields | days))
        QualificationStep.objects.bulk_create(
            QualificationStep(
                school=school,
                qualification=row,
                asked=asked,
                shown_by=shown,
                met_on=None if ago is None else today - timedelta(days=ago),
            )
            for asked, shown, ago in steps
        )
