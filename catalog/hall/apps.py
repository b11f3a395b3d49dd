"""A hall's overrides and local items, and the effective item: the hall's schema."""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig


class CatalogHallConfig(AppConfig):
    """A hall's overrides and local items, and the effective item: the hall's schema."""

    name = "catalog.hall"
    label = "catalog_hall"
    hall_checks = ("catalog.hall.checks.same_as_portal", "catalog.hall.checks.offers_follow_items")

    def hall_objects(self) -> Iterator[Any]:
        """Yield the view of the effective items."""
        from catalog.shared import sql  # noqa: PLC0415 -- models load after the app registry
        from tenants.shared.schemas import DatabaseObject  # noqa: PLC0415

        yield DatabaseObject(
            "catalog_hall_effectiveitem",
            (
                f"CREATE VIEW catalog_hall_effectiveitem WITH (security_invoker) AS {sql.hall_view()}",
                sql.hall_item(),
            ),
            is_view=True,
        )
