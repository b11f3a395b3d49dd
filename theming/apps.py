"""The look of every page: layout, components, and each hall's colours as data (public schema)."""

from django.apps import AppConfig


class ThemingConfig(AppConfig):
    """The look of every page: layout, components, and each hall's colours as data (public schema)."""

    name = "theming"
    label = "theming"
    retention = ("theming.retention.RULES",)
    masks = ("theming.masks.MASKS",)
    # findings of check_halls
    hall_checks = ("theming.checks.hall_look",)
    public_checks = ("theming.checks.city_look",)
    hall_files = ("theming.checks.files",)
    city_sweeps = ("theming.tasks.unused_pictures_of_the_city_go",)
    hall_sweeps = ("theming.tasks.unused_pictures_go",)
    hall_page = ("theming.hall_sections.sections",)
