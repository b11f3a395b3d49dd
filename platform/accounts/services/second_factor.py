"""The second factor of a person: codes of an authenticator (TOTP, RFC 6238), recovery codes, and what an admin may reset.

Passkeys are proved in `services.passkeys` and kept in the same rows. Every try is counted before it is looked at, in the counter
of the person, whatever is tried: five wrong ones lock all of it for a quarter of an hour. Everything is audited and told.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import router, transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.encryption import blind_index, decrypt, encrypt
from accounts.enums import FactorKind
from accounts.models import Challenge, Factor, Person, RecoveryCode
from accounts.services import alerts, counters, passwords
from accounts.services.sessions import end_all
from accounts.services.sign_in import write_down
from audit.models import Record

# DOMAIN section 9
TRIES, LOCK_SECONDS = 5, 15 * 60
STEP_SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
# a clock that is half a minute off is no fault of its owner's
DRIFT = (0, -1, 1)
MOST_FACTORS = 10
CODES, CODE_LENGTH = 10, 10
# without what is read as something else
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
HOW = "second"


class NotProved(Exception):
    """What was given proves nothing; the text says why and what to do, `left` how many tries there still are."""

    def __init__(self, words: str, left: int) -> None:
        super().__init__(_("%(why)s，还能试 %(n)d 次") % {"why": words, "n": left} if left else words)
        self.left = left


class TooManyFactors(Exception):
    """The person has as many as anybody may."""

    def __init__(self) -> None:
        super().__init__(_("最多 %(n)d 个，请先删掉不用的") % {"n": MOST_FACTORS})


class LastFactor(Exception):
    """The person's post demands a second factor, and this is the only one."""

    def __init__(self) -> None:
        super().__init__(_("您的岗位要用两步登录，这是最后一个。先加一个新的，再删它"))


@dataclass(frozen=True)
class At:
    """Where and when it is tried: the stamp of the host, the client's address, the moment."""

    hall: str
    address: str
    now: datetime


def exists(person: UUID) -> bool:
    """Say whether this person has a second factor. One query."""
    return Factor.objects.filter(person=person).exists()


def reserve(person: UUID, *, now: datetime) -> int:
    """Count one try of this person before it is looked at; return how many are left. Raises counters.TooMany."""
    return counters.reserve(_key(person), limit=TRIES, window_seconds=LOCK_SECONDS, now=now).left


def proved(person: Person, at: At) -> None:
    """Give the tries back and write down that the second factor was right."""
    counters.reset(_key(person.pk))
    write_down(person, hall=at.hall, how=HOW, succeeded=True, address=at.address, now=at.now)


def refused(person: Person, words: str, left: int, at: At) -> NotProved:
    """Write down a wrong try, and return what to raise."""
    write_down(person, hall=at.hall, how=HOW, succeeded=False, address=at.address, now=at.now)
    return NotProved(words if left else _("试错太多，请过 15 分钟再试"), left)


def _key(person: UUID) -> str:
    return f"second:{person}"


def new_secret() -> str:
    """Return a new key for an authenticator, as people type it: base32 of 160 bits."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """Return what the QR code for an authenticator says (otpauth)."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 -- what every authenticator speaks


def code_at(secret: str, step: int) -> str:
    """Return the code of one half minute since 1970."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    present = int(now.timestamp()) // STEP_SECONDS
    for drift in DRIFT:
        if constant_time_compare(code_at(secret, present + drift), code):
            return present + drift
    return None


def by_code(person: Person, code: str, at: At) -> None:
    """Prove it by a code of one of the person's authenticators; each code is taken once. Raises NotProved, counters.TooMany."""
    left = reserve(person.pk, now=at.now)
    is_used = False
    for factor in person.factors.filter(kind=FactorKind.TOTP):
        step = _step_of(decrypt(factor.secret, _bound(factor)), code, at.now)
        if step is None:
            continue
        # one statement: of two that bring the same code at once, one finds it unused
        unused = Factor.objects.filter(Q(last_step=None) | Q(last_step__lt=step), pk=factor.pk)
        if unused.update(last_step=step, last_used_at=at.now):
            proved(person, at)
            return
        is_used = True
    words = _("这个动态码用过了，请等下一个") if is_used else _("动态码不对")
    raise refused(person, words, left, at)


def by_recovery_code(person: Person, code: str, at: At) -> int:
    """Prove it by a recovery code, which ends with it; return how many are left. Told. Raises NotProved, counters.TooMany."""
    left = reserve(person.pk, now=at.now)
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    with transaction.atomic(using=router.db_for_write(RecoveryCode)):
        taken = RecoveryCode.objects.filter(pk=_digest(person.pk, typed), person=person).delete()[0]
        if taken:
            _audit("factor.recovered", person, by=person.pk, now=at.now)
    if not taken:
        raise refused(person, _("恢复码不对，或用过了"), left, at)
    proved(person, at)
    remaining = person.recovery_codes.count()
    alerts.tell(person, _("您用恢复码登录了，还剩%(n)d个。不是您本人，请马上拨12345。") % {"n": remaining})
    return remaining


def add_totp(person: Person, *, secret: str, code: str, name: str, now: datetime) -> Factor:
    """Keep an authenticator whose first code is right; that code is spent. Audited, told. Raises NotProved, TooManyFactors."""
    step = _step_of(secret, code, now)
    if step is None:
        raise NotProved(_("动态码不对。请看一下手机时间准不准，再填新的"), 0)
    factor = Factor(person=person, kind=FactorKind.TOTP, name=name, last_step=step, added_at=now)
    factor.secret = encrypt(secret, _bound(factor))
    add(factor, person, now=now)
    return factor


def _bound(factor: Factor) -> str:
    return f"totp:{factor.person_id}:{factor.pk}"


def add(factor: Factor, person: Person, *, now: datetime) -> None:
    """Keep a factor that has just been proved. Audited, told. Raises TooManyFactors."""
    with transaction.atomic(using=router.db_for_write(Factor)):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.factors.count() >= MOST_FACTORS:
            raise TooManyFactors
        factor.save(force_insert=True)
        _audit("factor.add", person, by=person.pk, now=now)
    alerts.tell(person, _("您的账号加了一种登录验证。不是您本人加的，请马上拨12345。"))


def new_recovery_codes(person: Person, *, now: datetime) -> list[str]:
    """Make ten codes in the place of those before, and return them: they are shown now and never again. Audited."""
    codes = ["".join(secrets.choice(_LETTERS) for _n in range(CODE_LENGTH)) for _code in range(CODES)]
    with transaction.atomic(using=router.db_for_write(RecoveryCode)):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        person.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(digest=_digest(person.pk, code), person=person, made_at=now) for code in codes
        )
        _audit("factor.codes", person, by=person.pk, now=now)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _digest(person: UUID, code: str) -> str:
    return blind_index(f"recovery:{person}:{code}")


def remove(person: Person, factor: UUID, *, now: datetime) -> bool:
    """Take one factor away, and the recovery codes with the last; return whether there was one. Audited, told.

    Raises LastFactor where the person's post demands one.
    """
    with transaction.atomic(using=router.db_for_write(Factor)):
        # in line with another removal: two at once must not take the last two
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        others = person.factors.exclude(pk=factor).exists()
        if not others and passwords.is_strict(person):
            raise LastFactor
        if not person.factors.filter(pk=factor).delete()[0]:
            return False
        if not others:
            person.recovery_codes.all().delete()
        _audit("factor.remove", person, by=person.pk, now=now)
    alerts.tell(person, _("您的账号删了一种登录验证。不是您本人删的，请马上拨12345。"))
    return True


def reset(person: UUID, *, by: UUID | None, now: datetime) -> None:
    """Take every factor and recovery code from somebody who lost them, and end all that is open. Audited, told.

    For an admin who has made sure who asks (`by`; None for a command): the person signs in by password and sets up anew.
    """
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        found.factors.all().delete()
        found.recovery_codes.all().delete()
        Challenge.objects.filter(person=found).delete()
        end_all(found)
        _audit("factor.reset", found, by=by, now=now)
    counters.reset(_key(person))
    alerts.tell(found, _("管理员重置了您的登录验证，请登录后重新设。不是您要的，请马上拨12345。"))


def _audit(action: str, person: Person, *, by: UUID | None, now: datetime) -> None:
    row = Record(at=now, actor=by, action=action, object=person.username)
    row.save(using=router.db_for_write(Person), force_insert=True)
