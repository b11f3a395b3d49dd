"""Who asks the API of items, and the services' refusals as answers in the one shape."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request

from accounts.actor import NOBODY, Actor
from accounts.api.errors import Refused
from catalog.hall import stamps
from catalog.hall.services import aliases, overrides
from catalog.hall.services.values import BadValue
from catalog.shared.api import answers
from tenants.hall.enums import PostRole

EDITORS = (PostRole.BRANCH_STAFF, PostRole.HALL_ADMIN)


def asker(request: Request) -> Actor:
    """Return who asks: perhaps nobody."""
    return request.user if isinstance(request.user, Actor) else NOBODY


def staff(request: Request) -> Actor:
    """Return who asks, if he holds a post here. Raises NotAuthenticated (401), PermissionDenied (403)."""
    actor = asker(request)
    if not actor.is_authenticated:
        raise NotAuthenticated
    if not actor.is_staff_here:
        raise PermissionDenied(_("这一步要用本厅工作人员的账号做"))
    return actor


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
        with answers.answered():
            yield
    except (overrides.NotOffered, aliases.NoSuchItem) as refusal:
        raise Refused(str(refusal), code="not_found", status_code=404) from None
    except overrides.BreaksPolicy as refusal:
        raise Refused(
            str(refusal), code="breaks_policy", status_code=400, fields={"value": str(refusal)}
        ) from None
    except overrides.SameAsCity as refusal:
        raise Refused(
            str(refusal), code="same_as_city", status_code=400, fields={"value": str(refusal)}
        ) from None
    except BadValue as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields={"value": str(refusal)}) from None
    except overrides.ReasonMissing as refusal:
        raise Refused(
            str(refusal), code="invalid", status_code=400, fields={"reason": str(refusal)}
        ) from None


@contextmanager
def answered_meanwhile() -> Iterator[None]:
    """As `answered`, and 409 for a field that somebody changed since it was seen: with what is there now."""
    try:
        with answered():
            yield
    except overrides.ChangedMeanwhile as refusal:
        own = refusal.override
        told = {
            "value": own.value if own else None,
            "city_value": refusal.base,
            "by": own.person_name if own else "",
            "seen": stamps.of_override(own, refusal.base),
        }
        raise Refused(str(refusal), code="changed_meanwhile", status_code=409, fields=told) from None
