"""Tables of the public schema: the city, its halls, hosts and places, and what the owner does to them."""

from tenants.shared.models.archive import HallArchive, HallRestore, RestoreDrill, RestoreState, RestoreWay
from tenants.shared.models.halls import City, Division, Domain, Hall
from tenants.shared.models.jobs import HallJob, HallJobStep, HallJobWish
from tenants.shared.models.migrations import HallMigration, MigrationScript

__all__ = [
    "City",
    "Division",
    "Domain",
    "Hall",
    "HallArchive",
    "HallJob",
    "HallJobStep",
    "HallJobWish",
    "HallMigration",
    "HallRestore",
    "MigrationScript",
    "RestoreDrill",
    "RestoreState",
    "RestoreWay",
]
