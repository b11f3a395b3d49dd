"""A real PostgreSQL for the tests: one server a run, one template database, a copy of it for each worker.

The owner builds the template (two invented halls, see tests/template.py) in a process of its own and leaves. The
tests hold the web and gate logins only. Copies take a fraction of a second, so a test with real commits gets a fresh one.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg2
from psycopg2.extensions import make_dsn

ROOT = Path(__file__).resolve().parents[2]
OWNER, URLS = "TEST_OWNER_URL", "TEST_LOGIN_URLS"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASE = f"copy_{WORKER}"
TEMPLATE = "halls"
FOLDERS = ("FILES", "ARCHIVES")
# what a whole run needs at most, with room to spare
MEMORY, ROOM = Path("/dev/shm"), 6 * 2**30  # noqa: S108 -- every name in it is mkdtemp's
_running = None


def execute(*statements: str, database: str = "postgres") -> None:
    """Run statements as the owner, outside a transaction."""
    connection = psycopg2.connect(url_of(os.environ[OWNER], database))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def url_of(url: str, database: str) -> str:
    """Return the URL of another database of the same server and login."""
    return make_dsn(url, dbname=database)


def copy_template(name: str) -> None:
    """Make a fresh copy of the template under this name."""
    execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")


def drop(name: str) -> None:
    """Drop a copy, whoever is still connected."""
    execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _use_memory() -> None:
    """Keep all that tests write in memory, where there is room: ext4 gives a file that was just removed again only slowly.

    A copy of the template has some thousand files and is dropped after each test that asked for it.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM < psutil.virtual_memory().available:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _start_server() -> None:
    global _running
    _use_memory()
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    from config.embedded import Server

    folder = Path(tempfile.mkdtemp(prefix="halls-test-"))
    folder.chmod(0o711)
    server = Server(folder)
    url = server.ensure_running()
    _running = server, folder
    atexit.register(_stop_server)
    os.environ[OWNER] = url
    # the data of tests may be lost with the machine: twice as fast
    execute(
        "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off", "SELECT pg_reload_conf()"
    )
    environment = {
        **{key: value for key, value in os.environ.items() if not key.endswith("DATABASE_URL")},
        "DATABASE_URL": url,
        "VAR": str(folder),
        "MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    built = subprocess.run(
        [sys.executable, "-m", "tests.template"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode:
        _stop_server()
        sys.exit(f"the template database was not built:\n{built.stdout}{built.stderr}")
    os.environ[URLS] = built.stdout.splitlines()[-1]
    # else every test would find the sealer's login of the template there
    (folder / "environment.json").unlink()
    os.environ["VAR"] = str(folder)


def _stop_server() -> None:
    global _running
    if _running is not None:
        (server, folder), _running = _running, None
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _point_settings_at(database: str) -> None:
    for name in ("DATABASE_URL", "SEALER_DATABASE_URL"):
        os.environ.pop(name, None)
    for name, url in json.loads(os.environ[URLS]).items():
        if name in {"WEB_DATABASE_URL", "GATE_DATABASE_URL"}:
            os.environ[name] = url_of(url, database)
    os.environ["MODE"] = "demo"
    # copies of one template name their halls' folders alike: each worker keeps its files by itself
    for name in FOLDERS:
        os.environ[name] = str(Path(os.environ["VAR"]) / WORKER / name.lower())


def empty_folders() -> None:
    """Remove the files that tests of this worker have left: a fresh database knows none of them."""
    for name in FOLDERS:
        shutil.rmtree(os.environ[name], ignore_errors=True)


if OWNER not in os.environ:
    _start_server()
copy_template(DATABASE)
_point_settings_at(DATABASE)


def pytest_configure(config):
    """Hash passwords cheaply: the tests sign in often."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config):
    """Leave nothing behind."""
    from django.db import connections

    connections.close_all()
    if _running is not None:
        _stop_server()
    else:
        drop(DATABASE)
