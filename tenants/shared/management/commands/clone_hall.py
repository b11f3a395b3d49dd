"""``manage.py clone_hall FROM KEY --host HOST``: a hall to practise in, with invented people."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tenants.shared.archive import arguments, cloning


class Command(BaseCommand):
    """Copy a hall for practice: personal data invented, files placeholders, nothing sent from it."""

    help = "Make a copy of a hall for practice: people are invented, files are placeholders, nothing is ever sent from it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hall, and key and host of the copy."""
        parser.add_argument("source", metavar="FROM", help="the hall's key")
        parser.add_argument("key", help="the copy's key")
        parser.add_argument("--host", required=True, help="the copy's host name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, a line for each step. Raises CommandError."""
        with arguments.in_words():
            hall = arguments.hall_of(options["source"])
            row = cloning.clone(
                hall,
                options["key"],
                options["host"],
                now=timezone.now(),
                by_name="clone_hall",
                told=self.stdout.write,
            )
        self.stdout.write(f"{row.key}: a copy of {hall.key} for practice, at {row.host}")
