"""Writes the roles of the operating organisations with their rights; again after each upgrade."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.roles import ROLES, load_roles


class Command(BaseCommand):
    help = "Writes the roles of the operating organisations with their rights; again after each upgrade."

    def handle(self, *args: Any, **options: Any) -> None:
        load_roles()
        self.stdout.write(f"Roles written: {', '.join(ROLES)}.")
