"""What the demo runs beside its database: web server, worker and operator, and how they start and end together."""

import contextlib
import errno
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# a slow machine imports for a while
READY_SECONDS = 240.0
END_SECONDS = 10.0
LOOK_SECONDS = 0.3
WEB_LOGINS = ("WEB_DATABASE_URL", "GATE_DATABASE_URL")
OWNER_LOGINS = ("DATABASE_URL", "SEALER_DATABASE_URL")


class PortTaken(Exception):
    """Something else listens on the port; the text says how to choose another."""


class ProcessEnded(Exception):
    """The web server, the worker, the operator or the database ended or never answered; the text says where to look."""


def take_port(port: int, patience: float = 0.0) -> list[socket.socket]:
    """Bind the port on this machine's own addresses, IPv4 and (where there is one) IPv6, without listening yet.

    A browser resolves `*.localhost` to either. Held from the first moment, so that nobody else gets the port while
    the city is loaded. A taken port is tried again for `patience` seconds. Raises PortTaken.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return _bind(port)
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise PortTaken(
                    f"port {port} cannot be used ({problem.strerror}): choose another with PORT=…"
                ) from None
            if time.monotonic() > deadline:
                raise PortTaken(
                    f"port {port} is taken: choose another, as in `make demo PORT={port + 1}`"
                ) from None
        time.sleep(LOOK_SECONDS)


def _bind(port: int) -> list[socket.socket]:
    with contextlib.ExitStack() as undo:
        taken = []
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                listener = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                listener.bind((address, port))
            except OSError as problem:
                if family == socket.AF_INET6 and problem.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    continue
                raise
            # with the option left on, a second demo could bind too for as long as neither listens
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            taken.append(listener)
        undo.pop_all()
        return taken


def serve(
    listeners: list[socket.socket],
    logins: Mapping[str, str],
    logs: Path,
    *,
    ready: Callable[[], None],
    database_lives: Callable[[], bool],
    wanted: Callable[[], bool],
) -> None:
    """Run web server, worker and operator until a signal's exception ends it, or `wanted` says no.

    Calls `ready` when the web server answers.
    Raises ProcessEnded when one of them, or the database, ends by itself: then the others are ended too.
    """
    with contextlib.ExitStack() as stack:
        children = {
            "web": stack.enter_context(
                _child("web", _web_command(listeners), _web_environment(logins), logs, listeners)
            )
        }
        for name in ("worker", "operator"):
            children[name] = stack.enter_context(
                _child(name, ["manage.py", name], {**os.environ, **logins}, logs)
            )
        port = listeners[0].getsockname()[1]
        deadline = time.monotonic() + READY_SECONDS
        while wanted() and not answers(port):
            _check(children, logs, database_lives)
            if time.monotonic() > deadline:
                raise ProcessEnded(
                    f"the web server does not answer after {READY_SECONDS:.0f} seconds; see {logs}/web.log"
                )
            time.sleep(LOOK_SECONDS)
        ready()
        while wanted():
            time.sleep(LOOK_SECONDS)
            _check(children, logs, database_lives)


def _web_command(listeners: list[socket.socket]) -> list[str]:
    binds = [f"--bind=fd://{listener.fileno()}" for listener in listeners]
    return [
        "gunicorn",
        "config.wsgi",
        *binds,
        "--config=python:config.serving",
        "--worker-class=gthread",
        "--workers=2",
        "--threads=4",
        "--graceful-timeout=5",
        "--log-level=warning",
        "--no-control-socket",
    ]


def _web_environment(logins: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWNER_LOGINS}
    return kept | {name: logins[name] for name in WEB_LOGINS}


@contextlib.contextmanager
def _child(
    name: str,
    command: list[str],
    environment: dict[str, str],
    logs: Path,
    listeners: list[socket.socket] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one child for the length of a block, its output in a log of its own; end it, kindly first, at the end."""
    with (logs / f"{name}.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "config.child", *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,  # closed when we end: the child ends with us
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno() for listener in listeners or []],
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdin is not None:
            child.stdin.close()


def _check(
    children: Mapping[str, subprocess.Popen[bytes]], logs: Path, database_lives: Callable[[], bool]
) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise ProcessEnded(f"the {name} process ended with {child.returncode}; see {logs}/{name}.log")
    if not database_lives():
        raise ProcessEnded(f"the database ended; the next start recovers it; see {logs}/postgres.log")


def answers(port: int) -> bool:
    """Say whether a web server of this machine answers on this port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
