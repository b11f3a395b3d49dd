"""Give somebody a role of the city, for the machine's administrator: how the first security administrator comes to be."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.enums import CityRole
from accounts.queries import person_named
from accounts.services import city_people


class Command(BaseCommand):
    """`city_role USERNAME ROLE --reason TEXT`: ROLE `none` takes it away. Sessions end, and it is audited."""

    help = f"Give an account one role of the city ({', '.join(CityRole.values)}), or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the username, the role and why."""
        parser.add_argument("username")
        parser.add_argument("role")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError when it cannot be."""
        person = person_named(options["username"])
        if person is None:
            raise CommandError(f"no account is called {options['username']!r}")
        role = "" if options["role"] == "none" else options["role"]
        if role not in {"", *CityRole.values}:
            raise CommandError(f"{role!r} is no role: write {', '.join(CityRole.values)} or none")
        try:
            city_people.set_role(person.pk, role, reason=options["reason"], by=None, now=timezone.now())
        except city_people.Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.username} {role or 'none'}")
