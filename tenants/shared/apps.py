"""The halls, their hosts and places: public schema."""

from django.apps import AppConfig


class TenantsSharedConfig(AppConfig):
    """The halls, their hosts and places: public schema."""

    name = "tenants.shared"
    label = "tenants_shared"
    retention = ("tenants.shared.retention.RULES",)
    hall_page = ("tenants.shared.hall_sections.sections",)
    public_checks = ("tenants.shared.checks.jobs.unfinished",)
    operator_rounds = (
        "tenants.shared.checks.runs.ask_nightly",
        "tenants.shared.life.deleting.ask_when_due",
        "tenants.shared.life.golive.hear",
        "tenants.shared.archive.drills.ask_when_due",
        "tenants.shared.archive.keeping.remove_old",
    )
