"""Makes the demo world, or what is missing of it. Development only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo import NotInProduction, build


class Command(BaseCommand):
    help = "Makes the demo world, or what is missing of it. Development only."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sign_ins = build(timezone.now())
        except NotInProduction:
            raise CommandError("The demo world is for development only; this is production.") from None
        for email, password, who in sign_ins:
            self.stdout.write(f"{email:<28} {password:<16} {who}")
