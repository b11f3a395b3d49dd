"""我的材料: what a person keeps to hand in again. Rows on `gate`, contents encrypted; no hall's role reaches either.

A hall gets a copy when its owner puts one into a draft, and that is an ordinary file of the case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from uuid import UUID

from django.core.files.storage import storages
from django.db import router, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import disk
from accounts.encryption import cipher
from accounts.enums import Trust
from accounts.material_kinds import BY_CODE
from accounts.models import Material, Person

MOST = 60
MOST_BYTES = 200 * 1024 * 1024
_RANK = {Trust.OWN: 0, Trust.SEEN: 1, Trust.ISSUED: 2}


class NotKept(Exception):
    """It is not kept; the text says why and what to do."""


class Expired(Exception):
    """The paper has run out: it is shown to its owner, and goes into no application."""


@dataclass(frozen=True)
class Paper:
    """What is to be kept: looked at before by whoever read the file. `source` is the hall that saw or issued it."""

    kind: str
    label: str
    name: str
    content_type: str
    content: bytes
    sha256: str
    trust: Trust = Trust.OWN
    source: str = ""
    source_number: str = ""
    expires_on: date | None = None


def keep(person: UUID, paper: Paper, *, now: datetime) -> Material:
    """Keep a paper for this person; the same content again is the same paper, with the higher trust of the two.

    Raises NotKept: too many, too large together, an unknown kind, no room on the disk.
    """
    if paper.kind not in BY_CODE:
        raise NotKept(_("请选一种"))
    with transaction.atomic(using=router.db_for_write(Material)):
        # two at once are counted one after the other
        Person.objects.select_for_update().get(pk=person)
        former = Material.objects.filter(person=person, sha256=paper.sha256).first()
        if former is not None:
            return _known_better(former, paper)
        _check_room(person, len(paper.content))
        material = Material(person_id=person, size=len(paper.content), kept_at=now)
        for name in ("kind", "label", "name", "content_type", "sha256", "trust", "source", "source_number"):
            setattr(material, name, getattr(paper, name))
        material.expires_on = paper.expires_on
        closed = cipher().encrypt_bytes(paper.content, _context(material))
        try:
            material.path = disk.keep(BytesIO(closed), f"vault/{timezone.localdate(now):%Y}")
        except OSError:
            raise NotKept(_("没有存下：现在存不了文件，请过一会儿再存")) from None
        try:
            material.save(force_insert=True)
        except BaseException:
            storages["cases"].delete(material.path)
            raise
    return material


def _known_better(former: Material, paper: Paper) -> Material:
    if _RANK[paper.trust] > _RANK[Trust(former.trust)]:
        former.trust, former.source, former.source_number = paper.trust, paper.source, paper.source_number
    former.kind, former.label = paper.kind, paper.label
    former.expires_on = paper.expires_on or former.expires_on
    former.save(update_fields=["trust", "source", "source_number", "kind", "label", "expires_on"])
    return former


def _check_room(person: UUID, size: int) -> None:
    there = Material.objects.filter(person=person).aggregate(number=Count("pk"), size=Sum("size"))
    if there["number"] >= MOST:
        raise NotKept(_("最多存 %(n)d 份，请先删掉不用的") % {"n": MOST})
    if (there["size"] or 0) + size > MOST_BYTES:
        raise NotKept(_("存满了（一共 200 MB），请先删掉不用的"))


def content(material: Material) -> bytes:
    """Return the paper itself. The caller has read the row as its owner's (queries.material_of).

    Raises FileNotFoundError, encryption.NotReadable.
    """
    with storages["cases"].open(material.path) as stream:
        return cipher().decrypt_bytes(stream.read(), _context(material))


def to_hand_in(material: Material, *, today: date) -> bytes:
    """Return the paper itself for an application. Raises Expired, FileNotFoundError, encryption.NotReadable."""
    if is_expired(material, today):
        raise Expired(_("这份已经过期，不能用来办事，请换一份新的"))
    return content(material)


def is_expired(material: Material, today: date) -> bool:
    """Whether the paper's last day has passed."""
    return material.expires_on is not None and material.expires_on < today


def set_expiry(person: UUID, pk: UUID, expires_on: date | None) -> bool:
    """Note until when a paper holds; False when this person keeps none of this key. What a hall issued says it itself."""
    own = Material.objects.filter(pk=pk, person=person).exclude(trust=Trust.ISSUED)
    return bool(own.update(expires_on=expires_on))


def remove(person: UUID, pk: UUID) -> bool:
    """Delete a paper, row and content; False when this person keeps none of this key."""
    return bool(_erase(Material.objects.filter(pk=pk, person=person)))


def erase(person: UUID) -> int:
    """Delete all that this person keeps, as when the account goes; return how many papers it was."""
    return _erase(Material.objects.filter(person=person))


def _erase(found: Iterable[Material]) -> int:
    number = 0
    for material in found:
        with transaction.atomic(using=router.db_for_write(Material)):
            Material.objects.filter(pk=material.pk).delete()
        # a crash between the two leaves bytes that nobody can find or open; the other way round a row without content
        storages["cases"].delete(material.path)
        number += 1
    return number


def _context(material: Material) -> str:
    """What the ciphertext is bound to: put in the place of another's, or of another paper, it does not open."""
    return f"material:{material.person_id}:{material.pk}"
