"""The city's catalogue of service items: public schema."""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig


class CatalogSharedConfig(AppConfig):
    """The city's catalogue of service items: public schema."""

    name = "catalog.shared"
    label = "catalog_shared"

    def public_objects(self) -> Iterator[Any]:
        """Yield the overlay's functions and the portal's view."""
        from catalog.shared import sql  # noqa: PLC0415 -- models load after the app registry
        from tenants.shared.schemas import DatabaseObject  # noqa: PLC0415

        yield DatabaseObject("catalog_functions", tuple(sql.functions()))
        yield DatabaseObject(
            "catalog_shared_portalitem",
            (f"CREATE VIEW public.catalog_shared_portalitem WITH (security_invoker) AS {sql.portal_view()}",),
            is_view=True,
        )

    def hall_counts(self, hall: Any) -> dict[str, int]:
        """Return how many items this hall offers online: applied for or booked."""
        from django.db.models import Q  # noqa: PLC0415

        from catalog.shared.models import Offer  # noqa: PLC0415

        offered = Offer.objects.filter(Q(can_apply=True) | Q(can_book=True), hall=hall.role, hidden=False)
        return {"items": offered.count()}
