"""One hall's own identity, people and office: the hall's schema."""

from django.apps import AppConfig


class TenantsHallConfig(AppConfig):
    """One hall's own identity, people and office: the hall's schema."""

    name = "tenants.hall"
    label = "tenants_hall"
    retention = ("tenants.hall.retention.RULES",)
    masks = ("tenants.hall.masks.MASKS",)
