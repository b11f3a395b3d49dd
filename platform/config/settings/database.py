"""The logins of the database, each an alias of its own (docs/architecture.md)."""

from typing import Any

from psycopg2.extensions import parse_dsn

from config.settings.apps import MODE
from config.settings.environment import read_for

_ENV = read_for()


def _login(url: str, engine: str) -> dict[str, Any]:
    parts = parse_dsn(url) if url else {}
    return {
        "ENGINE": engine,
        "NAME": parts.pop("dbname", "halls"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
        "CONN_MAX_AGE": _ENV["CONN_MAX_AGE"],
        "CONN_HEALTH_CHECKS": True,
        # a transaction pooler gives each transaction another connection: a cursor may not outlive it
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


DATABASES = {
    "default": _login(_ENV["WEB_DATABASE_URL"], "tenants.shared.backend"),
    "gate": _login(_ENV["GATE_DATABASE_URL"], "django.db.backends.postgresql"),
}
if _ENV["DATABASE_URL"]:
    DATABASES["owner"] = _login(_ENV["DATABASE_URL"], "django_tenants.postgresql_backend")
if _ENV["SEALER_DATABASE_URL"]:
    DATABASES["sealer"] = _login(_ENV["SEALER_DATABASE_URL"], "django.db.backends.postgresql")

DATABASE_ROUTERS = ["tenants.shared.router.GateRouter", "django_tenants.routers.TenantSyncRouter"]
# apps whose tables only `gate` reaches
GATE_APPS = {"accounts"}
# where extensions live, so that no hall's schema or public can shadow them
EXTENSIONS_SCHEMA = "extensions"
IS_DEMO = MODE == "demo"
