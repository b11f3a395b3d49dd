"""Writing audit rows, in the transaction of what they tell of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from audit.models import Record


def record(
    action: str,
    *,
    now: datetime,
    actor: UUID | None,
    actor_name: str = "",
    object: str = "",
    detail: dict[str, Any] | None = None,
) -> UUID:
    """Add one row to the audit of the schema in scope; return its key. `detail` holds no personal data: it is kept for years."""
    row = Record(
        at=now, actor=actor, actor_name=actor_name, action=action, object=object, detail=detail or {}
    )
    row.save(force_insert=True)
    return row.pk
