"""Drafts and versions of items, shared and local alike: one person edits beside the live item, another approves.

A shelf is where they stand: the city's in public, a hall's in its schema. Publishing writes the live row and a version,
and nothing else: who calls it tells lists and searches of it, in the same transaction.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from catalog.shared import rows, sql
from catalog.shared.changes import changed_fields, classify
from catalog.shared.enums import Change, Status
from catalog.shared.models import Draft, ItemRow, SharedDraft, SharedItem, SharedVersion, Version
from catalog.shared.pinyin import sort_key
from catalog.shared.services.signing import person_of
from catalog.shared.validators import publishing_problems, shape_problems

# who stands for a city's or a hall's first load, when no person does
NOBODY = UUID(int=0)
BATCH = 500


class Unknown(Exception):
    """There is no item or draft of this code here."""


class NotADraft(Exception):
    """There is no draft to edit or publish; the sentence says what there is."""


class SamePerson(Exception):
    """Who edited it may not approve it."""


class NothingChanged(Exception):
    """The draft is what holds already."""


class HasProblems(Exception):
    """`problems`: field → what is wrong with it and what to write instead."""

    sentence: Any = ""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(str(self.sentence))
        self.problems = problems


class BadFields(HasProblems):
    """A field holds what it cannot hold."""

    sentence = gettext_lazy("有几处要改")


class NotPublishable(HasProblems):
    """What the standard forbids to publish."""

    sentence = gettext_lazy("还不能发布，先改这几处")


class ChangedMeanwhile(Exception):
    """Somebody saved, published or threw the draft away after it was read; nothing was overwritten.

    `draft` is what is there now: theirs, or (revision 0, not stored) what an edit would now begin from.
    """

    def __init__(self, draft: Draft) -> None:
        if draft.revision:
            sentence = _("%(name)s刚保存过这份草稿，您填的还没有保存") % {"name": draft.edited_by_name}
        else:
            sentence = _("这份草稿刚被发布或删掉了，您填的还没有保存")
        super().__init__(sentence)
        self.draft = draft


@dataclass(frozen=True)
class Shelf:
    """Where an item's live row, draft and versions stand."""

    live: type[ItemRow]
    drafts: type[Draft]
    versions: type[Version]


SHARED = Shelf(SharedItem, SharedDraft, SharedVersion)
# what an editor may say; the code is the item's, hiding is a hall's word
EDITED = tuple(column for column in sql.columns() if column not in {"code", "hidden"})


@dataclass(frozen=True)
class Life:
    """What an edition says of an item's life: its state, from when to when, and what follows it."""

    status: Status = Status.ACTIVE
    successor: str = ""
    effective_from: date | None = None
    effective_to: date | None = None


def fields_of(item: ItemRow) -> dict[str, Any]:
    """Return an item's values by column."""
    return {column: getattr(item, column) for column in sql.columns()}


def base_fields(shelf: Shelf, code: str) -> dict[str, Any]:
    """Return what an edit starts from: the live item's values, or an empty item's of this code."""
    live = shelf.live._default_manager.filter(code=code).first()
    return fields_of(live or shelf.live(code=code, type=code[2:4], promised_days=0))


def save_draft(
    shelf: Shelf,
    code: str,
    changes: Mapping[str, Any],
    *,
    life: Life | None = None,
    seen: int | None,
    seen_version: int | None = None,
    by: Actor,
    now: datetime,
    note: str = "",
) -> Draft:
    """Lay values over the draft of a code, or over the live item when there is none; return the draft.

    `seen` is the revision that the editor had before his eyes, 0 for none, None to lay over whatever is there;
    `seen_version` the version of the live item that an edit without a draft began from. Whoever edits last is the
    author; an approval that waited for its day is taken back. Raises BadFields, ChangedMeanwhile.
    """
    draft = shelf.drafts._default_manager.select_for_update().filter(code=code).first()
    there = draft or begun(shelf, code)
    is_stale = draft is None and seen_version is not None and seen_version != there.base_version
    if is_stale or (seen is not None and seen != there.revision):
        raise ChangedMeanwhile(there)
    draft = there
    draft.fields = cleaned(shelf, code, {**draft.fields, **changes}, asked=changes)
    if life is not None:
        draft.status, draft.successor = life.status, life.successor
        draft.effective_from, draft.effective_to = life.effective_from, life.effective_to
    draft.note = note or draft.note
    draft.edited_by, draft.edited_by_name, draft.updated_at = person_of(by), by.display_name, now
    draft.approved_by, draft.approved_by_name, draft.approved_at = None, "", None
    draft.revision += 1
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        # somebody began the draft between our look and our insert
        raise ChangedMeanwhile(shelf.drafts._default_manager.get(code=code)) from None
    return draft


def begun(shelf: Shelf, code: str) -> Draft:
    """Return a draft as it begins, not yet stored: the live item with its life, or an empty item of this code."""
    live = shelf.live._default_manager.filter(code=code).first()
    if live is None:
        return shelf.drafts(code=code, fields=base_fields(shelf, code), revision=0)
    last = shelf.versions._default_manager.filter(code=code).order_by("-version").first()
    return shelf.drafts(
        code=code,
        fields=fields_of(live),
        status=live.status,
        successor=live.successor,
        effective_to=live.effective_to,
        base_version=live.version,
        revision=0,
        edited_by_name=last.edited_by_name if last else "",
    )


def cleaned(
    shelf: Shelf, code: str, fields: Mapping[str, Any], *, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a whole item's values as they are stored, rows of lists with keys. Raises BadFields."""
    unknown = asked.keys() - set(EDITED)
    if unknown:
        raise BadFields({field: _("没有这一项，或不能填") for field in sorted(unknown)})
    whole = {field: keyed(field, value) for field, value in fields.items()} | {"code": code}
    if problems := shape_problems(whole):
        raise BadFields(problems)
    item = shelf.live(**whole)
    try:
        item.clean_fields(exclude=[field for field in _life_fields(shelf) if field != "code"] + _empty(item))
    except ValidationError as problem:
        raise BadFields({field: "；".join(found) for field, found in problem.message_dict.items()}) from None
    return fields_of(item)


def approve(shelf: Shelf, code: str, *, seen: int | None = None, by: Actor, now: datetime) -> Version | Draft:
    """Approve a draft as its second person: publish it, or let it wait for the day that it names.

    Raises Unknown, NotADraft, ChangedMeanwhile (the draft is not what was read), SamePerson, NothingChanged, NotPublishable.
    """
    draft = _locked_draft(shelf, code)
    if seen is not None and seen != draft.revision:
        raise ChangedMeanwhile(draft)
    if draft.edited_by == by.person_id:
        raise SamePerson(_("谁编的谁不能发布，请另一位同事核对后发布"))
    check(shelf, draft, shelf.live._default_manager.filter(code=draft.code).first())
    draft.approved_by, draft.approved_by_name, draft.approved_at = person_of(by), by.display_name, now
    if draft.effective_from is not None and draft.effective_from > timezone.localdate(now):
        draft.save(update_fields=["approved_by", "approved_by_name", "approved_at"])
        return draft
    return publish(shelf, draft, now=now)


def check(shelf: Shelf, draft: Draft, live: ItemRow | None) -> None:
    """Raise NothingChanged or NotPublishable when a draft cannot be published over this live item as it is."""
    if live is not None and not changed_fields(fields_of(live), draft.fields) and _life(live) == _life(draft):
        raise NothingChanged(_("和现在用的一样，没有什么要发布"))
    problems = publishing_problems(draft.fields) if draft.status == Status.ACTIVE else {}
    if draft.effective_from and draft.effective_to and draft.effective_to < draft.effective_from:
        problems["effective_to"] = _("停用的日子不能早于启用的日子")
    if (
        draft.successor
        and not shelf.live._default_manager.filter(code=draft.successor, status=Status.ACTIVE)
        .exclude(code=draft.code)
        .exists()
    ):
        problems["successor"] = _("接替的事项不在用，请另选一个")
    if problems:
        raise NotPublishable(problems)


def publish(shelf: Shelf, draft: Draft, *, now: datetime) -> Version:
    """Put an approved draft in force: the live row and a version are written, the draft goes."""
    live = shelf.live._default_manager.select_for_update().filter(code=draft.code).first()
    before = fields_of(live) if live else None
    item: ItemRow = live or shelf.live(code=draft.code, version=0)
    number = _next_version(shelf, draft.code)
    life = {
        "status": draft.status,
        "successor": draft.successor,
        "effective_from": draft.effective_from,
        "effective_to": draft.effective_to,
    }
    for name, value in {
        **draft.fields,
        **life,
        "version": number,
        "sort_key": sort_key(draft.fields["name"]),
        "updated_at": now,
    }.items():
        setattr(item, name, value)
    item.save()
    version = shelf.versions(
        **life,
        code=draft.code,
        version=number,
        fields=draft.fields,
        changed=changed_fields(before, draft.fields) if before else [],
        change=change_of(before, draft),
        note=draft.note,
        edited_by=draft.edited_by,
        edited_by_name=draft.edited_by_name,
        approved_by=draft.approved_by,
        approved_by_name=draft.approved_by_name,
        published_at=now,
    )
    version.save(force_insert=True)
    draft.delete()
    return version


def change_of(before: Mapping[str, Any] | None, draft: Draft) -> Change:
    """Return the class of the change that publishing a draft over these values makes."""
    if draft.status != Status.ACTIVE:
        return Change.NARROWER
    return classify(before, draft.fields) if before else Change.WIDER


def due_drafts(shelf: Shelf, *, now: datetime) -> list[Draft]:
    """Return the approved drafts whose day has come, locked, oldest day first; another worker's are passed over."""
    waiting = shelf.drafts._default_manager.filter(
        approved_at__isnull=False, effective_from__lte=timezone.localdate(now)
    )
    return list(waiting.order_by("effective_from", "code").select_for_update(skip_locked=True))


def run_out(shelf: Shelf, *, now: datetime) -> list[ItemRow]:
    """Return the live items whose last day in use has passed, locked."""
    ended = shelf.live._default_manager.filter(status=Status.ACTIVE, effective_to__lt=timezone.localdate(now))
    return list(ended.order_by("code").select_for_update(skip_locked=True))


def retire(shelf: Shelf, item: ItemRow, *, now: datetime) -> Version:
    """Take an item out of use on the day that its last edition named: a version of its own says so."""
    last = shelf.versions._default_manager.filter(code=item.code).latest("version")
    item.status, item.version, item.updated_at = Status.CANCELLED, _next_version(shelf, item.code), now
    item.save(update_fields=["status", "version", "updated_at"])
    version: Version = shelf.versions(
        code=item.code, version=item.version, fields=fields_of(item), status=Status.CANCELLED, successor=item.successor,
        effective_to=item.effective_to, change=Change.NARROWER, note=_("到期停用"), published_at=now,
        edited_by=last.edited_by, edited_by_name=last.edited_by_name, approved_by=last.approved_by, approved_by_name=last.approved_by_name,
    )  # fmt: skip
    version.save(force_insert=True)
    return version


def discard(shelf: Shelf, code: str) -> Draft:
    """Throw a draft away; the live item stays. Raises NotADraft."""
    draft = _locked_draft(shelf, code)
    draft.delete()
    return draft


def load(
    shelf: Shelf,
    wanted: Iterable[Mapping[str, Any]],
    *,
    edited_by: Actor | None,
    approved_by: Actor | None,
    note: str,
    now: datetime,
) -> list[str]:
    """Put whole items that are missing in force as their first version, in a few statements; return their codes.

    For loading a city or a hall. What is there stays. Raises SamePerson, BadFields, NotPublishable.
    """
    if edited_by is not None and approved_by is not None and edited_by.person_id == approved_by.person_id:
        raise SamePerson(_("谁编的谁不能发布，请另一位同事核对后发布"))
    by_code = {str(row["code"]): row for row in wanted}
    known = set(shelf.live._default_manager.filter(code__in=by_code).values_list("code", flat=True))
    items, versions = [], []
    for code in sorted(by_code.keys() - known):
        row = by_code[code]
        fields = cleaned(
            shelf,
            code,
            {**fields_of(shelf.live(code=code, type=code[2:4], promised_days=0)), **row},
            asked={},
        )
        if problems := publishing_problems(fields):
            raise NotPublishable(problems)
        items.append(shelf.live(**fields, sort_key=sort_key(fields["name"]), updated_at=now))
        versions.append(
            shelf.versions(
                code=code, version=1, fields=fields, note=note, change=Change.WIDER, published_at=now,
                edited_by=person_of(edited_by) if edited_by else NOBODY, edited_by_name=edited_by.display_name if edited_by else "",
                approved_by=person_of(approved_by) if approved_by else None, approved_by_name=approved_by.display_name if approved_by else "",
            )
        )  # fmt: skip
    shelf.live._default_manager.bulk_create(items, batch_size=BATCH)
    shelf.versions._default_manager.bulk_create(versions, batch_size=BATCH)
    return [item.code for item in items]


def made_key(text: str) -> str:
    """Return a key for a row that somebody wrote: the same words give the same key."""
    return "h" + hashlib.sha256(text.encode()).hexdigest()[:10]


def keyed(field: str, value: Any) -> Any:
    """Return a list with a key for each row that came without one."""
    columns = rows.LISTS.get(field)
    if columns is None or not isinstance(value, list) or columns[0].key != "key":
        return value
    return [
        {"key": made_key(str(row.get(columns[1].key, ""))), **row} if isinstance(row, dict) else row
        for row in value
    ]


def _locked_draft(shelf: Shelf, code: str) -> Draft:
    draft: Draft | None = shelf.drafts._default_manager.select_for_update().filter(code=code).first()
    if draft is not None:
        return draft
    if shelf.live._default_manager.filter(code=code).exists():
        raise NotADraft(_("这个事项没有等着发布的草稿"))
    raise Unknown(_("没有这个事项"))


def _next_version(shelf: Shelf, code: str) -> int:
    last = (
        shelf.versions._default_manager.filter(code=code)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    return (last or 0) + 1


def _life(of: ItemRow | Draft) -> Life:
    """Return what an edition can change of an item's life: from when it holds is no change by itself."""
    return Life(Status(of.status), of.successor, None, of.effective_to)


def _life_fields(shelf: Shelf) -> list[str]:
    return [field.name for field in shelf.live._meta.get_fields() if field.name not in EDITED]


def _empty(item: ItemRow) -> list[str]:
    """Return the columns that are empty and may be: an empty list is a value, where Django's field calls it blank."""
    return [
        column
        for column in sql.columns()
        if getattr(item, column) in ([], None) and column != "promised_days"
    ]
