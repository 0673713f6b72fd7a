"""The second wall: row-level security on every table of a school, and keys that stay inside it."""

from django.db import migrations

from cpdhub.walls import (
    SCHOOL_IS_OPEN,
    INSTALLATION_IS_OPEN,
    found_by_installation,
    may_be_pointed_at,
    same_school,
    shared_when_of_no_school,
    wall,
)

REMEMBERED = [
    "academicyear", "areaforimprovement", "blockeddates", "contributor", "evidencepointer",
    "insetday", "judgement", "milestone", "monitoringnote", "plan", "policy", "policyobjective",
    "priority", "protectedtime", "reading", "staff", "subplan", "successcriterion",
]
OTHERS = [
    "areacomment", "filepiece", "framework", "frameworkitem", "halfterm", "insettwilight", "job",
    "logentry", "outboxmessage", "policyreader", "reminder", "staffimport", "staffimportrow",
    "storedfile", "submission", "team",
]


class Migration(migrations.Migration):
    dependencies = [("cpdhub", "0001_initial")]

    operations = [
        wall(
            *[f"cpdhub_{name}" for name in REMEMBERED],
            *[f"cpdhub_{name}event" for name in REMEMBERED],
            *[f"cpdhub_{name}" for name in OTHERS],
        ),
        # A person's own posts, before a school is known: to be read, never changed.
        migrations.RunSQL(
            "CREATE POLICY own_posts ON cpdhub_staff FOR SELECT USING (user_id ="
            " (SELECT NULLIF(current_setting('app.user_id', true), ''))::bigint)",
            "DROP POLICY own_posts ON cpdhub_staff",
        ),
        # Schools may be read by all (names, addresses); changed only when open; opened only
        # by the installation's administrator.
        migrations.RunSQL(
            [
                "ALTER TABLE cpdhub_school ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY readable ON cpdhub_school FOR SELECT USING (true)",
                "CREATE POLICY of_open_school ON cpdhub_school FOR UPDATE USING "
                + SCHOOL_IS_OPEN.replace("school_id", "id", 1),
                f"CREATE POLICY of_installation ON cpdhub_school USING {INSTALLATION_IS_OPEN}",
            ],
            [
                "DROP POLICY of_installation ON cpdhub_school",
                "DROP POLICY of_open_school ON cpdhub_school",
                "DROP POLICY readable ON cpdhub_school",
                "ALTER TABLE cpdhub_school DISABLE ROW LEVEL SECURITY",
            ],
        ),
        found_by_installation(
            "cpdhub_job", "cpdhub_outboxmessage", "cpdhub_storedfile", "cpdhub_filepiece",
            "cpdhub_logentry",
        ),
        migrations.RunSQL(
            f"CREATE POLICY found_by_installation ON cpdhub_reminder FOR SELECT"
            f" USING {INSTALLATION_IS_OPEN}",
            "DROP POLICY found_by_installation ON cpdhub_reminder",
        ),
        shared_when_of_no_school("cpdhub_framework", "cpdhub_frameworkitem"),
        may_be_pointed_at(
            "cpdhub_academicyear", "cpdhub_areaforimprovement", "cpdhub_blockeddates",
            "cpdhub_halfterm", "cpdhub_insetday", "cpdhub_job", "cpdhub_judgement", "cpdhub_plan",
            "cpdhub_policy", "cpdhub_priority", "cpdhub_staff", "cpdhub_staffimport",
            "cpdhub_storedfile", "cpdhub_subplan", "cpdhub_successcriterion", "cpdhub_team",
        ),
        # People, teams and the year.
        same_school("cpdhub_staff", team_id="cpdhub_team", line_manager_id="cpdhub_staff"),
        same_school("cpdhub_team", leader_id="cpdhub_staff"),
        same_school(
            "cpdhub_staffimport", file_id="cpdhub_storedfile", job_id="cpdhub_job",
            created_by_id="cpdhub_staff", applied_by_id="cpdhub_staff",
            undone_by_id="cpdhub_staff",
        ),
        same_school(
            "cpdhub_staffimportrow", staff_import_id="cpdhub_staffimport",
            staff_id="cpdhub_staff",
        ),
        same_school("cpdhub_halfterm", year_id="cpdhub_academicyear"),
        same_school("cpdhub_blockeddates", team_id="cpdhub_team"),
        same_school("cpdhub_insetday", priority_id="cpdhub_priority"),
        same_school("cpdhub_insettwilight", inset_id="cpdhub_insetday"),
        same_school("cpdhub_protectedtime", staff_id="cpdhub_staff"),
        # Self-evaluation.
        same_school("cpdhub_judgement", reviewed_by_id="cpdhub_staff"),
        same_school("cpdhub_areaforimprovement", judgement_id="cpdhub_judgement"),
        same_school("cpdhub_evidencepointer", judgement_id="cpdhub_judgement"),
        same_school(
            "cpdhub_contributor", judgement_id="cpdhub_judgement", staff_id="cpdhub_staff"
        ),
        same_school("cpdhub_areacomment", judgement_id="cpdhub_judgement", by_id="cpdhub_staff"),
        # Plan and policy.
        same_school("cpdhub_plan", year_id="cpdhub_academicyear"),
        same_school("cpdhub_subplan", plan_id="cpdhub_plan", lead_id="cpdhub_staff"),
        same_school(
            "cpdhub_priority", plan_id="cpdhub_plan", area_id="cpdhub_areaforimprovement",
            lead_id="cpdhub_staff", governor_id="cpdhub_staff", carried_from_id="cpdhub_priority",
            sub_plan_id="cpdhub_subplan",
        ),
        # A priority is in a sub-plan of its own plan.
        migrations.RunSQL(
            [
                "ALTER TABLE cpdhub_subplan ADD CONSTRAINT cpdhub_subplan_in_plan"
                " UNIQUE (plan_id, id)",
                "ALTER TABLE cpdhub_priority ADD CONSTRAINT sub_plan_of_the_same_plan"
                " FOREIGN KEY (plan_id, sub_plan_id) REFERENCES cpdhub_subplan (plan_id, id)"
                " DEFERRABLE INITIALLY DEFERRED",
            ],
            [
                "ALTER TABLE cpdhub_priority DROP CONSTRAINT sub_plan_of_the_same_plan",
                "ALTER TABLE cpdhub_subplan DROP CONSTRAINT cpdhub_subplan_in_plan",
            ],
        ),
        same_school(
            "cpdhub_milestone", priority_id="cpdhub_priority", half_term_id="cpdhub_halfterm"
        ),
        same_school("cpdhub_monitoringnote", priority_id="cpdhub_priority", by_id="cpdhub_staff"),
        same_school("cpdhub_successcriterion", priority_id="cpdhub_priority"),
        same_school(
            "cpdhub_reading", criterion_id="cpdhub_successcriterion",
            recorded_by_id="cpdhub_staff",
        ),
        same_school("cpdhub_policy", published_by_id="cpdhub_staff"),
        same_school(
            "cpdhub_policyobjective", policy_id="cpdhub_policy", priority_id="cpdhub_priority"
        ),
        same_school("cpdhub_policyreader", policy_id="cpdhub_policy", staff_id="cpdhub_staff"),
        # Work that waits, files and the log.
        same_school(
            "cpdhub_job", requested_by_id="cpdhub_staff", file_id="cpdhub_storedfile",
            result_id="cpdhub_storedfile",
        ),
        same_school("cpdhub_reminder", staff_id="cpdhub_staff"),
        same_school("cpdhub_filepiece", file_id="cpdhub_storedfile"),
        same_school("cpdhub_logentry", by_id="cpdhub_staff"),
        # The cache's table, made here so that grants and test databases have it.
        migrations.RunSQL(
            [
                "CREATE TABLE cpdhub_cache (cache_key varchar(255) PRIMARY KEY,"
                " value text NOT NULL, expires timestamptz NOT NULL)",
                "CREATE INDEX cpdhub_cache_expires ON cpdhub_cache (expires)",
            ],
            ["DROP TABLE cpdhub_cache"],
        ),
    ]
