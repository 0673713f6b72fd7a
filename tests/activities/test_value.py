"""The formulas of cost and hours equal a plain recount."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from activities.value import Value, max_to_median, shares, value_of

START = datetime(2026, 11, 3, 9, tzinfo=UTC)
PEOPLE = range(1, 6)


@dataclass
class Session:
    pk: int
    minutes: int
    register_taken_at: datetime | None
    cancelled_at: datetime | None
    starts_at: datetime = START

    @property
    def ends_at(self):
        return START + timedelta(minutes=self.minutes)


def session(number):
    moment = st.sampled_from([None, START])
    return st.builds(Session, st.just(number), st.integers(15, 480), moment, moment)


@given(
    st.integers(0, 5).flatmap(lambda n: st.tuples(*[session(pk) for pk in range(n)])),
    st.sets(st.tuples(st.integers(0, 5), st.sampled_from(PEOPLE))),
    st.one_of(st.none(), st.sampled_from(PEOPLE)),
    st.one_of(st.none(), st.decimals(0, 100, places=2)),
    st.decimals(-1000, 5000, places=2),
)
def test_value_equals_a_plain_recount(sessions, present, lead, rate, cash):
    value = value_of(cash, sessions, present, lead=lead, rate=rate)

    learned = led = 0
    attended = dict.fromkeys(PEOPLE, 0)
    held = 0
    for one in sessions:
        if one.cancelled_at or not one.register_taken_at:
            continue
        held += 1
        for person in PEOPLE:
            if (one.pk, person) in present:
                learned += one.minutes
                attended[person] += 1
        if lead and (one.pk, lead) not in present:
            led += one.minutes
    completed = sum(times == held > 0 for times in attended.values())
    full = cash + Decimal(learned + led) / 60 * (rate or 0)
    assert value.participant_hours == Decimal(learned) / 60
    assert abs(value.full_cost - full) < Decimal("0.0001")
    assert value.completed == completed
    for figure, number in (
        (value.cost_per_participant_hour, Decimal(learned) / 60),
        (value.cost_per_person, completed),
    ):
        assert (figure is None) == (number == 0)
        assert figure is None or abs(figure - full / number) <= Decimal("0.01")
    assert value.in_cash.full_cost == cash


def test_staff_time_makes_in_house_cpd_cost_something():
    value = Value(Decimal(0), timedelta(hours=20), timedelta(hours=1), 20, Decimal(28))

    assert (value.full_cost, value.cost_per_person) == (588, Decimal("29.40"))
    assert value.cost_per_participant_hour == Decimal("29.40")


@given(
    st.lists(st.tuples(st.integers(1, 4), st.one_of(st.none(), st.sampled_from(PEOPLE)),
                       st.decimals(-100, 1000, places=2))),
    st.dictionaries(st.integers(1, 4), st.lists(st.sampled_from(PEOPLE), unique=True)),
)  # fmt: skip
def test_shares_equal_a_plain_recount(lines, people):
    found = shares(lines, people)

    for person in [None, *PEOPLE]:
        theirs = Decimal(0)
        for activity, only, sum_ in lines:
            among = people.get(activity, [])
            if only == person and only is not None:
                theirs += sum_
            elif only is None and person in among:
                theirs += sum_ / len(among)
            elif only is None and not among and person is None:
                theirs += sum_
        assert abs(found.get(person, Decimal(0)) - theirs) < Decimal("0.0001")
    assert abs(sum(found.values()) - sum(sum_ for *_, sum_ in lines)) < Decimal("0.0001")


def test_how_uneven_things_are():
    assert max_to_median([]) is None
    assert max_to_median([Decimal(0), Decimal(0), Decimal(5)]) is None
    assert max_to_median([Decimal(2), Decimal(2)]) == 1
    assert max_to_median([Decimal(1), Decimal(4), Decimal(10)]) == Decimal("2.5")
