"""Look for leaks, orphans and drift in every hall."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.shared import services
from tenants.shared.checks import gathering


class Command(BaseCommand):
    """Print what is wrong, a line each, and exit with 1 when anything is; change nothing."""

    help = "Look for leaks, orphans and drift in every hall; exits with 1 when anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the halls, and --json for programs."""
        parser.add_argument("halls", nargs="*", metavar="KEY", help="check these halls alone")
        parser.add_argument("--json", action="store_true", help="print JSON: a list of findings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all checks as the owner and as each hall. Raises CommandError when anything is wrong."""
        keys = options["halls"]
        halls = [hall for hall in services.all_halls() if not keys or hall.key in keys]
        if unknown := sorted(set(keys) - {hall.key for hall in halls}):
            raise CommandError(f"no such hall: {', '.join(unknown)}; `manage.py halls` lists them")
        found = []
        for finding in gathering.findings(keys):
            found.append(finding)
            if not options["json"]:
                self.stdout.write(str(finding))
        if options["json"]:
            self.stdout.write(
                json.dumps([finding.as_facts() for finding in found], ensure_ascii=False, indent=1)
            )
        if found:
            raise CommandError(f"{len(found)} findings")
        if not options["json"]:
            self.stdout.write(f"{len(halls)} halls: nothing wrong")
