"""The hall's own items 地方特色, origin 99: drafted by one person beside the live item, published by another."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import NOBODY, Actor
from catalog.hall.models import LocalDraft, LocalItem, LocalVersion
from catalog.hall.services import offers
from catalog.shared.codes import LOCAL_ORIGIN
from catalog.shared.models import Draft, Version
from catalog.shared.services import batches, editions
from catalog.shared.services.batches import Approved, Proposal
from catalog.shared.services.editions import Life
from catalog.shared.services.signing import record

TRIES = 5
SHELF = editions.Shelf(LocalItem, LocalDraft, LocalVersion)


def draft(fields: Mapping[str, Any], *, by: Actor, now: datetime) -> Draft:
    """Make a draft of a new local item under the next code of origin 99. Raises editions.BadFields."""
    for attempt in range(TRIES):
        code = _next_code(str(fields.get("type") or ""))
        try:
            with transaction.atomic():
                made = editions.save_draft(SHELF, code, fields, seen=None, by=by, now=now)
            break
        except IntegrityError:
            # somebody took the number between our look and our insert
            if attempt == TRIES - 1:
                raise
    record("local.draft", code, by=by, now=now, detail={"revision": made.revision})
    return made


def edit(
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
    """Change the draft of a local item, or begin one beside the live item. Raises what editions.save_draft raises, and Unknown."""
    if not known(code):
        raise editions.Unknown(_("本厅没有这个自己的事项"))
    saved = editions.save_draft(
        SHELF, code, fields, life=life, seen=seen, seen_version=seen_version, by=by, now=now, note=note
    )
    record("local.edit", code, by=by, now=now, detail={"revision": saved.revision})
    return saved


def publish(code: str, *, seen: int | None = None, by: Actor, now: datetime) -> Version | Draft:
    """Put a draft before the public as its second person, or let it wait for its day. Raises what editions.approve raises."""
    done = editions.approve(SHELF, code, seen=seen, by=by, now=now)
    _tell(done, by=by, now=now)
    return done


def save_many(proposals: Mapping[str, Proposal], *, by: Actor, now: datetime, note: str) -> dict[str, int]:
    """Save the drafts of many items of the hall's own under codes that are given; return their revisions.

    Raises editions.BadFields.
    """
    saved = batches.save_drafts(SHELF, proposals, by=by, now=now, note=note)
    record("local.edit_many", "", by=by, now=now, detail={"note": note, "revisions": saved})
    return saved


def publish_many(seen: Mapping[str, int], *, by: Actor, now: datetime) -> Approved:
    """Publish many drafts as their second person, all or none, each as it was read. Raises batches.NotAll."""
    done = batches.approve_drafts(SHELF, seen, by=by, now=now)
    offers.sync(done.published)
    detail = {"published": done.published, "waiting": done.waiting, "left": done.left}
    record("local.publish_many", "", by=by, now=now, detail=detail)
    return done


def discard(code: str, *, by: Actor, now: datetime) -> None:
    """Throw a draft away; the live item stays. Raises editions.NotADraft, editions.Unknown."""
    thrown = editions.discard(SHELF, code)
    record("local.discard", code, by=by, now=now, detail={"revision": thrown.revision})


def come_due(*, now: datetime) -> int:
    """Publish the approved drafts whose day has come and retire what has run out; return how many. For the worker."""
    done = [editions.publish(SHELF, waiting, now=now) for waiting in editions.due_drafts(SHELF, now=now)]
    done += [editions.retire(SHELF, item, now=now) for item in editions.run_out(SHELF, now=now)]
    if done:
        offers.sync([version.code for version in done])
    for version in done:
        record(
            "local.publish",
            version.code,
            by=NOBODY,
            now=now,
            detail={"version": version.version, "due": True},
        )
    return len(done)


def load(rows: Iterable[Mapping[str, Any]], *, drafted_by: Actor, published_by: Actor, now: datetime) -> int:
    """Put local items with codes of their own into the hall in scope, published; those that are there stay.

    For loading a city: two persons all the same. Raises editions.SamePerson, NotPublishable, BadFields.
    """
    made = editions.load(SHELF, rows, edited_by=drafted_by, approved_by=published_by, note=_("装入"), now=now)
    offers.sync(made)
    return len(made)


def known(code: str) -> bool:
    """Say whether this hall has an item or a draft of this code of its own."""
    return LocalDraft.objects.filter(code=code).exists() or LocalItem.objects.filter(code=code).exists()


def _tell(done: Version | Draft, *, by: Actor, now: datetime) -> None:
    if isinstance(done, Version):
        offers.sync([done.code])
        record("local.publish", done.code, by=by, now=now, detail={"version": done.version})
    else:
        record("local.approve", done.code, by=by, now=now, detail={"from": str(done.effective_from)})


def _next_code(item_type: str) -> str:
    start = f"{LOCAL_ORIGIN}{item_type or '20'}00"
    used = [
        model._default_manager.filter(code__startswith=start)
        .order_by("-code")
        .values_list("code", flat=True)
        .first()
        for model in (LocalItem, LocalDraft, LocalVersion)
    ]
    last = max((code for code in used if code), default="")
    number = int(last[len(start) : -2]) + 1 if last else 1
    return f"{start}{number:06d}00"
