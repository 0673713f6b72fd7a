"""The second wall around questionnaires, rounds, answers and needs (see cpdhub/walls.py)."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, shared_when_of_no_school, wall

SHARED = ["audits_instrument", "audits_section", "audits_question"]


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial"), ("cpdhub", "0002_walls")]

    operations = [
        wall(
            *SHARED,
            "audits_round", "audits_invitation", "audits_response", "audits_answer",
            "audits_result",
            "audits_topic", "audits_need", "audits_needevent", "audits_needsource",
            "audits_expertise", "audits_helprequest",
        ),
        shared_when_of_no_school(*SHARED),
        may_be_pointed_at(
            *SHARED,
            "audits_round", "audits_invitation", "audits_response", "audits_result",
            "audits_topic", "audits_need", "audits_helprequest",
        ),
        # Of a school's own; rows of no school are held together by their plain keys.
        same_school("audits_section", instrument_id="audits_instrument"),
        same_school("audits_question", section_id="audits_section"),
        # Rounds, answers and results.
        same_school("audits_round", started_by_id="cpdhub_staff"),
        same_school(
            "audits_invitation",
            round_id="audits_round", staff_id="cpdhub_staff", team_id="cpdhub_team",
            kept_team_id="cpdhub_team",
        ),
        same_school(
            "audits_response",
            round_id="audits_round", invitation_id="audits_invitation", team_id="cpdhub_team",
        ),
        same_school("audits_answer", response_id="audits_response"),
        same_school("audits_result", round_id="audits_round"),
        # Needs, and who offers help with them.
        same_school(
            "audits_need",
            staff_id="cpdhub_staff", team_id="cpdhub_team", topic_id="audits_topic",
            written_by_id="cpdhub_staff",
        ),
        same_school(
            "audits_needsource",
            need_id="audits_need", round_id="audits_round", priority_id="cpdhub_priority",
        ),
        same_school("audits_expertise", staff_id="cpdhub_staff", topic_id="audits_topic"),
        same_school(
            "audits_helprequest",
            asker_id="cpdhub_staff", helper_id="cpdhub_staff", topic_id="audits_topic",
            need_id="audits_need",
        ),
    ]
