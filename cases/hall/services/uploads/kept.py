"""From what a person keeps into their draft, and from a case into what they keep. The keeping is accounts' (`materials`).

Only whoever it is about: somebody who acts for another reaches nothing that the other keeps.
"""

from datetime import date, datetime
from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import material_kinds
from accounts.actor import Actor
from accounts.encryption import NotReadable
from accounts.enums import Trust
from accounts.models import Material
from accounts.services import materials
from cases.hall import files
from cases.hall.models import Case, CaseFile
from cases.hall.queries import place
from cases.hall.queries.access import is_self, person_of
from cases.hall.services import attachments, drafts


def use(case: Case, material: Material, *, material_key: str, actor: Actor, now: datetime) -> CaseFile:
    """Put a copy of what this person keeps into their draft.

    Raises PermissionDenied for whoever acts for another, FileRefused (expired, another kind), NotADraft.
    """
    if not is_self(actor, case) or material.person_id != case.person:
        raise PermissionDenied
    case = drafts.locked(case, actor, now)
    wanted = attachments.check_material(case, material_key)
    if not material_kinds.fits(material.kind, material.label, str(wanted["name"])):
        raise files.FileRefused(_("这份不是{name}，请另选").format(name=wanted["name"]))
    facts = _facts(material, now)
    known = attachments.Known(material.trust, note(material))
    taken = attachments.keep(case, facts, material_key=material_key, actor=actor, now=now, known=known)
    drafts.touch(case, now)
    return taken


def wait(material: Material, *, actor: Actor, now: datetime) -> CaseFile:
    """Put a copy of what this person keeps among their files that wait for an application by API. Raises FileRefused."""
    if material.person_id != person_of(actor):
        raise PermissionDenied
    known = attachments.Known(material.trust, note(material))
    return attachments.keep(None, _facts(material, now), material_key="", actor=actor, now=now, known=known)


def _facts(material: Material, now: datetime) -> files.FileFacts:
    """Return what is to be kept of a material: it was looked at when it was kept, and its bytes are sealed since."""
    try:
        content = materials.to_hand_in(material, today=timezone.localdate(now))
    except materials.Expired as refusal:
        raise files.FileRefused(str(refusal)) from None
    except (FileNotFoundError, NotReadable):
        raise files.FileRefused(_("这份打不开了，请从“我的材料”删掉，再传一份新的")) from None
    return files.facts_of(BytesIO(content), files.kind_of_type(material.content_type), material.name)


def note(material: Material) -> str:
    """Return in a line how far a material is known: when it was kept, who compared or issued it."""
    kept = f"{timezone.localtime(material.kept_at):%Y-%m}"
    if material.trust == Trust.SEEN:
        return _("{month} 存，{hall}核过原件").format(month=kept, hall=material.source)
    if material.trust == Trust.ISSUED:
        return _("{month} 存，{hall}发的").format(month=kept, hall=material.source)
    return _("{month} 存，自己传的").format(month=kept)


def keep_file(case: Case, file: CaseFile, *, actor: Actor, now: datetime) -> Material:
    """Keep a file of one's own case. What a clerk here compared with the original is kept as such.

    Raises PermissionDenied for whoever acts for another, materials.NotKept.
    """
    if not is_self(actor, case) or file.case_id != case.pk:
        raise PermissionDenied
    name = next(
        (str(row["name"]) for row in case.item.get("materials") or [] if row["key"] == file.material_key),
        file.name,
    )
    with storages["cases"].open(file.path) as stream:
        content = stream.read()
    is_seen = file.seen_at is not None
    paper = materials.Paper(
        kind=material_kinds.kind_of(name).code,
        label=name[:120],
        name=file.name,
        content_type=file.content_type,
        content=content,
        sha256=file.sha256,
        trust=Trust.SEEN if is_seen else Trust.OWN,
        source=place.here().name if is_seen else "",
        source_number=str(case.number) if is_seen else "",
    )
    return materials.keep(person_of(actor), paper, now=now)


def keep_result(
    case: Case, content: bytes, *, title: str, valid_until: date | None, actor: Actor, now: datetime
) -> Material:
    """Keep what the case gave: a paper of the hall itself. Raises PermissionDenied, materials.NotKept."""
    if not is_self(actor, case):
        raise PermissionDenied
    facts = files.facts_of(BytesIO(content), "pdf", title)
    paper = materials.Paper(
        kind=material_kinds.kind_of(title).code,
        label=title[:120],
        name=facts.name,
        content_type=facts.content_type,
        content=content,
        sha256=facts.sha256,
        trust=Trust.ISSUED,
        source=place.here().name,
        source_number=str(case.number),
        expires_on=valid_until,
    )
    return materials.keep(person_of(actor), paper, now=now)
