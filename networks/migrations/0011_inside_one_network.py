"""What is said of a review, a strategy, a thread or a meeting stays in its network."""

from django.db import migrations

from networks.walls import may_be_pointed_at_in_network, same_network


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0010_shared_day"),
    ]

    operations = [
        may_be_pointed_at_in_network(
            "networks_theme", "networks_strategy", "networks_networkreview", "networks_thread",
            "networks_meeting", "networks_resource",
        ),
        same_network("networks_strategy", theme_id="networks_theme"),
        same_network("networks_networkreview", strategy_id="networks_strategy"),
        same_network("networks_rating", review_id="networks_networkreview"),
        same_network("networks_pause", review_id="networks_networkreview"),
        same_network("networks_adoption", strategy_id="networks_strategy"),
        same_network("networks_offer", theme_id="networks_theme"),
        same_network("networks_thread", theme_id="networks_theme"),
        same_network("networks_account", theme_id="networks_theme"),
        same_network("networks_reply", thread_id="networks_thread"),
        same_network("networks_actionpoint", meeting_id="networks_meeting"),
        same_network("networks_resource", theme_id="networks_theme"),
        same_network("networks_resourceversion", resource_id="networks_resource"),
    ]  # fmt: skip
