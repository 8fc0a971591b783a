"""Adds the terms of the glossary that come with the software and are missing; never touches one that is there."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from discussions.actions.glossary import load_glossary


class Command(BaseCommand):
    help = "Adds the terms of the glossary that are missing; never touches one that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Terms added: {load_glossary(now=timezone.now())}.")
