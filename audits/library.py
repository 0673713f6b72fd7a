"""The questionnaires CPD Hub ships: files in `audits/data/instruments/`, in our own words."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "instruments"
SHIPPED = (
    "digital-practice",
    "teaching-practice",
    "assistant-practice",
    "cpd-provision",
    "learning-climate",
    "barriers-to-cpd",
    "cpd-standard-review",
    "ten-factors-review",
    "collaborative-cpd",
    "subject-knowledge",
    "needs-interview",
    "cpd-leader-review",
    "teaching-beliefs",
    "who-can-help",
    "leading-a-session",
    # In the same words as their first versions, and hung on framework items:
    "teaching-practice-2",
    "assistant-practice-2",
    # Of those who took part in one activity:
    "after-activity",
    "weeks-after-activity",
    "term-after-activity",
    # Of pupils and parents, who have no account, by a code:
    "pupils-younger",
    "pupils-older",
    "pupils-what-helps",
    "parents-view",
    # Of a change that comes in, and of technology:
    "change-concerns",
    "stages-of-adoption",
    "knowing-technology-and-teaching",
    "will-it-be-taken-up",
    # Of what is learned: whether it reaches others, and whether it stays:
    "is-it-shared",
    "will-it-last",
)
# The words of these kinds, as they were when the first versions shipped.
WORDS: dict[str, list[str]] = {
    "confidence": ["Not yet", "A little", "Fairly", "Very"],
    "importance": ["Not at all", "A little", "Fairly", "Very"]
    + ["Not yet", "A little", "Fairly", "Very"],
    "frequency": ["Never", "Sometimes", "Often", "Every week"],
    "yes_partly_no": ["Yes", "Partly", "No"],
}


def load(
    names: tuple[str, ...],
    *,
    instrument_model: Any,
    section_model: Any,
    question_model: Any,
    item_model: Any,
) -> None:
    """Put shipped versions into the database. A version that is there is left as it is.

    Takes its models as arguments because a migration has its own; run by the owner role.
    """
    items = _shipped_items(item_model)
    for name in names:
        data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        sections = data.pop("sections")
        instrument, is_new = instrument_model.objects.get_or_create(
            school=None, code=data["code"], version=data["version"], defaults=data
        )
        if not is_new:
            continue
        number = 0
        for position, section in enumerate(sections, start=1):
            row = section_model.objects.create(
                instrument=instrument, position=position, title=section["title"],
                text=section.get("text", ""),
            )  # fmt: skip
            questions = []
            for place, question in enumerate(section["questions"], start=1):
                number += 1
                fields = _fields(question, section, items)
                fields = {"code": f"q{number}", "section": row, "position": place} | fields
                questions.append(question_model(**fields))
            question_model.objects.bulk_create(questions)
        instrument.state = "published"
        instrument.save()


def _fields(question: dict, section: dict, items: dict[str, Any]) -> dict[str, Any]:
    """What the file says of a question; what it leaves out it has from its section."""
    said: dict[str, Any] = {"groups": section.get("groups", []), **question}
    said["kind"] = question.get("kind") or section["kind"]
    is_usual = said["kind"] == section.get("kind")
    words = question.get("choices") or (is_usual and section.get("choices"))
    said["choices"] = words or WORDS.get(said["kind"], [])
    name = question.get("item") or (is_usual and section.get("item"))
    said["item"] = items[name] if name else None
    return said


def _shipped_items(item_model: Any) -> dict[str, Any]:
    """By framework code/version/item code."""
    shipped = item_model.objects.filter(school=None).select_related("framework")
    return {f"{item.framework.code}/{item.framework.version}/{item.code}": item for item in shipped}
