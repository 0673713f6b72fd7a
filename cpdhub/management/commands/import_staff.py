"""Preview a staff file for a school and, when told to, write it."""

from argparse import ArgumentParser
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cpdhub import clock, import_words
from cpdhub.models import School, StaffImport, StaffImportRow
from cpdhub.staff_import import columns, preview, steps, writing
from cpdhub.tables import TableRefused
from cpdhub.walls import school_scope

MOST_SHOWN = 50
State = StaffImport.State


class Command(BaseCommand):
    help = "Show what a staff file (CSV or XLSX) would change; with --confirm, import it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the staff file, as the MIS exports it")
        parser.add_argument("--school", required=True, metavar="URN", help="the school's URN")
        parser.add_argument("--roles", type=Path, help="roles.csv, from School Data Sync")
        parser.add_argument("--confirm", action="store_true", help="write it after the preview")

    def handle(
        self, *args: Any, file: Path, school: str, roles: Path | None, confirm: bool, **options: Any
    ) -> None:
        found = School.objects.filter(urn=school).first()
        if found is None:
            raise CommandError(f"No school with the URN {school} is open here.")
        pk = self._preview(found, file, roles)
        with school_scope(found):
            made = StaffImport.objects.get(pk=pk)
            self._show(made)
            if made.state == State.PREVIEWED and confirm:
                made.state, made.leaving_on = State.CONFIRMED, clock.today()
                made.save(update_fields=["state", "leaving_on"])
                writing.apply(pk, by=None)
                made.refresh_from_db()
                self.stdout.write(import_words.result(made))
            elif made.state == State.PREVIEWED:
                self.stdout.write("Nothing is written yet. Add --confirm to import it, or do it at")
                self.stdout.write(found.link("imports:staff_import", pk))

    def _preview(self, school: School, file: Path, roles: Path | None) -> int:
        try:
            with ExitStack() as stack:
                opened = stack.enter_context(file.open("rb"))
                second = stack.enter_context(roles.open("rb")) if roles else None
                with school_scope(school):
                    made = steps.keep(opened, file.name, school=school, by=None, roles=second)
            preview.build(made.pk, scope=partial(school_scope, school), tell=self._tell)
        except TableRefused as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{problem.filename} cannot be read: {problem.strerror}.") from None
        return made.pk

    def _tell(self, percent: int, doing: str) -> None:
        if self.verbosity > 1:
            self.stdout.write(f"{percent:3}% {doing}")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.verbosity = options.get("verbosity", 1)
        return super().execute(*args, **options)

    def _show(self, made: StaffImport) -> None:
        if made.state == State.MAPPING:
            lacking = " and ".join(columns.missing(made.mapping)).lower()
            raise CommandError(f"No column was recognised for: {lacking}. Match them on screen.")
        for note in [*made.notes, *import_words.left_out(made.counts)]:
            self.stdout.write(note)
        self.stdout.write(import_words.found(made.counts))
        rows = StaffImportRow.objects.filter(staff_import=made)
        asked = rows.filter(outcome=StaffImportRow.Outcome.ASK)
        for row in rows.with_problems()[:MOST_SHOWN]:
            for column, reason in row.problems:
                where = f"line {row.line}, {column}" if column else f"line {row.line}"
                self.stdout.write(f"  {where}: {reason}")
        for row in asked[:MOST_SHOWN]:
            self.stdout.write(f"  line {row.line}: somebody here is called {row.name} too")
