"""Headings that judge, count, colour or measure are refused with the reason."""

import pytest

from evaluation.no_grades import reason_against


@pytest.mark.parametrize(
    "text",
    [
        "How pupils explain their answers",
        "What Year 4 pupils do when they are stuck",
        "Talk between pupils in class 7B, room 12",
        "Who speaks, and to whom?",
        "Use of the reading corner",
        "How pupils read aloud to each other",
        "Key stage 2 transitions",
        "Sharing resources; order of tasks",
        "Moderating voices",
        "Scaffolds pupils reach for",
        "How goods are sorted in the shop game",
        "A or an: how pupils choose",
        "",
    ],
)
def test_what_pupils_do_is_a_heading(text):
    assert reason_against(text) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Outstanding questioning", "“Outstanding” judges"),
        ("GOOD use of talk", "“GOOD” judges"),
        ("Overall grade", "“grade” judges"),
        ("Requires  improvement in pace", "“Requires improvement” judges"),
        ("Meets the expected standard", "“expected standard” judges"),
        ("Needs attention", "“Needs attention” judges"),
        ("Effective feedback", "“Effective” judges"),
        ("Red, amber or green", "colour"),
        ("Traffic light for pace", "colour"),
        ("Score for behaviour", "scale"),
        ("Pupils on task, out of ten", "scale"),
        ("Strongly agree to disagree", "scale"),
        ("Emerging / developing / secure", "steps of a scale"),
        ("Always, sometimes, never", "steps of a scale"),
        ("From low to high", "steps of a scale"),
        ("Pace: A/B/C/D", "steps of a scale"),
        ("Talk I / II / III", "steps of a scale"),
        ("Pace (1-4)", "no numbers"),
        ("Year 4, level 2", "no numbers"),
        ("Year 123", "no numbers"),
        ("80% on task", "no numbers"),
        ("★★★☆", "no numbers"),
    ],
)
def test_what_judges_is_refused_with_the_reason(text, says):
    assert says in reason_against(text)
