"""Making a factor: the pages that a half session and a person's own page of security share."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import places
from accounts.encryption import decrypt, encrypt
from accounts.forms import NamedForm, NewTotpForm
from accounts.middleware import host_key
from accounts.models import Factor, Person
from accounts.services import passkeys, second_factor
from accounts.views.answers import page

# the key of an authenticator that has not shown its first code yet, encrypted in the session
SECRET = "new_totp"  # noqa: S105 -- the name of an entry


def site(request: HttpRequest) -> passkeys.Site:
    """Return where passkeys are asked for at this host."""
    host = split_domain_port(request.get_host())[0]
    return passkeys.Site(places.passkey_domain(request), issuer(request), places.origin(request, host))


def key(request: HttpRequest) -> str:
    """Return the key of the request's session, which a challenge is bound to."""
    return request.session.session_key or ""


def issuer(request: HttpRequest) -> str:
    """Return what an authenticator lists the account under: the name of the hall or of the portal."""
    return places.hall_names().get(host_key(request), "")


def totp(request: HttpRequest, person: Person, context: dict[str, Any]) -> HttpResponse | Factor:
    """Show key and QR code and ask for the first code; return the factor when it was right."""
    kept = request.session.get(SECRET, "")
    secret = decrypt(kept, _bound(person)) if kept else second_factor.new_secret()
    if not kept:
        request.session[SECRET] = encrypt(secret, _bound(person))
    form = NewTotpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = second_factor.add_totp(
                person,
                secret=secret,
                code=form.cleaned_data["code"],
                name=form.cleaned_data["name"] or _("验证器"),
                now=timezone.now(),
            )
            del request.session[SECRET]
            return made
        except second_factor.NotProved as refusal:
            form.add_error("code", str(refusal))
        except second_factor.TooManyFactors as refusal:
            form.add_error(None, str(refusal))
    address = second_factor.address_of(secret, account=person.username, issuer=issuer(request))
    shown = {
        "form": form,
        "secret": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "qr": segno.make(address, micro=False).svg_data_uri(scale=4, border=2),
        "address": address,
    }
    return page(request, "accounts/totp.html", {**context, **shown})


def _bound(person: Person) -> str:
    return f"{SECRET}:{person.pk}"


def passkey(request: HttpRequest, person: Person, context: dict[str, Any]) -> HttpResponse | Factor:
    """Let the browser make a passkey; return the factor when it has."""
    form = NamedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return passkeys.make(
                site(request),
                person,
                key(request),
                request.POST.get("passkey", "")[: passkeys.LONGEST_ANSWER],
                name=form.cleaned_data["name"],
                now=timezone.now(),
            )
        except (passkeys.NoPasskey, second_factor.TooManyFactors) as refusal:
            form.add_error(None, str(refusal))
    options = passkeys.to_make(site(request), person, key(request), now=timezone.now())
    return page(request, "accounts/passkey.html", {**context, "form": form, "options": options})


def codes_page(request: HttpRequest, codes: list[str], *, onward: str) -> HttpResponse:
    """Show new recovery codes: this once."""
    return page(request, "accounts/recovery_codes.html", {"codes": codes, "way_on": onward})
