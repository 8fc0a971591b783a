"""`manage.py load_partnerships`: puts the researched partnerships into the register."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnerships.loading import SEED_FILE, CannotLoad, load_partnerships


class Command(BaseCommand):
    help = "Loads the researched partnerships. All or nothing; what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SEED_FILE)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load_partnerships(file=file, now=timezone.now())
        except CannotLoad as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{loaded.new} new partnerships, {loaded.known} were there already.")
