"""``manage.py check_chain [SCHEMA …]``: what period the chain of seals proves, schema by schema."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from audit.services import sealing
from tenants.shared import schemas, services


class Command(BaseCommand):
    """Recompute the chain of seals of public and of every hall; exit with 1 when anything is wrong. Changes nothing."""

    help = "Say what period of the audit the chain of seals proves; exits with 1 when a row was changed or is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the schemas; none: all."""
        parser.add_argument("schemas", nargs="*", metavar="SCHEMA", help="public or a hall's key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a schema. Raises CommandError."""
        if sealing.SEALER not in connections.settings:
            raise CommandError("the chain is read with the sealer's login: set SEALER_DATABASE_URL")
        known = [schemas.PUBLIC, *(hall.schema_name for hall in services.all_halls())]
        if unknown := set(options["schemas"]) - set(known):
            raise CommandError(f"no such hall: {', '.join(sorted(unknown))}")
        wrong = 0
        for schema in options["schemas"] or known:
            proof = sealing.prove(schema)
            wrong += len(proof.problems)
            for problem in proof.problems:
                self.stdout.write(problem)
            self.stdout.write(_line(proof))
        if wrong:
            raise CommandError(f"{wrong} findings")


def _line(proof: sealing.Proof) -> str:
    waiting = f", {proof.waiting} rows wait for a seal"
    if proof.first_at is None or proof.last_at is None:
        return f"{proof.schema}: nothing sealed yet{waiting}"
    kept = "unchanged" if proof.is_whole else "NOT as it was sealed"
    return (
        f"{proof.schema}: seals {proof.first_number}-{proof.last_number}, {proof.rows} rows,"
        f" {proof.first_at:%Y-%m-%d %H:%M} to {proof.last_at:%Y-%m-%d %H:%M} UTC {kept}{waiting}"
    )
