"""A hall's overrides and local items, and the effective item: the hall's schema."""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig


class CatalogHallConfig(AppConfig):
    """A hall's overrides and local items, and the effective item: the hall's schema."""

    name = "catalog.hall"
    label = "catalog_hall"
    retention = ("catalog.hall.retention.RULES",)
    hall_restored = ("catalog.hall.tasks.offers_are_written_again",)
    masks = ("catalog.hall.masks.MASKS",)
    hall_sweeps = (
        "catalog.hall.tasks.editions_come_due",
        "catalog.hall.tasks.old_sheets",
        "catalog.hall.tasks.wordings_follow_items",
    )
    look_pages = ("catalog.hall.look_pages.pages",)
    hall_jobs = ("catalog.hall.tasks.sheet_jobs_of",)
    city_jobs = ("catalog.hall.tasks.answer_sheet_bells",)
    reach_checks = ("catalog.hall.queries.unknown_codes",)
    hall_files = ("catalog.hall.checks.files",)
    hall_checks = (
        "catalog.hall.checks.same_as_portal",
        "catalog.hall.checks.offers_follow_items",
        "catalog.hall.checks.codes_are_known",
    )

    def hall_objects(self) -> Iterator[Any]:
        """Yield the views of the effective items and of the reviews."""
        from catalog.shared import search_sql, sql  # noqa: PLC0415 -- models load after the app registry
        from tenants.shared.schemas import DatabaseObject  # noqa: PLC0415

        yield DatabaseObject(
            "catalog_hall_effectiveitem",
            (
                f"CREATE VIEW catalog_hall_effectiveitem WITH (security_invoker) AS {sql.hall_view()}",
                sql.hall_item(),
                *search_sql.functions(schema=""),
            ),
            is_view=True,
        )
        yield DatabaseObject(
            "catalog_hall_review",
            (f"CREATE VIEW catalog_hall_review WITH (security_invoker) AS {sql.hall_review()}",),
            is_view=True,
        )
