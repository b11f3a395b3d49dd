#!/usr/bin/env python
"""Django's commands. Without a database in the environment they are the demo's, which is started if need be."""

import os
import shutil
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line
from django.utils.connection import ConnectionDoesNotExist

from config import demo, embedded
from config.server_place import EmbeddedError

# these read and write source files only
WITHOUT_DATABASE = {
    "help",
    "version",
    "makemigrations",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "check",
    "policy_page",
}


def _leave(number: int, _frame: FrameType | None) -> None:
    # as an exception it passes the block that stops the database
    sys.exit(128 + number)


def _execute() -> None:
    try:
        execute_from_command_line(sys.argv)
    except ConnectionDoesNotExist as missing:
        sys.exit(
            f"{missing} This command is the owner's work: set DATABASE_URL to the owner's login and run it again."
        )


def main() -> None:
    """Run one command; where the environment names no database, with the embedded server up for as long."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in WITHOUT_DATABASE or not embedded.is_wanted():
        _execute()
        return
    if shutil.which("psql") is None:
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), str(embedded.PROGRAMS)])
    signal.signal(signal.SIGTERM, _leave)
    try:
        with embedded.Server(embedded.var_folder()).joined() as owner_url:
            os.environ.update(demo.logins(owner_url))
            _execute()
    except (EmbeddedError, demo.DemoError) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
