"""``manage.py operator [--once]``: do what the city asks of halls with the owner's login, until SIGTERM."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.utils import timezone

from tenants.shared import declared, jobs, roles

LOOK_SECONDS = 1.0
ROUND_SECONDS = 60.0
log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run the operator. Several may run: a hall's jobs are done by one at a time; kill -9 loses nothing."""

    help = "Onboard, migrate, rename, export, restore and delete halls as the city asks, until SIGTERM; --once: one round."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="do what is due and end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look for jobs each second. Raises CommandError without the owner's login."""
        if roles.OWNER not in connections.settings:
            raise CommandError("the operator works with the owner's login: set DATABASE_URL")
        if options["once"]:
            _rounds()
            self.stdout.write(f"{jobs.round_of_jobs()} jobs done")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        asked_at = -ROUND_SECONDS
        while not stop.is_set():
            try:
                if time.monotonic() - asked_at >= ROUND_SECONDS:
                    _rounds()
                    asked_at = time.monotonic()
                jobs.round_of_jobs(stopped=stop.is_set)
            except DatabaseError as problem:
                log.warning("database: %s", str(problem).strip().partition("\n")[0])
            except Exception:
                # one bad job must not end the work on all halls
                log.exception("this round ended early")
            for connection in connections.all(initialized_only=True):
                # a backend keeps something of every schema that it has touched
                connection.close()
            stop.wait(LOOK_SECONDS)


def _rounds() -> None:
    for ask in declared.functions("operator_rounds"):
        ask(timezone.now())
