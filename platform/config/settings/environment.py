"""Every setting that the environment may give: one list, documented, read in one place.

A value comes from the process's environment, else from the file that set-up wrote for the demo
(``var/environment.json``), else from the default below. A bad value stops the program with one line.
"""

import ipaddress
import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import signing_key

ROOT = Path(__file__).resolve().parents[3]
DEMO_SECRET = "demo-only-secret-key-that-production-refuses"  # noqa: S105 -- refused in production
DEMO_FIELD_KEY = "64656d6f2d6f6e6c792d6b65792d3031"


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _networks(text: str) -> list[str]:
    return [str(ipaddress.ip_network(name)) for name in _names(text)]


def _hours(text: str) -> tuple[time, time]:
    if text == "none":
        return time(0), time(0)
    try:
        begins, ends = (datetime.strptime(part.strip(), "%H:%M").time() for part in text.split("-"))  # noqa: DTZ007 -- hours of a day
    except ValueError:
        raise ValueError("write 21:30-7:30, or none") from None
    return begins, ends


def _roles(text: str) -> frozenset[str] | None:
    names = frozenset(_names(text))
    if wrong := sorted(name for name in names if not re.fullmatch(r"[a-z_]+", name)):
        raise ValueError(
            f"{wrong[0]!r} is no role: write all, none, or names as window, hall_admin, city_admin"
        )
    return (names - {"none"}) if names else None


def _scanner(text: str) -> str:
    if text and not text.startswith("/") and not text.rpartition(":")[2].isdigit():
        raise ValueError("write host:port or the path of a socket")
    return text


def _hour(text: str) -> int:
    if text not in map(str, range(24)):
        raise ValueError("write 0 to 23")
    return int(text)


def _one_or_more(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise ValueError("write 1 or more")
    return int(text)


def _mode(text: str) -> str:
    if text not in {"demo", "production"}:
        raise ValueError("write demo or production")
    return text


@dataclass(frozen=True)
class Variable:
    """One variable of the environment: its name, its default as text, how it is read, what it means."""

    name: str
    default: str
    read: Callable[[str], Any]
    meaning: str


VARIABLES = (
    Variable("MODE", "demo", _mode, "demo, or production (which refuses unsafe settings)"),
    Variable("SECRET_KEY", DEMO_SECRET, str, "Django's signing key, at least 50 characters in production"),
    Variable(
        "FIELD_KEY",
        DEMO_FIELD_KEY,
        str,
        "32 hex digits: encrypts ID numbers and phones, and keys their index",
    ),
    Variable(
        "OLD_FIELD_KEYS", "", _names, "former FIELD_KEYs, comma separated: read with, never written with"
    ),
    Variable("DEBUG", "0", _flag, "Django's debug pages; never in production"),
    Variable(
        "ALLOWED_HOSTS", "", _names, "hosts besides those of the halls, comma separated; needed in production"
    ),
    Variable("PORT", "8000", int, "the port that the demo listens on"),
    Variable("VAR", str(ROOT / "var"), Path, "folder of the embedded database, files and the demo's secrets"),
    Variable(
        "DATABASE_URL",
        "",
        str,
        "the owner's login: migrations, set-up, the operator; never for web processes",
    ),
    Variable("WEB_DATABASE_URL", "", str, "the web login: does a hall's work inside scope only"),
    Variable("GATE_DATABASE_URL", "", str, "the gate login: accounts, sessions, tokens, tickets, counters"),
    Variable("SEALER_DATABASE_URL", "", str, "the sealer's login: reads audit rows, adds seals"),
    Variable(
        "ROLE_PREFIX", "", str, "set-up only: begins the names of a new database's roles; empty: a random one"
    ),
    Variable("DEMO_CITY", "", str, "the folder of the city that make demo loads; the Makefile names one"),
    Variable(
        "SECOND_FACTOR",
        "",
        _roles,
        "the posts and city roles that must prove a second factor, comma separated, or all, or none; empty: all in production, none in the demo",
    ),
    Variable(
        "IDLE_MINUTES", "15", int, "minutes without a request after which staff and the city are signed out"
    ),
    Variable("CONN_MAX_AGE", "600", int, "seconds that a database connection is kept"),
    Variable("FILES", "", str, "folder of applicants' files, outside the web root; empty: VAR/files"),
    Variable("SCANNER", "", _scanner, "ClamAV's daemon, host:port or the path of its socket; empty: none"),
    Variable("TRUSTED_PROXIES", "", _names, "networks whose X-Forwarded-For is believed, comma separated"),
    Variable("SMS_BACKEND", "console", str, "console, or http for the gateway at SMS_URL"),
    Variable("SMS_URL", "", str, "the SMS gateway's address"),
    Variable("SMS_KEY", "", str, "signs requests to the SMS gateway (HMAC-SHA256)"),
    Variable("SMS_A_MINUTE", "600", int, "text messages of halls to the gateway in a minute, at most"),
    Variable(
        "MAIL_BACKEND",
        "console",
        str,
        "smtp for the server at MAIL_HOST; console: the demo's log, elsewhere no mail",
    ),
    Variable("MAIL_HOST", "localhost", str, "the mail server"),
    Variable("MAIL_PORT", "587", int, "its port"),
    Variable("MAIL_TLS", "starttls", str, "starttls, tls, or none for a server on the same machine"),
    Variable("MAIL_USER", "", str, "the name to sign in to the mail server with; empty: without"),
    Variable("MAIL_PASSWORD", "", str, "the password to MAIL_USER"),
    Variable("MAIL_FROM", "no-reply@localhost", str, "the sender of mails"),
    Variable("MAIL_A_MINUTE", "300", int, "mails of halls to the server in a minute, at most"),
    Variable(
        "QUIET_HOURS",
        "21:30-7:30",
        _hours,
        "local hours without text messages that can wait; none: there are none",
    ),
    Variable(
        "IDENTITY_CHECK_URL",
        "",
        str,
        "the register that says whether a name and an ID number belong together; empty: nobody attests it",
    ),
    Variable("IDENTITY_CHECK_KEY", "", str, "signs requests to that register (HMAC-SHA256)"),
    Variable(
        "OIDC_ISSUER",
        "",
        str,
        "the national identity platform's issuer (OpenID Connect, https); empty: people are verified at the window alone",
    ),
    Variable("OIDC_CLIENT_ID", "", str, "this portal's id at the identity platform"),
    Variable("OIDC_CLIENT_SECRET", "", str, "this portal's secret at the identity platform"),
    Variable(
        "OIDC_SCOPE", "openid profile", str, "what is asked of the identity platform, separated by spaces"
    ),
    Variable("OIDC_NAME_CLAIM", "name", str, "the claim that holds the person's name"),
    Variable("OIDC_NUMBER_CLAIM", "id_number", str, "the claim that holds the person's ID number"),
    Variable(
        "SIGNING_KEY",
        "",
        str,
        "PKCS#12 file with the key that signs papers; empty: the demo's own, made by set-up",
    ),
    Variable("SIGNING_PASSPHRASE", "", str, "opens SIGNING_KEY; of a token: its PIN"),
    Variable("SIGNING_MODULE", "", str, "instead of SIGNING_KEY: the PKCS#11 library of a token"),
    Variable("SIGNING_SLOT", "", str, "of the token: the place of its slot in the list of slots, from 0"),
    Variable("SIGNING_LABEL", "", str, "of the token: the label of key and certificate"),
    Variable(
        "SIGNING_FORMER",
        "",
        str,
        "PEM file with the certificates of former keys, so that older papers are still known as ours",
    ),
    Variable(
        "WEBHOOK_NETWORKS",
        "",
        _networks,
        "private networks that webhooks to departments' systems may go to, comma separated; empty: public ones only",
    ),
    Variable(
        "PAYMENT_PROVIDER",
        "",
        str,
        "the class that fees are paid through, as cases.hall.paying.gateway.Gateway; empty: at the window alone",
    ),
    Variable("PAYMENT_URL", "", str, "the payment gateway's address"),
    Variable(
        "PAYMENT_SECRET", "", str, "whsec_…: signs what goes to the payment gateway and what comes from it"
    ),
    Variable("CHECK_HOUR", "3", _hour, "the local hour after which the operator checks all halls each night"),
    Variable(
        "ARCHIVES", "", str, "folder of the archives of halls that the operator makes; empty: VAR/archives"
    ),
    Variable(
        "ARCHIVES_KEPT",
        "5",
        _one_or_more,
        "archives of each hall that are kept however old they are: the newest",
    ),
    Variable("ARCHIVES_DAYS", "90", int, "days that every archive is kept"),
    Variable(
        "ARCHIVE_SIGNING_KEY",
        "",
        str,
        "PEM file (0600) with the Ed25519 key that signs archives of halls; empty: the demo's own, made by set-up",
    ),
    Variable(
        "ARCHIVE_TRUSTED",
        "",
        str,
        "PEM file with the public Ed25519 keys whose archives are restored, besides the signing key's own",
    ),
    Variable(
        "ARCHIVE_RECIPIENT",
        "",
        str,
        "key file that the city's backups are encrypted for: PEM of an X25519 public key, or 64 hex digits",
    ),
    Variable(
        "ARCHIVE_KEY",
        "",
        str,
        "key file (0600) that opens them, for restoring and for drills; not on a machine that only exports",
    ),
    Variable("DRILL_DAYS", "7", int, "days between two drills of restoring a hall; 0: none"),
    Variable("LOG_LEVEL", "INFO", str, "level of the log on standard error"),
)


def read(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Return every variable's value, parsed.

    Raises ImproperlyConfigured naming the variable and what to write.
    """
    given = dict(os.environ if environ is None else environ)
    var = Path(given.get("VAR") or ROOT / "var")
    written = var / "environment.json"
    if given.get("MODE", "demo") == "demo" and written.exists():
        given = {**json.loads(written.read_text(encoding="utf-8")), **given}
    values = {}
    for variable in VARIABLES:
        text = given.get(variable.name) or variable.default
        try:
            values[variable.name] = variable.read(text)
        except ValueError as problem:
            raise ImproperlyConfigured(
                f"{variable.name}={text!r}: {problem}. It means: {variable.meaning}."
            ) from None
    return values


def refusals(values: dict[str, Any]) -> Iterable[str]:
    """Yield why these values may not run in production, each with what to do."""
    if values["SECRET_KEY"] == DEMO_SECRET or len(values["SECRET_KEY"]) < 50:
        yield "SECRET_KEY is the default or shorter than 50 characters: set a random one"
    if values["FIELD_KEY"] == DEMO_FIELD_KEY or len(values["FIELD_KEY"]) != 32:
        yield "FIELD_KEY is the default or not 32 hex digits: set a random one and keep it safe"
    if values["DEBUG"]:
        yield "DEBUG is on: unset it"
    if not values["ALLOWED_HOSTS"] or "*" in values["ALLOWED_HOSTS"]:
        yield "ALLOWED_HOSTS is empty or holds *: name the portal's and the halls' hosts"
    yield from _of_identity(values)
    for name in ("WEB_DATABASE_URL", "GATE_DATABASE_URL"):
        if not values[name]:
            yield f"{name} is missing: set-up prints it"
    if problem := signing_key.problem(values):
        yield problem


def _of_identity(values: dict[str, Any]) -> Iterable[str]:
    for name in ("OIDC_ISSUER", "IDENTITY_CHECK_URL"):
        if values[name] and not values[name].startswith("https://"):
            yield f"{name} is not https: names and ID numbers go there"
    if values["OIDC_ISSUER"] and not (values["OIDC_CLIENT_ID"] and values["OIDC_CLIENT_SECRET"]):
        yield "OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"
    if values["IDENTITY_CHECK_URL"] and not values["IDENTITY_CHECK_KEY"]:
        yield "IDENTITY_CHECK_URL needs IDENTITY_CHECK_KEY"


def read_for(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the values, refusing what production forbids. Raises ImproperlyConfigured."""
    values = read(environ)
    if values["MODE"] == "production":
        problems = list(refusals(values))
        if problems:
            raise ImproperlyConfigured("production refuses to start: " + "; ".join(problems))
    return values
