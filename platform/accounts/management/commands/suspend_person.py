"""Close an account, or open it again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.queries import person_named
from accounts.services import people


class Command(BaseCommand):
    """`suspend_person USERNAME [--restore] [--reason TEXT]`: sessions, tickets and tokens end at once."""

    help = (
        "Close an account: nobody signs in with it, and what is open with it ends. --restore opens it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the username or phone."""
        parser.add_argument("username")
        parser.add_argument("--restore", action="store_true")
        parser.add_argument("--reason", default="", help="kept with the audit row")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError when there is no such account."""
        person = person_named(options["username"])
        if person is None:
            raise CommandError(f"no account is called {options['username']!r}")
        reason = options["reason"].strip()
        if options["restore"]:
            try:
                people.restore(person.pk, by=None, reason=reason, now=timezone.now())
            except people.ClosedByOwner:
                raise CommandError(f"{person.username} was closed by its owner: use reopen_account") from None
        else:
            people.suspend(person.pk, by=None, reason=reason, now=timezone.now())
        self.stdout.write(f"{person.username} {'open' if options['restore'] else 'suspended'}")
