"""Who asks the API of items, and the services' refusals as answers in the one shape."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request

from accounts.actor import NOBODY, Actor
from accounts.api.errors import Refused
from catalog.hall.services import local, overrides
from catalog.hall.services.values import BadValue
from tenants.hall.enums import PostRole

EDITORS = (PostRole.BRANCH_STAFF, PostRole.HALL_ADMIN)


def asker(request: Request) -> Actor:
    """Return who asks: perhaps nobody."""
    return request.user if isinstance(request.user, Actor) else NOBODY


def editor(request: Request) -> Actor:
    """Return who asks, if they may change items here. Raises NotAuthenticated (401), PermissionDenied (403)."""
    actor = asker(request)
    if not actor.is_authenticated:
        raise NotAuthenticated
    if not actor.holds(*EDITORS):
        posts = "、".join(str(role.label) for role in EDITORS)
        raise PermissionDenied(_("这一步要用%(posts)s的账号做") % {"posts": posts})
    return actor


@contextmanager
def answered() -> Iterator[None]:
    """Turn what the services refuse into answers: 400, 403, 404 or 409, each telling what to do."""
    try:
        yield
    except (overrides.NotOffered, local.UnknownLocalItem) as refusal:
        raise Refused(str(refusal), code="not_found", status_code=404) from None
    except overrides.BreaksPolicy as refusal:
        raise Refused(str(refusal), code="breaks_policy", status_code=400, fields={"value": str(refusal)}) from None
    except overrides.SameAsCity as refusal:
        raise Refused(str(refusal), code="same_as_city", status_code=400, fields={"value": str(refusal)}) from None
    except BadValue as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields={"value": str(refusal)}) from None
    except overrides.ReasonMissing as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields={"reason": str(refusal)}) from None
    except (local.BadFields, local.NotPublishable) as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields=refusal.problems) from None
    except local.SamePerson as refusal:
        raise Refused(str(refusal), code="same_person", status_code=403) from None
    except local.NotADraft as refusal:
        raise Refused(str(refusal), code="not_a_draft", status_code=409) from None
