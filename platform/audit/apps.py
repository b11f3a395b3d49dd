"""Who did what: append-only rows in every schema, sealed in a hash chain."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what: append-only rows in every schema, sealed in a hash chain."""

    name = "audit"
    label = "audit"
    retention = ("audit.retention.RULES",)
    # findings of check_halls
    hall_checks = ("audit.services.sealing.check_hall",)
    public_checks = ("audit.services.sealing.check_public",)
