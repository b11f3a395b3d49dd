"""The city's own work on its catalogue: drafts, approval, publication. As the city; nothing is written into any hall's schema."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import NOBODY, Actor
from catalog.shared import codes
from catalog.shared.models import Draft, Version
from catalog.shared.services import batches, editions, offers, wordings
from catalog.shared.services.batches import Approved, Proposal
from catalog.shared.services.editions import SHARED, Life
from catalog.shared.services.signing import record


def save(
    code: str,
    fields: Mapping[str, Any],
    *,
    life: Life | None = None,
    seen: int | None = None,
    seen_version: int | None = None,
    by: Actor,
    now: datetime,
    note: str = "",
) -> Draft:
    """Lay values over the draft of a shared item, which is begun when there is none. Raises what editions.save_draft raises."""
    saved = editions.save_draft(
        SHARED, code, fields, life=life, seen=seen, seen_version=seen_version, by=by, now=now, note=note
    )
    record("shared.edit", code, by=by, now=now, detail={"revision": saved.revision, "fields": sorted(fields)})
    return saved


def create(
    code: str,
    fields: Mapping[str, Any],
    *,
    life: Life | None = None,
    by: Actor,
    now: datetime,
    note: str = "",
) -> Draft:
    """Begin the draft of an item that is yet to be, under a code that nobody ever had.

    Raises editions.BadFields: of `code` when it is no code of the city's (GB/T 39554.1-2020) or was used before.
    """
    if problem := code_problem(code):
        raise editions.BadFields({"code": problem})
    return save(code, fields, life=life, seen=0, by=by, now=now, note=note)


def code_problem(code: str) -> str:
    """Return why no new shared item may have this code; empty when it may. A code is never given twice."""
    try:
        codes.validate_code(code)
    except ValidationError as problem:
        return "；".join(problem.messages)
    if code.startswith(codes.LOCAL_ORIGIN):
        return _("99 开头的编码是各大厅自己的事项用的，请换一个")
    if known(code):
        return _("这个编码已经用过了，编码不能重复用，请换一个")
    return ""


def known(code: str) -> bool:
    """Say whether an item, a draft or a version of this code is or was in the city's catalogue."""
    return any(
        model._default_manager.filter(code=code).exists()
        for model in (SHARED.live, SHARED.drafts, SHARED.versions)
    )


def approve(code: str, *, seen: int | None = None, by: Actor, now: datetime) -> Version | Draft:
    """Publish a draft as its second person, at once or on the day that it names. Raises what editions.approve raises."""
    done = editions.approve(SHARED, code, seen=seen, by=by, now=now)
    if isinstance(done, Version):
        published([done.code])
        record(
            "shared.publish", code, by=by, now=now, detail={"version": done.version, "change": done.change}
        )
    else:
        record("shared.approve", code, by=by, now=now, detail={"from": str(done.effective_from)})
    return done


def save_many(proposals: Mapping[str, Proposal], *, by: Actor, now: datetime, note: str) -> dict[str, int]:
    """Save the drafts of many shared items, as `save` would each; return their revisions. Raises editions.BadFields."""
    saved = batches.save_drafts(SHARED, proposals, by=by, now=now, note=note)
    record("shared.edit_many", "", by=by, now=now, detail={"note": note, "revisions": saved})
    return saved


def approve_many(seen: Mapping[str, int], *, by: Actor, now: datetime) -> Approved:
    """Publish many drafts as their second person, all or none, each as it was read. Raises batches.NotAll."""
    done = batches.approve_drafts(SHARED, seen, by=by, now=now)
    published(done.published)
    detail = {"published": done.published, "waiting": done.waiting, "left": done.left}
    record("shared.publish_many", "", by=by, now=now, detail=detail)
    return done


def discard(code: str, *, by: Actor, now: datetime) -> None:
    """Throw a draft away; the live item stays. Raises editions.NotADraft, editions.Unknown."""
    thrown = editions.discard(SHARED, code)
    record("shared.discard", code, by=by, now=now, detail={"revision": thrown.revision})


def come_due(*, now: datetime) -> int:
    """Publish the approved drafts whose day has come and retire what has run out; return how many. For the worker."""
    done = [editions.publish(SHARED, waiting, now=now) for waiting in editions.due_drafts(SHARED, now=now)]
    done += [editions.retire(SHARED, item, now=now) for item in editions.run_out(SHARED, now=now)]
    if done:
        published([version.code for version in done])
    for version in done:
        detail = {"version": version.version, "change": version.change, "due": True}
        record("shared.publish", version.code, by=NOBODY, now=now, detail=detail)
    return len(done)


def load(rows: Iterable[Mapping[str, Any]], *, note: str, now: datetime) -> list[str]:
    """Put the shared items that are missing in force, for loading a city; return their codes. Raises what editions.load raises."""
    made = editions.load(SHARED, rows, edited_by=None, approved_by=None, note=note, now=now)
    published(made)
    return made


def published(changed: Sequence[str]) -> None:
    """Bring what is derived of these shared items up to date, in the transaction that changed them: lists and searches."""
    offers.project_city(changed)
    wordings.write_shared(changed)
