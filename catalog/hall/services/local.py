"""The hall's own items 地方特色: drafted by one person, published by another."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.hall.models import LocalItem
from catalog.hall.services import offers
from catalog.hall.services.signing import person_of, record
from catalog.shared import sql
from catalog.shared.enums import Status
from catalog.shared.validators import LISTS_OF_ROWS, publishing_problems, shape_problems

ORIGIN = "99"
TRIES = 5
# what somebody who drafts may say; code, life and version are the hall's own
DRAFTED_FIELDS = [column for column in sql.columns() if column not in {"code", "demonstration"}]


class UnknownLocalItem(Exception):
    """This hall has no local item of this code."""


class NotADraft(Exception):
    """Only a draft is edited or published."""


class SamePerson(Exception):
    """Who drafted it may not publish it."""


class NotPublishable(Exception):
    """`problems`: field → what to change first."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(_("还不能发布，先改这几处"))
        self.problems = problems


class BadFields(Exception):
    """`problems`: field → what is wrong with the value given."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(_("有几处要改"))
        self.problems = problems


def draft(fields: Mapping[str, Any], *, by: Actor, now: datetime) -> LocalItem:
    """Make a draft of a local item under the next code of origin 99. Raises BadFields."""
    item = LocalItem(status=Status.DRAFT, version=1, updated_at=now, drafted_by=person_of(by))
    _fill(item, fields)
    for attempt in range(TRIES):
        item.code = _next_code(item.type)
        try:
            with transaction.atomic():
                item.save(force_insert=True)
            break
        except IntegrityError:
            # somebody took the number between our look and our insert
            if attempt == TRIES - 1:
                raise
    record("local.draft", item.code, by=by, now=now, detail={"version": item.version})
    return item


def edit(code: str, fields: Mapping[str, Any], *, by: Actor, now: datetime) -> LocalItem:
    """Change a draft; whoever changed it last counts as its author. Raises UnknownLocalItem, NotADraft, BadFields."""
    item = _locked(code)
    if item.status != Status.DRAFT:
        raise NotADraft(_("已经发布的事项先收回成草稿，再改"))
    _fill(item, fields)
    item.drafted_by, item.updated_at = person_of(by), now
    item.save()
    record("local.edit", item.code, by=by, now=now, detail={"version": item.version})
    return item


def publish(code: str, *, by: Actor, now: datetime) -> LocalItem:
    """Put a draft before the public. Raises UnknownLocalItem, NotADraft, SamePerson, NotPublishable."""
    item = _locked(code)
    if item.status != Status.DRAFT:
        raise NotADraft(_("这个事项已经发布了"))
    if item.drafted_by == by.person_id:
        raise SamePerson(_("谁编的谁不能发布，请另一位同事核对后发布"))
    problems = publishing_problems({column: getattr(item, column) for column in sql.columns()})
    if problems:
        raise NotPublishable(problems)
    item.status, item.published_by, item.updated_at = Status.ACTIVE, person_of(by), now
    item.save(update_fields=["status", "published_by", "updated_at"])
    offers.sync([code])
    record("local.publish", item.code, by=by, now=now, detail={"version": item.version})
    return item


def take_back(code: str, *, by: Actor, now: datetime) -> LocalItem:
    """Make a published local item a draft again, out of the public's sight, with the next version number."""
    item = _locked(code)
    if item.status != Status.ACTIVE:
        raise NotADraft(_("这个事项本来就没有发布"))
    item.status, item.published_by, item.updated_at = Status.DRAFT, None, now
    item.version += 1
    item.drafted_by = person_of(by)
    item.save(update_fields=["status", "published_by", "updated_at", "version", "drafted_by"])
    offers.sync([code])
    record("local.take_back", item.code, by=by, now=now, detail={"version": item.version})
    return item


def load(rows: Iterable[Mapping[str, Any]], *, drafted_by: Actor, published_by: Actor, now: datetime) -> int:
    """Put local items with codes of their own into the hall in scope, published; those that are there stay.

    For loading a city: two persons all the same. Raises SamePerson, NotPublishable, BadFields.
    """
    if drafted_by.person_id == published_by.person_id:
        raise SamePerson(_("谁编的谁不能发布，请另一位同事核对后发布"))
    wanted = {row["code"]: row for row in rows}
    known = set(LocalItem.objects.filter(code__in=wanted).values_list("code", flat=True))
    items = []
    for code, row in sorted(wanted.items()):
        if code in known:
            continue
        item = LocalItem(code=code, status=Status.ACTIVE, version=1, updated_at=now)
        item.drafted_by, item.published_by = person_of(drafted_by), person_of(published_by)
        item.demonstration = list(row.get("demonstration") or [])
        _fill(item, {field: row[field] for field in DRAFTED_FIELDS if field in row})
        if problems := publishing_problems(row):
            raise NotPublishable(problems)
        items.append(item)
    LocalItem.objects.bulk_create(items, batch_size=offers.BATCH)
    offers.sync(item.code for item in items)
    return len(items)


def _fill(item: LocalItem, fields: Mapping[str, Any]) -> None:
    unknown = fields.keys() - set(DRAFTED_FIELDS)
    if unknown:
        raise BadFields({field: _("没有这一项，或不能填") for field in sorted(unknown)})
    fields = {field: _keyed(field, value) for field, value in fields.items()}
    if problems := shape_problems(fields):
        raise BadFields(problems)
    for field, value in fields.items():
        setattr(item, field, value)
    try:
        item.clean_fields(exclude=["code", "drafted_by", "published_by", *_empty_lists(item)])
    except ValidationError as problem:
        raise BadFields({field: " ".join(found) for field, found in problem.message_dict.items()}) from None


def made_key(text: str) -> str:
    """Return a key for a row that somebody wrote: the same words give the same key."""
    return "h" + hashlib.sha256(text.encode()).hexdigest()[:10]


def _keyed(field: str, value: Any) -> Any:
    """Return a list with a key for each row that came without one."""
    if "key" not in LISTS_OF_ROWS.get(field, ()) or not isinstance(value, list):
        return value
    first = LISTS_OF_ROWS[field][1]
    return [{"key": made_key(str(row.get(first, ""))), **row} if isinstance(row, dict) else row for row in value]


def _empty_lists(item: LocalItem) -> list[str]:
    """Return the lists that are empty: an empty list is a value, where Django's field calls it blank."""
    return [column for column in sql.columns() if getattr(item, column) in ([], None) and column != "promised_days"]


def _next_code(item_type: str) -> str:
    start = f"{ORIGIN}{item_type}00"
    last = LocalItem.objects.filter(code__startswith=start).order_by("-code").values_list("code", flat=True).first()
    number = int(last[len(start) : -2]) + 1 if last else 1
    return f"{start}{number:06d}00"


def _locked(code: str) -> LocalItem:
    item = LocalItem.objects.select_for_update().filter(code=code).first()
    if item is None:
        raise UnknownLocalItem(_("本厅没有这个自己的事项"))
    return item
