"""What happened to a case, as whoever works on it reads it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.hall import transitions
from cases.hall.models import Case, Event
from cases.hall.queries import documents
from cases.hall.transitions import DEPARTMENT, SYSTEM
from tenants.hall.enums import PostRole

_POSTS = {**dict(PostRole.choices), DEPARTMENT: gettext_lazy("部门系统")}


def line(event: Event) -> dict[str, Any]:
    """Return one step: what, when, who in which post, why, its paper."""
    post = _POSTS.get(event.actor_post, _("申请人"))
    # whoever covers for somebody acts in their own name, and for whom stands beside it
    name = "，".join(filter(None, (event.actor_name, str(event.data.get("for", "")))))
    return {
        "label": transitions.TOLD.get(event.action, event.action),
        "at": event.at,
        "who": _("系统") if event.actor_post == SYSTEM else f"{name}（{post}）" if event.actor_name else "",
        "reason": event.reason,
        "document_no": event.document_no,
        "title": documents.title(event),
        "pk": event.pk,
    }


def since(case: Case, seen: str) -> list[dict[str, Any]]:
    """Return what happened after the revision that a form was opened at, the oldest first; nothing without one."""
    if not (seen.isascii() and seen.isdigit() and len(seen) < 9):
        return []
    return [line(event) for event in case.events.filter(sequence__gt=int(seen)).order_by("sequence")]
