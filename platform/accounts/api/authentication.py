"""Who is asking the API: what the middleware has found, with CSRF where a session asks."""

from typing import Any

from django.middleware.csrf import CsrfViewMiddleware
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.actor import Actor


class ActorAuthentication(BaseAuthentication):
    """`request.user` is the Actor of the token or of the session; a wrong token is 401."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """Return the actor, or None for nobody. Raises AuthenticationFailed for a token that is no good here."""
        actor: Actor = request._request.actor  # type: ignore[attr-defined]
        if request._request.has_token:  # type: ignore[attr-defined]
            if not actor.is_authenticated:
                raise AuthenticationFailed("这个令牌不对、过期了或不是本厅的，请重新获取")
            return actor, None
        if not actor.is_authenticated:
            return None
        # a session's cookie comes by itself: only with the CSRF token is it meant
        check = CsrfViewMiddleware(lambda _: None)  # type: ignore[arg-type]
        check.process_request(request._request)
        if check.process_view(request._request, lambda: None, (), {}) is not None:  # type: ignore[arg-type,return-value]
            raise PermissionDenied("缺少 CSRF 令牌")
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a refusal is 401."""
        return "Token"


class ActorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names it."""

    target_class = "accounts.api.authentication.ActorAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the OpenAPI security scheme."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token …, from POST /api/v1/token/",
        }
