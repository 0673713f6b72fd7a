"""How lines of cost add up, in queries and in the database's own keeping.

It keeps an activity's cost equal to its lines, and budgets within their amount.
"""

from decimal import Decimal

import pgtrigger
from django.db.models import Case, DecimalField, F, Q, When
from django.db.models.functions import Coalesce

NOTHING = Decimal(0)
MONEY: DecimalField = DecimalField(max_digits=12, decimal_places=2)
BRINGS_IN = ("refund", "income")
IS_OFF = ("draft", "cancelled")
_SUM = Coalesce("actual", "expected")
_BRINGS_IN = Q(kind__in=BRINGS_IN)

# Of a line: what was paid, else what is expected.
KNOWN = Case(When(_BRINGS_IN, then=-_SUM), default=_SUM, output_field=MONEY)
SPENT = Case(When(_BRINGS_IN, then=-F("actual")), default="actual", output_field=MONEY)
EXPECTED = Case(When(_BRINGS_IN, then=-F("expected")), default="expected", output_field=MONEY)
# Put aside by what is planned or held and has no bill yet. Income counts when it is in.
COMMITTED = Case(
    When(Q(actual=None) & ~_BRINGS_IN & ~Q(activity__state__in=IS_OFF), then="expected"),
    output_field=MONEY,
)

# Expected: all that was expected. In the end: once a first bill is in, what was paid for the
# lines whose bill is in and what is expected for the others; before that nothing. So "in the
# end, else expected" is always the best figure there is.
MONEY_TRIGGERS = [
    pgtrigger.Trigger(
        name="costs_add_up",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("cost", "expected_cost"),
        func="""
            SELECT
                SUM(CASE WHEN kind IN ('refund', 'income') THEN -expected ELSE expected END),
                CASE WHEN COUNT(actual) > 0 THEN
                    SUM(CASE WHEN kind IN ('refund', 'income') THEN -COALESCE(actual, expected)
                             ELSE COALESCE(actual, expected) END)
                END
            INTO NEW.expected_cost, NEW.cost
            FROM activities_cost WHERE activity_id = NEW.id;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="budgets_have_room",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
        declare=[("spent_from", "bigint")],
        func="""
            FOR spent_from IN
                SELECT DISTINCT budget_id FROM activities_cost
                WHERE activity_id = NEW.id AND budget_id IS NOT NULL ORDER BY budget_id
            LOOP PERFORM activities_keep_within(spent_from); END LOOP;
            RETURN NULL;
        """,
    ),
]
