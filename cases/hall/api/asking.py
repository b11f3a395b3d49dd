"""Who asks the API of cases, and the services' refusals as answers in the one shape."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.actor import NOBODY, Actor
from accounts.api.errors import Refused
from cases.hall import files
from cases.hall.services import attachments, authority, corrections, drafts, submit, transition
from cases.hall.services.bundles import drafting


def asker(request: Request) -> Actor:
    """Return who asks. Raises NotAuthenticated (401) for nobody."""
    actor = request.user if isinstance(request.user, Actor) else NOBODY
    if not actor.is_authenticated:
        raise NotAuthenticated
    return actor


KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="1 to 80 characters"
)


def key_of(request: Request) -> str:
    """Return the idempotency key of a request. Raises Refused (400) without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= submit.MAX_KEY or not key.isprintable():
        raise Refused(
            _("请带上 Idempotency-Key，1 到 80 个字符"), code="idempotency_key_missing", status_code=400
        )
    return key


# the service's refusal, the code and the status of its answer; the first that fits counts
_ANSWERS: tuple[tuple[type[Exception], str, int], ...] = (
    (submit.Incomplete, "invalid", 400),
    (drafts.NotOffered, "invalid", 400),
    (drafting.TooFew, "invalid", 400),
    (files.NotStored, "not_stored", 507),
    (files.FileRefused, "invalid", 400),
    (transition.ReasonNeeded, "invalid", 400),
    (transition.DataNeeded, "invalid", 400),
    (authority.LevelNeeded, authority.LevelNeeded.code, 403),
    (submit.OtherBody, "idempotency_key_reused", 422),
    (drafts.ItemChanged, "item_changed", 409),
    (drafts.NotADraft, "not_open", 409),
    (drafts.HallNotTaking, "hall_not_taking", 409),
    (attachments.NotTakenNow, "not_open", 409),
    (corrections.NotAskedFor, "invalid", 400),
    (corrections.AlreadySeen, "already_seen", 409),
    (transition.SomebodyWasFaster, "conflict", 409),
    (transition.UnknownAction, "not_found", 404),
    (transition.NotOpen, "not_open", 409),
    (transition.NotAllowed, "permission_denied", 403),
)
# the field that the refusal is about
_FIELD: dict[type[Exception], str] = {
    drafts.NotOffered: "item",
    drafting.TooFew: "parts",
    files.FileRefused: "file",
    files.NotStored: "file",
    transition.ReasonNeeded: "reason",
    corrections.NotAskedFor: "material",
}


@contextmanager
def answered() -> Iterator[None]:
    """Turn what the services refuse into answers: 400, 403, 404, 409 or 422, each telling what to do."""
    try:
        yield
    except tuple(kind for kind, _code, _status in _ANSWERS) as refusal:
        code, status = next((code, status) for kind, code, status in _ANSWERS if isinstance(refusal, kind))
        raise Refused(str(refusal), code=code, status_code=status, fields=_fields(refusal)) from None


def _fields(refusal: Exception) -> dict[str, str]:
    if isinstance(refusal, submit.Incomplete):
        return {**refusal.fields, **refusal.materials}
    if isinstance(refusal, authority.LevelNeeded):
        # 2: name and ID number; 3: verified (docs/real-names.md)
        return {"identity_level": str(refusal.needed)}
    if isinstance(refusal, transition.DataNeeded):
        return refusal.fields
    if isinstance(refusal, transition.SomebodyWasFaster):
        # what happened meanwhile, so that a program can show it and try again on what is there now
        return {
            "by": refusal.name,
            "did": refusal.action,
            "at": refusal.at.isoformat(),
            "state": refusal.case_state,
            "revision": str(refusal.case_revision),
        }
    return {_FIELD[type(refusal)]: str(refusal)} if type(refusal) in _FIELD else {}
