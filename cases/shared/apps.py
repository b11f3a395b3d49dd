"""Pointers to cases, verification and the working calendar: public schema."""

from typing import Any

from django.apps import AppConfig


class CasesSharedConfig(AppConfig):
    """Pointers to cases, verification and the working calendar: public schema."""

    name = "cases.shared"
    label = "cases_shared"
    hall_page = ("cases.shared.hall_sections.sections",)
    retention = ("cases.shared.retention.RULES",)
    case_counts = ("cases.shared.facts.case_counts",)
    notices = ("cases.shared.notices.outages",)

    def hall_counts(self, hall: Any) -> dict[str, int]:
        """Return how many cases are filed and not finished in this hall."""
        from cases.shared.models import Pointer  # noqa: PLC0415 -- models load after the app registry

        return {"open_cases": Pointer.objects.open().filter(hall=hall.role).count()}
