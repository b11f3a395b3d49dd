"""Take the second factor from somebody who lost it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.queries import person_named
from accounts.services import second_factor


class Command(BaseCommand):
    """`reset_second_factor USERNAME`: for whoever no admin can help any more, the city's last admin among them."""

    help = "Take every second factor and recovery code from an account; its sessions and tokens end, its person is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the username or phone."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError when there is no such account."""
        person = person_named(options["username"])
        if person is None:
            raise CommandError(f"no account is called {options['username']!r}")
        second_factor.reset(person.pk, by=None, now=timezone.now())
        self.stdout.write(
            f"{person.username} has no second factor any more: it is set up at the next sign-in"
        )
