"""What a hall is: the digest of each table's rows, its files, what public says of it."""

import hashlib

from django.conf import settings
from django.core.files.storage import storages
from django.db import connections, transaction

from tenants.shared.archive import tables

# written by restoring itself; uploads that are not finished stay behind
LEFT_OUT = {"tenants_hall_identity", "audit_record", "cases_hall_upload"}


class _Digest:
    def __init__(self):
        self.found = hashlib.sha256()

    def write(self, data):
        self.found.update(data)
        return len(data)


def rows(schema):
    """Digest each table of a schema, as an archive does."""
    found = {}
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(tables.SAME_TEXT)
        for table in tables.tables(cursor, schema):
            digest = _Digest()
            cursor.copy_expert(table.copy_out(), digest)
            found[table.name] = digest.found.hexdigest()
    return {name: digest for name, digest in found.items() if name not in LEFT_OUT}


def facts(role):
    """The rows of a hall in public tables that it writes."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for name in settings.HALL_WRITTEN_TABLES:
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM public.{name} t WHERE hall_role = %s",
                [role],
            )
            found[name] = cursor.fetchone()
    return found


def files(role):
    """The hall's files, name by digest."""
    storage = storages["cases"]
    found, folders = {}, [role]
    while folders:
        folder = folders.pop()
        try:
            below, names = storage.listdir(folder)
        except FileNotFoundError:
            continue
        folders += [f"{folder}/{name}" for name in below]
        for name in names:
            with storage.open(f"{folder}/{name}") as file:
                found[f"{folder}/{name}"] = hashlib.sha256(file.read()).hexdigest()
    return found


def schemas():
    """Every schema that belongs to a restore."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'incoming%' OR nspname LIKE 'kept%' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]
