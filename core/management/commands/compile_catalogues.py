"""Makes the German words readable for Django; part of every installation and upgrade."""

from typing import Any

from django.core.management.base import BaseCommand

from core.catalogues import compile_stale


class Command(BaseCommand):
    help = "Compile the catalogues of visible words that are missing or stale."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{len(compile_stale())} catalogues compiled")
