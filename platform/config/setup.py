"""Prepare a database: logins, roles, tables, views, rights. Run again, it changes nothing that is right."""

import json
import os
import re
import secrets
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import django
import psycopg2
from psycopg2.extensions import parse_dsn

from config import archive_keys, signing_key

MINIMUM_VERSION = 150000
URLS = {"web": "WEB_DATABASE_URL", "gate": "GATE_DATABASE_URL", "sealer": "SEALER_DATABASE_URL"}


class CannotPrepare(Exception):
    """The server cannot be used; the text says why and what to do."""


def prepare(owner_url: str) -> dict[str, str]:
    """Make everything that the program needs on this server and return the logins' URLs by variable.

    The URLs of logins that set-up made stand in ``VAR/environment.json`` (0600), which the demo reads.
    Raises CannotPrepare with one line: unreachable, older than 15, or which right is missing.
    """
    check_server(owner_url)
    os.environ["DATABASE_URL"] = owner_url
    django.setup()
    from django.conf import settings  # noqa: PLC0415 -- settings read the environment set above

    from tenants.shared import migrating, roles, schemas  # noqa: PLC0415
    from tenants.shared.models import City  # noqa: PLC0415

    written = settings.VAR / "environment.json"
    known = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
    known.update({name: os.environ[name] for name in URLS.values() if os.environ.get(name)})
    roles.run("CREATE SCHEMA IF NOT EXISTS {}", settings.EXTENSIONS_SCHEMA)
    schemas.migrate(schemas.PUBLIC)
    city, _ = City.objects.using(roles.OWNER).get_or_create(defaults={"role_prefix": new_prefix()})
    names = roles.Names(city.role_prefix)
    passwords = {
        login: parse_dsn(known[name]).get("password", "") for login, name in URLS.items() if known.get(name)
    }
    passwords = roles.ensure_logins(names, passwords)
    revoke_from_public(owner_url)
    for line in migrating.run():
        if line.error:
            sys.stderr.write(f"{line.hall.key} could not be brought up to date and is closed: {line.error}\n")
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if settings.MODE == "demo":
        signing_key.make_demo(settings.VAR / "signing" / "demo.p12", now=datetime.now(tz=UTC))
        archive_keys.make_demo(settings.VAR / "archive-keys")
    urls = {name: login_url(owner_url, names.of(login), passwords[login]) for login, name in URLS.items()}
    write_whole(written, json.dumps(urls, indent=1))
    return {"DATABASE_URL": owner_url, **urls}


def new_prefix() -> str:
    """Return ROLE_PREFIX, or a random prefix for a new database's roles. Raises CannotPrepare."""
    prefix = os.environ.get("ROLE_PREFIX") or f"hall_{secrets.token_hex(3)}"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", prefix):
        raise CannotPrepare(
            f"ROLE_PREFIX={prefix!r}: write 1 to 32 lower-case letters, digits and _, a letter first."
        )
    return prefix


def check_server(owner_url: str) -> None:
    """Raise CannotPrepare unless the server answers, is new enough and lets this login do what set-up must."""
    try:
        connection = psycopg2.connect(owner_url, connect_timeout=10)
    except psycopg2.Error as problem:
        raise CannotPrepare(
            f"DATABASE_URL cannot be reached: {str(problem).strip().splitlines()[0]}. Check host, port, name and password."
        ) from None
    try:
        if connection.server_version < MINIMUM_VERSION:
            raise CannotPrepare(
                f"DATABASE_URL is PostgreSQL {connection.server_version // 10000}: 15 or newer is needed."
            )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolcreaterole, has_database_privilege(current_database(), 'CREATE') FROM pg_roles WHERE rolname = current_user"
            )
            may_make_roles, may_make_schemas = cursor.fetchone() or (False, False)
        if not may_make_roles:
            raise CannotPrepare(
                "DATABASE_URL's login may not create roles: ALTER ROLE … CREATEROLE, then run this again."
            )
        if not may_make_schemas:
            raise CannotPrepare(
                "DATABASE_URL's login may not create schemas: GRANT CREATE ON DATABASE … TO it, then run this again."
            )
    finally:
        connection.close()


def revoke_from_public(owner_url: str) -> None:
    """Take from PUBLIC what would let a role slip: temporary tables, and set_config where the owner may."""
    with psycopg2.connect(owner_url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(current_database()), rolsuper, pg_get_userbyid(datdba) = current_user FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        )
        database, is_superuser, owns_database = cursor.fetchone() or ("", False, False)
        if is_superuser or owns_database:
            cursor.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
        if is_superuser:
            cursor.execute(
                "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC"
            )
    connection.close()


def login_url(owner_url: str, user: str, password: str) -> str:
    """Return the owner's URL with another login: same server, same database."""
    parts = parse_dsn(owner_url)
    host = parts.pop("host", "")
    port = parts.pop("port", "")
    database = parts.pop("dbname", "")
    for gone in ("user", "password"):
        parts.pop(gone, None)
    place = quote(host, safe="") + (f":{port}" if port else "")
    options = "&".join(f"{key}={quote(value, safe='')}" for key, value in parts.items())
    return f"postgresql://{user}:{quote(password, safe='')}@{place}/{quote(database, safe='')}" + (
        f"?{options}" if options else ""
    )


def write_whole(path: Path, text: str) -> None:
    """Write a private file so that a reader sees the old text or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def main() -> int:
    """Prepare the server that DATABASE_URL names and print what to set for web and worker processes."""
    owner_url = os.environ.get("DATABASE_URL", "")
    try:
        if not owner_url:
            raise CannotPrepare("DATABASE_URL is empty: set it to the owner's login of a PostgreSQL server.")
        urls = prepare(owner_url)
    except CannotPrepare as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.writelines(f"{name}={urls[name]}\n" for name in URLS.values())
    return 0


if __name__ == "__main__":
    sys.exit(main())
