"""The postman: threads of the worker that bring letters to departments' systems, apart from citizens' messages.

The worker's rounds only say which hall was rung for; no round ever waits for a receiver. A system is visited by one
thread at a time.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connections
from django.utils import timezone

from cases.hall.services import letters
from tenants.shared.models import Hall

THREADS = 4
log = logging.getLogger(__name__)


class Postman:
    """A few threads and the systems that they are with now."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self.stopped = stopped
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="post")
        self.lock = threading.Lock()
        self.busy: set[UUID] = set()

    def visit(self, hall: Hall) -> None:
        """Have the letters of a hall brought that are due; return at once."""
        for system in letters.waiting(hall, timezone.now()):
            with self.lock:
                if system in self.busy:
                    continue
                self.busy.add(system)
            self.pool.submit(self._bring, hall, system)

    def _bring(self, hall: Hall, system: UUID) -> None:
        try:
            letters.send(hall, system, stopped=self.stopped)
        except Exception as problem:
            # the sweep comes by again; the text might hold what a receiver answered
            log.error("letters of %s: %s", hall.key, type(problem).__name__)
        finally:
            with self.lock:
                self.busy.discard(system)
            connections.close_all()

    def close(self) -> None:
        """Let the letters in hand be finished: ten seconds at most."""
        self.pool.shutdown(cancel_futures=True)


_postman: Postman | None = None


def employ(postman: Postman | None) -> None:
    """Make this the process's postman."""
    global _postman
    _postman = postman


def visit(hall: Hall, stopped: Callable[[], bool]) -> None:
    """Send the postman to a hall, where this process has one: declared as a job of halls."""
    if _postman is not None and not stopped():
        _postman.visit(hall)
