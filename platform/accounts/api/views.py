"""Tokens: made by a password, bound to the host that made them."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import Refused
from accounts.api.serializers import TokenAnswer, TokenRequest
from accounts.middleware import TOKEN_SCHEME, host_key
from accounts.network import client_address
from accounts.services import sessions, sign_in, tokens
from accounts.services.counters import TooMany


class TokenView(APIView):
    """POST makes a token, DELETE ends the one that it comes with."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Ask nobody who they are when they have come to say it: a session's cookie gives no token."""
        is_new = self.request is not None and self.request.method == "POST"
        return [] if is_new else super().get_authenticators()

    @extend_schema(request=TokenRequest, responses={200: TokenAnswer})
    def post(self, request: Request) -> Response:
        """Make a token for this host. 401 for a wrong name or password, 429 with Retry-After when locked."""
        given = TokenRequest(data=request.data)
        given.is_valid(raise_exception=True)
        hall, now = host_key(request._request), timezone.now()
        try:
            person = sign_in.by_password(
                given.validated_data["username"],
                given.validated_data["password"],
                hall=hall,
                address=client_address(request._request),
                now=now,
                how="token",
            )
            token, expires_at = tokens.issue(person, hall=hall, now=now)
        except (sign_in.WrongPassword, sessions.SignedOutMeanwhile) as refusal:
            raise Refused(
                str(refusal), code="wrong_password", status_code=status.HTTP_401_UNAUTHORIZED
            ) from None
        except TooMany as refusal:
            raise _locked(refusal) from None
        answer = Response(TokenAnswer({"token": token, "expires_at": expires_at}).data)
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """End the token of the Authorization header."""
        if not request._request.has_token:  # type: ignore[attr-defined]
            raise Refused(
                _("请带上要作废的令牌"), code="not_authenticated", status_code=status.HTTP_401_UNAUTHORIZED
            )
        header = request.headers.get("Authorization", "")
        tokens.revoke(header.removeprefix(TOKEN_SCHEME).strip(), hall=host_key(request._request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _locked(refusal: TooMany) -> Refused:
    time = timezone.localtime(refusal.until).strftime("%H:%M")
    locked = Refused(
        _("试错太多，%(time)s后再试") % {"time": time},
        code="locked",
        status_code=status.HTTP_429_TOO_MANY_REQUESTS,
    )
    # Django REST framework makes Retry-After of it
    locked.wait = max(1, round((refusal.until - timezone.now()).total_seconds()))  # type: ignore[attr-defined]
    return locked
