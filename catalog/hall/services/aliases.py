"""A hall's own aliases: what people here call an item, added by its staff from what searches did not find."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.hall.models import ItemAlias
from catalog.hall.services import wordings
from catalog.hall.services.offers import hall_role
from catalog.shared import grams
from catalog.shared.models import Offer
from catalog.shared.services import searches
from catalog.shared.services.signing import person_of, record

LONGEST = 30


class BadAlias(Exception):
    """The alias holds no word, is too long or is there already; the text says what to write."""


class NoSuchItem(Exception):
    """This hall has no item in use of this code or name."""


def find(item: str) -> Offer:
    """Return this hall's item by its code or its whole name. Raises NoSuchItem."""
    wanted = item.replace("\x00", "").strip()
    there = Offer.objects.filter(hall_id=hall_role(), is_active=True)
    found = there.filter(code=wanted).first() or there.filter(name=wanted).order_by("code").first()
    if found is None:
        raise NoSuchItem(_("本厅没有这个事项，写事项的全名或 14 位编码"))
    return found


def add(alias: str, item: str, *, by: Actor, now: datetime) -> ItemAlias:
    """Let this hall's search find an item (its code or name) by an alias. Raises BadAlias, NoSuchItem."""
    text = alias.replace("\x00", "").strip()
    if not grams.spelt(text):
        raise BadAlias(_("写人们平时的叫法，比如“准生证”"))
    if len(text) > LONGEST:
        raise BadAlias(_("叫法最多 %(n)d 个字，写短一些") % {"n": LONGEST})
    code = find(item).code
    row = ItemAlias(code=code, alias=text, person=person_of(by), person_name=by.display_name, made_at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise BadAlias(_("这个事项已经有这个叫法了")) from None
    wordings.sync(hall_role(), [code])
    searches.settle(hall_role(), text)
    record("alias.add", code, by=by, now=now, detail={"alias": text})
    return row


def remove(pk: int, *, by: Actor, now: datetime) -> ItemAlias | None:
    """Take an alias back; return it, or None when it is gone already."""
    row = ItemAlias.objects.filter(pk=pk).first()
    if row is None:
        return None
    row.delete()
    wordings.forget(hall_role(), row.code)
    record("alias.remove", row.code, by=by, now=now, detail={"alias": row.alias})
    return row
