"""Reads of a catalogue for those who edit it: the city's list, one item with its draft, its versions and its halls."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from catalog.shared import labels, sql
from catalog.shared.enums import ItemType, Status
from catalog.shared.models import Draft, ItemRow, Offer, OverrideFact, SharedDraft, SharedItem, Version
from catalog.shared.services.editions import Life, Shelf, fields_of
from tenants.shared.models import Hall
from tenants.shared.queries import halls

CODE = re.compile(r"[0-9]{14}")
LIVE, DRAFT = "live", "draft"
# the states that a list can be narrowed to; `draft`: something waits for its second person
STATES = (DRAFT, Status.ACTIVE.value, Status.SUSPENDED.value, Status.CANCELLED.value)
COLUMNS = (
    "code",
    "name",
    "department",
    "type",
    "status",
    "version",
    "sort_key",
    "waiting",
    "author",
    "approved",
)


@dataclass(frozen=True)
class Filters:
    """What the city's list is asked for; unknown values ask for nothing."""

    q: str = ""
    department: str = ""
    type: str = ""
    status: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """Return the filters that an address asks for."""
        item_type, status = query.get("type", ""), query.get("status", "")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:50],
            department=query.get("department", "").replace("\x00", "").strip()[:60],
            type=item_type if item_type in ItemType.values else "",
            status=status if status in STATES else "",
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list, the state apart."""
        return not (self.q or self.department or self.type)


def listed(filters: Filters) -> "QuerySet[Any, Any]":
    """Return the city's items and the drafts of items that are yet to be, as rows of COLUMNS: what waits first, then by name.

    One query and one count, whatever the number of items.
    """
    drafts = SharedDraft.objects.filter(code=OuterRef("code"))
    live = _narrowed(SharedItem.objects.all(), filters, "name", "department", "aliases").annotate(
        waiting=Exists(drafts),
        author=Value("", output_field=CharField()),
        approved=Exists(drafts.filter(approved_at__isnull=False)),
    )
    if filters.status == DRAFT:
        live = live.filter(waiting=True)
    elif filters.status:
        live = live.filter(status=filters.status)
    found: Any = live.values_list(*COLUMNS)
    if filters.status in ("", DRAFT):
        found = found.union(_new(filters).values_list(*(f"shown_{name}" for name in COLUMNS)), all=True)
    return cast("QuerySet[Any, Any]", found.order_by("-waiting", "sort_key", "code"))


def _new(filters: Filters) -> "QuerySet[Any, Any]":
    found = SharedDraft.objects.exclude(code__in=SharedItem.objects.values("code"))
    begun: Any = _narrowed(found, filters, "fields__name", "fields__department", "fields__aliases")
    said: dict[str, Any] = {
        "code": F("code"),
        "name": Cast(KT("fields__name"), CharField()),
        "department": Cast(KT("fields__department"), CharField()),
        "type": Cast(KT("fields__type"), CharField()),
        "status": Value(Status.DRAFT.value, output_field=CharField()),
        "version": F("base_version"),
        "sort_key": Cast(KT("fields__name"), CharField()),
        "waiting": Value(True),
        "author": F("edited_by_name"),
        "approved": Case(
            When(approved_at__isnull=False, then=True), default=False, output_field=BooleanField()
        ),
    }
    return cast("QuerySet[Any, Any]", begun.annotate(**{f"shown_{name}": said[name] for name in COLUMNS}))


def _narrowed(found: Any, filters: Filters, name: str, department: str, aliases: str) -> Any:
    for word in filters.q.split():
        found = found.annotate(alias_text=Cast(aliases, TextField()))
        found = found.filter(
            Q(**{f"{name}__icontains": word}) | Q(code__startswith=word) | Q(alias_text__icontains=word)
        )
    if filters.department:
        found = found.filter(**{department: filters.department})
    if filters.type:
        found = found.filter(code__regex=rf"^\d\d{filters.type}")
    return found


def row(values: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row of the list by name, with its state in words."""
    found = dict(zip(COLUMNS, values, strict=True))
    return {
        **found,
        "status_label": Status(found["status"]).label,
        "type_label": dict(ItemType.choices).get(found["type"], ""),
    }


def counts() -> dict[str, int]:
    """Return how many shared items there are in each state, and how many drafts wait. Two queries."""
    states = {state: Count("code", filter=Q(status=state)) for state in STATES[1:]}
    return {**SharedItem.objects.aggregate(all=Count("code"), **states), DRAFT: SharedDraft.objects.count()}


def departments() -> list[str]:
    """Return the departments that the city's items name."""
    return list(SharedItem.objects.order_by("department").values_list("department", flat=True).distinct())


def live_of(shelf: Shelf, code: str) -> ItemRow | None:
    """Return the live item of this code, or None."""
    return shelf.live._default_manager.filter(code=code).first() if CODE.fullmatch(code) else None


def draft_of(shelf: Shelf, code: str) -> Draft | None:
    """Return the draft of this code, or None."""
    return shelf.drafts._default_manager.filter(code=code).first() if CODE.fullmatch(code) else None


def versions_of(shelf: Shelf, code: str) -> "QuerySet[Version, Version]":
    """Return the published versions of this code, the newest first."""
    return shelf.versions._default_manager.filter(code=code).order_by("-version")


def edition(shelf: Shelf, code: str, name: str) -> dict[str, Any] | None:
    """Return the fields of what a comparison names: a version's number, `live` or `draft`; None when it is not there."""
    if name == LIVE:
        live = live_of(shelf, code)
        return fields_of(live) if live else None
    if name == DRAFT:
        draft = draft_of(shelf, code)
        return whole(draft.fields) if draft else None
    if not name.isdecimal() or len(name) > 6:
        return None
    version = shelf.versions._default_manager.filter(code=code, version=int(name)).first()
    return whole(version.fields) if version else None


def whole(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return an edition's fields with an empty value for each column that came into being after it."""
    empty = SharedItem(code=str(fields.get("code", "")), promised_days=0)
    return {column: fields.get(column, getattr(empty, column)) for column in sql.columns()}


@dataclass(frozen=True)
class OfferingHall:
    """A hall that has taken a shared item: whether it shows it, and how many values of its own it has."""

    hall: Hall
    is_hidden: bool
    fields: list[str]

    @property
    def labels(self) -> list[str]:
        """What the hall changed, in words."""
        return list(dict.fromkeys(labels.field(field) for field in self.fields))


def offering(code: str) -> list[OfferingHall]:
    """Return the halls that have a shared item, in the city's order, with the fields that each overrides. Two queries."""
    offers = {
        offer.hall_id: offer
        for offer in Offer.objects.filter(code=code, is_local=False).only("hall_id", "hidden")
    }
    facts = list(OverrideFact.objects.filter(code=code).order_by("field").values_list("hall_id", "field"))
    return [
        OfferingHall(
            hall, offers[hall.role].hidden, [field for role, field in facts if str(role) == hall.role]
        )
        for hall in halls()
        if hall.role in offers
    ]


@dataclass(frozen=True)
class Shown:
    """An item as its editors see it: what holds, what is prepared, and what an edit begins from."""

    code: str
    live: ItemRow | None
    draft: Draft | None

    @property
    def fields(self) -> dict[str, Any]:
        """The values that an edit begins from: the draft's, else the live item's."""
        if self.draft is not None:
            return whole(self.draft.fields)
        return fields_of(self.live) if self.live is not None else {}

    @property
    def life(self) -> Life:
        """The life that an edit begins from."""
        of = self.draft or self.live
        if of is None:
            return Life()
        begins = self.draft.effective_from if self.draft else None
        return Life(Status(of.status), of.successor, begins, of.effective_to)

    @property
    def revision(self) -> int:
        """The revision of the draft, 0 where there is none."""
        return self.draft.revision if self.draft else 0

    @property
    def version(self) -> int:
        """The version of the live item, 0 where there is none."""
        return self.live.version if self.live else 0


def find(shelf: Shelf, code: str) -> Shown | None:
    """Return the item of this code as its editors see it; None where there is neither item nor draft. Two queries."""
    found = Shown(code, live_of(shelf, code), draft_of(shelf, code))
    return None if found.live is None and found.draft is None else found
