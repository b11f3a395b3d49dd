"""The session store: rows of `gate`, each stamped with its host's hall and known only there.

Named by settings.SESSION_ENGINE. A session key of another hall's host is a key that does not exist.
"""

from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import Person, Session

PERSON = "person"
PARENT = "parent"
BY_CODE = "by_code_at"


class SessionStore(DatabaseStore):
    """A session of one host. `person` is read in the same query as the session."""

    def __init__(self, session_key: str | None = None, *, hall: str = "") -> None:
        super().__init__(session_key)
        self.hall = hall
        self.person: Person | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the stored session."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = (
            Session.objects.select_related("person")
            .filter(session_key=self.session_key, hall=self.hall, expire_date__gt=timezone.now())
            .first()
        )
        if found is None:
            self._session_key = None
            return None
        self.person = found.person if found.person and found.person.is_active else None
        return found

    def flush(self) -> None:
        """Forget everything, whose session it was too."""
        super().flush()
        self.person = None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row to store: the stamp and whose it is stand in columns, so that sign-outs can find it."""
        row = cast(Session, super().create_model_instance(data))
        row.hall = self.hall
        row.person_id = data.get(PERSON)
        row.parent = data.get(PARENT, "")
        return row
