"""What is published of a question, whatever was answered: never anything of fewer than five."""

from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audits.results import ALL, GROUP, LEADERS, OTHERS, RANK, TEAM, Tables, Tally, key_of

GROUPS = ["teacher", "assistant", "support", ""]
TEAMS = [1, 2, 3, None]

labels = st.tuples(st.sampled_from(GROUPS), st.sampled_from(TEAMS))
sizes = st.dictionaries(labels, st.integers(1, 9), min_size=1, max_size=8)


def tally(n, word=0):
    counts = [0] * 4
    counts[word] = n
    return Tally(n, tuple(counts))


def published(responses, answered, groups=()):
    """The cells of one question, asked of these groups only."""
    asked = {label for label in responses if not groups or label[0] in groups}
    answers = {label: tally(n) for label, n in answered.items() if n and label in asked}
    return Tables(responses).cells(answers, asked), {k: t.n for k, t in answers.items()}


@st.composite
def rounds_(draw):
    responses = draw(sizes)
    answered = {label: draw(st.integers(0, most)) for label, most in responses.items()}
    groups = draw(st.sampled_from([(), ("teacher",), ("teacher", "assistant")]))
    return responses, answered, groups


@settings(max_examples=400, deadline=None)
@given(rounds_())
def test_no_cell_below_five_and_nothing_to_subtract(made):
    cells, answers = published(*made)
    total = next(cell for cell in cells if cell.breakdown == ALL).tally

    assert all(cell.tally.n >= 5 for cell in cells if cell.tally)
    assert (total is not None) == (sum(answers.values()) >= 5)
    for breakdown in (TEAM, GROUP):
        of = [cell for cell in cells if cell.breakdown == breakdown]
        shown = [cell.tally.n for cell in of if cell.tally]
        left = (total.n if total else 0) - sum(shown)
        hidden = len(of) - len(shown)
        assert not shown or (left == 0 and not hidden) or (left >= 5 and hidden >= 2)


def row_of(tables, atom, breakdown):
    """Atoms are a label and whether they lead."""
    label, leads = atom
    if breakdown == RANK:
        return LEADERS if leads else OTHERS
    return ALL if breakdown == ALL else tables.row(label, breakdown)


@st.composite
def rounds_with_leaders(draw):
    """Who leads is drawn of those who answered; often many in few teams, as in schools."""
    responses, answered, groups = draw(rounds_())
    share = draw(st.sampled_from(["any", "half", "all or nobody"]))
    leaders = {
        label: {"any": draw(st.integers(0, n)), "half": (n + 1) // 2,
                "all or nobody": n * draw(st.integers(0, 1))}[share]
        for label, n in answered.items()
    }  # fmt: skip
    return responses, answered, groups, leaders


@settings(max_examples=500, deadline=None)
@given(rounds_with_leaders())
@example((  # the leaders less the leadership team would be the two who lead a year group
    {("teacher", 1): 6, ("teacher", 2): 9, ("assistant", 2): 9},
    {("teacher", 1): 6, ("teacher", 2): 9, ("assistant", 2): 9},
    (), {("teacher", 1): 6, ("teacher", 2): 2},
))  # fmt: skip
def test_nothing_of_one_to_four_people_can_be_worked_out_of_all_tables(made):
    """By linear algebra, not by the rule the code uses: a sum over people can be worked out when
    its vector is made of the vectors of what is published."""
    responses, answered, groups, leads = made
    cells, by_label = published(responses, answered, groups)
    tables = Tables(responses)
    whole = {label: tally(n) for label, n in by_label.items()}
    led = {label: tally(leads[label]) for label in by_label if leads.get(label)}
    cells += tables.ranks(whole, led, cells)
    answers = {(label, True): led[label].n for label in led}
    answers |= {(label, False): n - leads.get(label, 0) for label, n in by_label.items()}
    atoms = sorted((atom for atom, n in answers.items() if n), key=str)
    told = [
        [int(row_of(tables, atom, cell.breakdown) == cell.key) for atom in atoms]
        for cell in cells
        if cell.tally
    ]

    for some in chain.from_iterable(combinations(atoms, size) for size in range(1, 5)):
        if sum(answers[atom] for atom in some) < 5:
            assert not is_made_of([int(atom in some) for atom in atoms], told), some


def is_made_of(vector, others):
    return rank([*others, vector]) == rank(others)


def rank(rows):
    rows, found = [[Fraction(n) for n in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            by = rows[i][column] / rows[found][column]
            rows[i] = [a - by * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


@settings(deadline=None)
@given(rounds_())
def test_what_is_shown_is_right(made):
    cells, answers = published(*made)
    tables = Tables(made[0])

    for cell in cells:
        if cell.tally and cell.breakdown != ALL:
            of = [n for at, n in answers.items() if tables.row(at, cell.breakdown) == cell.key]
            assert cell.tally.n == sum(of) == sum(cell.tally.counts)


def shown(cells, breakdown):
    return {cell.key: cell.tally and cell.tally.n for cell in cells if cell.breakdown == breakdown}


def test_everything_is_shown_when_all_are_many():
    sizes = {("teacher", 1): 6, ("teacher", 2): 7, ("assistant", 1): 8, ("assistant", 2): 9}

    cells, _ = published(sizes, sizes)

    assert shown(cells, TEAM) == {"1": 14, "2": 16}
    assert shown(cells, GROUP) == {"teacher": 13, "assistant": 17}


def test_small_teams_become_one_row():
    sizes = {("teacher", 1): 9, ("teacher", 2): 3, ("teacher", 3): 2}

    cells, _ = published(sizes, sizes)

    assert shown(cells, TEAM) == {"1": 9, "other": 5}
    assert shown(cells, GROUP) == {}  # teachers are everyone


def test_row_of_others_still_small_takes_the_smallest_team_with_it():
    sizes = {("teacher", 1): 9, ("teacher", 2): 6, ("teacher", 3): 2}

    cells, _ = published(sizes, sizes)

    assert shown(cells, TEAM) == {"1": 9, "2": None, "other": None}


def test_group_that_is_a_team_and_one_more_is_not_told_beside_it():
    """Other support less the office would be the caretaker."""
    sizes = {
        ("support", 1): 8, ("support", 2): 1, ("teacher", 2): 12, ("teacher", 3): 15,
        ("assistant", 2): 9, ("assistant", 3): 9,
    }  # fmt: skip

    cells, _ = published(sizes, sizes)

    assert not (shown(cells, TEAM)["1"] and shown(cells, GROUP)["support"])


def test_group_that_was_not_asked_has_no_cell_and_hides_nobody():
    sizes = {("teacher", 1): 6, ("teacher", 2): 7, ("assistant", 1): 8}

    cells, _ = published(sizes, sizes, groups=("teacher",))

    assert shown(cells, GROUP) == {"teacher": 13}
    assert shown(cells, TEAM) == {"1": 6, "2": 7}


@pytest.mark.parametrize("n", [0, 4])
def test_total_below_five_hides_the_question_everywhere(n):
    responses = {("teacher", 1): 9, ("assistant", 2): 9}

    cells, _ = published(responses, {("teacher", 1): n})

    assert [cell.tally for cell in cells] == [None] * 5


def test_people_without_a_team_stand_with_the_others():
    assert key_of(("teacher", None), TEAM) == ""
    assert Tables({("teacher", None): 9, ("teacher", 1): 9}).row(("teacher", None), TEAM) == "other"


# --- leaders beside the others -------------------------------------------------------------------
def ranks(sizes, leads):
    cells, answers = published(sizes, sizes)
    whole = {label: tally(n) for label, n in answers.items()}
    led = {label: tally(n) for label, n in leads.items()}
    return shown(Tables(sizes).ranks(whole, led, cells), RANK)


TWO_TEAMS = {("teacher", 1): 12, ("teacher", 2): 12}


def test_five_leaders_among_others_are_told():
    assert ranks(TWO_TEAMS, {("teacher", 1): 3, ("teacher", 2): 2}) == {LEADERS: 5, OTHERS: 19}


@pytest.mark.parametrize(
    "leads",
    [
        {("teacher", 1): 4},
        {("teacher", 1): 12},  # they are a team, which is told already
        {("teacher", 1): 12, ("teacher", 2): 4},
        {("teacher", 1): 12, ("teacher", 2): 8},  # four are left who do not lead
    ],
)
def test_few_leaders_or_few_others_are_not_told(leads):
    assert ranks(TWO_TEAMS, leads) == {LEADERS: None, OTHERS: None}
