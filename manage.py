#!/usr/bin/env python
"""Django's entry. Without DATABASE_URL it speaks to the servers of a running `make run`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vipad.settings")
    if "DATABASE_URL" not in os.environ and os.environ.get("ENVIRONMENT", "development") == "development":
        from scripts.servers import environment  # noqa: PLC0415 -- not shipped to production machines

        os.environ.update(environment())
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- third-party start-up

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
