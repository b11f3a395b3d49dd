"""``manage.py case_life [--check]``: write docs/case-life.md from the table of steps."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.hall import drawing

PATH = Path("docs") / "case-life.md"


class Command(BaseCommand):
    """Draw the life of a case."""

    help = "Write docs/case-life.md from the table of steps; --check: fail when it is not current."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true", help="write nothing, fail when it is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file. Raises CommandError when --check finds another text."""
        path = Path(settings.PROJECT_ROOT) / PATH
        text = drawing.text()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{PATH} is not current: run manage.py case_life")
            return
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{PATH} written")
