"""``manage.py workdays DATE N``: the date N working days after DATE, then `` 预计`` when it is only expected."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.hall.queries import calendar
from tenants.shared import scope

MAX_DAYS = 5000


class Command(BaseCommand):
    """Count working days by the city's calendar."""

    help = "Print the date N working days after DATE (YYYY-MM-DD), then 预计 when it is only expected."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take both as text, so that a bad one gets one line."""
        parser.add_argument("date", metavar="DATE")
        parser.add_argument("days", metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the date. Raises CommandError for a date or number that is none."""
        try:
            day = date.fromisoformat(options["date"])
        except ValueError:
            raise CommandError(f"{options['date']!r} is no date: write it as 2026-02-13") from None
        text = str(options["days"])
        if not (text.isascii() and text.isdigit() and int(text) <= MAX_DAYS):
            raise CommandError(f"{text!r} is no number of working days: write 0 to {MAX_DAYS}")
        with scope.portal():
            due = calendar.current().add_workdays(day, int(text))
        self.stdout.write(due.date.isoformat() + (" 预计" if due.expected else ""))
