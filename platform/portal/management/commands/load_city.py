"""Load a city's folder."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.city.examples import ExampleRefused
from portal.city.loading import load
from portal.city.reading import read_city
from portal.city.source import BadData


class Command(BaseCommand):
    """`load_city FOLDER`: what is missing is added; again, it changes nothing and says so."""

    help = "Load a city from its folder of data. A faulty folder is refused whole, each fault with file, line and field."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="read and check the folder, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, load, report. Raises CommandError with every fault of the data."""
        started = time.monotonic()
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(
                f"no folder at {folder}: name a city's folder, for example one under fixtures/"
            )
        try:
            city = read_city(folder)
        except BadData as bad:
            raise CommandError(f"{bad}\n{len(bad.problems)} 处有错，什么也没有装") from None
        counts = "、".join(f"{hall['short_name']} {city.online(hall['key']):,}" for hall in city.halls)
        self.stdout.write(f"{city.facts['name']}：{counts}")
        if options["check"]:
            return
        if not settings.DEMO_PEOPLE_ALLOWED:
            self.stdout.write("演示人员、改动和办件只在演示环境装，这里跳过")
        try:
            report = load(city, now=timezone.now())
        except ExampleRefused as refused:
            raise CommandError(str(refused)) from None
        for line in report.lines():
            self.stdout.write(line)
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
