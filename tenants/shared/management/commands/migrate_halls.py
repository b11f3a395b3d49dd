"""Bring every schema up to date."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.shared import services


class Command(BaseCommand):
    """Migrate public and every hall, and make their views and rights again where they changed."""

    help = "Bring public and every hall's schema to the newest tables, views and rights."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the owner; each hall is one transaction."""
        for schema in services.migrate_all():
            self.stdout.write(f"{schema}: up to date")
