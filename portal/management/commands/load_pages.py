"""Creates the legal and help pages that are missing; never touches one that is there."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal import pages


class Command(BaseCommand):
    help = "Creates the legal and help pages that are missing; never touches one that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        created = pages.load_pages(now=timezone.now())
        self.stdout.write(f"Pages created: {', '.join(created) or 'none, all are there'}.")
