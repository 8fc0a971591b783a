from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from directory.loading import LoadReport, Progress, load_directory


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A bar where rich is installed (development); nothing in production."""
    try:
        from rich.progress import Progress as Bar  # noqa: PLC0415 -- optional: a tool, not in requirements.txt
    except ImportError:
        yield None
        return
    with Bar(transient=True) as bar:
        task = bar.add_task("Municipalities", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class Command(BaseCommand):
    help = "Fills the directory with countries, regions, municipalities and topics; leaves stored rows alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--refresh", action="store_true", help="let the facts of the file win over stored ones"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with progress_bar() as progress:
            report = load_directory(progress=progress, refresh=options["refresh"])
        self.print_report(report)

    def print_report(self, report: LoadReport) -> None:
        counts = ", ".join(f"{country} {number}" for country, number in report.municipalities.items())
        self.stdout.write(
            f"added: {report.countries} countries, {report.regions} regions, {report.topics} topics, "
            f"{report.municipalities.total()} municipalities and places with {report.names} further names"
        )
        if counts:
            self.stdout.write(counts)
        self.stdout.write(f"left alone: {report.left_alone}, refreshed: {report.refreshed}")
