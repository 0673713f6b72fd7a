"""Offers stand behind the third wall; places between two schools; the rest at home."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall
from networks.walls import functions_of_places, network_wall, wall_of_offers, wall_of_places


def emptied(table: str, column: str, target: str) -> migrations.RunSQL:
    """A key whose row may go while another school is open: the database empties it."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_emptied FOREIGN KEY ({column})"
        f" REFERENCES {target} (id) ON DELETE SET NULL",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_emptied",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0005_offers"),
        ("activities", "0001_initial"),
    ]

    operations = [
        *functions_of_places(),
        wall_of_offers(),
        wall_of_places(),
        network_wall("networks_creditentry"),
        wall("networks_offeranswer", "networks_schoolplaces"),
        may_be_pointed_at("networks_offer"),
        same_school("networks_offer", activity_id="activities_activity"),
        same_school("networks_offeranswer", offer_id="networks_offer"),
        same_school("networks_offerplace", staff_id="cpdhub_staff", by_id="cpdhub_staff"),
        same_school("networks_schoolplaces", activity_id="activities_activity"),
        emptied("networks_offer", "theme_id", "networks_theme"),
        emptied("networks_offerplace", "user_id", "cpdhub_user"),
        emptied("networks_schoolplaces", "offer_id", "networks_offer"),
        migrations.RunSQL(
            "ALTER TABLE networks_offerplace ADD CONSTRAINT networks_offerplace_of_its_host"
            " FOREIGN KEY (host_id, offer_id) REFERENCES networks_offer (school_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE networks_offerplace DROP CONSTRAINT networks_offerplace_of_its_host",
        ),
    ]
