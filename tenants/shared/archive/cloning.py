"""Copies of halls: one made for practice by way of an archive that nobody keeps, and removing any of them."""

import secrets
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tenants.shared import queries, roles
from tenants.shared.archive import blobs, exporting, keys, restoring
from tenants.shared.models import Domain, Hall, HallRestore, RestoreWay


class NoCopy(Exception):
    """The hall is no copy: it is not removed in this way."""


def clone(
    hall: Hall,
    key: str,
    host: str,
    *,
    now: datetime,
    by_name: str = "",
    told: Callable[[str], None] = lambda step: None,
) -> HallRestore:
    """Make a copy of a hall for practice. The archive between is encrypted with a key of this moment and goes.

    Raises what exporting and restoring raise.
    """
    moment = keys.SharedKey(secrets.token_bytes(32))
    settings.ARCHIVES.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".clone-", dir=settings.ARCHIVES) as folder:
        path = Path(folder) / f"{hall.key}.hall"
        exporting.export(hall, path, moment, now=now, told=told)
        plan = restoring.Plan(RestoreWay.TRAINING, key, host, by_name=by_name)
        return restoring.restore(path, moment, plan, now=now, told=told)


def remove_copy(hall: Hall) -> None:
    """Remove a copy: schema, public rows, role, row and files. May run twice. Raises NoCopy."""
    if not hall.copy_of:
        raise NoCopy(f"{hall.key} is a hall of its own: only a copy is removed like this")
    with transaction.atomic(using=roles.OWNER):
        roles.run("DROP SCHEMA IF EXISTS {} CASCADE", hall.schema_name)
        for table in settings.HALL_WRITTEN_TABLES:
            roles.run("DELETE FROM public.{} WHERE hall_role = {role}", table, role=hall.role)
        Domain.objects.using(roles.OWNER).filter(tenant=hall).delete()
        Hall.objects.using(roles.OWNER).filter(pk=hall.pk).delete()
        roles.drop_hall_role(hall.role)
    blobs.remove_folder(hall.role)
    queries.forget()
