"""Loads the course from training/curriculum/ or another folder; says what was edited here and therefore left alone."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from training.curriculum_files import FOLDER, Faulty
from training.loading import load_curriculum


class Command(BaseCommand):
    help = "Loads the course from training/curriculum/, all or nothing; what was edited in the office stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        # At the command line, not in a page: what is wrong is said in English like everything here.
        with translation.override("en"):
            self._load(options)

    def _load(self, options: dict[str, Any]) -> None:
        try:
            done = load_curriculum(options["folder"], dry_run=options["dry_run"])
        except Faulty as fault:
            raise CommandError("Nothing was loaded.\n" + "\n".join(fault.faults)) from None
        said = f"New: {done.new}, changed: {done.changed}, as before: {done.same}."
        self.stdout.write(f"{said} (dry run, nothing written)" if options["dry_run"] else said)
        for name in done.kept:
            self.stdout.write(f"Edited here, left alone although its file has changed: {name}")
