"""Show the halls."""

import json
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser

from tenants.shared import health, migrating, roles, schemas, scope, template
from tenants.shared.models import Hall


class Command(BaseCommand):
    """Print every hall with state, migrations, drift, items, open cases and health."""

    help = "Show every hall: state, migrations, drift, items, open cases, health (good, look, bad, unknown)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --json for programs."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table, or JSON."""
        known = Hall.objects.using(roles.OWNER).order_by("position", "id")
        found = [self._facts(hall) for hall in health.with_health(known, health.last_check(roles.OWNER))]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for hall in found:
            self.stdout.write(
                f"{hall['key']:<12} {hall['name']}  {hall['state']}  {hall['migrations']}  {hall['drift'] or 'no drift'}"
                f"  {hall['items']} items  {hall['open_cases']} open cases  {hall['health']}"
            )

    def _migrations(self, hall: Hall) -> str:
        if hall.quarantined_at:
            return "failed"
        is_there = migrating.stands(hall.schema_name) == migrating.stands(template.SCHEMA)
        return "up to date" if is_there else "behind"

    def _facts(self, hall: Any) -> dict[str, Any]:
        with scope.city():
            counts: dict[str, int] = {}
            for config in apps.get_app_configs():
                counts |= getattr(config, "hall_counts", lambda hall: {})(hall)
        return {
            "key": hall.key,
            "name": hall.name,
            "state": hall.state,
            "migrations": self._migrations(hall),
            # by the last check_halls that was kept, and by what is known since
            "health": hall.health,
            "findings": hall.errors + hall.warnings,
            "drift": [item.name for item in schemas.outdated(hall.schema_name)],
            **counts,
        }
