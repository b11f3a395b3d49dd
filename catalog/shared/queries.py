"""Reads of the city's catalogue: its present values, its themes, and filters that the hall's and the portal's items share."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from django.db.models import Case, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from catalog.shared.enums import Audience, Status
from catalog.shared.models import ItemFields, SharedItem, Theme
from tenants.shared.queries import kept

# counts change with each publication: a minute late is soon enough
KEPT_SECONDS = 60
AUDIENCES = {Audience.PERSONAL: [Audience.PERSONAL, Audience.BOTH], Audience.BUSINESS: [Audience.BUSINESS, Audience.BOTH]}
Item = TypeVar("Item", bound=ItemFields)


def city_values(code: str) -> dict[str, Any] | None:
    """Return the city's present values of a shared item in use, by field; None when there is none of this code.

    With `city_values_of` the only way by which a hall's code reads the shared catalogue past the effective item.
    """
    return city_values_of([code]).get(code)


def city_values_of(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the city's present values of these shared items, those in use only, by code. One query."""
    found = SharedItem.objects.filter(code__in=list(codes), status=Status.ACTIVE).order_by("code")
    return {row["code"]: dict(row) for row in found.values()}


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


def for_audience(items: QuerySet[Item], audience: str) -> QuerySet[Item]:
    """Return the items that serve persons or organisations; what serves both is in either."""
    return items.filter(audience__in=AUDIENCES.get(Audience(audience), [audience]))


def matching(items: QuerySet[Item], q: str) -> QuerySet[Item]:
    """Return the items whose name or alias holds every word of `q`, with `rank`: 0 name as asked, 1 name, 2 alias."""
    words = q.split()
    found: QuerySet[Any] = items.annotate(alias_text=Cast("aliases", TextField()))
    for word in words:
        found = found.filter(Q(name__icontains=word) | Q(alias_text__icontains=word))
    in_name = Q()
    for word in words:
        in_name &= Q(name__icontains=word)
    rank = Case(
        When(name__iexact=q.strip(), then=Value(0)), When(in_name, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    return cast("QuerySet[Item]", found.annotate(rank=rank))
