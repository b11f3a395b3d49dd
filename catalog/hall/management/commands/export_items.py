"""``manage.py export_items [--hall KEY] [FILE]``: the items of the city or of one hall as xlsx or csv."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from catalog.hall.management.arguments import chosen_kind, place_of
from catalog.shared.sheets import kinds


class Command(BaseCommand):
    """Write items into a file; it is whole under its name or not there."""

    help = "Write the items of the city's catalogue, or of one hall, into an xlsx or csv file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hall, the file, and of a csv the kind of sheet."""
        parser.add_argument(
            "file", nargs="?", type=Path, help="FILE.xlsx or FILE.csv; default: items-KEY-DATE.xlsx here"
        )
        parser.add_argument(
            "--hall", default="", metavar="KEY", help="the hall; without it the city's shared catalogue"
        )
        parser.add_argument(
            "--sheet",
            default="",
            help="which sheet a csv holds, for example 材料 or materials; default: 事项",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Export. Raises CommandError with one line."""
        now = timezone.now()
        place = place_of(options["hall"])
        path: Path = options["file"] or Path(f"items-{place.key}-{timezone.localdate(now):%Y%m%d}.xlsx")
        if path.suffix.lower() not in {".xlsx", ".csv"}:
            raise CommandError(f"{path}: name a file that ends in .xlsx or .csv")
        kind = None
        if path.suffix.lower() == ".csv":
            kind = chosen_kind(options["sheet"] or kinds.ITEMS, place)
        elif options["sheet"]:
            raise CommandError("--sheet is for a csv: an xlsx holds all sheets")
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with Console(stderr=True).status(f"{path.name} …"), place.scope():
                number = place.write(partial, now, kind=kind)
            partial.replace(path)
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from None
        finally:
            partial.unlink(missing_ok=True)
        told = f"{number:,} 行" if kind else f"{number:,} 项"
        self.stdout.write(f"{path}：{told}")
