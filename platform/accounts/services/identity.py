"""Who somebody is: name and ID number claimed, checked, verified, and the true owner's before anybody else's.

A claim keeps nobody out: what stands on check digits or on a register's yes belongs to whoever typed it, and verification takes it
away from them. A verified number is one open account's; the database says so too. Whoever names it after that is refused, and its
owner is told. Everything is written on `gate`, in one transaction with its audit row, whoever asks: nothing of a hall goes with it.
"""

import contextlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, router, transaction
from django.utils.translation import gettext as _

from accounts import checking, sms
from accounts.encryption import blind_index
from accounts.enums import VERIFIED_BY, Level, ProvedBy
from accounts.models import Person, WindowCode
from accounts.queries import id_index
from accounts.services import counters
from accounts.services.sessions import end_all
from accounts.validators import normalize_id, normalize_name, validate_id_number, validate_name
from audit.models import Record

CLAIMS_A_DAY = 5
A_DAY = 24 * 3600
# 31 characters to the eighth: 40 bits, and a clerk has few tries
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
CODE_LASTS = timedelta(minutes=15)
LOOKS, LOOKS_SECONDS = 10, 15 * 60
_IDENTITY = ["name", "id_number", "id_index", "proved_by", "proved_at"]


class NumberTaken(Exception):
    """The number is verified for another open account; the text says what the person can do, and not whose it is."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "这个身份证号已由本人在另一个账号上实名认证。是您以前的账号，请登录那一个；进不去，请带身份证到窗口"
            )
        )


class OtherPerson(Exception):
    """What was proved is not what the account says: nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            _("认证的姓名、证件号和您账号里的不一样。请改好账号里的，或用您本人的认证，再来一次")
        )


class AlreadyVerified(Exception):
    """A verified name and number are not changed by their person: the window looks at the card."""

    def __init__(self) -> None:
        super().__init__(_("您已实名认证，姓名和证件号不能自己改。改过名的，请带证件到窗口"))


class CodeUnknown(Exception):
    """No such code is in force."""

    def __init__(self, left: int) -> None:
        super().__init__(_("没有这个办事码，或者过了 15 分钟，请他再取一个。还能试 %(n)d 次") % {"n": left})


class ChangedMeanwhile(Exception):
    """The person changed name or number after the clerk had looked: nothing was verified."""

    def __init__(self) -> None:
        super().__init__(_("他刚改了姓名或身份证号，请再查一次办事码，对着证件看"))


class NothingGiven(Exception):
    """The person has not said who they are: there is nothing to compare a card with."""

    def __init__(self) -> None:
        super().__init__(_("他还没填姓名和身份证号，请他先在“我的账号”里填好"))


def claim(person: UUID, *, name: str, id_number: str, now: datetime) -> Person:
    """Take name and ID number for an account that is not verified: level 2 when both are right together.

    Five tries a day. Raises ValidationError, counters.TooMany, NumberTaken, AlreadyVerified, checking.NoMatch, checking.NotReachable.
    """
    name, id_number = _clean(name, id_number)
    counters.reserve(f"identity:{person}", limit=CLAIMS_A_DAY, window_seconds=A_DAY, now=now)
    refuse_taken(id_number, by=person, now=now)
    proved_by = checking.check(name, id_number)
    with transaction.atomic(using=router.db_for_write(Person)):
        _in_line(id_number, now)
        found = Person.objects.select_for_update().get(pk=person)
        if found.level == Level.VERIFIED:
            raise AlreadyVerified
        if _owner(id_number, found.pk) is not None:
            raise NumberTaken
        _write(found, name, id_number, proved_by, now)
        _audit("person.claim", found, by=person, now=now, detail={"proved_by": proved_by})
    return found


def refuse_taken(id_number: str, *, by: UUID | None, now: datetime) -> None:
    """Refuse a number that is verified for somebody else, and tell its owner, once a day. Raises NumberTaken."""
    owner = _owner(id_number, by)
    if owner is None:
        return
    with contextlib.suppress(counters.TooMany):
        counters.reserve(f"identity:told:{owner.pk}", limit=1, window_seconds=A_DAY, now=now)
        _tell(owner, _("有人想用您的身份证号认证另一个账号，没有通过。不是您本人的，请拨12345。"))
    raise NumberTaken


def verify(
    person: UUID,
    *,
    name: str,
    id_number: str,
    how: ProvedBy,
    by: UUID,
    now: datetime,
    detail: dict[str, str] | None = None,
    takes_over: bool = False,
) -> Person:
    """Write that this account's person is proved to have this name and number: level 3. Audited.

    In order: who asks for one number stands in line; an account that says something else of its person is refused; a number that
    is verified elsewhere is refused and its owner told (or, with `takes_over`, at the window, that account loses it and is signed
    out); claims that others made on it fall, and they are told. Raises OtherPerson, NumberTaken, ValidationError.
    """
    name, id_number = _clean(name, id_number)
    if not takes_over:
        refuse_taken(id_number, by=person, now=now)
    try:
        with transaction.atomic(using=router.db_for_write(Person)):
            _in_line(id_number, now)
            found = Person.objects.select_for_update().get(pk=person)
            if (found.id_number and found.id_number != id_number) or (
                found.name and normalize_name(found.name) != name
            ):
                raise OtherPerson
            fallen = _take_from_others(found, id_number, with_verified=takes_over)
            _write(found, name, id_number, how, now)
            _audit("person.verify", found, by=by, now=now, detail={"proved_by": how.value, **(detail or {})})
            for other in fallen:
                _audit("person.claim_fell", other, by=by, now=now, detail={})
    except IntegrityError:
        # somebody else verified it a moment ago
        raise NumberTaken from None
    for other in fallen:
        _tell(other, _("您填的身份证号已由本人认证到别的账号。请带身份证到窗口核对您的账号。"))
    return found


def _take_from_others(found: Person, id_number: str, *, with_verified: bool) -> list[Person]:
    others = Person.objects.select_for_update().filter(id_index=id_index(id_number)).exclude(pk=found.pk)
    fallen = []
    for other in others.order_by("pk"):
        if other.level == Level.VERIFIED and other.is_active:
            if not with_verified:
                raise NumberTaken
            end_all(other)
        _write(other, other.name, "", "", None)
        fallen.append(other)
    return fallen


def _write(person: Person, name: str, id_number: str, proved_by: str, now: datetime | None) -> None:
    person.name, person.id_number = name, id_number
    person.id_index = id_index(id_number) if id_number else None
    person.proved_by, person.proved_at = proved_by, now
    person.save(update_fields=_IDENTITY)


def _owner(id_number: str, besides: UUID | None) -> Person | None:
    found = Person.objects.filter(id_index=id_index(id_number), proved_by__in=VERIFIED_BY, is_active=True)
    return (found.exclude(pk=besides) if besides else found).first()


def _in_line(id_number: str, now: datetime) -> None:
    """Let those who ask for one number come one after the other: the counter's row stays locked until the transaction ends."""
    counters.reserve(f"identity:line:{id_index(id_number)}", limit=1_000_000, window_seconds=A_DAY, now=now)


def _clean(name: str, id_number: str) -> tuple[str, str]:
    validate_name(name)
    validate_id_number(id_number)
    return normalize_name(name), normalize_id(id_number)


def _tell(person: Person, text: str) -> None:
    # the account's page says it too; a message that does not leave undoes nothing
    if person.phone:
        with contextlib.suppress(sms.NotSent):
            sms.send(person.phone, text)


def show_code(person: UUID, *, now: datetime) -> str:
    """Return a code that this person shows at the window; a new one replaces the old. Kept hashed."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _unused in range(CODE_LENGTH))
    WindowCode.objects.update_or_create(
        person_id=person, defaults={"digest": _digest(code), "expires_at": now + CODE_LASTS}
    )
    return code


def shown(code: str, *, clerk: UUID, now: datetime) -> Person:
    """Return whose code a clerk was shown. Ten tries a quarter of an hour, given back for a right one.

    Raises CodeUnknown, counters.TooMany. The caller has asked for the clerk's post, and notes in the hall that it was looked at.
    """
    tried = counters.reserve(f"window-code:{clerk}", limit=LOOKS, window_seconds=LOOKS_SECONDS, now=now)
    found = (
        WindowCode.objects.select_related("person")
        .filter(digest=_digest(code), expires_at__gt=now, person__is_active=True)
        .exclude(person=clerk)
        .first()
    )
    if found is None:
        raise CodeUnknown(tried.left)
    counters.release(tried.key)
    return found.person


def mark_of(person: Person) -> str:
    """Return a mark of the name and number that a page shows, so that what is confirmed is what was seen."""
    return blind_index(f"seen:{person.pk}:{person.name}:{person.id_number}")


def at_window(
    code: str,
    *,
    seen: str,
    document: str,
    reason: str,
    clerk: UUID,
    hall: str,
    takes_over: bool,
    now: datetime,
) -> Person:
    """Verify whose code this is, by the card that the clerk has before them; the code is spent. Audited with hall, card and reason.

    `seen` is the mark of what the clerk compared with the card. A verified account stays as it is. Raises ChangedMeanwhile, CodeUnknown, NothingGiven, NumberTaken (until the clerk says with `takes_over` that
    the person gives up the other account), counters.TooMany.
    """
    person = shown(code, clerk=clerk, now=now)
    if not person.id_number or not person.name:
        raise NothingGiven
    if mark_of(person) != seen:
        raise ChangedMeanwhile
    if person.level != Level.VERIFIED:
        person = verify(
            person.pk,
            name=person.name,
            id_number=person.id_number,
            how=ProvedBy.WINDOW,
            by=clerk,
            now=now,
            detail={"hall": hall, "document": document, "reason": reason},
            takes_over=takes_over,
        )
    WindowCode.objects.filter(digest=_digest(code)).delete()
    return person


def _digest(code: str) -> str:
    return blind_index(f"window-code:{''.join(code.split()).upper()}")


def _audit(action: str, person: Person, *, by: UUID | None, now: datetime, detail: dict[str, str]) -> None:
    row = Record(at=now, actor=by, action=action, object=person.username, detail=detail)
    row.save(using=router.db_for_write(Person), force_insert=True)
