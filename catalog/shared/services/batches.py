"""Many drafts at once, as `editions` does one: saved in a few statements, approved together or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.shared import sql
from catalog.shared.changes import changed_fields
from catalog.shared.models import Draft, ItemRow
from catalog.shared.pinyin import sort_key
from catalog.shared.services import editions
from catalog.shared.services.editions import BATCH, BadFields, Life, Shelf, fields_of
from catalog.shared.services.signing import person_of
from catalog.shared.validators import shape_problems

LIFE = ("status", "successor", "effective_from", "effective_to")


@dataclass(frozen=True)
class Proposal:
    """What is laid over one item: values by field, and its life where that changes, too."""

    changes: Mapping[str, Any]
    life: Life | None = None


@dataclass
class Approved:
    """What became of the drafts of a batch: published at once, waiting for their day, left as somebody changed them."""

    published: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class NotAll(Exception):
    """Some drafts of the batch cannot be published, so none was; `problems`: code → sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(next(iter(problems.values()), ""))
        self.problems = problems


def live_items(shelf: Shelf, codes: Iterable[str]) -> dict[str, ItemRow]:
    """Return the live items of these codes, in use or not. One query."""
    return {item.code: item for item in shelf.live._default_manager.filter(code__in=list(codes))}


def live_values(shelf: Shelf, codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the live items of these codes, in use or not, as plain values by column. One query."""
    found = shelf.live._default_manager.filter(code__in=list(codes))
    return {row["code"]: row for row in found.values(*columns(), *LIFE, "version")}


def drafts_of(shelf: Shelf, codes: Iterable[str]) -> dict[str, Draft]:
    """Return the drafts of these codes. One query."""
    return {draft.code: draft for draft in shelf.drafts._default_manager.filter(code__in=list(codes))}


def empty_fields(shelf: Shelf, code: str) -> dict[str, Any]:
    """Return an empty item's values of this code."""
    return fields_of(shelf.live(code=code, type=code[2:4], promised_days=0))


@cache
def columns() -> tuple[str, ...]:
    """Return the columns of an item's fields."""
    return tuple(sql.columns())


def cleaned_changes(
    shelf: Shelf, code: str, base: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return changes as they are stored, as `editions.cleaned` would, looking at what changes alone. Raises BadFields."""
    unknown = changes.keys() - set(editions.EDITED)
    if unknown:
        raise BadFields({field: _("没有这一项，或不能填") for field in sorted(unknown)})
    told = {field: editions.keyed(field, value) for field, value in changes.items()}
    if problems := shape_problems(told):
        raise BadFields(problems)
    item = shelf.live(**{field: base[field] for field in columns() if field in base})
    for name, value in told.items():
        setattr(item, name, value)
    empty = [field for field in told if told[field] in ([], None) and field != "promised_days"]
    kept = [each.name for each in shelf.live._meta.concrete_fields if each.name not in told]
    try:
        item.clean_fields(exclude=[*kept, *empty])
    except ValidationError as problem:
        raise BadFields({field: "；".join(found) for field, found in problem.message_dict.items()}) from None
    return {field: getattr(item, field) for field in told}


def save_drafts(
    shelf: Shelf, proposals: Mapping[str, Proposal], *, by: Actor, now: datetime, note: str
) -> dict[str, int]:
    """Lay values over the drafts of many codes, or over their live items; return each draft's revision.

    Raises BadFields as `editions.save_draft` does, before anything of the batch is written.
    """
    codes = sorted(proposals)
    list(
        shelf.drafts._default_manager.select_for_update()
        .filter(code__in=codes)
        .order_by("code")
        .values_list("pk")
    )
    drafts, live = drafts_of(shelf, codes), live_values(shelf, codes)
    made = []
    for code in codes:
        item, proposal = live.get(code), proposals[code]
        draft = drafts.get(code) or _begun(shelf, code, item)
        draft.fields = {**draft.fields, **cleaned_changes(shelf, code, draft.fields, proposal.changes)}
        if proposal.life is not None:
            life = proposal.life
            draft.status, draft.successor = life.status, life.successor
            draft.effective_from, draft.effective_to = life.effective_from, life.effective_to
        draft.note, draft.revision = note, draft.revision + 1
        draft.edited_by, draft.edited_by_name, draft.updated_at = person_of(by), by.display_name, now
        draft.approved_by, draft.approved_by_name, draft.approved_at = None, "", None
        draft.pk = None
        made.append(draft)
    _write(shelf.drafts, made)
    return {draft.code: draft.revision for draft in made}


def _begun(shelf: Shelf, code: str, item: Mapping[str, Any] | None) -> Draft:
    """Return the draft that an import begins: the item as it lives, its life with it."""
    if item is None:
        return shelf.drafts(code=code, fields=empty_fields(shelf, code), base_version=0, revision=0)
    fields = {field: item[field] for field in columns()}
    life = {field: item[field] for field in LIFE}
    return shelf.drafts(code=code, fields=fields, base_version=item["version"], revision=0, **life)


def _write(model: Any, rows: list[Any]) -> None:
    """Insert rows or update those of the same code: one statement for hundreds."""
    columns = [column.name for column in model._meta.concrete_fields if column.name not in {"id", "code"}]
    model._default_manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["code"], update_fields=columns
    )


def approve_drafts(shelf: Shelf, seen: Mapping[str, int], *, by: Actor, now: datetime) -> Approved:
    """Approve the drafts of a batch as their second person, all or none; those changed since are left and named.

    `seen` gives each draft's revision as it was read. Raises NotAll.
    """
    done = Approved()
    found = shelf.drafts._default_manager.select_for_update().filter(code__in=list(seen)).order_by("code")
    drafts = [draft for draft in found if draft.approved_at is None and draft.revision == seen[draft.code]]
    done.left = sorted(seen.keys() - {draft.code for draft in drafts})
    live = live_items(shelf, [draft.code for draft in drafts])
    if problems := _problems(shelf, drafts, live, by):
        raise NotAll(problems)
    due: list[Draft] = []
    waiting: list[Draft] = []
    for draft in drafts:
        draft.approved_by, draft.approved_by_name, draft.approved_at = person_of(by), by.display_name, now
        later = draft.effective_from is not None and draft.effective_from > timezone.localdate(now)
        (waiting if later else due).append(draft)
    shelf.drafts._default_manager.bulk_update(
        waiting, ["approved_by", "approved_by_name", "approved_at"], batch_size=BATCH
    )
    _publish(shelf, due, live, now=now)
    done.published, done.waiting = [draft.code for draft in due], [draft.code for draft in waiting]
    return done


def _problems(shelf: Shelf, drafts: list[Draft], live: Mapping[str, ItemRow], by: Actor) -> dict[str, str]:
    problems: dict[str, str] = {}
    for draft in drafts:
        if draft.edited_by == by.person_id:
            problems[draft.code] = _("谁编的谁不能发布，请另一位同事核对后发布")
            continue
        try:
            editions.check(shelf, draft, live.get(draft.code))
        except editions.NothingChanged as nothing:
            problems[draft.code] = str(nothing)
        except editions.NotPublishable as refusal:
            problems[draft.code] = next(iter(refusal.problems.values()))
    return problems


def _publish(shelf: Shelf, drafts: list[Draft], live: Mapping[str, ItemRow], *, now: datetime) -> None:
    codes = [draft.code for draft in drafts]
    counted = (
        shelf.versions._default_manager.filter(code__in=codes).values("code").annotate(last=Max("version"))
    )
    last = {row["code"]: row["last"] for row in counted}
    items, versions = [], []
    for draft in drafts:
        before = live.get(draft.code)
        former = fields_of(before) if before else None
        life = {
            name: getattr(draft, name) for name in ("status", "successor", "effective_from", "effective_to")
        }
        number = (last.get(draft.code) or 0) + 1
        items.append(
            shelf.live(
                **draft.fields,
                **life,
                version=number,
                sort_key=sort_key(draft.fields["name"]),
                updated_at=now,
            )
        )
        versions.append(
            shelf.versions(
                **life, code=draft.code, version=number, fields=draft.fields, note=draft.note, published_at=now,
                changed=changed_fields(former, draft.fields) if former else [], change=editions.change_of(former, draft),
                edited_by=draft.edited_by, edited_by_name=draft.edited_by_name,
                approved_by=draft.approved_by, approved_by_name=draft.approved_by_name,
            )
        )  # fmt: skip
    _write(shelf.live, items)
    shelf.versions._default_manager.bulk_create(versions, batch_size=BATCH)
    shelf.drafts._default_manager.filter(code__in=codes).delete()
