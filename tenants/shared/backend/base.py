"""The `web` login's connection: it never switches a schema by itself, and shares a round trip with BEGIN."""

import select
from typing import Any, cast

from django.db.backends.utils import CursorWrapper
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsDatabaseWrapper


class DatabaseWrapper(TenantsDatabaseWrapper):
    """A connection on which only `tenants.shared.scope` sets path and role.

    The driver stays in autocommit and BEGIN is sent with the first statement, so that scope can send
    BEGIN, path, role and the identity query in one string, and leave the role in one string with COMMIT.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begin_is_due = False
        self._farewell = ""

    def close(self) -> None:
        """Close, forgetting what was due on the old connection."""
        self._begin_is_due = False
        self._farewell = ""
        super().close()

    def is_usable(self) -> bool:
        """Say whether the connection lives, without a round trip where nothing has come from the server.

        A server that ended the connection has left word on its socket; then, and then only, it is asked.
        """
        waiting = select.poll()
        waiting.register(self.connection, select.POLLIN)
        return super().is_usable() if waiting.poll(0) else True

    def take_begin(self) -> str:
        """Return ``BEGIN;`` when it is due and leave it to the caller to send, else nothing."""
        due, self._begin_is_due = self._begin_is_due, False
        return "BEGIN;" if due else ""

    def before_commit(self, sql: str) -> None:
        """Send these statements in one string with the coming COMMIT."""
        self._farewell = sql

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Do nothing: the path of a transaction is scope's to set."""

    def _cursor(self, name: str | None = None) -> CursorWrapper:
        cursor = super()._cursor(name)
        if self._begin_is_due:
            self._begin_is_due = False
            cursor.cursor.execute("BEGIN")
        return cast(CursorWrapper, cursor)

    def _set_autocommit(self, autocommit: bool) -> None:
        if not self.connection.autocommit:
            super()._set_autocommit(True)
        self._begin_is_due = not autocommit

    def _end(self, statement: str) -> None:
        farewell, self._farewell = self._farewell, ""
        if self.connection is None or self.take_begin():
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute((farewell if statement == "COMMIT" else "") + statement)

    def _commit(self) -> None:
        self._end("COMMIT")

    def _rollback(self) -> None:
        self._end("ROLLBACK")
