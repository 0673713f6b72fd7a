"""The third wall: what a network shares shows to its members."""

from django.db import migrations

from cpdhub.walls import may_be_pointed_at, same_school, wall
from networks.walls import functions, network_wall, wall_of_memberships, wall_of_networks


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0001_initial"),
        ("cpdhub", "0002_walls"),
    ]

    operations = [
        *functions(),
        wall_of_networks(),
        wall_of_memberships(),
        network_wall(
            "networks_partner", "networks_networkrole", "networks_theme", "networks_commitment"
        ),
        wall("networks_joining"),
        may_be_pointed_at("networks_membership"),
        same_school("networks_joining", membership_id="networks_membership"),
        same_school("networks_networkrole", staff_id="cpdhub_staff"),
    ]
