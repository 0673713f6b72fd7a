"""What a learning walk or an anonymous audit showed of a group is never made one person's."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0012_offers_and_asks"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="need",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_of_nobody_by_name",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"whom\" = 'person' AND NOT (OLD.\"whom\" = 'person'))",
                    func="\n                    IF EXISTS (\n                        SELECT 1 FROM audits_needsource s\n                        LEFT JOIN audits_round r ON r.id = s.round_id\n                        WHERE s.need_id = NEW.id AND (s.kind = 'walk' OR r.mode = 'anonymous')\n                    ) THEN RAISE EXCEPTION\n                        'what a walk or an anonymous audit showed is of no named person'\n                        USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="e2c5b3af89ac9326b600925e2466d472f0e4bf7b",
                    operation='UPDATE OF "whom"',
                    pgid="pgtrigger_stays_of_nobody_by_name_19a36",
                    table="audits_need",
                    when="BEFORE",
                ),
            ),
        ),
    ]
