"""The questionnaires CPD Hub ships: files in `audits/data/instruments/`, in our own words."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "instruments"
FIRST = (
    "digital-practice",
    "teaching-practice",
    "assistant-practice",
    "cpd-provision",
    "learning-climate",
    "barriers-to-cpd",
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
    names: tuple[str, ...], *, instrument_model: Any, section_model: Any, question_model: Any
) -> None:
    """Put shipped versions into the database. A version that is there is left as it is.

    Takes its models as arguments because a migration has its own; run by the owner role.
    """
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
                kind = question.get("kind") or section["kind"]
                questions.append(
                    question_model(
                        **{"code": f"q{number}", "groups": section.get("groups", [])}
                        | question
                        | {"section": row, "position": place, "kind": kind},
                    )
                )
                questions[-1].choices = question.get("choices") or WORDS.get(kind, [])
            question_model.objects.bulk_create(questions)
        instrument.state = "published"
        instrument.save()
