"""Makes the demo schools: `manage.py seed_demo`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cpdhub.roof.demo import schools


class Command(BaseCommand):
    help = "Makes the two demo schools with two years of history. Harmless when they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or settings.TRIAL or settings.TESTING):
            raise CommandError(
                "This is not a trial: demo people with a known password have no place here."
                " Set CPDHUB_TRIAL=True on a machine with nobody's real data."
            )
        if schools.is_seeded():
            self.stdout.write("The demo schools are there already.")
            return
        schools.seed()
        self.stdout.write(f"The demo schools are ready; every password is {schools.PASSWORD}")
