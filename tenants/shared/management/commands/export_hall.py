"""``manage.py export_hall KEY --to FILE``: one hall in one signed, encrypted file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tenants.shared.archive import arguments, exporting


class Command(BaseCommand):
    """Write a hall's rows, as they are at one moment, and its files, while it is at work."""

    help = "Write one hall into one signed file, encrypted with the city's key, a key file or a passphrase."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hall, the file and the key."""
        parser.add_argument("key", help="the hall's key")
        parser.add_argument("--to", type=Path, required=True, help="the file to write, over what is there")
        arguments.add_keys(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it whole or not at all, a line for each step. Raises CommandError."""
        with arguments.in_words():
            hall = arguments.hall_of(options["key"])
            done = exporting.export(
                hall, options["to"], arguments.recipient(options), now=timezone.now(), told=self._tell
            )
        gone = f", {done.missing} files were gone" if done.missing else ""
        self.stdout.write(
            f"{hall.key}: {done.rows} rows and {done.files} files in {done.bytes} bytes, {done.seconds:.1f} s{gone}; digest {done.digest[:16]}"
        )

    def _tell(self, step: str) -> None:
        self.stdout.write(step)
        self.stdout.flush()
