"""``manage.py calendar_year propose|approve|discard YEAR``: a year's holiday notice, by two persons."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Person
from cases.shared.models import CalendarDraft
from cases.shared.services import calendars
from tenants.shared import scope

COLUMNS = {"date", "is_workday", "name"}
FIRST_YEAR, LAST_YEAR = 2000, 2199


class Command(BaseCommand):
    """Enter, approve or throw away a year of the working calendar."""

    help = (
        "Enter a year's holiday notice from a CSV (date, is_workday, name), or approve what another entered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the act, the year and who does it."""
        parser.add_argument("act", choices=["propose", "approve", "discard"])
        parser.add_argument("year", type=int)
        parser.add_argument("--by", required=True, metavar="USERNAME", help="a city administrator")
        parser.add_argument("--file", metavar="FILE", help="propose: the days that the notice names")
        parser.add_argument("--notice", default="", help="propose: title and number of the notice")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError, one line for each thing that is wrong; then nothing was kept."""
        year = options["year"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"{year} is no year of the calendar")
        person = Person.objects.filter(username=options["by"]).first()
        if person is None:
            raise CommandError(f"nobody is called {options['by']!r}")
        by, now = Actor.of(person, may_hold_posts=False), timezone.now()
        try:
            with scope.city():
                if options["act"] == "propose":
                    draft = calendars.propose(year, options["notice"], _rows(options["file"]), by=by, now=now)
                    worked = sum(row["is_workday"] for row in draft.rows)
                    self.stdout.write(f"{year}: {worked} working days, waits for a second person")
                elif options["act"] == "approve":
                    calendars.approve(year, by=by, now=now)
                    self.stdout.write(f"{year} holds; halls count their dates again")
                else:
                    calendars.discard(year, by=by, now=now)
                    self.stdout.write(f"{year}: thrown away")
        except calendars.WrongNotice as problem:
            raise CommandError("\n".join(problem.problems)) from None
        except calendars.NotAllowed as refusal:
            raise CommandError(str(refusal)) from None
        except CalendarDraft.DoesNotExist:
            raise CommandError(f"nobody has entered {year}") from None


def _rows(name: str | None) -> list[dict[str, str]]:
    if not name:
        raise CommandError("--file says which days the notice names")
    try:
        with Path(name).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not set(reader.fieldnames or []) >= COLUMNS:
                raise CommandError(f"{name} wants the columns date, is_workday, name")
            return list(reader)
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{name} cannot be read") from None
