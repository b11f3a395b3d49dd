"""The pages of a draft's file: turned, put in another order, taken out, more put behind. Each makes a new file of the old."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall import files, leaves
from cases.hall.leaves import making
from cases.hall.models import Case, CaseFile
from cases.hall.services import attachments, drafts

PDF = "application/pdf"
ACTS = ("turn", "earlier", "later", "remove")


def change(case: Case, pk: UUID, *, page: int, act: str, actor: Actor, now: datetime) -> CaseFile:
    """Do one of ACTS with a page (from 1) of a draft's file. What cannot be done, as the first page earlier, changes nothing.

    Raises FileRefused (a signed PDF among them), NotADraft, MandateOver, CaseFile.DoesNotExist.
    """

    def made(content: bytes, file: CaseFile) -> bytes:
        if file.content_type != PDF:
            return making.picture(content, making.FORMS[file.content_type], turn=90)[1]
        total = leaves.pages(BytesIO(content), PDF, file.sha256)
        return making.arrange(content, arranged(total, page, act))

    if act == "turn":
        return _remade(case, pk, made, actor=actor, now=now)
    file = case.files.get(pk=pk, removed_at=None)
    if file.content_type != PDF:
        return file
    return _remade(case, pk, made, actor=actor, now=now)


def arranged(total: int, page: int, act: str) -> list[tuple[int, int]]:
    """Return which pages come in which order, each with its turn, after an act on one of them."""
    order = [(number, 0) for number in range(1, total + 1)]
    place = min(max(page, 1), total) - 1
    if act == "turn":
        order[place] = (order[place][0], 90)
    elif act == "remove" and total > 1:
        del order[place]
    elif act in ("earlier", "later"):
        other = min(max(place + (1 if act == "later" else -1), 0), total - 1)
        order[place], order[other] = order[other], order[place]
    return order


def append(case: Case, pk: UUID, *, upload: Any, actor: Actor, now: datetime) -> CaseFile:
    """Put one or several more files behind a draft's file: it becomes one PDF.

    Raises FileRefused, NotADraft, MandateOver, CaseFile.DoesNotExist.
    """
    more = files.inspect(upload, upload.name or "")
    added = (more.content_type, more.content.read())
    return _remade(
        case,
        pk,
        lambda content, file: making.join([(file.content_type, content), added]),
        actor=actor,
        now=now,
        kind="pdf",
    )


def _remade(
    case: Case,
    pk: UUID,
    make: Callable[[bytes, CaseFile], bytes],
    *,
    actor: Actor,
    now: datetime,
    kind: str = "",
) -> CaseFile:
    """Put what is made of a file in its place. Nobody has compared that with an original."""
    case = drafts.locked(case, actor, now)
    file = case.files.select_for_update().get(pk=pk, removed_at=None)
    with storages["cases"].open(file.path) as stream:
        content = stream.read()
    try:
        made = make(content, file)
    except leaves.Unreadable as problem:
        raise files.refused(problem) from None
    name = file.name.rpartition(".")[0] if kind else file.name
    facts = files.facts_of(BytesIO(made), kind or files.kind_of_type(file.content_type), name)
    if facts.size > files.MAX_SIZE:
        raise files.FileRefused(_("合起来太大，请分开传"))
    attachments.drop([file], now=now)
    taken = attachments.keep(case, facts, material_key=file.material_key, actor=actor, now=now)
    drafts.touch(case, now)
    return taken
