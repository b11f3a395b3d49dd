"""Tables of the public schema: the city, its halls, hosts and places, and what the owner does to them."""

from tenants.shared.models.archive import HallArchive, HallRestore, RestoreDrill, RestoreState, RestoreWay
from tenants.shared.models.checks import HallCheck, HallFinding
from tenants.shared.models.halls import City, Division, Domain, Hall
from tenants.shared.models.jobs import HallJob, HallJobStep, HallJobWish
from tenants.shared.models.life import HallCertificate, HallDeletion, HallTransition
from tenants.shared.models.migrations import HallMigration, MigrationScript
from tenants.shared.models.onboarding import GoLiveFact, OnboardingDraft
from tenants.shared.models.visits import HallVisit

__all__ = [
    "City",
    "Division",
    "Domain",
    "GoLiveFact",
    "Hall",
    "HallArchive",
    "HallCertificate",
    "HallCheck",
    "HallDeletion",
    "HallFinding",
    "HallJob",
    "HallJobStep",
    "HallJobWish",
    "HallMigration",
    "HallRestore",
    "HallTransition",
    "HallVisit",
    "MigrationScript",
    "OnboardingDraft",
    "RestoreDrill",
    "RestoreState",
    "RestoreWay",
]
