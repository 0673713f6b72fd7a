"""The third wall: what a network shares shows to its members; keys stay inside school and network."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall
from networks.walls import (
    ending,
    functions,
    functions_of_places,
    may_be_pointed_at_in_network,
    network_wall,
    same_network,
    wall_of_contributions,
    wall_of_guests,
    wall_of_memberships,
    wall_of_networks,
    wall_of_offers,
    wall_of_places,
    wall_of_publications,
    wall_of_two_schools,
)


def emptied(table: str, column: str, target: str) -> migrations.RunSQL:
    """A key whose row may go while another school is open: the database empties it."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_emptied FOREIGN KEY ({column})"
        f" REFERENCES {target} (id) ON DELETE SET NULL",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_emptied",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0001_initial"),
        ("cpdhub", "0002_walls"),
    ]

    operations = [
        *functions(),
        *functions_of_places(),
        ending(),
        wall_of_networks(),
        wall_of_memberships(),
        network_wall(
            "networks_partner", "networks_networkrole", "networks_theme", "networks_commitment",
            "networks_proposal", "networks_creditentry",
            "networks_networkreview", "networks_rating", "networks_pause", "networks_strategy",
            "networks_adoption", "networks_thread", "networks_reply", "networks_meeting",
            "networks_actionpoint", "networks_resource", "networks_resourceversion",
            "networks_sharedday", "networks_dayslot", "networks_site", "networks_workshop",
            "networks_dayschool", "networks_workshopregister",
        ),
        network_wall("networks_account", shown="shared_on IS NOT NULL"),
        wall(
            "networks_joining", "networks_offeranswer", "networks_schoolplaces",
            "networks_dayperson", "networks_wish", "networks_seat",
        ),
        wall_of_publications(),
        wall_of_contributions(),
        wall_of_two_schools("networks_enquiry", "asked_id"),
        wall_of_offers(),
        wall_of_places(),
        wall_of_guests("networks_guest", "networks_sharedday"),
        may_be_pointed_at(
            "networks_membership", "networks_networkrole", "networks_offer", "networks_seat"
        ),
        same_school("networks_joining", membership_id="networks_membership"),
        same_school("networks_networkrole", staff_id="cpdhub_staff"),
        same_school("networks_enquiry", by_id="cpdhub_staff"),
        same_school(
            "networks_offer",
            activity_id="activities_activity", practitioner_id="networks_networkrole",
        ),
        same_school("networks_offeranswer", offer_id="networks_offer"),
        same_school("networks_offerplace", staff_id="cpdhub_staff", by_id="cpdhub_staff"),
        same_school("networks_schoolplaces", activity_id="activities_activity"),
        same_school("networks_rating", staff_id="cpdhub_staff"),
        same_school("networks_thread", staff_id="cpdhub_staff"),
        same_school("networks_reply", staff_id="cpdhub_staff"),
        same_school("networks_resourceversion", file_id="cpdhub_storedfile"),
        same_school("networks_dayperson", staff_id="cpdhub_staff"),
        same_school("networks_wish", staff_id="cpdhub_staff"),
        same_school("networks_seat", staff_id="cpdhub_staff"),
        same_school("networks_guest", seat_id="networks_seat"),
        same_school(
            "networks_dayschool", said_by_id="cpdhub_staff", activity_id="activities_activity"
        ),
        emptied("networks_offer", "theme_id", "networks_theme"),
        emptied("networks_account", "theme_id", "networks_theme"),
        emptied("networks_offerplace", "user_id", "cpdhub_user"),
        emptied("networks_schoolplaces", "offer_id", "networks_offer"),
        migrations.RunSQL(
            "ALTER TABLE networks_offerplace ADD CONSTRAINT networks_offerplace_of_its_host"
            " FOREIGN KEY (host_id, offer_id) REFERENCES networks_offer (school_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE networks_offerplace DROP CONSTRAINT networks_offerplace_of_its_host",
        ),
        may_be_pointed_at_in_network(
            "networks_theme", "networks_networkrole", "networks_strategy", "networks_networkreview", "networks_thread",
            "networks_meeting", "networks_resource", "networks_sharedday", "networks_dayslot",
            "networks_site", "networks_workshop", "networks_seat",
        ),
        *(
            same_network(f"networks_{table}", theme_id="networks_theme")
            for table in ("strategy", "offer", "thread", "account", "resource")
        ),
        same_network("networks_offer", practitioner_id="networks_networkrole"),
        same_network("networks_networkreview", strategy_id="networks_strategy"),
        same_network("networks_rating", review_id="networks_networkreview"),
        same_network("networks_pause", review_id="networks_networkreview"),
        same_network("networks_adoption", strategy_id="networks_strategy"),
        same_network("networks_reply", thread_id="networks_thread"),
        same_network("networks_actionpoint", meeting_id="networks_meeting"),
        same_network("networks_resourceversion", resource_id="networks_resource"),
        *(
            same_network(f"networks_{table}", day_id="networks_sharedday")
            for table in (
                "dayslot", "site", "workshop", "dayschool", "workshopregister", "dayperson",
                "wish", "seat", "guest",
            )
        ),
        same_network("networks_workshop", slot_id="networks_dayslot", site_id="networks_site"),
        same_network("networks_workshopregister", workshop_id="networks_workshop"),
        same_network("networks_wish", slot_id="networks_dayslot", workshop_id="networks_workshop"),
        same_network("networks_seat", slot_id="networks_dayslot", workshop_id="networks_workshop"),
        same_network("networks_guest", workshop_id="networks_workshop"),
    ]  # fmt: skip
