"""What the commands on archives take: a key or a passphrase, and how their refusals are told."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connections

from tenants.shared import roles, services
from tenants.shared.archive import exporting, keys, restoring, sealed
from tenants.shared.models import Hall


def add_keys(parser: ArgumentParser) -> None:
    """Take --key-file or --passphrase-file."""
    given = parser.add_mutually_exclusive_group()
    given.add_argument(
        "--key-file", type=Path, help="64 hex digits, or a PEM of an X25519 key; else the city's own key"
    )
    given.add_argument(
        "--passphrase-file", type=Path, help="a file (0600) whose first line is the passphrase"
    )


def recipient(options: dict[str, Any]) -> keys.Recipient:
    """Return what to encrypt for. Raises keys.BadKey."""
    if options["passphrase_file"]:
        return keys.passphrase_from(options["passphrase_file"])
    return keys.recipient_from(options["key_file"]) if options["key_file"] else keys.city_recipient()


def opener(options: dict[str, Any]) -> keys.Opener:
    """Return what opens the archive. Raises keys.BadKey."""
    if options["passphrase_file"]:
        return keys.passphrase_from(options["passphrase_file"])
    return keys.opener_from(options["key_file"]) if options["key_file"] else keys.city_opener()


def hall_of(key: str) -> Hall:
    """Return the hall of this key. Raises CommandError."""
    found: Hall | None = Hall.objects.using(roles.OWNER).filter(schema_name=key).first()
    if found is None:
        raise CommandError(f"no hall has the key {key}: `halls` lists them")
    return found


@contextmanager
def in_words() -> Iterator[None]:
    """Tell every refusal in one line. Raises CommandError."""
    if roles.OWNER not in connections.settings:
        raise CommandError("archives are written and restored with the owner's login: set DATABASE_URL")
    try:
        yield
    except (
        sealed.BadArchive,
        keys.BadKey,
        exporting.CannotExport,
        restoring.CannotRestore,
        services.BadKey,
    ) as refused:
        raise CommandError(str(refused)) from refused
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        raise CommandError(
            f"{where}{problem.strerror or problem}: nothing was left half written; make room and try again"
        ) from problem
