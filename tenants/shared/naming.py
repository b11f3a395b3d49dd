"""What a new hall may be called: its key (schema and label), its host, its numbers. Read as whoever asks, city or owner."""

import re
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _

from tenants.shared.models import Domain, Hall

LONGEST_KEY, LONGEST_HOST = 20, 253
# schemas of our own, and labels that mail, certificates and people take for something else
RESERVED_KEYS = frozenset(
    [
        "public",
        "extensions",
        "www",
        "api",
        "admin",
        "static",
        "media",
        "mail",
        "smtp",
        "ftp",
        "dns",
        "ns",
        "mx",
        "portal",
        "city",
        "hall",
        "halls",
        "test",
        "localhost",
    ]
)
_KEY = re.compile(r"[a-z][a-z0-9]{1,19}")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def is_key(key: str) -> bool:
    """Say whether a text has the form of a key: 2 to 20 lower-case letters and digits, a letter first, not reserved."""
    return bool(_KEY.fullmatch(key)) and key not in RESERVED_KEYS


def key_fault(key: str, *, using: str = DEFAULT_DB_ALIAS) -> str:
    """Return what is wrong with the key of a hall that is to be opened, and what to do; empty when it is free."""
    if len(key) > LONGEST_KEY:
        return _("最多 %(n)d 个字符，现在是 %(now)d 个") % {"n": LONGEST_KEY, "now": len(key)}
    if key != key.lower():
        return _("只用小写字母，例如 %(key)s") % {"key": key.lower()}
    if not _KEY.fullmatch(key):
        return _("要 2 到 20 个小写字母和数字，字母开头")
    if key in RESERVED_KEYS:
        return _("%(key)s 留给系统用，请换一个") % {"key": key}
    if Hall.objects.using(using).filter(schema_name=key).exists():
        return _("%(key)s 已经有大厅在用，请换一个") % {"key": key}
    if schema_exists(key, using=using):
        return _("数据库里留着旧的 %(key)s，不能在旧数据上开厅。请换一个，或请运维看过再改名") % {"key": key}
    return ""


def schema_exists(name: str, *, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Say whether the database has a schema of this name, whoever's it is."""
    connection: Any = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name])
        return cursor.fetchone() is not None


def tidy_host(text: str) -> str:
    """Return a host name as it is compared: lower case, no scheme, port, path or last dot."""
    host = text.strip().lower()
    host = host.partition("://")[2] or host
    return host.partition("/")[0].partition(":")[0].rstrip(".")


def host_fault(host: str, *, portal: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """Return what is wrong with a host name for a new hall, and what to do; empty when it is free. `portal` is the city's own."""
    if len(host) > LONGEST_HOST:
        return _("网址太长，最多 %(n)d 个字符") % {"n": LONGEST_HOST}
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return _("网址只用小写字母、数字、点和短横，例如 %(host)s") % {"host": f"qu.{portal}"}
    if host == portal:
        return _("这是全市门户的网址，请换一个")
    held = Domain.objects.using(using).select_related("tenant").filter(domain=host).first()
    if held is not None:
        return _("%(host)s 是%(hall)s的网址，请换一个") % {"host": host, "hall": held.tenant.name}
    return ""


def is_below(host: str, portal: str) -> bool:
    """Say whether a host lies right below the portal's: the city's wildcard name and certificate cover it."""
    return host.endswith(f".{portal}") and "." not in host.removesuffix(f".{portal}")


def number_fault(case_prefix: str, *, using: str = DEFAULT_DB_ALIAS) -> str:
    """Return what is wrong with the six digits that begin a hall's case numbers; empty when they are free."""
    if not re.fullmatch(r"[0-9]{6}", case_prefix):
        return _("要 6 位数字")
    held = Hall.objects.using(using).filter(case_prefix=case_prefix).first()
    if held is not None:
        return _("%(number)s 是%(hall)s的办件编号，请换一个") % {"number": case_prefix, "hall": held.name}
    return ""
