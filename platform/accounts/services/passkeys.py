"""Passkeys (WebAuthn level 2, by python-fido2): made and used with user verification, at the very origin that asked.

The domain of a passkey is the portal's wherever the host lies below it, else the host's own (docs/decisions/0025). What is signed
is a challenge that stands in the database, bound to the session of this host and to its person, and spent by deleting it.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, router, transaction
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.enums import FactorKind
from accounts.models import Challenge, Factor, Person
from accounts.services import alerts, second_factor
from audit.models import Record

LASTS = timedelta(minutes=5)
LONGEST_ANSWER = 20_000
MAKE, USE = "make", "use"
VERIFIED = UserVerificationRequirement.REQUIRED
# what the library raises at bytes that are no answer of a browser
_NONSENSE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    NotImplementedError,
)


class NoPasskey(Exception):
    """What the browser sent is no passkey that can be kept here."""

    def __init__(self) -> None:
        super().__init__(_("没有加上，请再试一次，或换一个设备"))


@dataclass(frozen=True)
class Site:
    """Where it is asked: the domain of passkeys here, its name for people, and the one origin that may ask."""

    rp_id: str
    name: str
    origin: str

    def server(self) -> Fido2Server:
        """Return the library's server of this place."""
        rp = PublicKeyCredentialRpEntity(name=self.name, id=self.rp_id)
        return Fido2Server(rp, verify_origin=lambda origin: origin == self.origin)


def to_make(site: Site, person: Person, session_key: str, *, now: datetime) -> str:
    """Return as JSON what the browser needs to make a passkey; a new challenge stands in the place of the session's last."""
    user = PublicKeyCredentialUserEntity(
        name=person.username, id=person.pk.bytes, display_name=person.name or person.username
    )
    options, state = site.server().register_begin(
        user,
        credentials=_descriptors(person, site),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=VERIFIED,
    )
    _keep(session_key, person, MAKE, state["challenge"], now)
    return json.dumps(dict(options))


def to_use(site: Site, person: Person, session_key: str, *, now: datetime) -> str:
    """Return as JSON what the browser needs to use one of the person's passkeys here; empty where there is none."""
    known = _descriptors(person, site)
    if not known:
        return ""
    options, state = site.server().authenticate_begin(known, user_verification=VERIFIED)
    _keep(session_key, person, USE, state["challenge"], now)
    return json.dumps(dict(options))


def make(site: Site, person: Person, session_key: str, answer: str, *, name: str, now: datetime) -> Factor:
    """Keep the passkey that a browser has made. Audited, told. Raises NoPasskey, second_factor.TooManyFactors."""
    made: AuthenticatorData = _read(
        lambda server, state: server.register_complete(state, json.loads(answer)),
        site,
        _spend(session_key, person, MAKE, now),
    )
    credential = made.credential_data
    if credential is None or len(credential.credential_id) > 1023:
        raise NoPasskey
    factor = Factor(
        person=person,
        kind=FactorKind.PASSKEY,
        name=name,
        credential_id=websafe_encode(credential.credential_id),
        credential=base64.b64encode(bytes(credential)).decode(),
        rp_id=site.rp_id,
        sign_count=made.counter,
        added_at=now,
    )
    try:
        second_factor.add(factor, person, now=now)
    except IntegrityError:
        raise NoPasskey from None
    return factor


def use(site: Site, person: Person, session_key: str, answer: str, at: second_factor.At) -> None:
    """Prove it by a passkey. Raises second_factor.NotProved, counters.TooMany.

    A count that does not grow tells of a copy of the device's key: it is refused, audited and told.
    """
    left = second_factor.reserve(person.pk, now=at.now)
    known = {factor.credential_id: factor for factor in _of(person, site)}
    try:
        state = _spend(session_key, person, USE, at.now)
        response = _read(
            lambda _server, _state: AuthenticationResponse.from_dict(json.loads(answer)), site, state
        )
        credentials = [AttestedCredentialData(base64.b64decode(each.credential)) for each in known.values()]
        used = _read(
            lambda server, state: server.authenticate_complete(state, credentials, response), site, state
        )
    except NoPasskey:
        words = _("通行密钥没有通过")
        raise second_factor.refused(person, words, left, at) from None
    factor = known[websafe_encode(used.credential_id)]
    count = response.response.authenticator_data.counter
    if not _count(factor, count, at.now):
        _cloned(person, at.now)
        raise second_factor.refused(person, _("这个通行密钥可能被复制过，请用别的办法"), left, at)
    second_factor.proved(person, at)


def _count(factor: Factor, count: int, now: datetime) -> bool:
    """Keep the device's count; a device that counts nothing says 0 each time."""
    rows = Factor.objects.filter(pk=factor.pk)
    fresh = rows.filter(sign_count__lt=count) if count or factor.sign_count else rows.filter(sign_count=0)
    return bool(fresh.update(sign_count=count, last_used_at=now))


def _cloned(person: Person, now: datetime) -> None:
    row = Record(at=now, actor=person.pk, action="factor.cloned", object=person.username)
    row.save(using=router.db_for_write(Person), force_insert=True)
    alerts.tell(person, _("您的通行密钥可能被复制过，已不让它登录。请删掉它，换一个新的。"))


def _of(person: Person, site: Site) -> list[Factor]:
    return list(person.factors.filter(kind=FactorKind.PASSKEY, rp_id=site.rp_id))


def _descriptors(person: Person, site: Site) -> list[PublicKeyCredentialDescriptor]:
    ids = [
        AttestedCredentialData(base64.b64decode(each.credential)).credential_id for each in _of(person, site)
    ]
    return [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=each) for each in ids]


def _keep(session_key: str, person: Person, purpose: str, challenge: str, now: datetime) -> None:
    Challenge.objects.update_or_create(
        session_key=session_key,
        defaults={
            "person": person,
            "purpose": purpose,
            "challenge": challenge,
            "expires_at": now + LASTS,
        },
    )


def _spend(session_key: str, person: Person, purpose: str, now: datetime) -> dict[str, Any]:
    """Take the session's challenge away and return it as the library keeps it. Raises NoPasskey when it is not there, or not for this."""
    with transaction.atomic(using=router.db_for_write(Challenge)):
        found = Challenge.objects.select_for_update().filter(session_key=session_key).first()
        if found is not None:
            found.delete()
    if found is None or found.person_id != person.pk or found.purpose != purpose or found.expires_at <= now:
        raise NoPasskey
    return {"challenge": found.challenge, "user_verification": VERIFIED}


def _read(work: Callable[[Fido2Server, dict[str, Any]], Any], site: Site, state: dict[str, Any]) -> Any:
    try:
        return work(site.server(), state)
    except _NONSENSE:
        raise NoPasskey from None
