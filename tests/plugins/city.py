"""The city of the fixtures, loaded once a run and served by a real web server for each worker that asks for it."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from xdist.scheduler import LoadScopeScheduling

from bench.browser import Browser
from tests.plugins import database

FOLDER = next(path.parent for path in (database.ROOT / "fixtures").glob("*/people.yaml"))
LOADED = "city"
# where tests ask for the served city
SERVED = ("tests/browser/", "tests/journeys/", "tests/portal/city/test_search_quality.py")


@dataclass(frozen=True)
class City:
    """The served city: its addresses and its demo people."""

    port: int
    name: str
    people: dict

    @property
    def portal(self):
        """The portal's address."""
        return f"http://{self.name}.localhost:{self.port}"

    def hall(self, key):
        """The address of a hall."""
        return f"http://{key}.{self.name}.localhost:{self.port}"

    def password(self, username):
        """The password of one of the demo people."""
        return self.people[username]["password"]


class OneServes(LoadScopeScheduling):
    """Give the tests of the served city to one worker, which copies and serves it once; the others do the rest one by one.

    Groups by mark (``--dist=loadgroup``) are not seen with pytest 9.2, whose ids cannot be given a group any more.
    """

    def _split_scope(self, nodeid):
        return LOADED if nodeid.startswith(SERVED) else nodeid


def pytest_xdist_make_scheduler(config, log):
    """Let one worker serve the city."""
    return OneServes(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the tests of the served city, which one worker does: the other does the rest meanwhile.

    Those that leave it otherwise than it was come last of them.
    """
    items.sort(
        key=lambda item: (
            "city" not in item.fixturenames,
            item.get_closest_marker("spoils") is not None,
        )
    )


def _run(*command, env):
    done = subprocess.run(
        [sys.executable, *command], cwd=database.ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"


def _environment(**more):
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.endswith("DATABASE_URL") and not key.startswith("TEST_") and key not in database.FOLDERS
    }
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(database.ROOT / "platform"), str(database.ROOT)]),
        **more,
    }


def _load_once(var):
    """Load the city into a database of its own, by whichever worker comes first. Returns the logins."""
    with (var.parent / "city.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = var / "loaded"
        if not done.exists():
            var.mkdir(mode=0o711)
            database.execute(f"CREATE DATABASE {LOADED} TEMPLATE template0")
            owner = database.url_of(os.environ[database.OWNER], LOADED)
            env = _environment(VAR=str(var), DATABASE_URL=owner, ROLE_PREFIX="loaded")
            _run("-m", "config.setup", env=env)
            logins = json.loads((var / "environment.json").read_text())
            _run("manage.py", "load_city", str(FOLDER), env=env | logins)
            done.write_text("yes")
    return json.loads((var / "environment.json").read_text())


def _free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="session")
def city():
    """The loaded city, served on a port of its own from a copy of its own."""
    var = Path(os.environ["VAR"]) / "city"
    logins = _load_once(var)
    name = f"{LOADED}_{database.WORKER}"
    database.execute(
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {LOADED}"
    )
    port = _free_port()
    env = _environment(
        VAR=str(var), PORT=str(port), **{key: database.url_of(url, name) for key, url in logins.items()}
    )
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--config",
        "python:config.serving",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--log-level",
        "warning",
    ]
    people = {
        person["username"]: person
        for person in yaml.safe_load((FOLDER / "people.yaml").read_text(encoding="utf-8"))
    }
    resolve = socket.getaddrinfo

    def to_this_machine(host, *args, **kwargs):
        return resolve("127.0.0.1" if str(host).endswith(".localhost") else host, *args, **kwargs)

    with subprocess.Popen(command, cwd=database.ROOT, env=env) as server:
        socket.getaddrinfo = to_this_machine
        try:
            _wait_for(port)
            yield City(port, FOLDER.name, people)
        finally:
            socket.getaddrinfo = resolve
            server.terminate()
    database.drop(name)


def _wait_for(port):
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the web server does not answer")


@pytest.fixture
def browser(city):
    """A new browser, without scripts."""
    with Browser() as opened:
        yield opened
