"""Prints a new CPDHUB_SIGNING_KEY: `manage.py make_signing_key`."""

from typing import Any

from django.core.management.base import BaseCommand

from cpdhub import signing_key


class Command(BaseCommand):
    help = "Prints a key for CPDHUB_SIGNING_KEY. Keep it secret, and the same for ever."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(signing_key.new_key())
