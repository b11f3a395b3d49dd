"""Tables of the public schema: the city, its halls, hosts and places, and what the owner does to them."""

from tenants.shared.models.checks import HallCheck, HallFinding
from tenants.shared.models.halls import City, Division, Domain, Hall
from tenants.shared.models.jobs import HallJob, HallJobStep, HallJobWish
from tenants.shared.models.migrations import HallMigration, MigrationScript

__all__ = [
    "City",
    "Division",
    "Domain",
    "Hall",
    "HallCheck",
    "HallFinding",
    "HallJob",
    "HallJobStep",
    "HallJobWish",
    "HallMigration",
    "MigrationScript",
]
