"""Who did what: append-only rows in every schema, sealed in a hash chain."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what: append-only rows in every schema, sealed in a hash chain."""

    name = "audit"
    label = "audit"
