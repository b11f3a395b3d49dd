"""One hall's own identity, people and office: the hall's schema."""

from django.apps import AppConfig


class TenantsHallConfig(AppConfig):
    """One hall's own identity, people and office: the hall's schema."""

    name = "tenants.hall"
    label = "tenants_hall"
    retention = ("tenants.hall.retention.RULES",)
    staff_notices = ("tenants.hall.services.visits.banner",)
    city_jobs = ("tenants.hall.services.visits.tell",)
    masks = ("tenants.hall.masks.MASKS",)
