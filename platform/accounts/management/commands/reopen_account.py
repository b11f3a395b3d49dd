"""Open an account again that its owner closed, for whoever showed their ID card at a window."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Person
from accounts.services import closing, people


class Command(BaseCommand):
    """`reopen_account USERNAME PHONE`: within thirty days; the owner then signs in by a code to this phone."""

    help = "Open an account that its owner closed within the last thirty days, with the phone that they have now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the username (the audit of the closing says it) and the phone."""
        parser.add_argument("username")
        parser.add_argument("phone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError when it cannot be."""
        person = Person.objects.filter(username=options["username"].strip().lower()).first()
        if person is None:
            raise CommandError(f"no account is called {options['username']!r}")
        try:
            closing.reopen(person.pk, phone=options["phone"], by=None, now=timezone.now())
        except closing.NotToReopen:
            raise CommandError(f"{person.username} is not closed, or was closed too long ago") from None
        except people.AlreadyRegistered:
            raise CommandError("this phone has an account already") from None
        except ValidationError as problem:
            raise CommandError(problem.messages[0]) from None
        self.stdout.write(f"{person.username} open")
