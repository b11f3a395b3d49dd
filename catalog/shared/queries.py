"""Reads of the city's catalogue: its present values, its themes, and filters that the hall's and the portal's items share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from catalog.shared.enums import Audience, Status
from catalog.shared.models import Bundle, ItemFields, ItemRow, Offer, SharedItem, SharedVersion, Theme
from tenants.shared.queries import kept

# counts change with each publication: a minute late is soon enough
KEPT_SECONDS = 60
LONGEST_CHAIN = 5
LIFE_EVENTS = "life_event_"
AUDIENCES = {
    Audience.PERSONAL: [Audience.PERSONAL, Audience.BOTH],
    Audience.BUSINESS: [Audience.BUSINESS, Audience.BOTH],
}
Item = TypeVar("Item", bound=ItemFields | Offer)


def city_values(code: str) -> dict[str, Any] | None:
    """Return the city's present values of a shared item in use, by field; None when there is none of this code.

    With `city_values_of`, `in_use`, `city_life`, `city_version` and `unclaimed` the only ways by which a hall's code reads the shared catalogue past
    the effective item.
    """
    return city_values_of([code]).get(code)


def city_values_of(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the city's present values of these shared items, those in use only, by code. One query."""
    found = SharedItem.objects.filter(code__in=list(codes), status=Status.ACTIVE).order_by("code")
    return {row["code"]: dict(row) for row in found.values()}


def in_use(codes: Iterable[str]) -> set[str]:
    """Return which of these codes are shared items in use. One query, which reads nothing else of them."""
    found = SharedItem.objects.filter(code__in=list(codes), status=Status.ACTIVE)
    return set(found.values_list("code", flat=True))


def in_the_catalogue(code: str) -> Exists:
    """Return the condition that the code in this column is of a shared item, in use or not: for queries of other tables."""
    return Exists(SharedItem.objects.filter(code=OuterRef(code)))


@dataclass(frozen=True)
class Life:
    """Whether an item is in use, since when it is not, and the code that takes its place."""

    code: str
    name: str
    status: str
    since: datetime
    successor: str


def city_life(code: str) -> Life | None:
    """Return the life of a shared item, also of one that is suspended or cancelled; None where there never was one."""
    found = SharedItem.objects.filter(code=code).first()
    return life_of(found) if found is not None else None


def life_of(item: ItemRow) -> Life:
    """Return the life of a live row, the city's or a hall's own."""
    return Life(item.code, item.name, item.status, item.updated_at, item.successor)


def successors(first: str) -> Iterator[str]:
    """Yield the codes that take a cancelled item's place, one after the other, a few at the most and none twice."""
    code, seen = first, set[str]()
    while code and code not in seen and len(seen) < LONGEST_CHAIN:
        seen.add(code)
        yield code
        following = city_life(code)
        code = following.successor if following is not None and following.status == Status.CANCELLED else ""


def city_version(code: str, number: int) -> SharedVersion | None:
    """Return a published version of a shared item, as the city published it; None where there is none."""
    return SharedVersion.objects.filter(code=code, version=number).first()


def value_of(item: Mapping[str, Any], field: str) -> Any:
    """Return an item's value of a field in the shape that an override of it has; the database's `sql.present_value` says the same.

    ``promised_days`` is a limit with its unit, ``materials.<key>`` the row with this key; None where there is none.
    """
    if field == "promised_days":
        return {"days": item["promised_days"], "unit": item["promised_unit"]}
    name, _, key = field.partition(".")
    if key:
        return next((row for row in item.get(name) or [] if row.get("key") == key), None)
    return item.get(name)


def themes() -> list[Theme]:
    """Return every theme of every list in order. Kept for five seconds by each process, unpickled by none."""
    return kept("themes", lambda: list(Theme.objects.order_by("list", "position", "id")))


def bundles() -> list[Bundle]:
    """Return every bundle 一件事 in the city's order. Kept for five seconds by each process."""
    return kept("bundles", lambda: list(Bundle.objects.order_by("position", "key")))


def bundle(key: str) -> Bundle | None:
    """Return the bundle of this key, or None."""
    return next((found for found in bundles() if found.key == key), None)


def theme_key(theme: Theme) -> str:
    """Return by which key items carry this theme: `list:code`, of the national theme that it maps to if it maps to one."""
    if theme.maps_to:
        for other in themes():
            if other.list == f"national_{theme.audience}" and other.name == theme.maps_to:
                return f"{other.list}:{other.code}"
    return f"{theme.list}:{theme.code}"


def find_theme(key: str) -> Theme | None:
    """Return the theme of a key `list:code`, or None."""
    return next((theme for theme in themes() if f"{theme.list}:{theme.code}" == key), None)


def of_theme(items: QuerySet[Item], theme: Theme) -> QuerySet[Item]:
    """Return the items that carry a theme."""
    return items.filter(themes__contains=[theme_key(theme)])


def event_of(key: str) -> Theme | None:
    """Return the life event of a key `list:code`, or None."""
    found = find_theme(key)
    return found if found is not None and found.list.startswith(LIFE_EVENTS) else None


def is_shared_name(event: Theme) -> bool:
    """Say whether persons and organisations have a life event of one name: then the audience tells which is meant."""
    return any(
        other.name == event.name and other.list != event.list
        for other in themes()
        if other.list.startswith(LIFE_EVENTS)
    )


def of_event(items: QuerySet[Item], event: Theme) -> QuerySet[Item]:
    """Return the items of a life event, which they carry by its name."""
    found = items.filter(life_events__contains=[event.name])
    return for_audience(found, event.audience) if is_shared_name(event) else found


def for_audience(items: QuerySet[Item], audience: str) -> QuerySet[Item]:
    """Return the items that serve persons or organisations; what serves both is in either."""
    return items.filter(audience__in=AUDIENCES.get(Audience(audience), [audience]))


# the levels of items that a hall of a level serves: towns lie in counties, and a zone is served like one
FITTING = {"city": ("city",), "county": ("county", "town"), "zone": ("county", "town")}


def unclaimed(
    taken: QuerySet[Any, Any], *, q: str = "", department: str = "", level: str = "", fitting: bool = False
) -> QuerySet[SharedItem]:
    """Return the city's items in use that are not among the codes `taken`, those that fit a hall of `level` first.

    `q` is part of a name or of a code; `fitting` leaves out what does not fit the level. Each has `fits`; a total order.
    """
    found = SharedItem.objects.filter(status=Status.ACTIVE).exclude(code__in=taken)
    fits = Q()
    for one in FITTING.get(level, ()):
        fits |= Q(levels__contains=[one])
    if q:
        found = found.filter(Q(name__icontains=q) | Q(code__contains=q))
    if department:
        found = found.filter(department=department)
    if fitting:
        found = found.filter(fits)
    marked: Any = found.annotate(
        fits=Case(When(fits, then=Value(1)), default=Value(0), output_field=IntegerField())
        if fits
        else Value(1, output_field=IntegerField())
    )
    return cast("QuerySet[SharedItem]", marked.order_by("-fits", "sort_key", "code"))
