"""Those for whom others act: found by ID number inside this hall, joined to an account only where number, name and phone agree."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.encryption import blind_index
from accounts.queries import person_with_phone
from cases.hall.models import Principal
from cases.hall.queries import place


@dataclass(frozen=True)
class Facts:
    """Who it is, by clean values (accounts.validators). A child may have no number, an old neighbour no phone."""

    name: str
    id_number: str = ""
    phone: str = ""
    born_on: str = ""


class OtherName(Exception):
    """The number stands here under another name."""

    def __init__(self) -> None:
        super().__init__(_("姓名和身份证号对不上，请对照证件再看一遍"))


class OtherPhone(Exception):
    """The number stands here with another phone: a proxy must not change where the codes go."""

    def __init__(self) -> None:
        super().__init__(_("手机号和以前留的不一样。请空着不填，或请他带身份证到窗口改"))


def id_index(id_number: str) -> str:
    """Return how this hall looks a number up: no other hall's rows can be matched with it."""
    return blind_index(f"principal:{place.here().role}:{id_number}")


def of(facts: Facts, *, now: datetime) -> Principal:
    """Return this hall's row of a person, made when there is none. Raises OtherName, OtherPhone.

    An account is theirs when its phone, its ID number and its name are the same: one phone may serve two people, and
    may have passed to a stranger.
    """
    if not facts.id_number:
        return _made(facts, now)
    index = id_index(facts.id_number)
    known = Principal.objects.filter(id_index=index).first()
    if known is None:
        try:
            with transaction.atomic():
                return _made(facts, now)
        except IntegrityError:
            # somebody named the same person a moment ago
            known = Principal.objects.get(id_index=index)
    if known.name != facts.name:
        raise OtherName
    if facts.phone and known.phone and facts.phone != known.phone:
        raise OtherPhone
    if facts.phone and not known.phone:
        known.phone, known.phone_index = facts.phone, blind_index(facts.phone)
        known.save(update_fields=["phone", "phone_index"])
    return known


def _made(facts: Facts, now: datetime) -> Principal:
    account = person_with_phone(facts.phone, facts.name) if facts.phone else None
    is_theirs = account is not None and account.id_number == facts.id_number
    return Principal.objects.create(
        person=account.pk if account is not None and is_theirs else uuid4(),
        has_account=is_theirs,
        name=facts.name,
        id_number=facts.id_number,
        id_index=id_index(facts.id_number) if facts.id_number else None,
        phone=facts.phone,
        phone_index=blind_index(facts.phone) if facts.phone else "",
        born_on=facts.born_on,
        created_at=now,
    )
