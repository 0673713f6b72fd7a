"""What an activity cost so far, in one figure, becomes its first line: a fee."""

from django.db import migrations

ONE_LINE_EACH = """
INSERT INTO activities_cost (
    school_id, activity_id, kind, note, expected, actual, falls_on,
    cover_unit, invoice_number
)
SELECT a.school_id, a.id, 'fee', '', a.expected_cost, a.cost,
    COALESCE(
        (SELECT (MIN(s.starts_at) AT TIME ZONE 'Europe/London')::date
         FROM activities_session s WHERE s.activity_id = a.id AND s.cancelled_at IS NULL),
        (a.entered_at AT TIME ZONE 'Europe/London')::date
    ),
    '', ''
FROM activities_activity a
WHERE (a.cost IS NOT NULL OR a.expected_cost IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM activities_cost c WHERE c.activity_id = a.id)
"""


class Migration(migrations.Migration):
    dependencies = [("activities", "0006_money")]

    operations = [migrations.RunSQL(ONE_LINE_EACH, migrations.RunSQL.noop)]
