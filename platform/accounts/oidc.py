"""The national identity platform 国家政务服务平台统一身份认证, by OpenID Connect (Core 1.0): authorization code with PKCE (RFC 7636).

Authlib makes and keeps state, nonce and code verifier (in the session of this host), fetches the code's token and checks the
ID token's signature, issuer, audience, times and nonce. Here stands what is ours: where the platform is, which algorithms count, what
of it is a name and a number, and that nobody waits for it for ever.
"""

import logging
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from joserfc.errors import JoseError

NAME = "identity"
TIMEOUT_SECONDS = 5
# asymmetric ones: a shared secret would let whoever has it say who somebody is
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
log = logging.getLogger(__name__)


class NotThere(Exception):
    """The platform does not answer, or not as it should: nothing was proved and nothing changed."""

    def __init__(self) -> None:
        super().__init__(_("认证平台现在没有回答。您填过的都在，请过一会儿再试，或到窗口认证"))


class Cancelled(Exception):
    """The person turned back at the platform."""

    def __init__(self) -> None:
        super().__init__(_("您在认证平台那边退了出来，没有认证。可以再来一次，或到窗口认证"))


class NotOurs(Exception):
    """The answer belongs to no question of this session: used, too old, another browser's, or forged."""

    def __init__(self) -> None:
        super().__init__(_("这次认证过期了，或不是从这里开始的。没有改动您的账号，请再来一次"))


@dataclass(frozen=True)
class Claims:
    """Who the platform says somebody is."""

    name: str
    id_number: str


def is_set() -> bool:
    """Say whether this installation has a platform to send people to."""
    return bool(settings.OIDC_ISSUER)


def send(request: HttpRequest, back: str) -> HttpResponseRedirect:
    """Lead the browser to the platform, which sends it `back`. Raises NotThere."""
    try:
        answer: HttpResponseRedirect = _client().authorize_redirect(request, back)
        return answer
    except (OSError, AuthlibBaseError, ValueError, KeyError, RuntimeError) as problem:
        raise _not_there(problem) from None


def claims_of(request: HttpRequest) -> Claims:
    """Return who the platform says has come back. Raises Cancelled, NotOurs, NotThere."""
    if request.GET.get("error"):
        # the state of the question is spent by the next one; what else an error may be, nothing was proved
        raise Cancelled if request.GET["error"] == "access_denied" else NotThere
    try:
        client = _client()
        token = client.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "values": [settings.OIDC_ISSUER]},
                "aud": {"essential": True, "values": [settings.OIDC_CLIENT_ID]},
            },
        )
        found = dict(token.get("userinfo") or {})
        if (
            found
            and settings.OIDC_NUMBER_CLAIM not in found
            and "userinfo_endpoint" in client.server_metadata
        ):
            more = client.userinfo(token=token)
            # OpenID Connect Core 5.3.2: of another subject it is another person's
            found = {**more, **found} if more.get("sub") == found.get("sub") else {}
    except OSError as problem:
        raise _not_there(problem) from None
    except (AuthlibBaseError, JoseError) as problem:
        log.warning("identity platform: %s", type(problem).__name__)
        raise NotOurs from None
    except (ValueError, KeyError, TypeError, RuntimeError) as problem:
        raise _not_there(problem) from None
    name, number = found.get(settings.OIDC_NAME_CLAIM), found.get(settings.OIDC_NUMBER_CLAIM)
    if not isinstance(name, str) or not isinstance(number, str):
        log.warning("identity platform: no claim of name or number")
        raise NotThere
    return Claims(name, number)


def _not_there(problem: Exception) -> NotThere:
    log.warning("identity platform: %s", type(problem).__name__)
    return NotThere()


class _Session(OAuth2Session):  # type: ignore[misc]
    """Requests that end in time and go nowhere but where they were sent."""

    def request(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request. Raises requests.RequestException, which is an OSError."""
        return super().request(*args, **{"timeout": TIMEOUT_SECONDS, **kwargs, "allow_redirects": False})


class _App(DjangoOAuth2App):  # type: ignore[misc]
    client_cls = _Session


def _client() -> Any:
    client = OAuth().register(
        NAME,
        client_cls=_App,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": settings.OIDC_SCOPE, "code_challenge_method": "S256"},
    )
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != settings.OIDC_ISSUER:
        raise ValueError("the platform names another issuer")
    client.server_metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
    return client
