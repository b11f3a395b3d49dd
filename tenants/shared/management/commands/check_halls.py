"""Look for leaks, orphans and drift in every hall."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.shared import checks, services


class Command(BaseCommand):
    """Print what is wrong, a line each, and exit with 1 when anything is; change nothing."""

    help = "Look for leaks, orphans and drift in every hall; exits with 1 when anything is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all checks as the owner and as each hall."""
        found = list(checks.findings())
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} findings")
        self.stdout.write(f"{len(services.all_halls())} halls: nothing wrong")
