"""Bring every schema up to date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.shared import migrating
from tenants.shared.models import HallMigration


class Command(BaseCommand):
    """Migrate public, the template and the halls that are behind; make views and rights again where they changed."""

    help = "Bring public and every hall that is behind to the newest tables, views and rights; exits with 1 when a hall fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many halls at once, and whether those too that need nothing."""
        parser.add_argument(
            "--workers", type=int, default=migrating.WORKERS, help="halls at once (default %(default)s)"
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help="look at every hall: put right what was dropped or granted by hand",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the owner; each hall is one transaction. Raises CommandError when a hall failed or another run goes on."""
        try:
            done = migrating.run(workers=options["workers"], every_hall=options["all"], told=self._tell)
        except migrating.AnotherRun as problem:
            raise CommandError(str(problem)) from None
        failed = [line.hall.key for line in done if line.outcome == HallMigration.FAILED]
        if failed:
            raise CommandError(
                f"{len(failed)} of {len(done)} halls failed and are closed until this is put right: {', '.join(failed)}."
                " Put right what is said above, then run migrate_halls again."
            )
        self.stdout.write(f"{len(done)} halls brought up to date" if done else "every hall is up to date")

    def _tell(self, line: HallMigration) -> None:
        steps = f", {len(line.steps)} steps" if line.steps else ""
        end = f": {line.error}" if line.error else ""
        self.stdout.write(f"{line.hall.key}: {line.outcome}{steps}, {line.seconds:.1f} s{end}")
