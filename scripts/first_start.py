"""What `make run` does before the web server starts: migrate; the first time also load all data."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

SignIns = list[tuple[str, str, str]]


def prepare(*, fresh: bool = False) -> SignIns:
    """Gives the demo sign-ins as (address, password, who). `fresh` empties the database first."""
    import django  # noqa: PLC0415 -- slow, and needs the settings made by the supervisor

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vipad.settings")
    django.setup()
    from scripts.messages import compile_stale  # noqa: PLC0415 -- as above

    compile_stale()
    if fresh:
        _empty_database()
    if _is_new() or fresh:
        return _first_time()
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    call_command("migrate", verbosity=0)
    from portal import demo  # noqa: PLC0415 -- as above
    from portal.roles import load_roles  # noqa: PLC0415 -- as above

    load_roles()
    return demo.build(now=datetime.now(UTC))


def _is_new() -> bool:
    from django.db import ProgrammingError, connection  # noqa: PLC0415 -- as above

    from directory.models import Municipality  # noqa: PLC0415 -- needs django.setup()

    try:
        return not Municipality.objects.exists()
    except ProgrammingError:
        connection.close()
        return True


def _empty_database() -> None:
    from django.db import connection  # noqa: PLC0415 -- needs django.setup()

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _first_time() -> SignIns:
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    from directory.loading import load_directory  # noqa: PLC0415 -- needs django.setup()
    from discussions.actions.glossary import load_glossary  # noqa: PLC0415 -- as above
    from partnerships.loading import load_partnerships  # noqa: PLC0415 -- as above
    from portal import demo  # noqa: PLC0415 -- as above
    from portal.pages import load_pages  # noqa: PLC0415 -- as above
    from portal.roles import load_roles  # noqa: PLC0415 -- as above
    from training.loading import load_curriculum  # noqa: PLC0415 -- as above

    now = datetime.now(UTC)
    found: SignIns = []
    with Progress(TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn()) as progress:

        def step(title: str, act: Callable[[Callable[[int, int], None]], object]) -> None:
            task = progress.add_task(title, total=None)
            act(lambda done, total: progress.update(task, completed=done, total=total))
            progress.update(task, total=1, completed=1)

        step("Preparing the database", lambda _: call_command("migrate", verbosity=0))
        step("Municipalities", lambda tell: load_directory(progress=tell))
        step("Partnerships", lambda _: load_partnerships(now=now))
        step("Legal and help pages", lambda _: load_pages(now=now))
        step("Glossary", lambda _: load_glossary(now=now))
        step("Curriculum", lambda _: load_curriculum())
        step("Roles in the office", lambda _: load_roles())
        step("Demo world", lambda _: found.extend(demo.build(now=now)))
    return found
