"""Who asks the API of cases, and the services' refusals as answers in the one shape."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.actor import NOBODY, Actor
from accounts.api.errors import CHECK_FIELDS, Refused
from cases.hall import files
from cases.hall.services import attachments, drafts, submit, transition


def asker(request: Request) -> Actor:
    """Return who asks. Raises NotAuthenticated (401) for nobody."""
    actor = request.user if isinstance(request.user, Actor) else NOBODY
    if not actor.is_authenticated:
        raise NotAuthenticated
    return actor


@contextmanager
def answered() -> Iterator[None]:
    """Turn what the services refuse into answers: 400, 403, 404, 409 or 422, each telling what to do."""
    try:
        yield
    except submit.Incomplete as refusal:
        raise Refused(
            str(refusal), code="invalid", status_code=400, fields={**refusal.fields, **refusal.materials}
        ) from None
    except drafts.NotOffered as refusal:
        raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields={"item": str(refusal)}) from None
    except submit.OtherBody as refusal:
        raise Refused(str(refusal), code="idempotency_key_reused", status_code=422) from None
    except drafts.HallNotTaking as refusal:
        raise Refused(str(refusal), code="hall_not_taking", status_code=409) from None
    except files.FileRefused as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields={"file": str(refusal)}) from None
    except attachments.NotTakenNow as refusal:
        raise Refused(str(refusal), code="not_open", status_code=409) from None
    except transition.ReasonNeeded as refusal:
        raise Refused(
            str(refusal), code="invalid", status_code=400, fields={"reason": str(refusal)}
        ) from None
    except transition.DataNeeded as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields=refusal.fields) from None
    except transition.SomebodyWasFaster as refusal:
        raise Refused(str(refusal), code="conflict", status_code=409) from None
    except transition.UnknownAction as refusal:
        raise Refused(str(refusal), code="not_found", status_code=404) from None
    except transition.NotOpen as refusal:
        raise Refused(str(refusal), code="not_open", status_code=409) from None
    except transition.NotAllowed as refusal:
        raise Refused(str(refusal), code="permission_denied", status_code=403) from None
