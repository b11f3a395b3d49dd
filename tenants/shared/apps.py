"""The halls, their hosts and places: public schema."""

from django.apps import AppConfig


class TenantsSharedConfig(AppConfig):
    """The halls, their hosts and places: public schema."""

    name = "tenants.shared"
    label = "tenants_shared"
    retention = ("tenants.shared.retention.RULES",)
    operator_rounds = ("tenants.shared.archive.drills.ask_when_due",)
