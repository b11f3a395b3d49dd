"""Tokens: made by a password, bound to the host that made them."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import places
from accounts.api.errors import Refused
from accounts.api.serializers import TokenAnswer, TokenRequest
from accounts.middleware import TOKEN_SCHEME, host_key
from accounts.models import Person
from accounts.network import client_address
from accounts.services import second_factor, sessions, sign_in, tokens
from accounts.services.counters import TooMany
from accounts.services.entering import Stage, stages_of


class TokenView(APIView):
    """POST makes a token, DELETE ends the one that it comes with."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Ask nobody who they are when they have come to say it: a session's cookie gives no token."""
        is_new = self.request is not None and self.request.method == "POST"
        return [] if is_new else super().get_authenticators()

    @extend_schema(request=TokenRequest, responses={200: TokenAnswer})
    def post(self, request: Request) -> Response:
        """Make a token for this host. 401 for a wrong name, password or code, 403 for what is set up on the pages first, 429 when locked."""
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
            is_proved = self._second_factor(
                request, person, given.validated_data.get("otp", ""), given.validated_data["password"]
            )
            token, expires_at = tokens.issue(person, hall=hall, now=now, is_proved=is_proved)
        except (sign_in.WrongPassword, sessions.SignedOutMeanwhile) as refusal:
            raise Refused(
                str(refusal), code="wrong_password", status_code=status.HTTP_401_UNAUTHORIZED
            ) from None
        except TooMany as refusal:
            raise _locked(refusal) from None
        answer = Response(TokenAnswer({"token": token, "expires_at": expires_at}).data)
        answer["Cache-Control"] = "no-store"
        return answer

    def _second_factor(self, request: Request, person: Person, otp: str, password: str) -> bool:
        """Return whether a second factor was proved; raise Refused where one is owed, or another password is."""
        now, asking = timezone.now(), request._request
        roles = places.roles_here(asking, person.pk, person.city_role)
        owed = stages_of(person, roles, password, now=now)
        if Stage.SET_UP in owed or Stage.PASSWORD in owed:
            raise Refused(
                _("先在网页上登录一次，按提示设好两步登录、换好密码，再来取令牌"),
                code="set_up_first",
                status_code=status.HTTP_403_FORBIDDEN,
            )
        if Stage.PROVE not in owed:
            return False
        code = "".join(otp.split())
        if not code:
            raise Refused(
                _("请带上验证器里的动态码（otp）"),
                code="otp_required",
                status_code=status.HTTP_401_UNAUTHORIZED,
                fields={"otp": _("请填动态码")},
            )
        try:
            second_factor.by_code(
                person, code, second_factor.At(host_key(asking), client_address(asking), now)
            )
        except second_factor.NotProved as refusal:
            raise Refused(
                str(refusal),
                code="wrong_otp",
                status_code=status.HTTP_401_UNAUTHORIZED,
                fields={"otp": str(refusal)},
            ) from None
        return True

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
