"""The session store: rows of `gate`, each stamped with its host's hall and known only there.

Named by settings.SESSION_ENGINE. A session key of another hall's host is a key that does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Q
from django.utils import timezone

from accounts import demands
from accounts.models import Person, Session

PERSON = "person"
PARENT = "parent"
BY_CODE = "by_code_at"
# when a second factor was proved in this session
PROVED = "second_factor_at"
# what a session whose second factor is not proved yet knows (services.entering)
HALF = "half"
# how stale `seen_at` may be: whoever works here is signed out by it, citizens only read it
SEEN_EVERY, SEEN_EVERY_BY_CITIZENS = timedelta(minutes=1), timedelta(minutes=10)


@dataclass(frozen=True)
class Origin:
    """Where a session began, as its person is told: system and browser in words, a masked address."""

    device: str = ""
    place: str = ""


class SessionStore(DatabaseStore):
    """A session of one host. `person` is read in the same query as the session; of a half session it is `half`.

    `was_idle` says that this request's session has just ended because nothing was asked by it for too long.
    """

    def __init__(
        self, session_key: str | None = None, *, hall: str = "", origin: Callable[[], Origin] = Origin
    ) -> None:
        super().__init__(session_key)
        self.hall = hall
        self.person: Person | None = None
        self.half: Person | None = None
        self.row: Session | None = None
        self.was_idle = False
        self._origin = origin

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the stored session."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        found = (
            Session.objects.select_related("person")
            .filter(session_key=self.session_key, hall=self.hall, expire_date__gt=now)
            .first()
        )
        if found is not None and found.is_work and found.seen_at is not None:
            self.was_idle = now - found.seen_at > demands.idle_after()
        if found is None or self.was_idle:
            if found is not None:
                Session.objects.filter(Q(pk=found.pk) | Q(parent=found.pk)).delete()
            self._session_key = None
            return None
        active = found.person if found.person and found.person.is_active else None
        self.row = found
        self.person, self.half = (None, active) if found.is_half else (active, None)
        return found

    @property
    def is_work(self) -> bool:
        """Whether this is a session of somebody who works here, so that it ends when it is idle."""
        return self.person is not None and self.row is not None and self.row.is_work

    def touch(self, *, now: datetime) -> None:
        """Note that something was asked by this session: at most one write in a minute, in ten for a citizen's."""
        row = self.row
        if row is None or self.person is None:
            return
        before = now - (SEEN_EVERY if row.is_work else SEEN_EVERY_BY_CITIZENS)
        if row.seen_at is None or row.seen_at <= before:
            stale = Q(seen_at=None) | Q(seen_at__lte=before)
            Session.objects.filter(stale, pk=row.pk).update(seen_at=now)
            row.seen_at = now

    def flush(self) -> None:
        """Forget everything, whose session it was too."""
        super().flush()
        self.person = self.half = self.row = None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row to store: the stamp and whose it is stand in columns, so that sign-outs can find it."""
        row = cast(Session, super().create_model_instance(data))
        row.hall = self.hall
        row.person_id = data.get(PERSON) or data.get(HALF, {}).get("person")
        row.parent = data.get(PARENT, "")
        row.is_half = HALF in data
        row.seen_at = timezone.now()
        if self.row is not None:
            row.begun_at, row.device, row.place = self.row.begun_at, self.row.device, self.row.place
        elif row.person_id is not None:
            origin = self._origin()
            row.begun_at, row.device, row.place = row.seen_at, origin.device, origin.place
        return row
