"""Bring the register of schools up to date from an extract of Get Information about Schools."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cpdhub import gias, gias_job
from cpdhub.tables import TableRefused
from cpdhub.walls import installation_scope

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Fill and update the register of schools from the DfE's extract (CSV)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the extract, as downloaded")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                result = gias.import_register(opened, tell=self._tell)
        except TableRefused as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        with installation_scope():
            gias_job.log(result, user_id=None)
        self.stdout.write(str(result))
        for each in result.problems[:MOST_SHOWN]:
            self.stdout.write(f"  line {each.line}, {each.column}: {each.reason}")
        if len(result.problems) > MOST_SHOWN:
            self.stdout.write(f"  … and {len(result.problems) - MOST_SHOWN:,} more")

    def _tell(self, percent: int, doing: str) -> None:
        self.stdout.write(f"{percent:3}% {doing}")
