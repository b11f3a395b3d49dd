"""The city's catalogue of service items: public schema."""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig


class CatalogSharedConfig(AppConfig):
    """The city's catalogue of service items: public schema."""

    name = "catalog.shared"
    label = "catalog_shared"
    hall_page = ("catalog.shared.hall_sections.sections",)
    retention = ("catalog.shared.retention.RULES",)
    city_sweeps = (
        "catalog.shared.tasks.editions_come_due",
        "catalog.shared.tasks.old_sheets",
        "catalog.shared.tasks.wordings_follow_items",
    )
    city_jobs = ("catalog.shared.tasks.sheet_jobs_of_the_city",)

    def public_objects(self) -> Iterator[Any]:
        """Yield the overlay's functions and the portal's view."""
        from catalog.shared import search_sql, sql  # noqa: PLC0415 -- models load after the app registry
        from tenants.shared.schemas import DatabaseObject  # noqa: PLC0415

        yield DatabaseObject("catalog_functions", (*sql.functions(), *search_sql.functions()))
        yield DatabaseObject(
            "catalog_shared_portalitem",
            (f"CREATE VIEW public.catalog_shared_portalitem WITH (security_invoker) AS {sql.portal_view()}",),
            is_view=True,
        )
        yield DatabaseObject(
            "catalog_shared_openreview",
            (f"CREATE VIEW public.catalog_shared_openreview WITH (security_invoker) AS {sql.city_review()}",),
            is_view=True,
        )

    def hall_counts(self, hall: Any) -> dict[str, int]:
        """Return how many items this hall offers online: applied for or booked."""
        from catalog.shared.models import Offer  # noqa: PLC0415

        return {"items": Offer.objects.online().filter(hall=hall.role).count()}
