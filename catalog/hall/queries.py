"""Reads of a hall's effective items, for its pages and its API: each is one query, whatever the number of rows."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from catalog.hall.enums import FeedbackState
from catalog.hall.models import (
    Adoption,
    EffectiveItem,
    Feedback,
    ItemAlias,
    LocalDraft,
    LocalItem,
    LocalVersion,
    Override,
    Review,
)
from catalog.shared import browsing, search, sql
from catalog.shared.browsing import Counts, Narrowing
from catalog.shared.enums import Status
from catalog.shared.grams import LONGEST
from catalog.shared.models import Bundle, Offer, SearchLog
from catalog.shared.queries import (
    KEPT_SECONDS,
    Life,
    bundles,
    city_life,
    city_version,
    life_of,
    unclaimed,
)
from catalog.shared.reviews import overdue_before
from tenants.shared.models import Hall
from tenants.shared.queries import kept

CODE = re.compile(r"[0-9]{14}")
# what a bundle needs of its items
TOGETHER = ("code", "name", "kind", "promised_days", "promised_unit", "visits", "fees", "materials", "form")
# how many items stand under 大家常办
POPULAR = 6
SOURCES = ("changed", "local", "hidden")


@dataclass(frozen=True)
class Filters(Narrowing):
    """What a list of items is asked for: words, a narrowing and, of staff, where the values come from."""

    q: str = ""
    source: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """Return the filters that an address asks for."""
        source = query.get("source", "")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:LONGEST],
            source=source if source in SOURCES else "",
            **cls.asked(query),
        )

    @property
    def is_only_words(self) -> bool:
        """Whether nothing but the question narrows the list."""
        return self.is_wide

    @cached_property
    def hits(self) -> list[search.Hit]:
        """What the words mean: asked once for the list and for the counts beside it."""
        return search.hits(self.q)

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list, the source apart."""
        return not self.q and self.is_wide


# what a list of pages shows of an item: nothing else is read for it
LISTED = (
    "code", "name", "department", "kind", "promised_days", "promised_unit", "visits", "fees", "hidden", "is_local", "changes",
)  # fmt: skip


def own_offers(hall: Hall) -> "QuerySet[Offer]":
    """Return this hall's items as lists show them, those in use: the projection of its effective items."""
    return Offer.objects.filter(hall_id=hall.role, is_active=True).defer("local")


def items(hall: Hall, filters: Filters) -> "QuerySet[Offer]":
    """Return the items that the public sees, filtered, best match first, in a total order."""
    return _filtered(own_offers(hall).filter(hidden=False), filters)


def popular(hall: Hall) -> list[dict[str, str]]:
    """Return code and name of the items that people of this hall ask for most. One query in five seconds."""

    def read() -> list[dict[str, str]]:
        found = own_offers(hall).filter(hidden=False, used__gt=0).order_by("-used", "code")
        return [{"code": code, "name": name} for code, name in found.values_list("code", "name")[:POPULAR]]

    return kept(f"popular {hall.role}", read)


def staff_items(hall: Hall, filters: Filters) -> "QuerySet[Offer]":
    """Return all items of this hall, hidden ones too, filtered also by where their values come from."""
    found = own_offers(hall)
    if filters.source == "changed":
        found = found.filter(changes__gt=0)
    if filters.source == "local":
        found = found.filter(is_local=True)
    if filters.source == "hidden":
        found = found.filter(hidden=True)
    return _filtered(found, filters)


def suggestions(
    hall: Hall, q: str, *, least: float = search.LEAST, most: int = search.SUGGESTED
) -> list[Offer]:
    """Return the offered items that a question may mean, the nearest first: while somebody types, or when nothing was found."""
    found = search.hits(q, least=least)
    if not found:
        return []
    near = search.ranked(own_offers(hall).filter(hidden=False), found)
    return list(near.order_by(*search.BY_MATCH)[:most])


def nothing_found(hall: Hall) -> "QuerySet[SearchLog, Any]":
    """Return what was looked for in this hall and found nothing, the most asked first: `text`, `asked`, `last`."""
    rows: Any = SearchLog.objects.filter(hall_id=hall.role, found=0).values("text")
    counted = rows.annotate(asked=Sum("times"), last=Max("day"))
    return cast("QuerySet[SearchLog, Any]", counted.order_by("-asked", "-last", "text"))


def aliases(hall: Hall) -> list[tuple[ItemAlias, str]]:
    """Return the aliases that this hall's staff added, each with its item's name, the newest first."""
    rows = list(ItemAlias.objects.order_by("-made_at", "alias", "code"))
    named = Offer.objects.filter(hall_id=hall.role, code__in={row.code for row in rows})
    names = dict(named.values_list("code", "name"))
    return [(row, names.get(row.code, row.code)) for row in rows]


def _filtered(found: "QuerySet[Offer]", filters: Filters) -> "QuerySet[Offer]":
    found = filters.narrow(found)
    order: tuple[str, ...] = ("sort_key", "code")
    if filters.q:
        found = search.ranked(found, filters.hits)
        order = search.BY_MATCH
    return found.order_by(*order)


def counts(hall: Hall, filters: Filters | None = None) -> Counts:
    """Return how many offered items each choice would leave here, with all else that is asked for kept.

    One query; of the whole hall, where nothing is asked for, kept for a minute.
    """
    offered = own_offers(hall).filter(hidden=False)
    if filters is not None and filters.q:
        found = search.ranked(offered, filters.hits).order_by().values("pk")
        return browsing.counts(offered.filter(pk__in=found), filters)
    if filters is not None and not filters.is_wide:
        return browsing.counts(offered, filters)
    key = f"catalog:{hall.role}:{hall.generation}:counts"
    kept: Counts | None = cache.get(key)
    if kept is None:
        kept = browsing.counts(offered, Narrowing())
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def bundles_here(hall: Hall) -> list[tuple[Bundle, int]]:
    """Return the bundles 一件事 of which this hall offers an item, with how many. One query, kept for a minute."""
    key = f"catalog:{hall.role}:{hall.generation}:bundled"
    codes: set[str] | None = cache.get(key)
    if codes is None:
        wanted = {code for bundle in bundles() for code in bundle.codes}
        offered = own_offers(hall).filter(hidden=False, code__in=wanted)
        codes = set(offered.order_by("code").values_list("code", flat=True))
        cache.set(key, codes, KEPT_SECONDS)
    rows = [(bundle, len(codes.intersection(bundle.codes))) for bundle in bundles()]
    return [(bundle, number) for bundle, number in rows if number]


def items_of(bundle: Bundle) -> list[EffectiveItem]:
    """Return the effective items of a bundle that the hall in scope shows, in the bundle's order. One query."""
    found = {item.code: item for item in EffectiveItem.objects.offered().filter(code__in=bundle.codes)}
    return [found[code] for code in bundle.codes if code in found]


def asked_of(items: Iterable[EffectiveItem]) -> list[dict[str, Any]]:
    """Return of each item what `catalog.shared.bundles` puts together."""
    return [{name: getattr(item, name) for name in TOGETHER} for item in items]


def effective_item(code: str, *, with_hidden: bool = False) -> EffectiveItem | None:
    """Return the one effective item of this code, or None where this hall does not offer it. One query."""
    if not CODE.fullmatch(code):
        return None
    # the function reads the view with a plan that the session keeps: planning it anew costs more than running it
    found = EffectiveItem.objects.raw("SELECT * FROM catalog_hall_item(%s, %s)", [code, with_hidden])
    return next(iter(found), None)


def local_drafts() -> list[LocalDraft]:
    """Return the drafts of the hall's own items that wait for their second person or their day, the newest first."""
    return list(LocalDraft.objects.order_by("-updated_at", "code"))


def local_item(code: str) -> LocalItem | None:
    """Return the hall's own item of this code as it was last published, or None."""
    return LocalItem.objects.filter(code=code).first() if CODE.fullmatch(code) else None


def local_out_of_use() -> list[LocalItem]:
    """Return the hall's own items that are suspended or cancelled, by name: no list of offers has them."""
    return list(LocalItem.objects.exclude(status=Status.ACTIVE).order_by("sort_key", "code"))


def former_life(code: str) -> Life | None:
    """Return the life of an item that is not in use, this hall's own or the city's; None for one that is, or never was."""
    if not CODE.fullmatch(code):
        return None
    own = local_item(code)
    life = life_of(own) if own is not None else city_life(code)
    return life if life is not None and life.status != Status.ACTIVE else None


def version(code: str, number: str) -> EffectiveItem | None:
    """Return a published version of an item, this hall's own or the city's, without the hall's overrides; or None."""
    if not CODE.fullmatch(code) or not number.isdecimal() or len(number) > 6:
        return None
    own = LocalVersion.objects.filter(code=code, version=int(number)).first()
    found = own or city_version(code, int(number))
    if found is None:
        return None
    return as_item(found.fields, version=str(found.version), is_local=own is not None)


def as_item(fields: Mapping[str, Any], *, version: str, is_local: bool = False) -> EffectiveItem:
    """Return kept values as an effective item, to be shown and not stored; a column that is younger is empty."""
    known = {column: fields[column] for column in sql.columns() if column in fields}
    return EffectiveItem(**known, is_local=is_local, version=version, sources={}, sort_key="")


def overrides_of(code: str) -> dict[str, Override]:
    """Return this hall's overrides of an item by field, those too that have no effect against the city's present value."""
    return {row.field: row for row in Override.objects.filter(code=code).order_by("field")}


def reviews(
    hall: Hall, *, now: datetime, department: str = "", code: str = "", is_overdue: bool = False
) -> "QuerySet[Review]":
    """Return what waits for this hall's decision, the oldest first, with the item's `name` and `department`."""
    offered = Offer.objects.filter(hall_id=hall.role)
    found: QuerySet[Review, Any] = Review.objects.all()
    if code:
        found = found.filter(code=code)
    if department:
        found = found.filter(code__in=offered.filter(department=department).values("code"))
    if is_overdue:
        found = found.filter(since__lt=overdue_before(now))
    own = offered.filter(code=OuterRef("code"))
    named: Any = found.annotate(
        name=Subquery(own.values("name")[:1]), department=Subquery(own.values("department")[:1])
    )
    ordered: QuerySet[Review] = named.order_by("since", "code", "field")
    return ordered


def review(hall: Hall, pk: int, *, now: datetime) -> Review | None:
    """Return what waits on this override, or None when nothing does (any more)."""
    return reviews(hall, now=now).filter(pk=pk).first()


def review_counts(now: datetime) -> dict[str, int]:
    """Return how many decisions wait for this hall, and how many are overdue. One query."""
    return Review.objects.aggregate(
        all=Count("id"), overdue=Count("id", filter=Q(since__lt=overdue_before(now)))
    )


def review_departments(hall: Hall) -> list[tuple[str, int]]:
    """Return the departments whose items wait for a decision, with how many decisions."""
    own = Offer.objects.filter(hall_id=hall.role, code=OuterRef("code")).values("department")[:1]
    named: Any = Review.objects.annotate(department=Subquery(own)).values("department")
    return list(named.annotate(number=Count("id")).order_by("department").values_list("department", "number"))


def reviews_of(code: str) -> dict[str, Review]:
    """Return what waits for a decision on an item, by field."""
    return {row.field: row for row in Review.objects.filter(code=code).order_by("field")}


def unknown_codes(codes: Collection[str]) -> Iterator[str]:
    """Yield a sentence when some of these codes are no item of the hall in scope. One query, none for no codes."""
    if not codes:
        return
    known = set(EffectiveItem.objects.filter(code__in=list(codes)).values_list("code", flat=True))
    if missing := [code for code in codes if code not in known]:
        yield _("本厅没有这些事项：%(codes)s") % {"codes": "、".join(missing[:5])}


def is_taken(code: str) -> bool:
    """Say whether this hall has taken the shared item of this code, in use or not."""
    return CODE.fullmatch(code) is not None and Adoption.objects.filter(code=code).exists()


def waiting_drafts() -> int:
    """Return how many drafts of own items wait for their second person."""
    return LocalDraft.objects.filter(approved_at__isnull=True).count()


def waiting_feedback() -> int:
    """Return how many people said that a guide is wrong and have no answer yet."""
    return Feedback.objects.waiting().count()


def claimable(
    hall: Hall, *, q: str = "", department: str = "", fitting: bool = False
) -> QuerySet[Any, dict[str, Any]]:
    """Return the city's items in use that this hall has not taken, those of its level first."""
    found: Any = unclaimed(
        Adoption.objects.values("code"), q=q, department=department, level=hall.level, fitting=fitting
    )
    rows: QuerySet[Any, dict[str, Any]] = found.values(
        "code", "name", "department", "type", "levels", "kind", "promised_days", "promised_unit", "fits"
    )
    return rows


def claimable_departments(hall: Hall) -> list[dict[str, Any]]:
    """Return the departments of the city that have items which this hall has not taken: how many, and how many fit."""
    found: Any = unclaimed(Adoption.objects.values("code"), level=hall.level).order_by().values("department")
    return list(found.annotate(number=Count("code"), fitting=Sum("fits")).order_by("department"))


def counts_by_source(hall: Hall) -> dict[str, int]:
    """Return how many items this hall has, and how many it changed, made itself or hides. One query."""
    return own_offers(hall).aggregate(
        all=Count("code"),
        changed=Count("code", filter=Q(changes__gt=0)),
        local=Count("code", filter=Q(is_local=True)),
        hidden=Count("code", filter=Q(hidden=True)),
    )


def sources(item: EffectiveItem) -> dict[str, str]:
    """Return of every field, and of every row of a list that this hall changed, whose value it is: shared or hall."""
    named = {name.partition(".")[0] for name in item.sources}
    if "promised_days" in named:
        named.add("promised_unit")
    every = {column: "hall" if item.is_local or column in named else "shared" for column in sql.columns()}
    return every | dict.fromkeys(item.sources, "hall")


@dataclass(frozen=True)
class FeedbackFilters:
    """Which of what people say is asked for: a state, an item; an unknown state asks for what waits."""

    state: str = FeedbackState.NEW
    code: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "FeedbackFilters":
        """Return what an address asks for; `all` is every state."""
        state, code = query.get("state", ""), query.get("item", "")
        return cls(
            state=state if state in (*FeedbackState.values, "all") else FeedbackState.NEW,
            code=code if CODE.fullmatch(code) else "",
        )


def feedback(filters: FeedbackFilters) -> "QuerySet[Feedback]":
    """Return what people say of the guides of the hall in scope: what waits longest first, else the newest first."""
    found = Feedback.objects.all()
    if filters.code:
        found = found.filter(code=filters.code)
    if filters.state != "all":
        found = found.filter(state=filters.state)
    is_queue = filters.state == FeedbackState.NEW
    return found.order_by(*(("made_at", "id") if is_queue else ("-made_at", "-id")))


def feedback_counts() -> dict[str, int]:
    """Return how much feedback there is in each state, and in `all`. One query."""
    states = {state: Count("id", filter=Q(state=state)) for state in FeedbackState.values}
    return Feedback.objects.aggregate(all=Count("id"), **states)


def feedback_by_key(key: UUID) -> Feedback | None:
    """Return the feedback of this key, which its author alone was given, or None."""
    return Feedback.objects.filter(key=key).first()


def feedback_by_pk(pk: int) -> Feedback | None:
    """Return the feedback of this number, for the hall's staff, or None."""
    return Feedback.objects.filter(pk=pk).first()
